"""Importing a class list in the window: what was guessed is seen and changed, what is open is answered."""

from pathlib import Path

import pytest
from openpyxl import Workbook
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from kiosk.gui.courses.import_class_list import ImportClassListDialog
from kiosk.gui.theme import Theme
from tests.fakes.actors import admin
from tests.world.gui_kiosk import GuiKiosk
from tests.world.open_dialog import opened

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def dialog(qtbot: QtBot, kiosk: GuiKiosk, theme: Theme) -> ImportClassListDialog:
    made = opened(qtbot, ImportClassListDialog(kiosk.app.core, kiosk.app.courses.lists, theme, admin("Ada")))
    qtbot.waitUntil(lambda: made.code.count() == 1)
    return made


def read(qtbot: QtBot, dialog: ImportClassListDialog, path: Path, code: str = "NEW 1") -> None:
    dialog.code.setEditText(code)
    dialog.file.set_path(path)
    qtbot.waitUntil(lambda: not dialog.busy)


def choose(qtbot: QtBot, dialog: ImportClassListDialog, box: QComboBox, words: str) -> None:
    """As with the keyboard: the choice that these words begin."""
    place = next(number for number in range(box.count()) if box.itemText(number).startswith(words))
    box.setCurrentIndex(place)
    box.activated.emit(place)
    qtbot.waitUntil(lambda: not dialog.busy)


def import_now(qtbot: QtBot, dialog: ImportClassListDialog) -> None:
    with qtbot.waitSignal(dialog.imported):
        QTest.mouseClick(dialog.import_button, LEFT)


