"""What guided enrolment says: one instruction for each step, one advice for each frame. Pure text.

Advice changes at most a few times a second, so that it can be read.
"""

from dataclasses import dataclass
from typing import Final

from kiosk.domain.faces.guided_enrolment import Advice, Step
from kiosk.gui.theme import Tone

CALM_S: Final = 0.3
"""An advice must last so long before it replaces the one that is shown."""


@dataclass(frozen=True, slots=True)
class Saying:
    """A sentence with its icon and tone."""

    words: str
    icon: str
    tone: Tone


INSTRUCTIONS: Final = {
    Step.STRAIGHT: "Look straight at the camera",
    Step.LEFT: "Turn your head a little to your left",
    Step.RIGHT: "Turn your head a little to your right",
    Step.STRAIGHT_AGAIN: "Look straight once more",
}
FINISHED: Final = "All pictures are taken"

STEP_NAMES: Final = {
    Step.STRAIGHT: "Straight",
    Step.LEFT: "Left",
    Step.RIGHT: "Right",
    Step.STRAIGHT_AGAIN: "Straight again",
}

ADVICE: Final = {
    Advice.NO_FACE: Saying("No face can be seen. Step before the camera.", "face", Tone.LATE),
    Advice.SEVERAL_FACES: Saying(
        "More than one person can be seen. One person only, please.", "users", Tone.LATE
    ),
    Advice.COME_CLOSER: Saying("Too far away. Come closer.", "scan", Tone.LATE),
    Advice.MOVE_INTO_PICTURE: Saying("At the edge of the picture. Move into the oval.", "scan", Tone.LATE),
    Advice.TOO_DARK: Saying("Too dark. Face the light, or switch it on.", "alert", Tone.LATE),
    Advice.TOO_BRIGHT: Saying("Too bright. Turn away from the strong light.", "alert", Tone.LATE),
    Advice.BLURRED: Saying("Blurred. Hold still, or wipe the lens.", "alert", Tone.LATE),
    Advice.LOOK_STRAIGHT: Saying("Turned away. Look straight at the camera.", "face", Tone.LATE),
    Advice.TURN_LEFT: Saying("A little further to your left.", "face", Tone.ACCENT),
    Advice.TURN_RIGHT: Saying("A little further to your right.", "face", Tone.ACCENT),
    Advice.TURN_BACK: Saying("That is too far. Turn back a little.", "face", Tone.LATE),
    Advice.HOLD_STILL: Saying("Good. Hold still.", "check-circle", Tone.PRESENT),
    Advice.ANOTHER_PERSON: Saying(
        "Another person stepped in. Only the one chosen, please.", "users", Tone.REFUSED
    ),
    Advice.DONE: Saying("Thank you. Look at the pictures, then save.", "check-circle", Tone.PRESENT),
}
LOADING: Final = Saying("Loading recognition…", "clock", Tone.MUTED)


def instruction(step: Step | None) -> str:
    """The one large sentence."""
    return FINISHED if step is None else INSTRUCTIONS[step]


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
