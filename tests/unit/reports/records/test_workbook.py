import datetime as dt
import errno
import gc
import re
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from kiosk.domain.attendance.choices import Method, Status
from kiosk.domain.attendance.record import Evidence
from kiosk.domain.courses.courses import Course
from kiosk.domain.courses.list_columns import ListChoices
from kiosk.domain.faces.model_parts import PartDistance
from kiosk.domain.people.students import Student
from kiosk.domain.records.filters import ReportFilter
from kiosk.errors import ExportError
from kiosk.reports.book import Book
from kiosk.reports.courses.roster_file import read_roster_file
from kiosk.reports.records.figures import gather
from kiosk.reports.records.records_sheet import RecordsSheet
from kiosk.reports.records.workbook import write_workbook
from tests.fakes.reports.report_repositories import (
    ZONE,
    FakeReportRepositories,
    sample_context,
    sample_school,
)

Table = list[tuple[Any, ...]]


def export(tmp_path: Path, school: FakeReportRepositories, **filters: Any) -> Workbook:
    path = tmp_path / "out.xlsx"
    write_workbook(path, school, sample_context(ReportFilter(**filters)))
    return load_workbook(path)


def table(book: Workbook, name: str) -> Table:
    return list(book[name].iter_rows(values_only=True))


def small_school(*names: str) -> FakeReportRepositories:
    school = FakeReportRepositories()
    school.all_courses.append(Course(1, "CS101", "Programming"))
    people = [Student(number, f"S{number}", name) for number, name in enumerate(names or ("Ada",), 1)]
    school.rosters[1] = people
    return school


def test_one_course_gives_the_five_sheets(tmp_path: Path) -> None:
    book = export(tmp_path, sample_school(courses=1), course_id=1)
    assert book.sheetnames == ["Summary", "Charts", "Register", "Records", "About"]


def test_each_of_several_courses_gets_a_register(tmp_path: Path) -> None:
    book = export(tmp_path, sample_school())
    assert book.sheetnames == ["Summary", "Charts", "Register CS101", "Register MATH-2", "Records", "About"]


def test_number_of_records_is_returned_and_they_are_all_there(tmp_path: Path) -> None:
    school = sample_school()
    path = tmp_path / "out.xlsx"
    count = write_workbook(path, school, sample_context())
    assert count == len(school.records) == 320
    assert load_workbook(path)["Records"].max_row == 321


def test_summary_counts_each_student_with_a_real_percentage(tmp_path: Path) -> None:
    school = small_school("Ada", "Bob", "Cid")
    statuses = {
        1: [Status.PRESENT, Status.LATE, Status.ABSENT, Status.EXCUSED],
        2: [Status.EXCUSED] * 4,
        3: [Status.PRESENT] * 4,
    }
    for week in range(4):
        session = school.add_session(1, dt.datetime(2026, 10, 1 + week, 7, tzinfo=dt.UTC))
        for student in school.rosters[1]:
            school.add_record(session, student, statuses[student.student_id][week])
    book = export(tmp_path, school, course_id=1)
    rows = table(book, "Summary")
    assert rows[3][2:] == ("Sessions", "Present", "Late", "Excused", "Absent", "Attendance")
    assert rows[4] == ("S1", "Ada", 4, 1, 1, 1, 1, pytest.approx(2 / 3))
    assert rows[5] == ("S2", "Bob", 4, 0, 0, 4, 0, None)
    assert rows[6] == ("S3", "Cid", 4, 4, 0, 0, 0, 1)
    assert rows[7] == ("Total", None, 12, 5, 1, 5, 1, pytest.approx(6 / 7))
    assert book["Summary"]["H5"].number_format == "0.0%"


def test_summary_of_several_courses_says_which_and_adds_each_up(tmp_path: Path) -> None:
    rows = table(export(tmp_path, sample_school()), "Summary")
    assert rows[3][:3] == ("Course", "Student no.", "Name")
    totals = [row for row in rows if row[1] is None and row[3] is not None and row[0] != "Course"]
    assert [row[0] for row in totals] == [
        "CS101 · Introduction to Programming",
        "MATH/2 · Linear Algebra",
        "All courses",
    ]
    assert [row[3] for row in totals] == [200, 120, 320]


