"""Everything about one student, deleting one, and the page of what is kept, over a real store."""

from pathlib import Path
from zipfile import ZipFile

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from kiosk.domain.school.kept_lines import KeptKind
from kiosk.gui.people.one_student import OneStudentDialog
from kiosk.gui.school.kept_dialog import KeptDialog
from kiosk.gui.theme import Theme
from tests.fakes.actors import admin
from tests.world.gui_kiosk import GuiKiosk

LEFT = Qt.MouseButton.LeftButton


def test_everything_is_saved_and_the_student_deleted_after_a_question(
    qtbot: QtBot, kiosk: GuiKiosk, theme: Theme, tmp_path: Path
) -> None:
    anita, app = kiosk.students[0], kiosk.app
    kiosk.enrol_face(anita)
    dialog = OneStudentDialog(app.courses.lists, app.people, app.records, theme, admin("Ada"))
    qtbot.addWidget(dialog)
    dialog.open()
    qtbot.waitUntil(lambda: dialog.student.count() == len(kiosk.students))
    assert not dialog.save_button.isEnabled()
    dialog.student.setEditText("Ani")
    assert not dialog.save_button.isEnabled()
    dialog.student.setEditText(f"{anita.full_name}, {anita.student_no}")
    assert dialog.chosen == anita
    dialog.target.edit.setText(str(tmp_path / "anita.zip"))
    QTest.mouseClick(dialog.save_button, LEFT)
    qtbot.waitUntil(lambda: "is saved" in dialog.banner.text)
    with ZipFile(tmp_path / "anita.zip") as zipped:
        assert "everything.json" in zipped.namelist()
    QTest.mouseClick(dialog.delete_button, LEFT)
    assert dialog.question is not None
    QTest.mouseClick(dialog.question.action_button, LEFT)
    qtbot.waitUntil(lambda: "is deleted" in dialog.banner.text)
    assert anita not in app.courses.lists.students()
    assert dialog.chosen is None


def test_the_page_says_what_why_how_long_and_what_goes_next(
    qtbot: QtBot, kiosk: GuiKiosk, theme: Theme
) -> None:
    kiosk.enrol_face(kiosk.students[0])
    dialog = KeptDialog(kiosk.app.school.kept, theme, admin("Ada"))
    qtbot.addWidget(dialog)
    dialog.open()
    qtbot.waitUntil(lambda: dialog.table.rowCount() == len(KeptKind))
    faces = dialog.table.texts()[0]
    assert faces[:3] == ("Faces of students", "1", "6 months after the last class")
    assert faces[3].startswith("1 on 20")
    assert "To recognise students" in dialog.why.text()
    seen = set()
    for row in range(dialog.table.rowCount()):
        dialog.table.selectRow(row)
        seen.add(dialog.why.text())
    assert len(seen) == len(KeptKind)
