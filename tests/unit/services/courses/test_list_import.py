"""Nobody is silently somebody else: what a class list leaves open is asked, and done only with an answer."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest

from kiosk.domain.courses.courses import RosterRow
from kiosk.domain.courses.list_columns import ListChoices, ListReading
from kiosk.domain.courses.list_questions import Answers
from kiosk.domain.courses.list_questions import QuestionKind as Kind
from kiosk.domain.people.consents import ConsentKind
from kiosk.domain.people.students import Student
from kiosk.errors import ConflictError
from kiosk.services.courses.class_lists import ClassLists
from kiosk.services.courses.list_import import ImportReport
from kiosk.services.ports.outputs import RefusedRow, RosterFile
from kiosk.storage.store import Repositories
from tests.fakes.actors import admin
from tests.world.school import SmallSchool

DAY = date(2026, 11, 23)


@dataclass
class Paper:
    """`RosterFileReader` that reads what a test wrote on it."""

    file: RosterFile = field(default_factory=lambda: RosterFile((), ()))

    def __call__(self, path: Path, choices: ListChoices) -> RosterFile:
        return self.file


class Office:
    def __init__(self, school: SmallSchool) -> None:
        self.school = school
        self.paper = Paper()
        self.people = ClassLists(store=school.store, clock=school.clock, read_roster=self.paper)

    def take_in(
        self, *rows: str, course: str | None = "X", answers: str = "", reading: ListReading | None = None
    ) -> ImportReport:
        parsed = [row.split(" ", 1) for row in rows]
        self.paper.file = RosterFile(
            tuple(RosterRow(line, number, name, None) for line, (number, name) in enumerate(parsed, 2)),
            self.paper.file.refused,
            reading=reading or ListReading(),
        )
        return self.people.import_roster(
            Path("list.csv"),
            course_code=course,
            since=DAY,
            actor=admin("Anna"),
            answers=Answers.of(answers.split()),
        )

    def things_of(self, student: Student) -> tuple[bool, bool, bool]:
        """Whether a student has a PIN, an answer about faces, and pictures."""

        def work(repositories: Repositories) -> tuple[bool, bool, bool]:
            who = student.student_id
            consent = repositories.consents.newest(who, ConsentKind.FACE_RECOGNITION)
            return (
                repositories.students.pin_hash(who) is not None,
                consent is not None,
                bool(repositories.faces.samples(who)),
            )

        return self.school.store.read(work)

    def names(self) -> list[str]:
        return sorted(f"{one.student_no} {one.full_name}" for one in self.people.students())

    def roster(self, code: str = "X") -> list[str]:
        course = self.people.course(code)
        return sorted(one.student_no for one in self.people.roster(course.course_id, DAY))


@pytest.fixture
def office(school: SmallSchool) -> Office:
    return Office(school)


def kinds(report: ImportReport) -> list[tuple[Kind, str]]:
    return [(one.kind, one.student_no) for one in report.questions]


def test_a_known_number_with_another_name_is_asked_and_left_out(office: Office) -> None:
    office.take_in("S1 Ann Example")
    report = office.take_in("S1 Bob Sample", course="Y")

    assert kinds(report) == [(Kind.OTHER_NAME, "S1")]
    assert (report.questions[0].old, report.questions[0].new) == ("S1 Ann Example", "S1 Bob Sample")
    assert (report.left_out, report.registered, report.course) == (("S1",), (), None)
    assert office.names() == ["S1 Ann Example"]


def test_a_student_who_was_renamed_stays_the_same(office: Office) -> None:
    office.take_in("S1 Ann Example", "S2 Bo Berg")
    report = office.take_in("S1 Ann Sample", "S2 Bo Berg", answers="renamed:s1")

    assert (report.updated, report.left_out) == (("S1",), ())
    assert office.names() == ["S1 Ann Sample", "S2 Bo Berg"]


def test_a_name_that_is_hardly_another_one_is_taken_and_said(office: Office) -> None:
    office.take_in("S1 Hana Sato", "S2 Bo Berg")
    report = office.take_in("S1 Hana Sato-Berg", "S2 Bo Berg")

    assert (report.updated, report.questions) == (("S1",), ())
    assert [note.text for note in report.notes] == ["S1: Hana Sato is Hana Sato-Berg from now on."]


def test_the_same_name_in_another_order_stays_as_it_is_unless_family_name_and_comma_came_first(
    office: Office,
) -> None:
    office.take_in("N100 Zoë Åström", "N200 Byron, Ada")
    report = office.take_in("N100 Åström, Zoë", "N200 Ada Byron")
    assert (report.unchanged, report.updated) == (("N100",), ("N200",))
    assert {"N100 Zoë Åström", "N200 Ada Byron"} <= set(office.names())


def test_who_gave_a_number_up_is_not_in_the_course_of_the_list_any_more(office: Office) -> None:
    office.take_in("S1 Ann Example", "S2 Bo Berg")
    office.take_in("S1 Ann Example", course="Y")
    report = office.take_in("S1 Zoltan Nagy", "S2 Bo Berg", answers="passed-on:S1")

    assert report.open_questions == ()
    assert (office.roster("X"), office.roster("Y")) == (["S1", "S2"], ["S1.old"])


def test_who_gets_a_number_of_somebody_gets_nothing_else(office: Office) -> None:
    office.take_in("S1 Ann Example")
    old = office.people.student("S1")
    office.school.enrol(old, 1)
    office.school.store.write(lambda repositories: repositories.students.set_pin_hash(old.student_id, "hash"))
    report = office.take_in("S1 Bob Sample", course="Y", answers="passed-on:S1")

    new = office.people.student("S1")
    assert (report.passed_on, report.added) == ({"S1": "S1.old"}, ("S1",))
    assert office.names() == ["S1 Bob Sample", "S1.old Ann Example"]
    assert office.people.student("S1.old").student_id == old.student_id != new.student_id
    assert (office.roster("X"), office.roster("Y")) == (["S1.old"], ["S1"])
    assert office.things_of(old) == (True, True, True)
    assert office.things_of(new) == (False, False, False)


def test_a_number_may_be_passed_on_twice(office: Office) -> None:
    for name in ("Ann Example", "Bob Sample", "Cleo Third"):
        office.take_in(f"S1 {name}", course=None, answers="passed-on")
    assert office.names() == ["S1 Cleo Third", "S1.old Ann Example", "S1.old2 Bob Sample"]


def test_a_long_number_is_passed_on_within_its_bounds(office: Office) -> None:
    office.take_in(f"{'9' * 32} Ann Example", course=None)
    report = office.take_in(f"{'9' * 32} Bob Sample", course=None, answers="passed-on")
    assert report.passed_on == {"9" * 32: "9" * 28 + ".old"}


def test_lost_zeros_are_asked_and_make_no_second_student(office: Office) -> None:
    office.take_in("00123 Ann Example", "00124 Bob Sample")
    report = office.take_in("123 Ann Example", "124 Bob Sample", "125 Cleo New")

    assert kinds(report) == [(Kind.ZEROS, "123"), (Kind.ZEROS, "124")]
    assert (report.added, report.left_out) == (("125",), ("123", "124"))
    assert office.roster() == ["00123", "00124", "125"]


def test_lost_zeros_with_a_yes_are_the_known_students(office: Office) -> None:
    office.take_in("00123 Ann Example")
    report = office.take_in("123 Ann Example", course="Y", answers="zeros")
    assert (report.unchanged, report.registered) == (("00123",), ("00123",))
    assert office.names() == ["00123 Ann Example"]


def test_zeros_may_count(office: Office) -> None:
    office.take_in("0101 Ann Example")
    office.take_in("0101 Ann Example", "101 Ann Example")
    assert office.names() == ["0101 Ann Example", "101 Ann Example"]
    office.take_in("00101 Ann Example", answers="zeros-count", course=None)
    assert len(office.names()) == 3


def test_a_name_of_the_course_under_another_number_is_asked(office: Office) -> None:
    office.take_in("101 Ann Example", "102 Bob Sample")
    report = office.take_in("201 Example, Ann", "102 Bob Sample")
    assert kinds(report) == [(Kind.OTHER_NUMBER, "201")]
    assert office.roster() == ["101", "102"]

    report = office.take_in("201 Example, Ann", "102 Bob Sample", answers="new-number:201")
    assert (report.updated, report.ended) == (("201",), ())
    assert office.names() == ["102 Bob Sample", "201 Example, Ann"]


def test_namesakes_are_two(office: Office) -> None:
    office.take_in("101 Ann Example")
    report = office.take_in("201 Ann Example", answers="namesake")
    assert (report.added, [one.answer for one in report.questions]) == (("201",), ["namesake", None])
    assert office.roster() == ["101", "201"]


def test_who_is_no_longer_in_the_list_is_named_and_stays(office: Office) -> None:
    office.take_in("S1 Ann Example", "S2 Bob Sample")
    report = office.take_in("S1 Ann Example")
    assert kinds(report) == [(Kind.NOT_IN_LIST, "S2")]
    assert (report.ended, office.roster()) == ((), ["S1", "S2"])


def test_who_has_left_leaves_the_course_with_a_yes(office: Office) -> None:
    office.take_in("S1 Ann Example", "S2 Bob Sample", "S3 Cleo Third")
    report = office.take_in("S1 Ann Example", answers="left:S2")
    assert (report.ended, office.roster()) == (("S2",), ["S1", "S3"])
    assert len(office.names()) == 3


def test_a_refused_row_is_no_absence(office: Office) -> None:
    office.take_in("S1 Ann Example", "S2 Bob Sample")
    office.paper.file = RosterFile((), (RefusedRow(3, "The name of S2 is missing.", "S2"),))
    assert office.take_in("S1 Ann Example").questions == ()


def test_nobody_leaves_while_a_class_is_open(office: Office) -> None:
    course = office.take_in("S1 Ann Example", "S2 Bob Sample").course
    assert course is not None
    office.school.sessions.start(course.course_id, actor=admin("Tom"), model="m")
    with pytest.raises(ConflictError):
        office.take_in("S1 Ann Example", answers="left")
    assert office.roster() == ["S1", "S2"]


COUNTED = ListReading(headings=("No", "Name"), number=0, names=(1,), counts_lines=True)


def test_numbers_that_only_count_lines_are_asked(office: Office) -> None:
    report = office.take_in("1 Ann Example", "2 Bob Sample", reading=COUNTED)
    assert kinds(report) == [(Kind.COUNTED, "")]
    assert (report.left_out, report.course, office.names()) == (("1", "2"), None, [])


def test_numbers_that_count_lines_are_taken_with_a_yes_and_not_asked_again(office: Office) -> None:
    office.take_in("1 Ann Example", "2 Bob Sample", reading=COUNTED, answers="counted")
    again = office.take_in("1 Ann Example", "2 Bob Sample", reading=COUNTED)
    assert (again.questions, again.unchanged) == ((), ("1", "2"))
    other = office.take_in("1 Xenia Young", "2 Yusuf Zahn", reading=COUNTED, course="Y", answers="counted")
    assert kinds(other) == [(Kind.COUNTED, ""), (Kind.OTHER_NAME, "1"), (Kind.OTHER_NAME, "2")]
    assert office.names() == ["1 Ann Example", "2 Bob Sample"]


def test_guessed_columns_are_asked(office: Office) -> None:
    guessed = ListReading(headings=("A", "B"), number=0, names=(1,), is_guess=True)
    assert kinds(office.take_in("101 Ann Example", reading=guessed)) == [(Kind.GUESSED, "")]
    assert office.take_in("101 Ann Example", reading=guessed, answers="guessed").added == ("101",)


def test_a_clock_before_what_was_written_is_asked(office: Office) -> None:
    office.take_in("S1 Ann Example")
    office.school.clock.set_wall_clock(-11 * 365 * 86_400)
    report = office.take_in("S1 Ann Example", "S2 Bob Sample", course="Y")
    assert kinds(report) == [(Kind.CLOCK, "")]
    assert office.names() == ["S1 Ann Example"]
    assert office.take_in("S2 Bob Sample", course="Y", answers="clock").added == ("S2",)


def test_answers_that_contradict_each_other_are_none(office: Office) -> None:
    office.take_in("S1 Ann Example")
    assert office.take_in("S1 Bob Sample", answers="renamed passed-on").left_out == ("S1",)
    assert office.take_in("S1 Bob Sample", answers="renamed passed-on:S1").passed_on == {"S1": "S1.old"}


def test_what_is_done_to_numbers_is_in_the_log(office: Office) -> None:
    office.take_in("S1 Ann Example", course=None)
    office.take_in("S1 Bob Sample", course=None, answers="passed-on")
    entries = office.school.store.read(lambda repositories: repositories.audit.entries())
    assert ("student.renumbered", "S1.old", "S1") in [
        (one.action, one.subject, one.detail) for one in entries
    ]


def test_an_unknown_answer_is_refused() -> None:
    with pytest.raises(ValueError, match="perhaps"):
        Answers.of(["perhaps"])


def test_an_import_that_takes_nobody_is_not_in_the_log(office: Office) -> None:
    office.take_in("1 Ann Example", reading=COUNTED)
    assert office.school.store.read(lambda repositories: repositories.audit.entries()) == []
