"""Dialogs that read or write files: export, class list, faces, PIN slips; over real readers and writers."""

from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader
from PySide6.QtCore import QDate, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from kiosk.domain.people.consents import ConsentKind
from kiosk.gui.courses.import_class_list import ImportClassListDialog
from kiosk.gui.courses.naming import CoursesDialog
from kiosk.gui.faces.enrol_faces import CONSENT, EnrolFacesDialog
from kiosk.gui.people.pin_slips import PinSlipsDialog
from kiosk.gui.reports.export import ExportDialog
from kiosk.gui.theme import Theme
from kiosk.services.faces.enrolment import Enrolment
from tests.fakes.actors import admin
from tests.fakes.faces.enrolments import MadeEnrolment
from tests.fakes.vision.recognition import FakeDetector, FakeEmbedder, FakeQualityMeter, picture_of
from tests.world.gui_kiosk import GuiKiosk
from tests.world.open_dialog import opened

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def export(qtbot: QtBot, kiosk: GuiKiosk, theme: Theme) -> ExportDialog:
    dialog = opened(
        qtbot,
        ExportDialog(kiosk.app.core, kiosk.app.courses, kiosk.app.reports.exports, theme, admin("Ada")),
    )
    qtbot.waitUntil(lambda: dialog.course.count() == 2)
    return dialog


def test_the_workbook_is_written_and_said_where(
    qtbot: QtBot, kiosk: GuiKiosk, export: ExportDialog, tmp_path: Path
) -> None:
    kiosk.mark(kiosk.start(), kiosk.students[0])
    export.target.edit.setText(str(tmp_path / "out"))
    QTest.mouseClick(export.export_button, LEFT)
    qtbot.waitUntil(lambda: export.banner.text.startswith("1 record was written."))
    assert export.written == tmp_path / "out.xlsx"
    assert load_workbook(tmp_path / "out.xlsx").sheetnames == [
        "Summary",
        "Charts",
        "Register",
        "Records",
        "About",
    ]
    assert export.folder_button.isVisible()


def test_the_suggested_name_follows_the_course(qtbot: QtBot, export: ExportDialog) -> None:
    assert "attendance-all-" in export.target.text
    export.course.setCurrentIndex(1)
    assert "attendance-CS101-" in export.target.text


def test_a_name_of_ones_own_is_left_alone(qtbot: QtBot, export: ExportDialog, tmp_path: Path) -> None:
    export.target.edit.setText(str(tmp_path / "mine.xlsx"))
    export.course.setCurrentIndex(1)
    assert export.target.text == str(tmp_path / "mine.xlsx")


def test_a_target_that_cannot_be_written_is_said_in_a_sentence(
    qtbot: QtBot, export: ExportDialog, tmp_path: Path
) -> None:
    export.target.edit.setText(str(tmp_path / "no such folder" / "out.xlsx"))
    QTest.mouseClick(export.export_button, LEFT)
    qtbot.waitUntil(lambda: bool(export.banner.text))
    assert "records were written" not in export.banner.text
    assert export.written is None
    assert export.export_button.isEnabled()


def test_days_the_wrong_way_round_are_refused_and_the_old_file_stays(
    qtbot: QtBot, export: ExportDialog, tmp_path: Path
) -> None:
    old = tmp_path / "out.xlsx"
    old.write_bytes(b"old")
    export.target.edit.setText(str(old))
    QTest.keyClick(export.between, Qt.Key.Key_Space)
    assert export.first_day.isEnabled()
    export.first_day.setDate(QDate(2026, 5, 2))
    export.last_day.setDate(QDate(2026, 5, 1))
    QTest.mouseClick(export.export_button, LEFT)
    qtbot.waitUntil(lambda: "before the first" in export.banner.text)
    assert old.read_bytes() == b"old"


def test_only_one_course_is_exported(
    qtbot: QtBot, kiosk: GuiKiosk, export: ExportDialog, tmp_path: Path
) -> None:
    other = kiosk.app.courses.lists.add_course(code="X 1", title="Other", room="", actor=admin("test"))
    elsewhere = kiosk.app.attendance.sessions.start(other.course_id, actor=admin("Tom"), model="fake")
    kiosk.mark(kiosk.start(), kiosk.students[0])
    kiosk.app.attendance.sessions.end(elsewhere.session_id, actor=admin("Tom"))
    export.course.setCurrentIndex(1)
    export.target.edit.setText(str(tmp_path / "one.xlsx"))
    QTest.mouseClick(export.export_button, LEFT)
    qtbot.waitUntil(lambda: export.written is not None)
    assert "1 record was" in export.banner.text