def test_register_shows_letters_under_real_dates(tmp_path: Path) -> None:
    school = small_school("Ada", "Bob")
    first = school.add_session(1, dt.datetime(2026, 10, 24, 22, 30, tzinfo=dt.UTC))
    second = school.add_session(1, dt.datetime(2026, 10, 26, 7, 0, tzinfo=dt.UTC))
    ada, bob = school.rosters[1]
    school.add_record(first, ada, Status.PRESENT)
    school.add_record(second, ada, Status.LATE)
    school.add_record(second, bob, Status.ABSENT)
    book = export(tmp_path, school, course_id=1)
    sheet = book["Register"]
    rows = table(book, "Register")
    # 22:30 UTC is half past midnight in Berlin's summer time; 7:00 UTC is 8:00 after the clocks went back.
    assert rows[3][2:4] == (dt.datetime(2026, 10, 25), dt.datetime(2026, 10, 26))  # noqa: DTZ001 - Excel's
    assert rows[4][:4] == ("Student no.", "Name", dt.time(0, 30), dt.time(8, 0))
    assert rows[5] == ("S1", "Ada", "P", "L", 1)
    assert rows[6] == ("S2", "Bob", None, "A", 0)
    assert rows[7][:4] == ("In class", None, 1, 1)
    assert sheet.freeze_panes == "C6"
    assert sheet["C6"].fill.fgColor.rgb == "00DDF3E7"
    assert sheet["D6"].fill.fgColor.rgb == "00FDEFD6"
    assert sheet["D7"].fill.fgColor.rgb == "00FBDFDC"
    assert [row[0] for row in rows[-5:-1]] == ["P", "L", "E", "A"]


def test_records_have_real_date_and_time_cells_in_the_schools_zone(tmp_path: Path) -> None:
    school = small_school("Ada")
    session = school.add_session(1, dt.datetime(2026, 7, 1, 22, 0, tzinfo=dt.UTC))
    at = session.started_at
    evidence = (
        Evidence(Method.PHONE, at, device="3fa91c2b77d04e18"),
        Evidence(Method.FACE, at, distance=0.3124, margin=0.2, votes=4, model="dlib-resnet-v1", parts=PARTS),
    )
    school.add_record(session, school.rosters[1][0], Status.LATE, minute=11, evidence=evidence, version=3)
    book = export(tmp_path, school)
    sheet = book["Records"]
    row = table(book, "Records")[1]
    assert row[0] == dt.datetime(2026, 7, 2)  # noqa: DTZ001 - Excel knows no zones
    assert row[1] == dt.time(0, 11)
    assert row[3] == dt.datetime(2026, 7, 2, 0, 0)  # noqa: DTZ001 - no zone is the point
    assert (row[2], *row[4:8]) == ("CS101", "S1", "Ada", "Late", "Face")
    assert row[9] == "Face or phone"
    assert row[8] == (
        "distance 0.312, facenet128 0.250, sface 0.338, margin 0.200, 4 frames, dlib-resnet-v1; "
        "Phone: device 3fa91c2b; corrected 2 times"
    )
    assert sheet["A2"].data_type == "d"
    assert sheet["A2"].number_format == "yyyy-mm-dd"
    assert sheet["B2"].number_format == "hh:mm:ss"
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:J2"
    assert sheet["I2"].alignment.wrap_text, "the next column would cut what is longer"
    assert sheet.row_dimensions[2].height is None, "the row grows with it"


def test_about_says_what_the_workbook_covers(tmp_path: Path) -> None:
    since = dt.datetime(2026, 9, 30, tzinfo=ZONE)
    until = dt.datetime(2026, 10, 15, tzinfo=ZONE)
    book = export(tmp_path, sample_school(), since=since, until=until)
    facts = {row[0]: row[1] for row in table(book, "About")}
    assert facts["Days"] == "2026-09-30 to 2026-10-14"
    assert facts["Sessions"] == 5
    assert facts["Records"] == book["Records"].max_row - 1
    assert facts["Generated at"] == dt.datetime(2026, 11, 23, 10, 30, 15)  # noqa: DTZ001 - no zone is the point
    assert str(facts["Time zone"]).startswith("Europe/Berlin")
    assert facts["Log of changes"] == "17 0123abcd"
    assert facts["Program"] == "Attendance kiosk 3.2.1"
    assert "divided by" in facts["Attendance"]


PARTS = (PartDistance("facenet128", 0.25), PartDistance("sface", 0.338))
HOSTILE = (
    "=1+1",
    "+49 30 1234",
    "-2+3",
    "@SUM(A1)",
    "=cmd|'/c calc'!A1",
    "\t=1",
    "#N/A",
    "＝1",
    "12345",
    "TRUE",
    "a\x00b\x1f\ud800c\ufffe",
)


