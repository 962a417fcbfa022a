from kiosk.domain.faces.guided_enrolment import PLAN, Advice
from kiosk.gui.faces.guided.wording import ADVICE, CALM_S, STEP_NAMES, CalmAdvice, instruction
from kiosk.gui.icons import ICONS


def test_everything_has_words_and_an_icon_that_exists() -> None:
    assert set(ADVICE) == set(Advice)
    assert all((ICONS / f"{saying.icon}.svg").exists() for saying in ADVICE.values())
    assert {instruction(step) for step, _ in PLAN} | {instruction(None)} == {
        instruction(step) for step in (*STEP_NAMES, None)
    }


def test_an_advice_of_a_single_frame_is_not_shown() -> None:
    calm = CalmAdvice()
    assert calm.at(Advice.HOLD_STILL, 10.0) is Advice.HOLD_STILL
    assert calm.at(Advice.BLURRED, 10.1) is Advice.HOLD_STILL
    assert calm.at(Advice.HOLD_STILL, 10.13) is Advice.HOLD_STILL
    assert calm.at(Advice.BLURRED, 10.2) is Advice.HOLD_STILL
    assert calm.at(Advice.BLURRED, 10.2 + CALM_S) is Advice.BLURRED


def test_the_end_is_said_at_once() -> None:
    calm = CalmAdvice()
    calm.at(Advice.HOLD_STILL, 10.0)
    assert calm.at(Advice.DONE, 10.01) is Advice.DONE
