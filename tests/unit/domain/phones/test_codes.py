import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.phones.codes import REMEMBERED_STEPS, SCANNED, TYPED, CodeForm, CodeState, Rotation

KEY = bytes(range(32))
OTHER_KEY = bytes(range(1, 33))
forms = st.sampled_from([SCANNED, TYPED])
sessions = st.integers(1, 9_999_999_999)
steps = st.integers(0, 9_999_999_998)
periods = st.one_of(st.integers(5, 30), st.floats(5, 30))


def state_of(form: CodeForm, code: str, step: int, *, key: bytes = KEY, session_id: int = 7) -> CodeState:
    return form.judge(code, key=key, session_id=session_id, current_step=step)


@given(form=forms, session_id=sessions, step=steps)
def test_a_minted_code_has_the_form_of_one(form: CodeForm, session_id: int, step: int) -> None:
    code = form.mint(KEY, session_id, step)

    assert len(code) == form.length
    assert form.tidy(code) == code
    assert form.tidy(f" {code[:3]}-{code[3:]} ".lower()) == code


@given(form=forms, session_id=sessions, step=steps, age=st.integers(-3, REMEMBERED_STEPS))
def test_only_the_current_and_the_previous_code_are_valid(
    form: CodeForm, session_id: int, step: int, age: int
) -> None:
    code = form.mint(KEY, session_id, step)

    state = state_of(form, code, max(0, step + age), session_id=session_id)

    if step + age < 0:
        return
    if age < 0:
        assert state is CodeState.FORGED
    else:
        assert state is (CodeState.VALID if age <= 1 else CodeState.EXPIRED)


@given(form=forms, step=steps)
def test_a_code_too_old_to_be_remembered_is_refused_all_the_same(form: CodeForm, step: int) -> None:
    code = form.mint(KEY, 7, step)

    assert state_of(form, code, step + REMEMBERED_STEPS + 1) is CodeState.FORGED


@given(form=forms, step=steps, age=st.integers(0, 5))
def test_a_code_of_another_session_is_refused_whatever_its_age(form: CodeForm, step: int, age: int) -> None:
    assert state_of(form, form.mint(KEY, 8, step), step + age) is CodeState.FORGED


@given(form=forms, step=steps)
def test_a_code_made_with_another_key_is_forged(form: CodeForm, step: int) -> None:
    assert state_of(form, form.mint(OTHER_KEY, 7, step), step) is CodeState.FORGED


@given(form=forms, step=steps, place=st.integers(0, 5), data=st.data())
def test_a_code_with_one_character_changed_is_forged(
    form: CodeForm, step: int, place: int, data: st.DataObject
) -> None:
    code = form.mint(KEY, 7, step)
    letter = data.draw(st.sampled_from([one for one in form.alphabet if one != code[place]]))

    assert state_of(form, code[:place] + letter + code[place + 1 :], step) is CodeState.FORGED


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".",
        "ABCDEFG",
        "ABCDEFGHI",
        "ABCDEFG1",
        "ABCDEFG0",
        "ABCDEFG\n",
        "ABCDEFGÄ",
        "٧٧٧٧٧٧٧٧",
        "A" * 10_000,
        "https://example.org/s/ABCDEFGH",
        "ABCD' OR 1=1--",
        "\0\0\0\0\0\0\0\0",
        "ıſıſıſıſ",
    ],
)
def test_what_has_not_the_form_of_a_code_is_none(text: str) -> None:
    assert SCANNED.tidy(text) is None
    assert TYPED.tidy(text) is None


@given(form=forms, text=st.text())
def test_any_text_is_either_no_code_or_a_forged_one(form: CodeForm, text: str) -> None:
    found = form.tidy(text)

    assert found is None or state_of(form, found, 0) is CodeState.FORGED


def test_a_typed_code_has_no_characters_that_look_alike() -> None:
    assert not set(TYPED.alphabet) & set("0O1IL2Z5S8BU")
    assert len(set(TYPED.alphabet)) == len(TYPED.alphabet) == 24
    assert TYPED.values == 24**6


def test_codes_use_their_whole_alphabet_about_equally() -> None:
    codes = [TYPED.mint(KEY, 7, step) for step in range(4000)]

    for place in range(TYPED.length):
        counts = [sum(code[place] == letter for code in codes) for letter in TYPED.alphabet]
        assert max(counts) - min(counts) < 120  # 167 expected each, standard deviation 13


@given(form=forms, period=periods, shown_at=st.floats(0, 50_000), age=st.floats(0, 200))
def test_no_code_lives_over_sixty_seconds(form: CodeForm, period: float, shown_at: float, age: float) -> None:
    rotation = Rotation(period)
    code = form.mint(KEY, 7, rotation.step(shown_at))

    state = state_of(form, code, rotation.step(shown_at + age))

    if age > 60:
        assert state is CodeState.EXPIRED
    if age <= period:
        assert state is CodeState.VALID


@pytest.mark.parametrize("period", range(5, 31))
def test_a_code_dies_exactly_two_periods_after_it_first_appeared(period: int) -> None:
    rotation = Rotation(period)
    code = SCANNED.mint(KEY, 7, rotation.step(3 * period))

    def state(elapsed_s: float) -> CodeState:
        return state_of(SCANNED, code, rotation.step(elapsed_s))

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