@pytest.fixture
def class_list(tmp_path: Path) -> Path:
    path = tmp_path / "list.csv"
    path.write_text(
        "student_no,full_name\nS001,Anita Rao-Berg\nS002,Ben Okafor\nN100,Zoë Åström\n?,Nobody\n",
        encoding="utf-8",
    )
    return path


@pytest.fixture
def importing(qtbot: QtBot, kiosk: GuiKiosk, theme: Theme) -> ImportClassListDialog:
    dialog = opened(
        qtbot, ImportClassListDialog(kiosk.app.core, kiosk.app.courses.lists, theme, admin("Ada"))
    )
    qtbot.waitUntil(lambda: dialog.code.count() == 1)
    return dialog


def rehearse(qtbot: QtBot, dialog: ImportClassListDialog, path: Path, code: str) -> None:
    dialog.code.setEditText(code)
    dialog.file.set_path(path)
    qtbot.waitUntil(lambda: not dialog.busy)


def test_a_rehearsal_shows_what_would_happen_and_changes_nothing(
    qtbot: QtBot, kiosk: GuiKiosk, importing: ImportClassListDialog, class_list: Path
) -> None:
    rehearse(qtbot, importing, class_list, "CS 101")
    rows = importing.table.texts()
    assert rows[0][:4] == ("Refused", "", "", "5")
    assert rows[0][4]
    assert rows[1] == ("Note", "", "", "2", "S001: Anita Rao is Anita Rao-Berg from now on.")
    assert rows[2][:4] == ("New", "N100", "Zoë Åström", "4")
    assert rows[3][:4] == ("Changed", "S001", "Anita Rao-Berg", "2")
    assert rows[4][:4] == ("Known", "S002", "Ben Okafor", "3")
    assert importing.summary.text().startswith("1 new, 1 changed, 1 known already, 1 refused")
    assert len(kiosk.app.courses.lists.students()) == 6


def test_importing_does_what_was_rehearsed(
    qtbot: QtBot, kiosk: GuiKiosk, importing: ImportClassListDialog, class_list: Path
) -> None:
    rehearse(qtbot, importing, class_list, "NEW 1")
    with qtbot.waitSignal(importing.imported):
        QTest.mouseClick(importing.import_button, LEFT)
    course = kiosk.app.courses.lists.course("NEW 1")
    names = [
        one.full_name for one in kiosk.app.courses.lists.roster(course.course_id, kiosk.app.core.today())
    ]
    assert names == ["Zoë Åström", "Ben Okafor", "Anita Rao-Berg"]  # by family name
    assert "3 registered in NEW 1" in importing.banner.text


def test_nothing_is_imported_before_it_was_looked_at(
    qtbot: QtBot, importing: ImportClassListDialog, class_list: Path
) -> None:
    assert not importing.import_button.isEnabled()
    importing.file.set_path(class_list)
    assert importing.summary.text() == "Now say which course it is."
    assert not importing.import_button.isEnabled()


def test_another_course_code_needs_another_look(
    qtbot: QtBot, importing: ImportClassListDialog, class_list: Path
) -> None:
    rehearse(qtbot, importing, class_list, "CS 101")
    assert importing.import_button.isEnabled()
    line = importing.code.lineEdit()
    assert line is not None
    QTest.keyClicks(line, "X")
    assert not importing.import_button.isEnabled()


def test_a_file_that_is_no_class_list_is_said_in_a_sentence(
    qtbot: QtBot, importing: ImportClassListDialog, tmp_path: Path
) -> None:
    path = tmp_path / "wrong.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    rehearse(qtbot, importing, path, "CS 101")
    assert importing.banner.text
    assert importing.summary.text() == "Nothing was imported."
    assert not importing.import_button.isEnabled()


@pytest.fixture
def courses(qtbot: QtBot, kiosk: GuiKiosk, theme: Theme) -> CoursesDialog:
    dialog = opened(qtbot, CoursesDialog(kiosk.app.courses.lists, theme, admin("Ada")))
    qtbot.waitUntil(lambda: dialog.course.count() == 1)
    return dialog


