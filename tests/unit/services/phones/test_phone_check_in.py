import threading
from collections.abc import Callable

import pytest

from kiosk.domain.attendance.choices import CheckInOutcome, Method, Status
from kiosk.domain.attendance.record import AttendanceCount
from kiosk.domain.courses.courses import Course
from kiosk.domain.people.students import Student
from kiosk.domain.trust.throttle import Source
from kiosk.errors import CodeError, ExpiredCodeError, SignInError
from kiosk.services.events import CheckInResult
from kiosk.services.phones import phone_check_in as phone_module
from tests.fakes.actors import admin
from tests.world.school import SmallSchool

BROWSER = "browser-1"


def open_class(school: SmallSchool) -> tuple[Course, list[Student]]:
    course, students = school.add_course()
    session = school.sessions.start(course.course_id, actor=admin("Anna"), model="fake")
    school.running.reachable_at("http://kiosk")
    school.running.show(session, course)
    return course, students


@pytest.fixture
def course_and_students(school: SmallSchool) -> tuple[Course, list[Student]]:
    return open_class(school)


@pytest.fixture
def student(school: SmallSchool, course_and_students: tuple[Course, list[Student]]) -> Student:
    school.set_pin(course_and_students[1][0], "123456")
    return course_and_students[1][0]


def scan(school: SmallSchool) -> str:
    code = school.running.code()
    assert code is not None
    return code.url.rpartition("/")[2]


def ticket_for(school: SmallSchool, browser: str = BROWSER) -> str:
    return school.phone.exchange(scan(school), Source(browser)).ticket_id


def test_scan_sign_in_and_confirm_mark_the_student_present(school: SmallSchool, student: Student) -> None:
    ticket_id = ticket_for(school)
    token, signed_in = school.phone.sign_in(student.student_no, "123456")
    assert school.phone.signed_in(token) == signed_in == student

    result = school.phone.submit(ticket_id, BROWSER, student, address="10.0.0.7").result()

    assert result.outcome is CheckInOutcome.MARKED_PRESENT
    assert result.record is not None
    assert result.record.method is Method.PHONE
    assert [(one.device, one.address) for one in result.record.evidence] == [(BROWSER, "10.0.0.7")]


def test_an_expired_code_buys_no_ticket(school: SmallSchool, student: Student) -> None:
    code = scan(school)
    school.clock.advance(30)

    with pytest.raises(ExpiredCodeError):
        school.phone.exchange(code, Source(BROWSER))


def test_a_forged_code_buys_no_ticket(school: SmallSchool, student: Student) -> None:
    with pytest.raises(CodeError):
        school.phone.exchange("ABCDEFGH", Source(BROWSER))


def test_one_code_serves_a_whole_class(school: SmallSchool, student: Student) -> None:
    code = scan(school)

    tickets = {school.phone.exchange(code, Source(f"browser-{number}")).ticket_id for number in range(30)}

    assert len(tickets) == 30


def test_a_slow_sign_in_does_not_lose_the_scan(school: SmallSchool, student: Student) -> None:
    ticket_id = ticket_for(school)
    school.clock.advance(119.9)

    result = school.phone.submit(ticket_id, BROWSER, student, address=None).result()
    assert result.outcome.is_marked


@pytest.mark.parametrize(
    "use",
    [
        lambda phone, ticket_id, student: phone.ticket(ticket_id, BROWSER),
        lambda phone, ticket_id, student: phone.preview(ticket_id, BROWSER, student),
        lambda phone, ticket_id, student: phone.submit(ticket_id, BROWSER, student, address=None),
    ],
    ids=["ticket", "preview", "confirm"],
)
def test_after_two_minutes_the_ticket_is_gone(
    school: SmallSchool, student: Student, use: Callable[[object, str, Student], object]
) -> None:
    ticket_id = ticket_for(school)
    school.clock.advance(120)

    with pytest.raises(ExpiredCodeError):
        use(school.phone, ticket_id, student)
    assert school.events == []


def test_a_ticket_is_of_no_use_to_another_browser_and_stays_good_for_its_own(
    school: SmallSchool, student: Student
) -> None:
    ticket_id = ticket_for(school)

    with pytest.raises(ExpiredCodeError):
        school.phone.ticket(ticket_id, "browser-2")
    with pytest.raises(ExpiredCodeError):
        school.phone.submit(ticket_id, "browser-2", student, address=None)
    assert school.phone.submit(ticket_id, BROWSER, student, address=None).result().outcome.is_marked


def test_a_ticket_is_used_once(
    school: SmallSchool, student: Student, course_and_students: tuple[Course, list[Student]]
) -> None:
    ticket_id = ticket_for(school)
    school.phone.submit(ticket_id, BROWSER, student, address=None).result()

    with pytest.raises(ExpiredCodeError, match="used up"):
        school.phone.submit(ticket_id, BROWSER, course_and_students[1][1], address=None)


def test_a_made_up_ticket_is_refused(school: SmallSchool, student: Student) -> None:
    with pytest.raises(ExpiredCodeError):
        school.phone.ticket("made-up", BROWSER)


