from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from kiosk.domain.courses.courses import RosterRow
from kiosk.domain.courses.list_columns import ListChoices
from kiosk.domain.people.students import Student
from kiosk.errors import ConflictError, FileFormatError, NotFoundError
from kiosk.services.courses.class_lists import ClassLists
from kiosk.services.courses.list_import import NOT_MADE, ImportReport
from kiosk.services.ports.outputs import RefusedRow, RosterFile
from tests.fakes.actors import admin
from tests.world.school import SmallSchool

DAY = date(2026, 11, 23)
LIST = Path("class.csv")
ADA = RosterRow(2, "S1", "Ada Lovelace", "ada@example.org")
BOB = RosterRow(3, "S2", "Bob Noyce", None)


@dataclass
class Paper:
    """`RosterFileReader` that reads what a test wrote on it."""

    rows: tuple[RosterRow, ...] = (ADA, BOB)
    refused: tuple[RefusedRow, ...] = ()
    damaged: bool = False

    def __call__(self, path: Path, choices: ListChoices) -> RosterFile:
        if self.damaged:
            raise FileFormatError("This is no class list.", "Use CSV or XLSX.")
        return RosterFile(self.rows, self.refused)


class Office:
    def __init__(self, school: SmallSchool) -> None:
        self.school = school
        self.paper = Paper()
        self.people = ClassLists(store=school.store, clock=school.clock, read_roster=self.paper)

    def take_in(
        self, course: str | None = "CS 101", *, since: date = DAY, dry_run: bool = False
    ) -> ImportReport:
        return self.people.import_roster(
            LIST, course_code=course, since=since, actor=admin("Anna"), dry_run=dry_run
        )

    def names(self) -> list[tuple[str, str, str | None]]:
        return [(one.student_no, one.full_name, one.email) for one in self.people.students()]

    def roster(self, on: date = DAY) -> list[Student]:
        return self.people.roster(self.people.course("CS 101").course_id, on)

    def audit(self) -> list[tuple[str, str, str]]:
        entries = self.school.store.read(lambda repositories: repositories.audit.entries())
        return [(entry.action, entry.subject, entry.detail) for entry in reversed(entries)]


@pytest.fixture
def office(school: SmallSchool) -> Office:
    return Office(school)


def test_a_new_list_makes_the_students_and_the_course_and_registers_them(office: Office) -> None:
    report = office.take_in()

    assert report.course is not None
    assert report.course.code == "CS 101"
    assert report.added == report.registered == ("S1", "S2")
    assert (report.updated, report.unchanged, report.refused, report.dry_run) == ((), (), (), False)
    assert office.names() == [("S1", "Ada Lovelace", "ada@example.org"), ("S2", "Bob Noyce", None)]
    assert office.roster() == office.people.students()
    assert office.audit() == [("people.imported", "class.csv", "2 added, 0 updated, 2 registered, 0 refused")]


def test_without_a_course_the_students_are_taken_in_and_registered_nowhere(office: Office) -> None:
    report = office.take_in(None)

    assert (report.course, report.added, report.registered) == (None, ("S1", "S2"), ())
    assert office.people.courses() == []


def test_a_rehearsal_reports_the_same_and_changes_nothing(office: Office) -> None:
    rehearsal = office.take_in(dry_run=True)

    assert rehearsal.dry_run
    assert (office.names(), office.people.courses(), office.audit()) == ([], [], [])
    real = office.take_in()
    assert real.course is not None
    assert rehearsal.course == replace(real.course, course_id=NOT_MADE)
    assert real == replace(rehearsal, dry_run=False, course=real.course)


def test_refused_rows_are_reported_and_the_usable_ones_are_in(office: Office) -> None:
    office.paper.refused = (RefusedRow(4, "There is no student number."),)

    report = office.take_in()

    assert report.refused == office.paper.refused
    assert [number for number, _, _ in office.names()] == ["S1", "S2"]


def test_importing_the_same_list_again_changes_nobody(office: Office) -> None:
    office.take_in()
    before = office.names()

    report = office.take_in()

    assert (report.added, report.updated, report.registered) == ((), (), ())
    assert report.unchanged == ("S1", "S2")
    assert office.names() == before
    assert len(office.people.courses()) == 1


def test_importing_again_later_registers_nobody_twice(office: Office) -> None:
    office.take_in()

    report = office.take_in(since=DAY + timedelta(days=30))

    assert report.registered == ()
    assert len(office.roster(DAY + timedelta(days=30))) == 2


