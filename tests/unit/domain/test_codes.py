import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.codes import MAC_CHARACTERS, CodeState, PresentedCode, Rotation, check, mint, take_apart

KEY = bytes(range(32))
OTHER_KEY = bytes(range(1, 33))
sessions = st.integers(1, 9_999_999_999)
steps = st.integers(0, 9_999_999_998)
periods = st.one_of(st.integers(5, 30), st.floats(5, 30))


def presented(code: str) -> PresentedCode:
    found = take_apart(code)
    assert found is not None
    return found


@given(session_id=sessions, step=steps)
def test_a_minted_code_comes_apart_into_what_it_was_made_of(session_id: int, step: int) -> None:
    found = presented(mint(KEY, session_id, step))

    assert (found.session_id, found.step, len(found.mac)) == (session_id, step, MAC_CHARACTERS)


@given(session_id=sessions, step=steps, age=st.integers(-3, 1000))
def test_only_the_current_and_the_previous_code_are_valid(session_id: int, step: int, age: int) -> None:
    code = presented(mint(KEY, session_id, step))

    state = check(code, key=KEY, session_id=session_id, current_step=step + age)

    if age < 0:
        assert state is CodeState.FORGED
    else:
        assert state is (CodeState.VALID if age <= 1 else CodeState.EXPIRED)


@given(step=steps, age=st.integers(0, 5))
def test_a_code_of_another_session_is_refused_whatever_its_age(step: int, age: int) -> None:
    other = presented(mint(KEY, 7, step))

    assert check(other, key=KEY, session_id=8, current_step=step + age) is CodeState.FORGED


@given(step=steps)
def test_a_code_made_with_another_key_is_forged(step: int) -> None:
    other = presented(mint(OTHER_KEY, 7, step))

    assert check(other, key=KEY, session_id=7, current_step=step) is CodeState.FORGED


@given(
    step=steps,
    place=st.integers(0, MAC_CHARACTERS - 1),
    letter=st.sampled_from("abcdefghijklmnopqrstuvwxyz234567"),
)
def test_a_code_with_one_character_changed_is_forged(step: int, place: int, letter: str) -> None:
    code = presented(mint(KEY, 7, step))
    mac = code.mac[:place] + letter + code.mac[place + 1 :]

    state = check(PresentedCode(7, step, mac), key=KEY, session_id=7, current_step=step)

    assert state is (CodeState.VALID if mac == code.mac else CodeState.FORGED)


@given(step=steps)
def test_the_mac_of_one_step_does_not_fit_the_next_step(step: int) -> None:
    code = presented(mint(KEY, 7, step))
    moved = PresentedCode(7, step + 1, code.mac)

    assert check(moved, key=KEY, session_id=7, current_step=step + 1) is CodeState.FORGED


@given(step=steps)
def test_the_mac_of_one_session_does_not_fit_another(step: int) -> None:
    code = presented(mint(KEY, 7, step))
    moved = PresentedCode(8, step, code.mac)

    assert check(moved, key=KEY, session_id=8, current_step=step) is CodeState.FORGED


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".",
        "7",
        "7.3",
        "7.3.",
        "7.3.short",
        "-7.3.abcdefghijklmnop",
        "7.-3.abcdefghijklmnop",
        "7.3.ABCDEFGHIJKLMNOP",
        "7.3.abcdefghijklmno1",
        "7.3.abcdefghijklmnopq",
        "7.3.abcdefghijklmnop\n",
        " 7.3.abcdefghijklmnop",
        "7.3.4.abcdefghijklmnop",
        "٧.٣.abcdefghijklmnop",
        "99999999999.3.abcdefghijklmnop",
        "https://example.org/s/7.3.abcdefghijklmnop",
    ],
)
def test_what_has_not_the_form_of_a_code_is_none(text: str) -> None:
    assert take_apart(text) is None


@given(st.text())
def test_any_text_is_either_no_code_or_a_forged_one(text: str) -> None:
    found = take_apart(text)

    assert found is None or check(found, key=KEY, session_id=7, current_step=0) is CodeState.FORGED


@given(period=periods, shown_at=st.floats(0, 50_000), age=st.floats(0, 200))
def test_no_code_lives_over_sixty_seconds(period: float, shown_at: float, age: float) -> None:
    rotation = Rotation(period)
    code = presented(mint(KEY, 7, rotation.step(shown_at)))

    state = check(code, key=KEY, session_id=7, current_step=rotation.step(shown_at + age))

    if age > 60:
        assert state is CodeState.EXPIRED
    if age <= period:
        assert state is CodeState.VALID


@pytest.mark.parametrize("period", range(5, 31))
def test_a_code_dies_exactly_two_periods_after_it_first_appeared(period: int) -> None:
    rotation = Rotation(period)
    code = presented(mint(KEY, 7, rotation.step(3 * period)))

    def state(elapsed_s: float) -> CodeState:
        return check(code, key=KEY, session_id=7, current_step=rotation.step(elapsed_s))

    assert 2 * period <= 60
    assert state(5 * period - 0.001) is CodeState.VALID
    assert state(5 * period) is CodeState.EXPIRED


@given(period=periods, elapsed=st.floats(0, 50_000))
def test_the_time_left_is_within_the_period_and_ends_the_step(period: float, elapsed: float) -> None:
    rotation = Rotation(period)
    left = rotation.remaining_s(elapsed)

    assert 0 < left <= period
    assert rotation.step(elapsed + left + 1e-6) > rotation.step(elapsed)


@pytest.mark.parametrize("period", [0, 4.999, 30.001, -15, float("nan"), float("inf")])
def test_a_rotation_that_is_too_fast_or_too_slow_is_refused(period: float) -> None:
    with pytest.raises(ValueError, match="5 to 30 s"):
        Rotation(period)
