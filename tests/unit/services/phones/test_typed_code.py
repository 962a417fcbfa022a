from concurrent.futures import ThreadPoolExecutor

import pytest

from kiosk.domain.phones import codes
from kiosk.errors import CodeError, ExpiredCodeError, ThrottledError
from kiosk.services.phones.typed_code import MOST_OF_ALL, MOST_OF_BROWSER, WINDOW_S, TypedCodes
from tests.fakes.actors import admin
from tests.world.school import SmallSchool

BROWSER = "browser-1"


@pytest.fixture
def typed(school: SmallSchool) -> TypedCodes:
    course, _ = school.add_course()
    session = school.sessions.start(course.course_id, actor=admin("Anna"), model="fake")
    school.running.show(session, course)
    return TypedCodes(running=school.running, clock=school.clock)


def shown(school: SmallSchool) -> str:
    code = school.running.code()
    assert code is not None
    return code.typed


def wrong(school: SmallSchool) -> str:
    """A code of the right form that is not shown."""
    first = shown(school)
    return first[:-1] + next(one for one in codes.TYPED.alphabet if one != first[-1])


def test_the_shown_code_opens_the_class(school: SmallSchool, typed: TypedCodes) -> None:
    assert typed.accept(shown(school).lower(), BROWSER) == school.running.current


def test_after_five_wrong_codes_even_the_right_one_must_wait_a_minute(
    school: SmallSchool, typed: TypedCodes
) -> None:
    for _ in range(MOST_OF_BROWSER):
        with pytest.raises(CodeError, match="wrong"):
            typed.accept(wrong(school), BROWSER)
    with pytest.raises(ThrottledError, match="Too many"):
        typed.accept(shown(school), BROWSER)
    assert typed.accept(shown(school), "browser-2") == school.running.current
    school.clock.advance(WINDOW_S)
    assert typed.accept(shown(school), BROWSER) == school.running.current


def test_many_browsers_together_meet_the_limit_of_the_kiosk(school: SmallSchool, typed: TypedCodes) -> None:
    for number in range(MOST_OF_ALL):
        with pytest.raises(CodeError):
            typed.accept("nonsense", f"browser-{number}")
    with pytest.raises(ThrottledError):
        typed.accept(shown(school), "one more")


def test_expired_codes_and_right_ones_are_no_guesses(school: SmallSchool, typed: TypedCodes) -> None:
    old = shown(school)
    school.clock.advance(30)
    for _ in range(3 * MOST_OF_BROWSER):
        with pytest.raises(ExpiredCodeError):
            typed.accept(old, BROWSER)
        assert typed.accept(shown(school), BROWSER) == school.running.current


def test_of_many_wrong_codes_at_once_no_more_are_judged_than_the_limit(
    school: SmallSchool, typed: TypedCodes
) -> None:
    def attempt(_number: int) -> type[Exception]:
        try:
            typed.accept(wrong(school), BROWSER)
        except (CodeError, ThrottledError) as error:
            return type(error)
        raise AssertionError("a wrong code was accepted")

    with ThreadPoolExecutor(16) as pool:
        outcomes = list(pool.map(attempt, range(64)))

    assert outcomes.count(CodeError) == MOST_OF_BROWSER
    assert outcomes.count(ThrottledError) == 64 - MOST_OF_BROWSER


def test_between_classes_nothing_is_counted(school: SmallSchool, typed: TypedCodes) -> None:
    school.running.clear()
    for _ in range(2 * MOST_OF_BROWSER):
        with pytest.raises(CodeError, match="No class is open"):
            typed.accept("ACDEFG", BROWSER)


def test_no_rate_of_guessing_that_is_allowed_finds_a_code() -> None:
    """Two valid codes; the limit is in tries a minute. The figures stand in the module's text."""
    in_a_minute = 2 * MOST_OF_ALL / codes.TYPED.values

    assert in_a_minute < 3.2e-6
    assert 60 * in_a_minute < 2e-4
