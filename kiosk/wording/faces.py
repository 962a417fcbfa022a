"""What the camera asks of a person, at enrolment and in class, and what is wrong with a picture. Pure; any thread."""

from typing import assert_never

from kiosk.domain.faces.face_quality import Flaw
from kiosk.domain.faces.guided_enrolment import Advice, Step
from kiosk.domain.faces.head_turn import Request


def step_words(step: Step) -> tuple[str, str]:
    """A step of guided enrolment: its name, and the one large sentence."""
    match step:
        case Step.STRAIGHT:
            return "Straight", "Look straight at the camera"
        case Step.LEFT:
            return "Left", "Turn your head a little to your left"
        case Step.RIGHT:
            return "Right", "Turn your head a little to your right"
        case Step.STRAIGHT_AGAIN:
            return "Straight again", "Look straight once more"
        case _:
            assert_never(step)


def advice_words(advice: Advice) -> str:  # noqa: C901, PLR0912 - one case a member
    """What guided enrolment says about a frame."""
    match advice:
        case Advice.NO_FACE:
            return "No face can be seen. Step before the camera."
        case Advice.SEVERAL_FACES:
            return "More than one person can be seen. One person only, please."
        case Advice.COME_CLOSER:
            return "Too far away. Come closer."
        case Advice.MOVE_INTO_PICTURE:
            return "At the edge of the picture. Move into the oval."
        case Advice.TOO_DARK:
            return "Too dark. Face the light, or switch it on."
        case Advice.TOO_BRIGHT:
            return "Too bright. Turn away from the strong light."
        case Advice.BLURRED:
            return "Blurred. Hold still, or wipe the lens."
        case Advice.LOOK_STRAIGHT:
            return "Turned away. Look straight at the camera."
        case Advice.TURN_LEFT:
            return "A little further to your left."
        case Advice.TURN_RIGHT:
            return "A little further to your right."
        case Advice.TURN_BACK:
            return "That is too far. Turn back a little."
        case Advice.HOLD_STILL:
            return "Good. Hold still."
        case Advice.ANOTHER_PERSON:
            return "Another person stepped in. Only the one chosen, please."
        case Advice.DONE:
            return "Thank you. Look at the pictures, then save."
        case _:
            assert_never(advice)


def request_words(request: Request) -> tuple[str, str, str]:
    """What a class asks for to see a live head: large, small below it, and in short beside the face."""
    match request:
        case Request.TURN_LEFT:
            return "Turn your head to the left", "Slowly, then look at the screen again", "Turn left"
        case Request.TURN_RIGHT:
            return "Turn your head to the right", "Slowly, then look at the screen again", "Turn right"
        case Request.LOOK_STRAIGHT:
            return "Look at the screen again", "Hold still for a moment", "Look straight"
        case _:
            assert_never(request)


def flaw_words(flaw: Flaw, *, face_px: float, least_px: float) -> tuple[str, str]:
    """Sentence and hint about a picture that somebody chose; heights of its face and of the least one in pixels."""
    match flaw:
        case Flaw.TOO_SMALL:
            return f"The face is too small ({face_px:.0f} pixels).", f"It needs {least_px:.0f} or more."
        case Flaw.CUT_OFF:
            return "The face is cut off at the edge.", "Use a picture that shows all of it."
        case Flaw.TOO_DARK:
            return "The face is too dark.", "Use a picture with more light."
        case Flaw.TOO_BRIGHT:
            return "The face is too bright.", "Use a picture with less light."
        case Flaw.BLURRED:
            return "The face is blurred.", "Use a sharper picture."
        case Flaw.TURNED_AWAY:
            return "The face is turned away.", "Use a picture that shows the face from the front."
        case _:
            assert_never(flaw)