def test_of_a_hundred_confirms_at_once_exactly_one_wins(threaded_school: SmallSchool) -> None:
    school = threaded_school
    _, students = open_class(school)
    ticket_id = ticket_for(school)
    together = threading.Barrier(100)
    results: list[CheckInResult] = []
    refused: list[ExpiredCodeError] = []

    def confirm(number: int) -> None:
        together.wait()
        try:
            answer = school.phone.submit(ticket_id, BROWSER, students[number % 3], address=None)
            results.append(answer.result(60))
        except ExpiredCodeError as error:
            refused.append(error)

    threads = [threading.Thread(target=confirm, args=(number,)) for number in range(100)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [result.outcome for result in results] == [CheckInOutcome.MARKED_PRESENT]
    assert len(refused) == 99


def test_the_preview_tells_how_it_will_count_and_uses_nothing_up(
    school: SmallSchool, student: Student, course_and_students: tuple[Course, list[Student]]
) -> None:
    school.clock.advance(590)
    ticket_id = ticket_for(school)

    preview = school.phone.preview(ticket_id, BROWSER, student)
    assert (preview.student, preview.will_count_as) == (student, Status.PRESENT)
    assert preview.shown_class.course == course_and_students[0]
    school.clock.advance(10)
    assert school.phone.preview(ticket_id, BROWSER, student).will_count_as is Status.LATE
    assert school.phone.submit(ticket_id, BROWSER, student, address=None).result().outcome.is_marked


def test_a_ticket_outlives_the_class_but_marks_nobody_in_it(school: SmallSchool, student: Student) -> None:
    ticket_id = ticket_for(school)
    shown_class = school.running.current
    assert shown_class is not None
    school.running.clear()
    school.sessions.end(shown_class.session.session_id, actor=admin("Anna"))

    result = school.phone.submit(ticket_id, BROWSER, student, address=None).result()

    assert result.outcome is CheckInOutcome.SESSION_ENDED


def test_a_ticket_marks_in_the_class_that_was_scanned_not_in_the_next(
    school: SmallSchool, student: Student, course_and_students: tuple[Course, list[Student]]
) -> None:
    ticket_id = ticket_for(school)
    scanned = school.running.current
    assert scanned is not None
    course, _ = school.add_course("ART")
    following = school.sessions.start(course.course_id, actor=admin("Anna"), model="fake")
    school.running.show(following, course)

    result = school.phone.submit(ticket_id, BROWSER, student, address=None).result()

    assert result.session_id == scanned.session.session_id


def test_a_sign_in_lasts_twelve_hours(school: SmallSchool, student: Student) -> None:
    token, _ = school.phone.sign_in(student.student_no, "123456")

    school.clock.advance(12 * 3600 - 0.1)
    assert school.phone.signed_in(token) == student
    school.clock.advance(0.1)
    assert school.phone.signed_in(token) is None


def test_signing_out_forgets_that_browser_only(school: SmallSchool, student: Student) -> None:
    first, _ = school.phone.sign_in(student.student_no, "123456")
    second, _ = school.phone.sign_in(student.student_no, "123456")
    assert first != second

    school.phone.sign_out(first)
    school.phone.sign_out("unknown")

    assert school.phone.signed_in(first) is None
    assert school.phone.signed_in(second) == student


def test_a_wrong_pin_signs_nobody_in(school: SmallSchool, student: Student) -> None:
    with pytest.raises(SignInError):
        school.phone.sign_in(student.student_no, "654321")
    assert school.phone.signed_in("") is None


def test_own_attendance_counts_the_course_so_far(
    school: SmallSchool, student: Student, course_and_students: tuple[Course, list[Student]]
) -> None:
    course, students = course_and_students
    assert school.phone.attendance(student, course.course_id) == AttendanceCount()

    school.phone.submit(ticket_for(school), BROWSER, student, address=None).result()
    shown_class = school.running.current
    assert shown_class is not None
    school.sessions.end(shown_class.session.session_id, actor=admin("Anna"))

    assert school.phone.attendance(student, course.course_id) == AttendanceCount(present=1)
    assert school.phone.attendance(students[1], course.course_id) == AttendanceCount(absent=1)


def test_sign_ins_are_bounded_for_each_student_and_overall(
    school: SmallSchool,
    student: Student,
    course_and_students: tuple[Course, list[Student]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    other = course_and_students[1][1]
    school.set_pin(other, "123456")
    others, _ = school.phone.sign_in(other.student_no, "123456")
    mine = [school.phone.sign_in(student.student_no, "123456")[0] for _ in range(9)]
    assert [school.phone.signed_in(token) for token in mine] == [None] + [student] * 8
    assert school.phone.signed_in(others) == other

    monkeypatch.setattr(phone_module, "MAX_SIGN_INS", 9)
    newest, _ = school.phone.sign_in(other.student_no, "123456")
    assert school.phone.signed_in(others) is None
    assert school.phone.signed_in(newest) == other
