import threading
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import TypeVar

import pytest

from kiosk.domain.courses.courses import Course
from kiosk.domain.people.pins import PIN_DIGITS
from kiosk.domain.people.staff import Role
from kiosk.domain.people.students import Student, fold
from kiosk.domain.trust.throttle import Source
from kiosk.errors import NotFoundError, SignInError, ThrottledError
from kiosk.services.events import Events, PinsGuessed, SignInResting
from kiosk.services.people.accounts import Throttle
from kiosk.services.people.pins import Pins
from kiosk.storage.repositories.repositories import Repositories
from kiosk.storage.store import Store
from tests.fakes.actors import admin
from tests.fakes.progress import WatchedProgress
from tests.world.kiosk import QuickHasher
from tests.world.school import ZONE, SmallSchool, open_school

T = TypeVar("T")


class CountingHasher(QuickHasher):
    """Notes what it was asked; the hash itself is no matter."""

    def __init__(self) -> None:
        super().__init__()
        self.verified: list[bool] = []

    def verify(self, secret_hash: str | None, secret: str) -> bool:
        self.verified.append(secret_hash is not None)
        return super().verify(secret_hash, secret)


class CountingStore:
    """Notes in which order it was read and written."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.calls: list[str] = []
        self.trouble = store.trouble

    def write(self, work: Callable[[Repositories], T], *, then: Callable[[T], None] | None = None) -> T:
        self.calls.append("write")
        return self._store.write(work, then=then)

    def write_later(
        self, work: Callable[[Repositories], T], *, then: Callable[[T], None] | None = None
    ) -> "Future[T]":
        self.calls.append("write")
        return self._store.write_later(work, then=then)

    def read(self, query: Callable[[Repositories], T]) -> T:
        self.calls.append("read")
        return self._store.read(query)


@pytest.fixture
def course(school: SmallSchool) -> Course:
    return school.add_course(students=3)[0]


@pytest.fixture
def students(school: SmallSchool, course: Course) -> list[Student]:
    return school.store.read(lambda repositories: repositories.students.all())


def issue(school: SmallSchool, course: Course, *, renew: bool = False) -> dict[str, str]:
    day = school.clock.now().astimezone(ZONE).date()
    slips, keep = school.pins.prepare(course.course_id, on=day, actor=admin("Anna"), renew=renew)
    keep()
    return {slip.student.student_no: slip.pin for slip in slips}


def refuse(school: SmallSchool, number: str, pin: str) -> SignInError:
    with pytest.raises(SignInError) as refusal:
        school.pins.sign_in(number, pin)
    return refusal.value


def test_every_student_gets_six_digits_that_sign_in(
    school: SmallSchool, course: Course, students: list[Student]
) -> None:
    pins = issue(school, course)

    assert set(pins) == {student.student_no for student in students}
    assert all(len(pin) == PIN_DIGITS and pin.isdecimal() for pin in pins.values())
    for student in students:
        assert school.pins.sign_in(student.student_no, pins[student.student_no]) == student


def test_the_number_is_taken_in_any_case_and_with_blanks_around(
    school: SmallSchool, course: Course, students: list[Student]
) -> None:
    pins = issue(school, course)
    number = students[0].student_no

    assert school.pins.sign_in(f" {number.lower()} ", f" {pins[number]} ") == students[0]


def test_only_a_hash_is_kept(school: SmallSchool, course: Course, students: list[Student]) -> None:
    pins = issue(school, course)
    stored = school.store.read(lambda repositories: repositories.students.pin_hash(students[0].student_id))
    log = school.store.read(lambda repositories: repositories.audit.entries())

    assert stored == school.hasher.hash(pins[students[0].student_no])
    assert all(pin not in repr(log) for pin in pins.values())
    assert [entry.action for entry in log] == ["pin.issued"] * 3


def test_a_second_issue_is_for_those_without_a_pin_only(school: SmallSchool, course: Course) -> None:
    first = issue(school, course)
    day = school.clock.now().astimezone(ZONE).date()
    newcomer = school.add_course("ART", 1)[1][0]
    school.store.write(
        lambda repositories: repositories.courses.register(course.course_id, newcomer.student_id, day)
    )

    second = issue(school, course)

    assert set(second) == {newcomer.student_no}
    assert {school.pins.sign_in(number, pin).student_no for number, pin in first.items()} == set(first)


def test_until_the_slips_are_kept_the_old_pins_go_on_working(school: SmallSchool, course: Course) -> None:
    old = issue(school, course)
    day = school.clock.now().astimezone(ZONE).date()
    watching = WatchedProgress()

    slips, keep = school.pins.prepare(
        course.course_id, on=day, actor=admin("Anna"), renew=True, progress=watching
    )

    number = slips[0].student.student_no
    assert school.pins.sign_in(number, old[number]) == slips[0].student
    keep()
    assert school.pins.sign_in(number, slips[0].pin) == slips[0].student
    if slips[0].pin != old[number]:
        refuse(school, number, old[number])
    assert watching.seen == [(1, 3), (2, 3), (3, 3)]


def test_a_wrong_pin_an_unknown_number_and_a_student_without_a_pin_answer_alike(
    school: SmallSchool, course: Course, students: list[Student]
) -> None:
    without = str(refuse(school, students[0].student_no, "123456"))
    pins = issue(school, course)
    wrong = "000000" if pins[students[1].student_no] != "000000" else "111111"

    assert {without, str(refuse(school, students[1].student_no, wrong))} == {
        str(refuse(school, "NOBODY", "123456"))
    }


def test_five_wrong_pins_rest_the_number_however_it_is_written(
    school: SmallSchool, course: Course, students: list[Student]
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
    school: SmallSchool, course: Course, students: list[Student]
) -> None:
    pins = issue(school, course)
    number = students[0].student_no
    for _ in range(5):
        with pytest.raises(SignInError):
            school.accounts.sign_in(number, "wrong")

    assert school.pins.sign_in(number, pins[number]) == students[0]


def test_a_renewed_pin_works_at_once_and_lifts_the_rest(
    school: SmallSchool, course: Course, students: list[Student]
) -> None:
    issue(school, course)
    number = students[0].student_no
    for _ in range(5):
        refuse(school, number, "wrong")

    day = school.clock.now().astimezone(ZONE).date()
    (slip,), keep = school.pins.prepare(
        course.course_id, on=day, actor=admin("Anna"), only=students[0].student_id
    )
    keep()

    assert slip.student == students[0]
    assert school.pins.sign_in(number, slip.pin) == students[0]


def test_nobody_unknown_gets_a_pin(school: SmallSchool) -> None:
    course = school.add_course()[0]
    day = school.clock.now().astimezone(ZONE).date()
    with pytest.raises(NotFoundError):
        school.pins.prepare(course.course_id, on=day, actor=admin("Anna"), only=99)


def test_a_course_without_students_makes_no_slips(school: SmallSchool) -> None:
    empty = school.add_course("ART", 0)[0]

    assert issue(school, empty) == {}


def test_tries_at_the_same_time_cannot_exceed_the_free_ones(threaded_school: SmallSchool) -> None:
    school = threaded_school
    student = school.add_course()[1][0]
    school.set_pin(student, "123456")
    hasher = CountingHasher()
    pins = Pins(
        store=school.store, hasher=hasher, clock=school.clock, throttle=school.throttle, events=Events()
    )
    together = threading.Barrier(20)
    refusals: list[SignInError] = []

    def guess(number: int) -> None:
        together.wait()
        try:
            pins.sign_in(student.student_no, f"{number:06}")
        except SignInError as error:
            refusals.append(error)

    threads = [threading.Thread(target=guess, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(hasher.verified) == 5
    assert sum(isinstance(error, ThrottledError) for error in refusals) == 15
    assert school.store.read(lambda r: r.failures.get(f"student:{fold(student.student_no)}")).failures == 5


def test_known_and_unknown_numbers_take_the_same_way(school: SmallSchool, course: Course) -> None:
    """The same hashing, the same number of writes, the same words: nothing tells that a number exists."""
    issue(school, course)
    hasher, store = CountingHasher(), CountingStore(school.store)
    throttle = Throttle(store=store, clock=school.clock)
    pins = Pins(store=store, hasher=hasher, clock=school.clock, throttle=throttle, events=Events())
    seen = []
    for number in ("CS101-1", "NOBODY"):
        for _ in range(6):
            hasher.verified.clear()
            store.calls.clear()
            with pytest.raises(SignInError) as refusal:
                pins.sign_in(number, "wrong")
            seen.append((str(refusal.value), type(refusal.value), len(hasher.verified), tuple(store.calls)))
    assert seen[:6] == seen[6:]
    assert [one[2] for one in seen[:6]] == [1, 1, 1, 1, 1, 0]


def test_a_hundred_wrong_pins_lock_the_number_until_the_teacher_unlocks_it(
    school: SmallSchool, course: Course, students: list[Student]
) -> None:
    pins = issue(school, course)
    student = students[0]
    assert not school.pins.needs_unlocking(student.student_id)
    for _ in range(100):
        assert not isinstance(refuse(school, student.student_no, "wrong"), ThrottledError)
        school.clock.advance(3600)
    school.clock.advance(30 * 86400)

    locked = refuse(school, student.student_no, pins[student.student_no])
    assert isinstance(locked, ThrottledError)
    assert "teacher" in locked.hint
    assert school.pins.needs_unlocking(student.student_id)

    school.pins.unlock(student.student_id, actor=admin("Anna"))

    assert not school.pins.needs_unlocking(student.student_id)
    assert school.pins.sign_in(student.student_no, pins[student.student_no]) == student
    newest = school.store.read(lambda r: r.audit.entries(1))[0]
    assert (newest.actor, newest.action, newest.subject) == ("Anna", "pin.unlocked", student.student_no)
    with pytest.raises(NotFoundError):
        school.pins.unlock(99, actor=admin("Anna"))


def test_staff_are_never_locked_for_good(school: SmallSchool) -> None:
    school.accounts.add(name="Ada", role=Role.ADMIN, password="correct horse", actor=admin("test"))
    for _ in range(101):
        with pytest.raises(SignInError):
            school.accounts.sign_in("Ada", "wrong")
        school.clock.advance(3600)
    assert school.accounts.sign_in("Ada", "correct horse").name == "Ada"


def test_an_outdated_hash_is_made_anew_at_sign_in(
    school: SmallSchool, course: Course, students: list[Student]
) -> None:
    pins = issue(school, course)
    student = students[0]

    class NewParameters(QuickHasher):
        def hash(self, secret: str) -> str:
            return f"new:{secret}"

        def verify(self, secret_hash: str | None, secret: str) -> bool:
            return secret_hash in {f"quick:{secret}", f"new:{secret}"}

        def is_outdated(self, secret_hash: str) -> bool:
            return not secret_hash.startswith("new:")

    upgraded = Pins(
        store=school.store,
        hasher=NewParameters(),
        clock=school.clock,
        throttle=school.throttle,
        events=Events(),
    )
    for _ in range(2):
        assert upgraded.sign_in(student.student_no, pins[student.student_no]) == student
        stored = school.store.read(lambda r: r.students.pin_hash(student.student_id))
        assert stored == f"new:{pins[student.student_no]}"
    with pytest.raises(SignInError):
        upgraded.sign_in(students[1].student_no, "wrong")
    kept = school.store.read(lambda r: r.students.pin_hash(students[1].student_id))
    assert kept == f"quick:{pins[students[1].student_no]}"


def test_somebody_hears_of_each_wrong_pin_that_makes_a_known_number_rest(
    school: SmallSchool, course: Course, students: list[Student]
) -> None:
    issue(school, course)
    heard: list[SignInResting] = []
    events = Events()
    events.subscribe(SignInResting, heard.append)
    pins = Pins(
        store=school.store, hasher=school.hasher, clock=school.clock, throttle=school.throttle, events=events
    )
    for number in (students[0].student_no, "NOBODY"):
        for _ in range(6):
            with pytest.raises(SignInError):
                pins.sign_in(number, "wrong")
    assert heard == [SignInResting(students[0])]
    school.clock.advance(30)
    with pytest.raises(SignInError):
        pins.sign_in(students[0].student_no, "wrong")
    assert heard == [SignInResting(students[0])] * 2


def test_a_laptop_that_tries_every_number_locks_out_nobody_elsewhere(
    school: SmallSchool, course: Course, students: list[Student]
) -> None:
    """Five wrong PINs a number, from anywhere, kept 28 of 28 students out."""
    pins = issue(school, course)
    for student in students:
        for cookie in range(6):
            refuse_from(school, student.student_no, Source(f"laptop-{cookie}", "10.0.0.66"))
    for student in students:
        number = student.student_no
        assert (
            school.pins.sign_in(number, pins[number], source=Source(f"phone-{number}", "10.0.0.7")) == student
        )


def test_the_right_pin_on_a_known_phone_gets_in_whatever_others_tried(
    school: SmallSchool, course: Course, students: list[Student]
) -> None:
    pins = issue(school, course)
    student = students[0]
    number = student.student_no
    for laptop in range(300):
        refuse_from(school, number, Source(f"laptop-{laptop}", f"10.0.{laptop // 200}.{laptop % 200}"))
    new = Source("new", "10.0.9.9")
    with pytest.raises(ThrottledError):
        school.pins.sign_in(number, pins[number], source=new)
    assert school.pins.needs_unlocking(student.student_id)
    known = Source("own", "10.0.0.66", is_known=True)
    assert school.pins.sign_in(number, pins[number], source=known) == student
    with pytest.raises(ThrottledError):
        school.pins.sign_in(number, pins[number], source=new)
    assert school.pins.blocked(actor=admin("Anna")) == [student]

    school.pins.unlock_all([student], actor=admin("Anna"))

    assert school.pins.blocked(actor=admin("Anna")) == []
    assert school.pins.sign_in(number, pins[number], source=new) == student
    newest = school.store.read(lambda r: r.audit.entries(1))[0]
    assert (newest.actor, newest.action, newest.detail) == ("Anna", "pin.all_unlocked", number)


def test_a_known_phone_is_held_to_its_own_wrong_pins(
    school: SmallSchool, course: Course, students: list[Student]
) -> None:
    pins = issue(school, course)
    number = students[0].student_no
    known = Source("found phone", "10.0.0.7", is_known=True)
    for _ in range(5):
        refuse_from(school, number, known)
    with pytest.raises(ThrottledError):
        school.pins.sign_in(number, pins[number], source=known)


def test_one_address_cannot_try_number_after_number_for_ever(
    school: SmallSchool, course: Course, students: list[Student]
) -> None:
    issue(school, course)
    heard: list[PinsGuessed] = []
    school.hub.subscribe(PinsGuessed, heard.append)
    tried = 0
    for number in range(200):
        error = refuse_from(school, f"X{number}", Source(f"laptop-{number}", "10.0.0.66"))
        tried += not isinstance(error, ThrottledError)
    assert tried == 60
    assert heard == [PinsGuessed()]
    school.clock.advance(10)
    assert not isinstance(refuse_from(school, "X0", Source("laptop", "10.0.0.66")), ThrottledError)
    assert isinstance(refuse_from(school, "X0", Source("laptop", "10.0.0.66")), ThrottledError)


def test_nothing_that_was_typed_stands_in_the_database(school: SmallSchool, data_dir: Path) -> None:
    """Somebody types a password into the field for the number."""
    refuse_from(school, "Secret-Password-7", Source("laptop", "10.77.66.55"))
    with pytest.raises(SignInError):
        school.accounts.sign_in("my password is hunter2", "wrong")
    stored = b"".join(one.read_bytes() for one in data_dir.rglob("*") if one.is_file())
    for text in (b"secret-password-7", b"hunter2", b"10.77.66.55"):
        assert text not in stored.lower()


def refuse_from(school: SmallSchool, number: str, source: Source) -> SignInError:
    with pytest.raises(SignInError) as refusal:
        school.pins.sign_in(number, "wrong", source=source)
    return refusal.value
