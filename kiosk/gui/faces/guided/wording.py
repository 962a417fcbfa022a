"""What guided enrolment says: one instruction for each step, one advice for each frame. Pure text.

Advice changes at most a few times a second, so that it can be read.
"""

from dataclasses import dataclass
from typing import Final, assert_never

from kiosk.domain.faces.guided_enrolment import Advice, Step
from kiosk.gui.theme import Tone
from kiosk.translation import N_, _
from kiosk.wording.faces import advice_words, step_words

CALM_S: Final = 0.3
"""An advice must last so long before it replaces the one that is shown."""


@dataclass(frozen=True, slots=True)
class Saying:
    """A sentence with its icon and tone."""

    words: str
    icon: str
    tone: Tone


FINISHED: Final = N_("All pictures are taken")


def instruction(step: Step | None) -> str:
    """The one large sentence."""
    if step is None:
        return _(FINISHED)
    _unused, large = step_words(step)
    return large


def loading() -> Saying:
    """What stands there until the models are loaded."""
    return Saying(_("Loading recognition…"), "clock", Tone.MUTED)


def saying(advice: Advice) -> Saying:
    """An advice with its icon and tone."""
    return Saying(advice_words(advice), *_look(advice))


def _look(advice: Advice) -> tuple[str, Tone]:
    match advice:
        case Advice.NO_FACE | Advice.LOOK_STRAIGHT | Advice.TURN_BACK:
            return "face", Tone.LATE
        case Advice.SEVERAL_FACES:
            return "users", Tone.LATE
        case Advice.COME_CLOSER | Advice.MOVE_INTO_PICTURE:
            return "scan", Tone.LATE
        case Advice.TOO_DARK | Advice.TOO_BRIGHT | Advice.BLURRED:
            return "alert", Tone.LATE
        case Advice.TURN_LEFT | Advice.TURN_RIGHT:
            return "face", Tone.ACCENT
        case Advice.HOLD_STILL | Advice.DONE:
            return "check-circle", Tone.PRESENT
        case Advice.ANOTHER_PERSON:
            return "users", Tone.REFUSED
        case _:
            assert_never(advice)


class CalmAdvice:
    """Lets an advice through once it has lasted; the first, and the last, at once."""

    def __init__(self) -> None:
        self._shown: Advice | None = None
        self._next: Advice | None = None
        self._since_s = 0.0

    def at(self, advice: Advice, now_s: float) -> Advice:
        """What to show at a time of the monotonic clock."""
        if self._shown is None or advice in {self._shown, Advice.DONE}:
            self._shown, self._next = advice, None
        elif advice is not self._next:
            self._next, self._since_s = advice, now_s
        elif now_s - self._since_s >= CALM_S:
            self._shown, self._next = advice, None
        return self._shown


def drop_words(step: Step) -> str:
    """What a press on a picture that was taken at this step does."""
    match step:
        case Step.STRAIGHT:
            return _("Drop this picture (straight)")
        case Step.LEFT:
            return _("Drop this picture (left)")
        case Step.RIGHT:
            return _("Drop this picture (right)")
        case Step.STRAIGHT_AGAIN:
            return _("Drop this picture (straight again)")
        case _:
            assert_never(step)
