import pytest

from kiosk.codes.draw import QrCodeDrawer
from kiosk.domain.phones.codes import REMEMBERED_STEPS, SCANNED, CodeState
from kiosk.domain.phones.passes import PREFIX, ROTATION, PresentedPass, handle_of, mint, state_of

KEY = b"k" * 32
HANDLE = handle_of(KEY, session_id=7, student_id=41, device="a" * 22)


def presented(text: str) -> PresentedPass:
    found = PresentedPass.parse(text)
    assert found is not None
    return found


def judged(text: str, *, current: int, key: bytes = KEY) -> CodeState:
    return state_of(presented(text).step(key, current), current)


@pytest.mark.parametrize(
    ("current", "state"),
    [(9, CodeState.FORGED), (10, CodeState.VALID), (11, CodeState.VALID), (12, CodeState.EXPIRED)],
)
def test_a_pass_is_good_for_its_step_and_the_next_and_never_before(current: int, state: CodeState) -> None:
    assert judged(mint(KEY, HANDLE, 10), current=current) is state


def test_a_photographed_pass_dies_within_sixty_seconds() -> None:
    assert 15 <= ROTATION.period_s <= 30
    assert 2 * ROTATION.period_s <= 60


def test_very_old_passes_cost_no_more_work_than_forged_ones() -> None:
    assert judged(mint(KEY, HANDLE, 0), current=REMEMBERED_STEPS) is CodeState.EXPIRED
    assert judged(mint(KEY, HANDLE, 0), current=REMEMBERED_STEPS + 1) is CodeState.FORGED


def test_each_character_counts() -> None:
    text = mint(KEY, HANDLE, 3)
    for place in range(len(PREFIX), len(text)):
        other = "B" if text[place] == "A" else "A"
        assert judged(text[:place] + other + text[place + 1 :], current=3) is CodeState.FORGED


def test_a_pass_of_another_showing_is_forged() -> None:
    assert judged(mint(KEY, HANDLE, 3), current=3, key=b"o" * 32) is CodeState.FORGED


def test_students_phones_and_sessions_have_handles_of_their_own() -> None:
    handles = {
        handle_of(KEY, session_id=session, student_id=student, device=device)
        for session in (1, 2)
        for student in (1, 2)
        for device in ("a" * 22, "b" * 22)
    }
    assert len(handles) == 8


@pytest.mark.parametrize(
    "text",
    [
        "",
        PREFIX,
        mint(KEY, HANDLE, 3) + "A",
        mint(KEY, HANDLE, 3)[:-1],
        mint(KEY, HANDLE, 3).lower(),
        mint(KEY, HANDLE, 3) + "\n",
        " " + mint(KEY, HANDLE, 3),
        "HTTP://10.20.4.17:8080/S/" + SCANNED.mint(KEY, 7, 3),
        "PASS1:' OR 1=1; DROP TABLE x",
        "PASS1:" + "\u0131" * 22,
        "PASS1:" + "\ufffd" * 2900,
        "PASS1:" + "A" * 2900,
    ],
)
def test_what_has_not_the_form_of_a_pass_is_none(text: str) -> None:
    assert PresentedPass.parse(text) is None


def test_a_pass_fits_version_two() -> None:
    assert QrCodeDrawer().modules(mint(KEY, HANDLE, 123456)).shape == (25, 25)
