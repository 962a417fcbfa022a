from collections import Counter
from pathlib import Path

import pytest
from openpyxl import load_workbook

from kiosk.domain.attendance.choices import Status
from kiosk.domain.people.consents import STUDENT, ConsentKind
from kiosk.domain.people.students import Student
from kiosk.domain.records.filters import Days, ReportFilter
from kiosk.errors import ConflictError, ForbiddenError, NotFoundError
from kiosk.storage.keys.key_ring import database_path
from kiosk.storage.repositories.repositories import Repositories
from tests.fakes.actors import admin, teacher
from tests.world.school import SmallSchool


@pytest.fixture
def students(school: SmallSchool) -> list[Student]:
    """Three, in two ended classes of this morning: the first present in one."""
    course, people = school.add_course()
    school.enrol(people[0], 0, pictures=2)
    for status in (Status.PRESENT, Status.ABSENT):
        session = school.sessions.start(course.course_id, actor=admin("Tom"), model="m")
        if status is Status.PRESENT:
            school.marks.mark(
                session.session_id, people[0].student_id, status=status, reason="seen", actor=admin("Tom")
            )
        school.sessions.end(session.session_id, actor=admin("Tom"))
    return people


def counts(school: SmallSchool) -> dict[int, Counter[str]]:
    """By session, how many records of each status the reports read."""
    found: dict[int, Counter[str]] = {}

    def query(repositories: Repositories) -> None:
        for row in repositories.reports.rows(ReportFilter()):
            found.setdefault(row.session.session_id, Counter())[row.record.status.value] += 1

    school.store.read(query)
    return found


def summary(school: SmallSchool, path: Path) -> list[tuple[object, ...]]:
    """The workbook's totals, without who they are about."""
    school.cases.reports.exports.workbook(path, Days(), actor=admin())
    sheet = load_workbook(path)["Summary"]
    return sorted(tuple(map(str, row[2:])) for row in sheet.iter_rows(min_row=2, values_only=True))


def test_everything_about_the_person_goes_and_every_count_stays(
    school: SmallSchool, students: list[Student], tmp_path: Path
) -> None:
    anna = students[0]
    school.set_pin(anna, "482915")
    school.cases.people.consents.record(anna.student_id, given=True, actor=admin(), answerer=STUDENT)
    before, totals = counts(school), summary(school, tmp_path / "before.xlsx")
    removed = school.cases.people.removal.remove(anna, actor=admin("Ada"))
    assert (removed.pictures, removed.records) == (2, 2)
    assert counts(school) == before
    assert summary(school, tmp_path / "after.xlsx") == totals
    assert len(totals) > 3
    assert sum(sum(one.values()) for one in before.values()) == 6

    stored = school.cases.records.student_data.stored(anna.student_id)
    assert (stored.samples.number, stored.consents, stored.has_pin) == (0, (), False)
    assert (stored.corrections, stored.records.number) == (0, 2)
    assert anna not in school.cases.courses.lists.students()
    course = school.cases.courses.lists.courses()[0]
    assert len(school.cases.courses.lists.roster(course.course_id, school.cases.core.today())) == 3
    school.clock.advance(86400.0)
    assert len(school.cases.courses.lists.roster(course.course_id, school.cases.core.today())) == 2
    again = school.sessions.start(course.course_id, actor=admin("Tom"), model="m")
    school.sessions.end(again.session_id, actor=admin("Tom"))
    assert sum(counts(school)[again.session_id].values()) == 2
    with pytest.raises(NotFoundError):
        school.cases.people.removal.remove(anna, actor=admin())
    kind = ConsentKind.FACE_RECOGNITION
    assert school.store.read(lambda repositories: repositories.consents.newest(anna.student_id, kind)) is None
    # The number may be given to somebody new.
    school.store.write(
        lambda repositories: repositories.students.add(
            student_no=anna.student_no, full_name="Somebody else", email=None
        )
    )


def test_nobody_is_deleted_while_a_class_is_open_or_by_a_teacher(
    school: SmallSchool, students: list[Student]
) -> None:
    removal = school.cases.people.removal
    with pytest.raises(ForbiddenError):
        removal.remove(students[0], actor=teacher())
    course = school.cases.courses.lists.courses()[0]
    session = school.sessions.start(course.course_id, actor=admin("Tom"), model="m")
    with pytest.raises(ConflictError, match="open"):
        removal.remove(students[0], actor=admin())
    school.sessions.end(session.session_id, actor=admin("Tom"))
    removal.remove(students[0], actor=admin())


def test_neither_name_nor_number_is_left_outside_of_the_log(
    school: SmallSchool, students: list[Student], data_dir: Path
) -> None:
    anna = students[0]
    school.cases.people.removal.remove(anna, actor=admin())
    rows = school.store.read(
        lambda repositories: [
            str(tuple(row))
            for table in ("students", "attendance_records", "record_history", "registrations")
            for row in repositories.db_session.connection().exec_driver_sql(f"SELECT * FROM {table}")
        ]
    )
    assert database_path(data_dir).is_file()
    assert len(rows) > 6
    assert not [row for row in rows if anna.full_name in row or anna.student_no in row]
