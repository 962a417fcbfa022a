"""The id by which the school's own system knows a student finds him or her again, and never decides alone."""

from datetime import date
from pathlib import Path

import pytest

from kiosk.domain.courses.courses import RosterRow
from kiosk.domain.courses.list_columns import ListChoices
from kiosk.domain.courses.list_questions import Answers
from kiosk.domain.courses.list_questions import QuestionKind as Kind
from kiosk.services.courses.class_lists import ClassLists
from kiosk.services.courses.list_import import ImportReport
from kiosk.services.ports.outputs import RosterFile
from tests.fakes.actors import admin
from tests.world.school import SmallSchool


class Office:
    """Takes lists in whose rows say number, id and name."""

    def __init__(self, school: SmallSchool) -> None:
        self.rows: tuple[RosterRow, ...] = ()
        self.people = ClassLists(store=school.store, clock=school.clock, read_roster=self._read)

    def _read(self, path: Path, choices: ListChoices) -> RosterFile:
        del path, choices
        return RosterFile(self.rows, ())

    def take_in(
        self, *rows: str, answers: str = "", course: str = "X", dry_run: bool = False
    ) -> ImportReport:
        parsed = [row.split(" ", 2) for row in rows]
        self.rows = tuple(
            RosterRow(line, number, name, None, "" if known_by == "-" else known_by)
            for line, (number, known_by, name) in enumerate(parsed, 2)
        )
        return self.people.import_roster(
            Path("list.csv"),
            course_code=course,
            since=date(2026, 11, 23),
            actor=admin("Anna"),
            answers=Answers.of(answers.split()),
            dry_run=dry_run,
        )

    def known(self) -> list[tuple[str, str, str]]:
        return [(one.student_no, one.system_id, one.full_name) for one in self.people.students()]


@pytest.fixture
def office(school: SmallSchool) -> Office:
    made = Office(school)
    made.take_in("N1 a-1 Ada Byron")
    return made


def test_the_id_is_kept_and_stays_where_the_next_list_has_none(office: Office) -> None:
    assert ("N1", "a-1", "Ada Byron") in office.known()
    assert office.take_in("N1 - Ada Byron").unchanged == ("N1",)
    assert ("N1", "a-1", "Ada Byron") in office.known()


def test_an_id_that_comes_later_is_kept_without_a_word(office: Office) -> None:
    office.take_in("N2 - Ben Okafor", course="Y")
    report = office.take_in("N2 b-2 Ben Okafor", course="Y")
    assert (report.unchanged, report.updated, report.notes) == (("N2",), (), ())
    assert ("N2", "b-2", "Ben Okafor") in office.known()


def test_a_rehearsal_keeps_no_id(office: Office) -> None:
    office.take_in("N1 other Ada Byron", dry_run=True)
    assert ("N1", "a-1", "Ada Byron") in office.known()


def test_a_new_number_and_name_under_a_known_id_are_asked_in_any_course(office: Office) -> None:
    report = office.take_in("N9 a-1 Ada Lovelace", course="Y")
    (question,) = report.open_questions
    assert (question.kind, question.old, question.new) == (
        Kind.OTHER_NUMBER,
        "N1 Ada Byron",
        "N9 Ada Lovelace",
    )
    assert report.added == ()
    office.take_in("N9 a-1 Ada Lovelace", course="Y", answers="new-number:N9")
    assert [one for one in office.known() if one[1] == "a-1"] == [("N9", "a-1", "Ada Lovelace")]


def test_a_known_number_under_another_name_is_asked_all_the_same_and_the_id_says_what_it_knows(
    office: Office,
) -> None:
    same = office.take_in("N1 a-1 Grace Hopper")
    assert [one.kind for one in same.open_questions] == [Kind.OTHER_NAME]
    assert [one.text for one in same.notes] == ["N1: your system knows both names by one id."]
    other = office.take_in("N1 z-9 Grace Hopper")
    assert [one.kind for one in other.open_questions] == [Kind.OTHER_NAME]
    assert [one.text for one in other.notes] == [
        "N1: your system knows Ada Byron by another id than Grace Hopper."
    ]


def test_an_id_that_two_have_means_nobody(office: Office) -> None:
    office.take_in("N9 a-1 Ada Lovelace", answers="namesake:N9 left:N1")
    report = office.take_in("N10 a-1 Ada King", course="Y")
    assert report.open_questions == ()
    assert report.added == ("N10",)
