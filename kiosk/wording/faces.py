"""What the camera asks of a person, at enrolment and in class, and what is wrong with a picture. Pure; any thread."""

from typing import assert_never

from kiosk.domain.faces.face_quality import Flaw
from kiosk.domain.faces.guided_enrolment import Advice, Step
from kiosk.domain.faces.head_turn import Request
from kiosk.translation import _, ngettext


def step_words(step: Step) -> tuple[str, str]:
    """A step of guided enrolment: its name, and the one large sentence."""
    match step:
        case Step.STRAIGHT:
            return _("Straight"), _("Look straight at the camera")
        case Step.LEFT:
            return _("Left"), _("Turn your head a little to your left")
        case Step.RIGHT:
            return _("Right"), _("Turn your head a little to your right")
        case Step.STRAIGHT_AGAIN:
            return _("Straight again"), _("Look straight once more")
        case _:
            assert_never(step)


def advice_words(advice: Advice) -> str:  # noqa: C901, PLR0912 - one case a member
    """What guided enrolment says about a frame."""
    match advice:
        case Advice.NO_FACE:
            return _("No face can be seen. Step before the camera.")
        case Advice.SEVERAL_FACES:
            return _("More than one person can be seen. One person only, please.")
        case Advice.COME_CLOSER:
            return _("Too far away. Come closer.")
        case Advice.MOVE_INTO_PICTURE:
            return _("At the edge of the picture. Move into the oval.")
        case Advice.TOO_DARK:
            return _("Too dark. Face the light, or switch it on.")
        case Advice.TOO_BRIGHT:
            return _("Too bright. Turn away from the strong light.")
        case Advice.BLURRED:
            return _("Blurred. Hold still, or wipe the lens.")
        case Advice.LOOK_STRAIGHT:
            return _("Turned away. Look straight at the camera.")
        case Advice.TURN_LEFT:
            return _("A little further to your left.")
        case Advice.TURN_RIGHT:
            return _("A little further to your right.")
        case Advice.TURN_BACK:
            return _("That is too far. Turn back a little.")
        case Advice.HOLD_STILL:
            return _("Good. Hold still.")
        case Advice.ANOTHER_PERSON:
            return _("Another person stepped in. Only the one chosen, please.")
        case Advice.DONE:
            return _("Thank you. Look at the pictures, then save.")
        case _:
            assert_never(advice)


def request_words(request: Request) -> tuple[str, str, str]:
    """What a class asks for to see a live head: large, small below it, and in short beside the face."""
    match request:
        case Request.TURN_LEFT:
            return _("Turn your head to the left"), _("Slowly, then look at the screen again"), _("Turn left")
        case Request.TURN_RIGHT:
            return (
                _("Turn your head to the right"),
                _("Slowly, then look at the screen again"),
                _("Turn right"),
            )
        case Request.LOOK_STRAIGHT:
            return _("Look at the screen again"), _("Hold still for a moment"), _("Look straight")
        case _:
            assert_never(request)


def flaw_words(flaw: Flaw, *, face_px: float, least_px: float) -> tuple[str, str]:
    """Sentence and hint about a picture that somebody chose; heights of its face and of the least one in pixels."""
    match flaw:
        case Flaw.TOO_SMALL:
            small = ngettext(
                "The face is too small ({n:.0f} pixel).",
                "The face is too small ({n:.0f} pixels).",
                round(face_px),
                n=face_px,
            )
            return small, _("It needs {least_px:.0f} or more.", least_px=least_px)
        case Flaw.CUT_OFF:
            return _("The face is cut off at the edge."), _("Use a picture that shows all of it.")
        case Flaw.TOO_DARK:
            return _("The face is too dark."), _("Use a picture with more light.")
        case Flaw.TOO_BRIGHT:
            return _("The face is too bright."), _("Use a picture with less light.")
        case Flaw.BLURRED:
            return _("The face is blurred."), _("Use a sharper picture.")
        case Flaw.TURNED_AWAY:
            return _("The face is turned away."), _("Use a picture that shows the face from the front.")
        case _:
            assert_never(flaw)
