from concurrent.futures import ThreadPoolExecutor

import pytest

from kiosk.domain.phones import codes
from kiosk.domain.trust.throttle import Source
from kiosk.errors import CodeError, ExpiredCodeError, ThrottledError
from kiosk.services.phones.typed_code import MOST_OF_ADDRESS, MOST_OF_BROWSER, WINDOW_S, TypedCodes
from tests.fakes.actors import admin
from tests.world.school import SmallSchool

BROWSER = Source("browser-1", "10.0.0.7")
ADDRESSES_OF_A_NETWORK = 250


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
    assert typed.accept(shown(school), Source("browser-2", "10.0.0.7")) == school.running.current
    school.clock.advance(WINDOW_S)
    assert typed.accept(shown(school), BROWSER) == school.running.current


def test_a_laptop_that_takes_ever_new_cookies_blocks_its_own_address_alone(
    school: SmallSchool, typed: TypedCodes
) -> None:
    """310 wrong codes kept everybody from typing."""
    for number in range(310):
        with pytest.raises(CodeError if number < MOST_OF_ADDRESS else ThrottledError):
            typed.accept("nonsense", Source(f"browser-{number}", "10.0.0.66"))
    with pytest.raises(ThrottledError):
        typed.accept(shown(school), Source("one more", "10.0.0.66"))
    assert typed.accept(shown(school), BROWSER) == school.running.current
    of_somebody = Source("signed in", "10.0.0.66", is_known=True)
    assert typed.accept(shown(school), of_somebody) == school.running.current


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
    in_an_hour = 60 * 2 * MOST_OF_ADDRESS / codes.TYPED.values

    assert in_an_hour < 4e-5
    assert ADDRESSES_OF_A_NETWORK * in_an_hour < 0.01