def test_a_course_gets_a_title_and_a_room(qtbot: QtBot, kiosk: GuiKiosk, courses: CoursesDialog) -> None:
    assert not courses.save_button.isEnabled()
    courses.title_field.edit.clear()
    QTest.keyClicks(courses.title_field.edit, " Sorting  and searching ")
    courses.room_field.edit.clear()
    QTest.keyClicks(courses.room_field.edit, "2.03")
    with qtbot.waitSignal(courses.changed):
        QTest.mouseClick(courses.save_button, LEFT)

    course = kiosk.app.courses.lists.course("CS 101")
    assert (course.title, course.room) == ("Sorting and searching", "2.03")
    assert courses.banner.text.startswith("CS 101 · Sorting")
    assert not courses.save_button.isEnabled()


def test_a_course_without_a_title_shows_its_code_only(
    qtbot: QtBot, kiosk: GuiKiosk, courses: CoursesDialog
) -> None:
    courses.title_field.edit.clear()
    courses.title_field.edit.textEdited.emit("")
    with qtbot.waitSignal(courses.changed):
        QTest.mouseClick(courses.save_button, LEFT)

    assert kiosk.app.courses.lists.course("CS 101").label == "CS 101"
    assert courses.title_field.edit.text() == ""


@pytest.fixture
def slips(qtbot: QtBot, kiosk: GuiKiosk, theme: Theme) -> PinSlipsDialog:
    dialog = opened(
        qtbot, PinSlipsDialog(kiosk.app.core, kiosk.app.courses.lists, kiosk.app.people, theme, admin("Ada"))
    )
    qtbot.waitUntil(lambda: dialog.course.count() == 1)
    return dialog


def make_slips(qtbot: QtBot, dialog: PinSlipsDialog, path: Path) -> str:
    dialog.target.edit.setText(str(path))
    QTest.mouseClick(dialog.make_button, LEFT)
    qtbot.waitUntil(lambda: not dialog.busy)
    return dialog.banner.text


def test_slips_are_made_once_for_those_without_a_pin(
    qtbot: QtBot, slips: PinSlipsDialog, tmp_path: Path
) -> None:
    assert make_slips(qtbot, slips, tmp_path / "slips.pdf").startswith("6 slips were written.")
    text = "".join(page.extract_text() for page in PdfReader(tmp_path / "slips.pdf").pages)
    assert "Anita Rao" in text
    assert make_slips(qtbot, slips, tmp_path / "again.pdf").startswith("Everyone in this course has a PIN")
    assert not (tmp_path / "again.pdf").exists()


def test_replacing_all_pins_must_be_confirmed(qtbot: QtBot, slips: PinSlipsDialog) -> None:
    assert slips.make_button.isEnabled()
    slips.everyone.click()
    assert not slips.make_button.isEnabled()
    slips.confirmed.click()
    assert slips.make_button.isEnabled()
    slips.missing.click()
    slips.everyone.click()
    assert not slips.make_button.isEnabled()


def test_one_student_gets_a_new_slip_once_that_is_confirmed(
    qtbot: QtBot, kiosk: GuiKiosk, slips: PinSlipsDialog, tmp_path: Path
) -> None:
    make_slips(qtbot, slips, tmp_path / "all.pdf")
    qtbot.waitUntil(lambda: slips.student.count() == len(kiosk.students))
    before = kiosk.app.people.pins.marks()
    slips.single.click()
    slips.student.setCurrentIndex(1)
    chosen = slips.student.currentData()
    assert not slips.make_button.isEnabled()
    slips.confirmed.click()
    assert make_slips(qtbot, slips, tmp_path / "one.pdf").startswith("1 slip was written. Print it")
    text = "".join(page.extract_text() for page in PdfReader(tmp_path / "one.pdf").pages)
    assert [one.full_name for one in kiosk.students if one.full_name in text] == [chosen.full_name]
    after = kiosk.app.people.pins.marks()
    assert {one for one in before if before[one] != after[one]} == {chosen.student_id}


def test_slips_that_cannot_be_written_leave_the_pins_alone(
    qtbot: QtBot, kiosk: GuiKiosk, slips: PinSlipsDialog, tmp_path: Path
) -> None:
    assert make_slips(qtbot, slips, tmp_path / "no such folder" / "slips.pdf")
    assert slips.written is None
    assert make_slips(qtbot, slips, tmp_path / "slips.pdf").startswith("6 slips were written.")