def test_a_name_in_another_spelling_is_updated_and_a_missing_email_keeps_the_old_one(office: Office) -> None:
    office.take_in()
    office.paper.rows = (replace(ADA, full_name="Lovelace, Ada Byron", email=None), BOB)

    report = office.take_in()

    assert (report.updated, report.unchanged, report.questions) == (("S1",), ("S2",), ())
    assert office.names()[0] == ("S1", "Lovelace, Ada Byron", "ada@example.org")


def test_a_number_in_another_case_is_the_same_student(office: Office) -> None:
    office.take_in()
    office.paper.rows = (replace(ADA, student_no="s1"), BOB)

    assert office.take_in().unchanged == ("S1", "S2")
    assert len(office.names()) == 2


def test_nobody_is_removed_by_a_shorter_list(office: Office) -> None:
    office.take_in()
    office.paper.rows = (BOB,)

    office.take_in()

    assert len(office.names()) == len(office.roster()) == 2


def test_a_course_that_exists_is_used_whatever_the_case_of_its_code(office: Office) -> None:
    course = office.people.add_course(code="CS 101", title="Programming", room="A1", actor=admin("Anna"))

    assert office.take_in("cs  101").course == course


def test_students_are_registered_from_the_day_given(office: Office) -> None:
    office.take_in(since=DAY)

    assert office.roster(DAY - timedelta(days=1)) == []
    assert len(office.roster(DAY)) == 2


@pytest.mark.parametrize("code", ["", "   ", "=CS", "x" * 33])
def test_an_unusable_course_code_is_refused_before_anything_is_read(office: Office, code: str) -> None:
    office.paper.damaged = True

    with pytest.raises(ConflictError, match="cannot be a course code"):
        office.take_in(code)


def test_a_file_that_is_no_class_list_changes_nothing(office: Office) -> None:
    office.paper.damaged = True

    with pytest.raises(FileFormatError):
        office.take_in()
    assert (office.names(), office.people.courses()) == ([], [])


def test_a_row_that_fails_takes_the_whole_import_back(office: Office) -> None:
    office.paper.rows = (ADA, "a defect of the reader")  # type: ignore[assignment]  # the defect

    with pytest.raises(AttributeError):
        office.take_in()
    assert (office.names(), office.people.courses()) == ([], [])


def test_an_unknown_course_says_which_are_known(office: Office) -> None:
    with pytest.raises(NotFoundError, match="Import a class list"):
        office.people.course("CS 1")
    office.people.add_course(code="ART", title="Drawing", room="", actor=admin("Anna"))
    with pytest.raises(NotFoundError, match="Known courses: ART"):
        office.people.course("CS 1")


def test_a_course_is_made_found_and_changed(office: Office) -> None:
    course = office.people.add_course(code=" ART ", title="  ", room=" A  1 ", actor=admin("Anna"))
    assert (course.code, course.title, course.room) == ("ART", "ART", "A 1")
    assert office.people.course("art") == course

    office.people.update_course(replace(course, title="Drawing"), actor=admin("Anna"))

    assert office.people.courses() == [replace(course, title="Drawing", version=course.version + 1)]
    assert [entry[:2] for entry in office.audit()] == [("course.added", "ART"), ("course.changed", "ART")]


def test_a_course_code_is_taken_once(office: Office) -> None:
    office.people.add_course(code="ART", title="Drawing", room="", actor=admin("Anna"))

    with pytest.raises(ConflictError, match="exists already"):
        office.people.add_course(code="art", title="Painting", room="", actor=admin("Anna"))


def test_who_leaves_a_course_is_out_from_that_day_on_and_nobody_else(office: Office) -> None:
    report = office.take_in()
    course = report.course
    assert course is not None
    ada, bob = office.people.roster(course.course_id, DAY)
    later = DAY + timedelta(days=30)
    assert office.people.end_registrations(course, [ada], on=later, actor=admin("Anna")) == [ada]
    assert office.people.roster(course.course_id, later - timedelta(days=1)) == [ada, bob]
    assert office.people.roster(course.course_id, later) == [bob]
    entry = office.school.store.read(lambda repositories: repositories.audit.entries(1))[0]
    assert (entry.action, entry.actor, entry.subject, entry.detail) == (
        "registration.ended",
        "Anna",
        "S1",
        "CS 101",
    )
    assert office.people.end_registrations(course, None, on=later, actor=admin("Anna")) == [bob]
    assert office.people.roster(course.course_id, later) == []


def test_nobody_leaves_a_course_whose_class_is_open(office: Office) -> None:
    course = office.take_in().course
    assert course is not None
    office.school.sessions.start(course.course_id, actor=admin("Tom"), model="m")
    with pytest.raises(ConflictError):
        office.people.end_registrations(course, None, on=DAY, actor=admin("Anna"))
    assert len(office.people.roster(course.course_id, DAY)) == 2
