from kiosk.domain.faces.guided_enrolment import PLAN, Advice, Step
from kiosk.gui.faces.guided.wording import CALM_S, CalmAdvice, instruction, saying
from kiosk.gui.icons import ICONS


def test_everything_has_words_and_an_icon_that_exists() -> None:
    assert all((ICONS / f"{saying(advice).icon}.svg").exists() for advice in Advice)
    assert {instruction(step) for step, _ in PLAN} | {instruction(None)} == {
        instruction(step) for step in (*Step, None)
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
