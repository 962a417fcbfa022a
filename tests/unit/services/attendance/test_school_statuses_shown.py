"""A status of the school's own in everything that people read of a record: lists, reports, files."""

import json
from pathlib import Path
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from kiosk.domain.attendance.choices import Status
from kiosk.domain.attendance.school_status import SchoolStatus, StatusColour
from kiosk.domain.people.students import Student
from kiosk.domain.records.filters import Days
from kiosk.domain.records.record_list import RecordLine, RecordQuestion
from kiosk.domain.reports.kinds import ReportKind, ReportQuestion
from kiosk.services.reports.pictures.calendar_picture import calendar_picture
from kiosk.services.reports.pictures.picture import Box, Ink, Picture, Room, Words
from kiosk.services.reports.pictures.register_picture import register_picture
from kiosk.services.reports.report_tables import table_of
from tests.fakes.actors import admin
from tests.unit.services.attendance.classes import end, mark, start
from tests.world.school import SmallSchool

ANNA = admin("Anna")
ROOM = Room(1200, 600, lambda text, size, bold: len(text) * size * (0.6 if bold else 0.5))


@pytest.fixture
def trip(school: SmallSchool) -> SchoolStatus:
    wanted = SchoolStatus(0, "school trip", "出", StatusColour.BLUE, Status.EXCUSED, 100)
    return school.cases.attendance.statuses.save(wanted, actor=ANNA)


@pytest.fixture
def student(school: SmallSchool, trip: SchoolStatus) -> Student:
    """Somebody who was on a trip; the others of the class were present."""
    course, students = school.add_course()
    session = start(school, course)
    for one in students:
        mark(school, session, one, trip if one is students[0] else Status.PRESENT)
    end(school, session)
    return students[0]


def said(picture: Picture) -> set[str]:
    return {one.text for one in picture.marks if isinstance(one, Words)}


def test_reports_show_letter_name_and_colour_and_explain_them(school: SmallSchool, student: Student) -> None:
    shown, course_id = school.cases.reports.shown, 1
    register = shown.register(ReportQuestion(ReportKind.REGISTER, course_id), actor=ANNA)
    picture = register_picture(register, ROOM)
    assert {"出", "出  school trip"} <= said(picture)
    assert any(isinstance(one, Box) and one.ink is Ink.SOFT_ACCENT for one in picture.marks)
    assert any("school trip" in spot.tip for spot in picture.spots)
    assert "出" in {cell for row in table_of(register).rows for cell in row}
    question = ReportQuestion(ReportKind.STUDENT, student_id=student.student_id)
    calendar = shown.student_calendar(question, actor=ANNA)
    drawn = calendar_picture(calendar, ROOM)
    assert "school trip" in said(drawn)
    assert any(text.endswith(": 1 of 1 classes") for text in said(drawn))
    assert "school trip" in {cell for row in table_of(calendar).rows for cell in row}


def test_files_show_it_and_keep_what_other_programs_know(
    school: SmallSchool, student: Student, tmp_path: Path
) -> None:
    exports = school.cases.reports.exports
    exports.workbook(tmp_path / "book.xlsx", Days(), actor=ANNA)
    book = load_workbook(tmp_path / "book.xlsx")
    cells = {sheet.title: [cell.value for row in sheet for cell in row] for sheet in book}
    assert cells["Register"].count("出") == 2, "in the student's row and in the legend"
    assert "school trip" in cells["Records"]
    assert "A status of the school’s own: excused, and counts 100 % as attended." in cells["About"]
    exports.table(tmp_path / "all.csv", Days(), actor=ANNA)
    rows = (tmp_path / "all.csv").read_text(encoding="utf-8").splitlines()
    assert rows[0].endswith(",version,school_status")
    assert sum(",excused," in row and row.endswith(",school trip") for row in rows) == 1
    school.cases.records.everything.save(tmp_path / "all.zip", student, actor=ANNA)
    with ZipFile(tmp_path / "all.zip") as zipped:
        (record,) = json.loads(zipped.read("everything.json"))["tables"]["attendance_records"]
    assert (record["status"], record["school_status"]) == ("excused", "school trip")


def found(school: SmallSchool, asked: RecordQuestion) -> list[RecordLine]:
    records = school.cases.records.all
    return records.page(records.outline(asked, actor=ANNA), 0, 10, actor=ANNA)


def test_all_records_find_it_by_name_and_by_base(school: SmallSchool, student: Student) -> None:
    (by_name,) = found(school, RecordQuestion(search="TRIP"))
    (by_base,) = found(school, RecordQuestion(statuses=frozenset({Status.EXCUSED})))
    assert by_name == by_base
    assert (by_name.student, by_name.shown) == (
        student,
        school.cases.attendance.statuses.all()[0],
    )


def test_a_file_of_marks_names_it_by_name_or_letter(
    school: SmallSchool, trip: SchoolStatus, tmp_path: Path
) -> None:
    course, (anna, ben, carl) = school.add_course()
    session = start(school, course)
    imports = school.cases.attendance.afterwards.imports
    path = tmp_path / "marks.csv"
    lines = [f"{anna.student_no},School Trip", f"{ben.student_no},出", f"{carl.student_no},picnic"]
    path.write_text("\n".join(["student_no,status", *lines]), encoding="utf-8")
    preview = imports.look(session.session_id, path, actor=ANNA)
    assert [one.status for one in preview.marks] == [trip, trip]
    (refused,) = preview.refused
    assert "present, late, excused, absent, and school trip" in refused.reason
    imports.write(preview, actor=ANNA)
    assert imports.look(session.session_id, path, actor=ANNA).same == 2