@pytest.fixture
def enrolling(qtbot: QtBot, kiosk: GuiKiosk, theme: Theme, tmp_path: Path) -> EnrolFacesDialog:
    enrolment = Enrolment(
        store=kiosk.app.core.store,
        clock=kiosk.app.core.clock,
        detector=FakeDetector(),
        embedder=FakeEmbedder(),
        quality=FakeQualityMeter(),
        read_picture=lambda data: picture_of(int(data)),
        write_picture=lambda _image: b"jpeg",
        lookalikes=kiosk.app.faces.lookalikes,
    )
    return opened(
        qtbot,
        EnrolFacesDialog(replace(kiosk.app.faces, enrolments=MadeEnrolment(enrolment)), theme, admin("Ada")),
    )


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Anita twice, Ben with nobody in the picture, and somebody whom the school does not know."""
    folder = tmp_path / "pictures"
    for name, picture, person in (
        ("S001", "1.jpg", "1"),
        ("S001", "2.jpg", "01"),
        ("S002", "1.jpg", "0"),
        ("X9", "1.jpg", "3"),
    ):
        (folder / name).mkdir(parents=True, exist_ok=True)
        (folder / name / picture).write_text(person, encoding="ascii")
    return folder


def test_faces_need_a_folder_and_the_word_on_consent(
    qtbot: QtBot, enrolling: EnrolFacesDialog, pictures: Path
) -> None:
    assert enrolling.consent.text() == CONSENT
    assert not enrolling.enrol_button.isEnabled()
    enrolling.folder.set_path(pictures)
    assert not enrolling.enrol_button.isEnabled()
    QTest.keyClick(enrolling.consent, Qt.Key.Key_Space)
    assert enrolling.enrol_button.isEnabled()


def test_each_picture_is_reported(
    qtbot: QtBot, kiosk: GuiKiosk, enrolling: EnrolFacesDialog, pictures: Path
) -> None:
    enrolling.folder.set_path(pictures)
    QTest.keyClick(enrolling.consent, Qt.Key.Key_Space)
    QTest.mouseClick(enrolling.enrol_button, LEFT)
    qtbot.waitUntil(lambda: enrolling.table.rowCount() == 5)
    alike = "All pictures look nearly the same. One of another day or in other light would help."
    assert enrolling.table.texts() == [
        ("Refused", "S002", "1.jpg", "No face was found in it."),
        ("Refused", "X9", "1.jpg", "There is no student with the number X9."),
        ("Alike", "S001", "", alike),
        ("Enrolled", "S001", "1.jpg", ""),
        ("Enrolled", "S001", "2.jpg", ""),
    ]
    assert enrolling.summary.text() == "2 pictures of 1 students enrolled, 0 known already, 2 refused."
    assert kiosk.runtime.reloads == 1
    word = kiosk.app.core.store.read(
        lambda repositories: repositories.consents.newest(
            kiosk.students[0].student_id, ConsentKind.FACE_RECOGNITION
        )
    )
    assert word is not None
    assert (word.given, word.recorded_by) == (True, "Ada")


def test_lookalikes_are_shown_with_what_follows(
    qtbot: QtBot, enrolling: EnrolFacesDialog, pictures: Path
) -> None:
    (pictures / "S002" / "1.jpg").write_text("001", encoding="ascii")
    enrolling.folder.set_path(pictures)
    QTest.keyClick(enrolling.consent, Qt.Key.Key_Space)
    QTest.mouseClick(enrolling.enrol_button, LEFT)
    qtbot.waitUntil(lambda: enrolling.table.rowCount() == 6)

    (what, student, other, why) = enrolling.table.texts()[2]
    assert (what, student, other) == ("Look-alike", "S001", "and S002")
    assert "may be the same person enrolled twice" in why


def test_a_dialog_cannot_be_closed_while_it_works(
    qtbot: QtBot, enrolling: EnrolFacesDialog, pictures: Path
) -> None:
    enrolling.folder.set_path(pictures)
    QTest.keyClick(enrolling.consent, Qt.Key.Key_Space)
    QTest.mouseClick(enrolling.enrol_button, LEFT)
    assert enrolling.busy
    QTest.keyClick(enrolling, Qt.Key.Key_Escape)
    assert enrolling.isVisible()
    qtbot.waitUntil(lambda: not enrolling.busy)
    QTest.keyClick(enrolling, Qt.Key.Key_Escape)
    assert not enrolling.isVisible()


def test_a_folder_that_is_not_there_is_said_in_a_sentence(
    qtbot: QtBot, enrolling: EnrolFacesDialog, tmp_path: Path
) -> None:
    enrolling.folder.set_path(tmp_path / "nowhere")
    QTest.keyClick(enrolling.consent, Qt.Key.Key_Space)
    QTest.mouseClick(enrolling.enrol_button, LEFT)
    qtbot.waitUntil(lambda: "There is no folder" in enrolling.banner.text)
