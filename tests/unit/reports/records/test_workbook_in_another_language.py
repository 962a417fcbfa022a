"""The workbook in a language that puts each text into brackets: what stands outside is data."""

import datetime as dt
from pathlib import Path

from openpyxl import load_workbook

from kiosk.domain.attendance.choices import Method, Status
from kiosk.domain.attendance.record import Evidence
from kiosk.domain.courses.courses import Course
from kiosk.domain.people.students import Student
from kiosk.reports.records.workbook import write_workbook
from kiosk.translation import speaking
from tests.fakes.pseudo_language import PseudoLanguage, outside
from tests.fakes.reports.report_repositories import FakeReportRepositories, sample_context

AT = dt.datetime(2026, 10, 1, 7, 2, tzinfo=dt.UTC)
DATA = {"Ada", "S1", "CS101", "Programming", "All courses", "head", "17 0123abcd"}


def test_only_data_stands_outside_of_translations(tmp_path: Path) -> None:
    school = FakeReportRepositories()
    school.all_courses.append(Course(1, "CS101", "Programming"))
    school.rosters[1] = [Student(number, "S1", "Ada") for number in range(len(Status))]
    session = school.add_session(1, AT)
    for student, status in zip(school.rosters[1], Status, strict=True):
        proof = Evidence(Method.MANUAL, AT, votes=3, distance=0.3, margin=0.1, actor="Ada", reason="undone")
        school.add_record(session, student, status, evidence=(Evidence(Method.FACE, AT), proof))
    with speaking(PseudoLanguage()):
        write_workbook(tmp_path / "out.xlsx", school, sample_context())
    book = load_workbook(tmp_path / "out.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row]
    found = [cell for cell in (*book.sheetnames, *cells) if isinstance(cell, str) and outside(cell, DATA)]
    assert found == []
