from pathlib import Path

import pytest

from kiosk.domain.people import Course, Student
from kiosk.errors import NotFoundError, SignInError, ThrottledError
from kiosk.services.pins import PIN_DIGITS
from tests.fakes.school import ZONE, FakeSchool, open_school


@pytest.fixture
def course(school: FakeSchool) -> Course:
    return school.add_course(students=3)[0]


@pytest.fixture
def students(school: FakeSchool, course: Course) -> list[Student]:
    return school.store.read(lambda repositories: repositories.students.all())


def issue(school: FakeSchool, course: Course, *, renew: bool = False) -> dict[str, str]:
    day = school.clock.now().astimezone(ZONE).date()
    slips, keep = school.pins.prepare(course.course_id, on=day, actor="Anna", renew=renew)
    keep()
    return {slip.student.student_no: slip.pin for slip in slips}


def refuse(school: FakeSchool, number: str, pin: str) -> SignInError:
    with pytest.raises(SignInError) as refusal:
        school.pins.sign_in(number, pin)
    return refusal.value


def test_every_student_gets_six_digits_that_sign_in(
    school: FakeSchool, course: Course, students: list[Student]
) -> None:
    pins = issue(school, course)

    assert set(pins) == {student.student_no for student in students}
    assert all(len(pin) == PIN_DIGITS and pin.isdecimal() for pin in pins.values())
    for student in students:
        assert school.pins.sign_in(student.student_no, pins[student.student_no]) == student


def test_the_number_is_taken_in_any_case_and_with_blanks_around(
    school: FakeSchool, course: Course, students: list[Student]
) -> None:
    pins = issue(school, course)
    number = students[0].student_no

    assert school.pins.sign_in(f" {number.lower()} ", f" {pins[number]} ") == students[0]


def test_only_a_hash_is_kept(school: FakeSchool, course: Course, students: list[Student]) -> None:
    pins = issue(school, course)
    stored = school.store.read(lambda repositories: repositories.students.pin_hash(students[0].student_id))
    log = school.store.read(lambda repositories: repositories.audit.entries())

    assert stored == school.hasher.hash(pins[students[0].student_no])
    assert all(pin not in repr(log) for pin in pins.values())
    assert [entry.action for entry in log] == ["pin.issued"] * 3


def test_a_second_issue_is_for_those_without_a_pin_only(school: FakeSchool, course: Course) -> None:
    first = issue(school, course)
    day = school.clock.now().astimezone(ZONE).date()
    newcomer = school.add_course("ART", 1)[1][0]
    school.store.write(
        lambda repositories: repositories.courses.register(course.course_id, newcomer.student_id, day)
    ).result()

    second = issue(school, course)

    assert set(second) == {newcomer.student_no}
    assert {school.pins.sign_in(number, pin).student_no for number, pin in first.items()} == set(first)


def test_until_the_slips_are_kept_the_old_pins_go_on_working(school: FakeSchool, course: Course) -> None:
    old = issue(school, course)
    day = school.clock.now().astimezone(ZONE).date()
    seen: list[tuple[int, int]] = []

    slips, keep = school.pins.prepare(
        course.course_id, on=day, actor="Anna", renew=True, progress=lambda done, of: seen.append((done, of))
    )

    number = slips[0].student.student_no
    assert school.pins.sign_in(number, old[number]) == slips[0].student
    keep()
    assert school.pins.sign_in(number, slips[0].pin) == slips[0].student
    if slips[0].pin != old[number]:
        refuse(school, number, old[number])
    assert seen == [(1, 3), (2, 3), (3, 3)]


def test_a_wrong_pin_an_unknown_number_and_a_student_without_a_pin_answer_alike(
    school: FakeSchool, course: Course, students: list[Student]
) -> None:
    without = str(refuse(school, students[0].student_no, "123456"))
    pins = issue(school, course)
    wrong = "000000" if pins[students[1].student_no] != "000000" else "111111"

    assert {without, str(refuse(school, students[1].student_no, wrong))} == {
        str(refuse(school, "NOBODY", "123456"))
    }


def test_five_wrong_pins_rest_the_number_however_it_is_written(
    school: FakeSchool, course: Course, students: list[Student]
) -> None:
    pins = issue(school, course)
    number = students[0].student_no
    for spelling in (number, number.lower(), f" {number}", number, number):
        refuse(school, spelling, "wrong")

    assert isinstance(refuse(school, number, pins[number]), ThrottledError)
    school.clock.advance(30)
    assert school.pins.sign_in(number, pins[number]) == students[0]


def test_a_restart_does_not_free_a_resting_number(data_dir: Path) -> None:
    with open_school(data_dir) as school:
        student = school.add_course()[1][0]
        school.set_pin(student, "123456")
        for _ in range(5):
            refuse(school, student.student_no, "wrong")
    with open_school(data_dir) as again:
        assert isinstance(refuse(again, student.student_no, "123456"), ThrottledError)


def test_a_student_and_a_teacher_of_one_name_do_not_share_a_rest(
    school: FakeSchool, course: Course, students: list[Student]
) -> None:
    pins = issue(school, course)
    number = students[0].student_no
    for _ in range(5):
        with pytest.raises(SignInError):
            school.accounts.sign_in(number, "wrong")

    assert school.pins.sign_in(number, pins[number]) == students[0]


def test_a_renewed_pin_works_at_once_and_lifts_the_rest(
    school: FakeSchool, course: Course, students: list[Student]
) -> None:
    issue(school, course)
    number = students[0].student_no
    for _ in range(5):
        refuse(school, number, "wrong")

    slip = school.pins.renew(students[0].student_id, actor="Anna")

    assert slip.student == students[0]
    assert school.pins.sign_in(number, slip.pin) == students[0]


def test_nobody_unknown_gets_a_pin(school: FakeSchool) -> None:
    with pytest.raises(NotFoundError):
        school.pins.renew(99, actor="Anna")


def test_a_course_without_students_makes_no_slips(school: FakeSchool) -> None:
    empty = school.add_course("ART", 0)[0]

    assert issue(school, empty) == {}