def test_hostile_names_stay_text_everywhere(tmp_path: Path) -> None:
    school = small_school(*HOSTILE)
    school.all_courses[0] = Course(1, "=EVIL()", "+title")
    session = school.add_session(1, dt.datetime(2026, 7, 1, 7, 0, tzinfo=dt.UTC))
    for student, text in zip(school.rosters[1], HOSTILE, strict=True):
        proof = Evidence(Method.MANUAL, session.started_at, reason=text)
        school.add_record(session, student, Status.PRESENT, evidence=(proof,))
    book = export(tmp_path, school, course_id=1)
    kinds = {
        (sheet.title, cell.coordinate): cell.data_type
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, str)
    }
    assert set(kinds.values()) == {"s"}
    names = {str(row[5]) for row in table(book, "Records")[1:]}
    assert names == {*HOSTILE[:-1], "abc"}
    records = book["Records"]
    quoted = {str(row[5].value): row[5].quotePrefix for row in records.iter_rows(min_row=2)}
    assert quoted["=1+1"]
    assert quoted["@SUM(A1)"]
    assert not quoted["12345"]
    with zipfile.ZipFile(tmp_path / "out.xlsx") as archive:
        sheets = [archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
    assert len(sheets) == 5
    assert not [sheet for sheet in sheets if re.search(rb"<f[ >]", sheet)]


def test_endless_text_is_cut_to_what_a_cell_holds(tmp_path: Path) -> None:
    school = small_school("x" * 40_000)
    school.add_session(1, dt.datetime(2026, 7, 1, 7, 0, tzinfo=dt.UTC))
    assert len(str(export(tmp_path, school, course_id=1)["Summary"]["B5"].value)) == 32_767


def test_sheets_are_set_up_for_printing(tmp_path: Path) -> None:
    book = export(tmp_path, sample_school())
    for sheet in book.worksheets:
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.page_setup.fitToWidth == 1
        assert sheet.sheet_properties.pageSetUpPr is not None
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.oddFooter is not None
        assert sheet.oddFooter.right.text == "Page &P of &N"
        assert sheet.print_title_rows
    register = book["Register CS101"]
    assert (register.print_title_rows, register.print_title_cols) == ("$4:$5", "$A:$B")
    assert register.page_setup.fitToHeight == 1


def test_register_of_many_sessions_goes_over_several_pages(tmp_path: Path) -> None:
    book = export(tmp_path, sample_school(courses=1, students=2, sessions=90), course_id=1)
    assert book["Register"].page_setup.fitToWidth == 3


def test_nothing_chosen_still_gives_a_whole_workbook(tmp_path: Path) -> None:
    school = sample_school()
    book = export(tmp_path, school, since=dt.datetime(2030, 1, 1, tzinfo=ZONE))
    assert book.sheetnames == ["Summary", "Charts", "Register", "Records", "About"]
    assert "No record" in str(book["Records"]["A2"].value)
    assert "No session" in str(book["Register"]["A2"].value)


def test_course_without_a_session_shows_its_students(tmp_path: Path) -> None:
    book = export(tmp_path, small_school("Ada"), course_id=1)
    assert table(book, "Summary")[4] == ("S1", "Ada", 0, 0, 0, 0, 0, None)


def test_records_beyond_one_sheet_go_on_in_the_next(tmp_path: Path) -> None:
    school = sample_school(courses=1, students=5, sessions=5)
    chosen = ReportFilter()
    figures = gather(school, chosen)
    with Book() as book, (tmp_path / "out.xlsx").open("wb") as stream:
        RecordsSheet(book, ZONE, rows_a_sheet=10).write_all(figures.count(school.rows(chosen)))
        book.save(stream)
    again = load_workbook(tmp_path / "out.xlsx")
    assert again.sheetnames == ["Records", "Records 2", "Records 3"]
    assert [sheet.max_row for sheet in again.worksheets] == [11, 11, 6]
    assert isinstance(again["Records 3"], Worksheet)


@pytest.fixture
def leftovers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[str]]:
    """Names of what lies in the temporary folder after a failure."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return lambda: [path.name for path in folder.iterdir()]


def test_full_disk_leaves_the_old_workbook_and_nothing_else(
    tmp_path: Path, leftovers: Callable[[], list[str]]
) -> None:
    target = tmp_path / "target"
    target.mkdir()
    path = target / "out.xlsx"
    path.write_bytes(b"the old one")
    school = sample_school()
    school.fails_after = 100
    school.failure = OSError(errno.ENOSPC, "No space left on device")
    with pytest.raises(ExportError, match="the disk is full"):
        write_workbook(path, school, sample_context())
    gc.collect()
    assert path.read_bytes() == b"the old one"
    assert [entry.name for entry in target.iterdir()] == ["out.xlsx"]
    assert leftovers() == []


def test_success_leaves_nothing_in_the_temporary_folder(
    tmp_path: Path, leftovers: Callable[[], list[str]]
) -> None:
    write_workbook(tmp_path / "out.xlsx", sample_school(), sample_context())
    assert leftovers() == []


def test_register_says_what_was_counted_and_where_more_were_marked(tmp_path: Path) -> None:
    school = small_school("Ada", "Bob")
    starts = [dt.datetime(2026, 10, day, 7, 0, tzinfo=dt.UTC) for day in (5, 6, 7)]
    sessions = [school.add_session(1, start) for start in starts]
    for session in sessions:
        for student in school.rosters[1]:
            school.add_record(session, student, Status.PRESENT)
    school.all_sessions[:] = [
        replace(session, headcount=headcount)
        for session, headcount in zip(sessions, (1, 2, None), strict=True)
    ]
    book = export(tmp_path, school, course_id=1)
    assert table(book, "Register")[8] == ("Counted in the room", None, 1, 2, None, None)
    sheet = book["Register"]
    assert sheet["C9"].fill.fgColor.rgb == "00FDEFD6"
    assert sheet["D9"].fill.fgColor.rgb == sheet["E9"].fill.fgColor.rgb == "00EAF0FA"


def with_rules(tmp_path: Path, school: FakeReportRepositories) -> Workbook:
    path = tmp_path / "rules.xlsx"
    context = replace(sample_context(ReportFilter(course_id=1)), school="Lindenhof & Co", limit_percent=75)
    write_workbook(path, school, context)
    return load_workbook(path)


def test_charts_show_the_weeks_below_them(tmp_path: Path) -> None:
    school = sample_school(courses=1)
    book = with_rules(tmp_path, school)
    sheet: Any = book["Charts"]
    assert len(sheet._charts) == 3
    rows: Table = list(sheet.iter_rows(min_row=4 + 3 * 17, values_only=True))
    assert rows[0][:3] == ("Week of", "Sessions", "Present")
    assert len(rows) == 1 + 8
    assert sum(sum(row[2:6]) for row in rows[1:]) == len(school.records)
    assert {row[7] for row in rows[1:]} == {0.75}
    attended = sum(row[2] + row[3] for row in rows[1:])
    assert sum(sum(row[8:12]) for row in rows[1:]) == attended
    share = rows[1]
    assert share[6] == pytest.approx((share[2] + share[3]) / (share[2] + share[3] + share[5]))


def test_charts_refer_to_figures_that_are_there(tmp_path: Path) -> None:
    with_rules(tmp_path, sample_school(courses=1))
    with zipfile.ZipFile(tmp_path / "rules.xlsx") as archive:
        charts = [archive.read(name).decode() for name in archive.namelist() if "charts/chart" in name]
    assert len(charts) == 3
    for chart in charts:
        assert "'Charts'!$A$56:$A$63" in chart
        assert 'delete val="0"' in chart
        assert '<min val="0"' in chart, "an axis that begins at 9 makes small differences look large"


def test_shares_below_the_limit_are_marked_and_it_stands_in_about(tmp_path: Path) -> None:
    book = with_rules(tmp_path, sample_school(courses=1))
    for name, area in (("Summary", "H5:H29"), ("Register", "K6:K30")):
        (marked,) = book[name].conditional_formatting
        assert str(marked.sqref) == area
        (rule,) = marked.rules
        assert rule.formula == [f"AND(ISNUMBER({area[:2]}),{area[:2]}<0.75)"]
    facts = {row[0]: row[1] for row in table(book, "About")}
    assert "75 %" in str(facts["Limit"])


def test_a_school_without_a_limit_marks_nobody(tmp_path: Path) -> None:
    book = export(tmp_path, sample_school(courses=1), course_id=1)
    assert not list(book["Summary"].conditional_formatting)


def test_the_schools_name_is_on_each_sheet(tmp_path: Path) -> None:
    book = with_rules(tmp_path, sample_school(courses=1))
    for sheet in book.worksheets:
        assert sheet.oddHeader is not None
        assert sheet.oddHeader.left.text == "Lindenhof && Co"
    for name in ("Summary", "Charts", "Register"):
        assert "Lindenhof & Co" in str(book[name]["A2"].value)


def test_students_are_sorted_by_family_name(tmp_path: Path) -> None:
    book = export(tmp_path, small_school("Zoe Adams", "Ann Young", "Bob Miller"), course_id=1)
    assert [row[1] for row in table(book, "Summary")[4:7]] == ["Zoe Adams", "Bob Miller", "Ann Young"]


def test_days_are_written_in_one_form(tmp_path: Path) -> None:
    book = export(tmp_path, sample_school(courses=1), course_id=1)
    days = {
        cell.number_format
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, dt.datetime)
    }
    assert days <= {"yyyy-mm-dd", "yyyy-mm-dd hh:mm", "yyyy-mm-dd hh:mm:ss"}


@pytest.mark.parametrize("courses", [1, 2])
def test_an_exported_summary_is_read_back_as_a_list_without_its_totals(tmp_path: Path, courses: int) -> None:
    export(tmp_path, sample_school(courses=courses))
    found = read_roster_file(tmp_path / "out.xlsx", ListChoices(sheet="Summary"))
    assert len({row.student_no for row in found.rows}) == 25
    assert not [row for row in found.refused if "already on line" not in row.reason]
