from datetime import timedelta

import pytest

from kiosk.domain.attendance.lesson_pin import RULE
from kiosk.domain.people.staff import Role, User
from kiosk.domain.trust.rights import Actor
from kiosk.errors import ConflictError, SignInError, ThrottledError
from kiosk.services.attendance.lesson.lesson_pins import LessonPins
from kiosk.services.events import SessionEnded, SessionStarted
from tests.fakes.actors import admin
from tests.world.school import SmallSchool

PIN = "4071"
WRONG = "9313"
PASSWORD = "correct horse battery"


@pytest.fixture
def teacher(school: SmallSchool) -> User:
    return school.cases.people.accounts.add(name="Tom", role=Role.TEACHER, password=PASSWORD, actor=admin())


def pins_of(school: SmallSchool) -> LessonPins:
    return school.cases.people.lesson_pins


def start(school: SmallSchool, teacher: User) -> SessionStarted:
    """Start a class and tell of it, as the runtime does."""
    sessions = school.cases.attendance.sessions
    course, _people = school.add_course(f"CS {len(school.events)}")
    session = sessions.start(course.course_id, actor=Actor.of(teacher), model="fake")
    begun = SessionStarted(session, sessions.course_of(session), 2)
    school.hub.emit(begun)
    return begun


def begin(school: SmallSchool, teacher: User) -> SessionStarted:
    """Choose a PIN and start a class."""
    pins_of(school).choose(PIN, actor=Actor.of(teacher))
    return start(school, teacher)


def is_good(school: SmallSchool, pin: str = PIN, name: str = "Tom") -> bool:
    try:
        pins_of(school).check(pin, name=name)
    except SignInError:
        return False
    return True


def actions(school: SmallSchool) -> list[str]:
    entries = school.store.read(lambda repositories: repositories.audit.entries())
    return [one.action for one in reversed(entries) if one.action.startswith("lesson_pin")]


def test_it_stands_for_the_password_during_its_class(school: SmallSchool, teacher: User) -> None:
    begin(school, teacher)

    assert pins_of(school).check(PIN, name="tom") == teacher
    assert pins_of(school).holder == "Tom"
    assert actions(school) == ["lesson_pin.chosen", "lesson_pin.confirmed"]


def test_it_opens_nothing_before_its_class_and_after_it(school: SmallSchool, teacher: User) -> None:
    pins_of(school).choose(PIN, actor=Actor.of(teacher))
    assert not is_good(school)
    begun = start(school, teacher)
    assert is_good(school)

    school.cases.attendance.sessions.end(begun.session.session_id, actor=Actor.of(teacher))

    assert not is_good(school)
    start(school, teacher)
    assert not is_good(school)


def test_the_end_of_another_rooms_class_does_not_end_it(school: SmallSchool, teacher: User) -> None:
    begun = begin(school, teacher)

    school.hub.emit(SessionEnded(begun.session.session_id + 1, begun.session.started_at))

    assert is_good(school)


def test_it_never_signs_in(school: SmallSchool, teacher: User) -> None:
    begin(school, teacher)

    with pytest.raises(SignInError):
        school.cases.people.accounts.sign_in("Tom", PIN)


def test_it_is_its_owners_alone(school: SmallSchool, teacher: User) -> None:
    school.cases.people.accounts.add(name="Kim", role=Role.ADMIN, password=PASSWORD, actor=admin())
    begin(school, teacher)

    assert not is_good(school, name="Kim")
    assert is_good(school)


def test_wrong_ones_rest_shortly_and_leave_the_password_alone(school: SmallSchool, teacher: User) -> None:
    begin(school, teacher)
    for _ in range(RULE.free):
        assert not is_good(school, WRONG)

    with pytest.raises(ThrottledError):
        pins_of(school).check(PIN, name="Tom")

    assert school.cases.people.accounts.sign_in("Tom", PASSWORD) == teacher
    school.clock.advance(RULE.first.total_seconds())
    assert is_good(school)


def test_after_ten_wrong_ones_only_the_password_opens(school: SmallSchool, teacher: User) -> None:
    begin(school, teacher)
    for _ in range(RULE.locked_after or 0):
        assert not is_good(school, WRONG)
        school.clock.advance(RULE.longest.total_seconds())

    assert not is_good(school)
    assert pins_of(school).holder == ""
    assert actions(school)[-1] == "lesson_pin.turned_off"
    assert school.cases.people.accounts.sign_in("Tom", PASSWORD) == teacher


def test_the_right_one_forgives_the_wrong_ones(school: SmallSchool, teacher: User) -> None:
    begin(school, teacher)
    for _ in range(4):
        for _ in range(RULE.free):
            assert not is_good(school, WRONG)
        school.clock.advance(RULE.longest.total_seconds())
        assert is_good(school)


def test_it_dies_with_a_new_password_and_with_the_account(school: SmallSchool, teacher: User) -> None:
    begun = begin(school, teacher)
    school.cases.people.accounts.change_password(teacher.user_id, "another long one", actor=admin())
    assert not is_good(school)
    school.cases.attendance.sessions.end(begun.session.session_id, actor=admin())

    begin(school, teacher)
    school.cases.people.accounts.set_active(teacher.user_id, False, actor=admin())
    assert not is_good(school)


def test_a_school_may_turn_it_off_also_during_a_class(school: SmallSchool, teacher: User) -> None:
    begin(school, teacher)
    shared = school.cases.school.shared
    shared.change_rules(shared.rules().model_copy(update={"lesson_pin": False}), actor=admin())

    assert not is_good(school)
    with pytest.raises(ConflictError, match="no PIN for the lesson"):
        pins_of(school).choose(PIN, actor=Actor.of(teacher))


def test_one_that_is_easy_to_guess_is_not_taken(school: SmallSchool, teacher: User) -> None:
    with pytest.raises(ConflictError, match="counts up"):
        pins_of(school).choose("1234", actor=Actor.of(teacher))


def test_one_that_was_chosen_long_before_the_class_is_forgotten(school: SmallSchool, teacher: User) -> None:
    pins_of(school).choose(PIN, actor=Actor.of(teacher))
    school.clock.advance(timedelta(minutes=2).total_seconds())
    start(school, teacher)

    assert not is_good(school)


def test_it_is_kept_as_a_hash_and_not_in_the_database(school: SmallSchool, teacher: User) -> None:
    begin(school, teacher)

    assert PIN not in repr(vars(pins_of(school)))
    entries = school.store.read(lambda repositories: repositories.audit.entries())
    assert all(PIN not in f"{one.subject} {one.detail}" for one in entries)


def test_it_opens_no_class_that_somebody_else_began_in_another_course(
    school: SmallSchool, teacher: User
) -> None:
    accounts, teachers = school.cases.people.accounts, school.cases.courses.teachers
    eva = accounts.add(name="Eva", role=Role.TEACHER, password=PASSWORD, actor=admin())
    teachers.assign(school.add_course("MA 2")[0], [teacher.user_id], actor=admin())
    pins_of(school).choose(PIN, actor=Actor.of(teacher))  # and then does not begin a class
    begun = start(school, eva)
    assert not is_good(school)

    pins_of(school).choose(PIN, actor=Actor.of(teacher))
    teachers.assign(begun.course, [teacher.user_id, eva.user_id], actor=admin())
    school.hub.emit(begun)
    assert is_good(school)