def written(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def shown(dialog: ImportClassListDialog) -> list[tuple[str, str, str]]:
    return [(row[0], row[1], row[2]) for row in dialog.table.texts()]


def names(kiosk: GuiKiosk) -> dict[str, str]:
    return {one.student_no: one.full_name for one in kiosk.app.courses.lists.students()}


def test_names_and_numbers_are_shown_before_anything_is_written(
    qtbot: QtBot, dialog: ImportClassListDialog, kiosk: GuiKiosk, tmp_path: Path
) -> None:
    read(
        qtbot,
        dialog,
        written(tmp_path / "l.csv", "Matrikelnummer;Vorname;Nachname\n301;Ann;Example\n302;Bo;Berg\n"),
    )
    assert shown(dialog) == [("New", "301", "Ann Example"), ("New", "302", "Bo Berg")]
    assert dialog.reading.number.currentText() == "Matrikelnummer"
    assert [box.currentText() for box in dialog.reading.names] == ["Vorname", "Nachname", "–"]
    assert "301" not in names(kiosk)


def test_a_column_is_changed_by_a_choice(
    qtbot: QtBot, dialog: ImportClassListDialog, kiosk: GuiKiosk, tmp_path: Path
) -> None:
    read(qtbot, dialog, written(tmp_path / "l.csv", "ID,Student ID,Name\n9001,301,Ann\n9002,302,Bo\n"))
    choose(qtbot, dialog, dialog.reading.number, "ID")
    assert shown(dialog) == [("New", "9001", "Ann"), ("New", "9002", "Bo")]
    import_now(qtbot, dialog)
    assert names(kiosk)["9001"] == "Ann"


def test_columns_that_are_not_found_can_be_chosen(
    qtbot: QtBot, dialog: ImportClassListDialog, tmp_path: Path
) -> None:
    read(qtbot, dialog, written(tmp_path / "l.csv", "Kode,Wer\n301,Ann\n302,Bo\n"))
    assert "has no column" in dialog.banner.text
    choose(qtbot, dialog, dialog.reading.number, "Kode")
    choose(qtbot, dialog, dialog.reading.names[0], "Wer")
    assert shown(dialog) == [("New", "301", "Ann"), ("New", "302", "Bo")]


def test_a_parents_address_is_shown_beside_the_former_one_and_its_column_can_be_changed(
    qtbot: QtBot, dialog: ImportClassListDialog, tmp_path: Path
) -> None:
    text = "Student ID,Name,Parent email,Other\n301,Ann,mum@home.example,dad@home.example\n"
    read(qtbot, dialog, written(tmp_path / "l.csv", text))
    assert dialog.reading.guardian.currentText() == "Parent email"
    assert ("Parent’s e-mail", "301", "Ann", "2", "– → mum@home.example") in dialog.table.texts()
    import_now(qtbot, dialog)
    read(qtbot, dialog, written(tmp_path / "m.csv", text))
    choose(qtbot, dialog, dialog.reading.guardian, "Other")
    assert ("Parent’s e-mail", "301", "Ann", "2", "mum@home.example → dad@home.example") in (
        dialog.table.texts()
    )
    choose(qtbot, dialog, dialog.reading.guardian, "–")
    assert "Parent’s e-mail" not in {row[0] for row in dialog.table.texts()}


def test_letters_are_changed_by_a_choice(qtbot: QtBot, dialog: ImportClassListDialog, tmp_path: Path) -> None:
    read(qtbot, dialog, written(tmp_path / "l.csv", "no;name\n301;Ewa Kępa\n", "cp1250"))
    choose(qtbot, dialog, dialog.reading.encoding, "Western Europe (Windows")
    assert ("New", "301", "Ewa Kêpa") in shown(dialog)
    choose(qtbot, dialog, dialog.reading.encoding, "Central Europe (Windows")
    assert ("New", "301", "Ewa Kępa") in shown(dialog)


def test_one_of_several_sheets_is_chosen(qtbot: QtBot, dialog: ImportClassListDialog, tmp_path: Path) -> None:
    book = Workbook()
    for title, name in (("7a", "Al"), ("7b", "Bea")):
        sheet = book.create_sheet(title)
        sheet.append(("student_no", "full_name"))
        sheet.append((f"{title}1", name))
    book.remove(book.worksheets[0])
    book.save(tmp_path / "l.xlsx")
    read(qtbot, dialog, tmp_path / "l.xlsx")
    assert dialog.banner.text.startswith("l.xlsx has several sheets: 7a, 7b.")
    choose(qtbot, dialog, dialog.reading.sheet, "7b")
    assert shown(dialog) == [("New", "7b1", "Bea")]
    assert dialog.reading.sheet.currentText() == "7b"


def test_another_file_forgets_what_was_chosen(
    qtbot: QtBot, dialog: ImportClassListDialog, tmp_path: Path
) -> None:
    read(qtbot, dialog, written(tmp_path / "a.csv", "ID,Student ID,Name\n9001,301,Ann\n"))
    choose(qtbot, dialog, dialog.reading.number, "ID")
    read(qtbot, dialog, written(tmp_path / "b.csv", "ID,Student ID,Name\n9001,301,Ann\n"))
    assert shown(dialog) == [("New", "301", "Ann")]


def test_without_an_answer_nobody_becomes_somebody_else(
    qtbot: QtBot, dialog: ImportClassListDialog, kiosk: GuiKiosk, tmp_path: Path
) -> None:
    before = names(kiosk)
    read(qtbot, dialog, written(tmp_path / "l.csv", "student_no,full_name\nS001,Wanda Other\nN1,New One\n"))
    assert dialog.tabs.tabText(1) == "1 question"
    assert dialog.asked.texts()[0][1:3] == (f"S001 {before['S001']}", "S001 Wanda Other")
    import_now(qtbot, dialog)
    assert names(kiosk) == {**before, "N1": "New One"}


def test_a_question_is_answered_by_the_keyboard(
    qtbot: QtBot, dialog: ImportClassListDialog, kiosk: GuiKiosk, tmp_path: Path
) -> None:
    before = names(kiosk)
    read(qtbot, dialog, written(tmp_path / "l.csv", "student_no,full_name\nS001,Wanda Other\n"))
    assert not dialog.import_button.isEnabled()
    dialog.asked.setFocus()
    QTest.keyClick(dialog.asked, Qt.Key.Key_Space)
    assert dialog.questions.questions[0].answer == "renamed"
    QTest.keyClick(dialog.asked, Qt.Key.Key_Right)
    QTest.keyClick(dialog.asked, Qt.Key.Key_Space)
    assert dialog.questions.questions[0].answer == "passed-on"
    import_now(qtbot, dialog)
    assert names(kiosk) == {**before, "S001": "Wanda Other", "S001.old": before["S001"]}


def test_one_answer_is_given_to_all_of_a_kind(
    qtbot: QtBot, dialog: ImportClassListDialog, kiosk: GuiKiosk, tmp_path: Path
) -> None:
    read(qtbot, dialog, written(tmp_path / "l.csv", "student_no,full_name\nN1,New One\n"), "CS 101")
    assert {one.kind for one in dialog.questions.questions} == {"not-in-list"}
    QTest.mouseClick(dialog.alike_button, LEFT)
    import_now(qtbot, dialog)
    course = kiosk.app.courses.lists.course("CS 101")
    left = kiosk.app.courses.lists.roster(course.course_id, kiosk.app.core.today())
    assert [one.student_no for one in left] == ["N1"]


def test_ten_thousand_rows_make_cells_only_when_they_are_looked_at(
    qtbot: QtBot, dialog: ImportClassListDialog, tmp_path: Path
) -> None:
    rows = "".join(f"N{number},Student {number}\n" for number in range(9_990))
    read(qtbot, dialog, written(tmp_path / "l.csv", f"student_no,full_name\n{rows}"))
    assert dialog.table.model().rowCount() == 9_990
    assert dialog.table.verticalScrollBar().maximum() > 9_000
