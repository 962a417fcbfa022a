"""Guiding a person through enrolment before the camera: which way to look, what is wrong, when a picture is good.

A state machine over what was seen in each frame; no camera, no model, no clock of its own: times are those of the frames.
Nobody has to press anything, blink or hurry: a picture is taken when the face was good for a while, and it is the best
frame of that while.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, assert_never

from kiosk.domain.faces.face_quality import MAX_TURN, Flaw, Limits, Quality, fitness, flaw_of
from kiosk.domain.faces.frames import Box

STEADY_S: Final = 0.4
"""A face must be good for so long, without a bad frame, before its best frame is taken."""

STEADY_FRAMES: Final = 3
SPACING_S: Final = 0.6
"""Between two pictures, so that they differ."""

LONGEST_GAP_S: Final = 1.0
"""Without a frame for longer (the camera was lost), a face has to be good anew."""

STRAY: Final = 0.25
"""How far, in face heights, the face may move while it is good."""

STRAIGHT_WITHIN: Final = 0.10
"""Largest turn that counts as looking straight: about 16°."""

TURNED_BY: Final = 0.07
"""Least turn to a side, beyond the person's own "straight": about 11°. The eyes and nose of one person are off by up to
0.04 when looking straight, with either detector; more than about 25° is hard to hold while reading a screen."""

DOUBT_S: Final = 2.0
"""How long it is said that somebody else stepped in."""

LIVE: Final = Limits(
    face_px=100.0, sharpness=20.0, darkest=40.0, brightest=230.0, inside=0.95, turn=float("inf")
)
"""Stricter than for pictures that somebody chose: here the next frame may be better. The turn is the steps' matter."""


class Step(StrEnum):
    """Where the person looks; sides are the person's own."""

    STRAIGHT = "straight"
    LEFT = "left"
    RIGHT = "right"
    STRAIGHT_AGAIN = "straight again"


PLAN: Final = ((Step.STRAIGHT, 2), (Step.LEFT, 2), (Step.RIGHT, 2), (Step.STRAIGHT_AGAIN, 1))
"""How many pictures each step takes."""


class Advice(StrEnum):
    """What to tell the person now."""

    NO_FACE = "no face"
    SEVERAL_FACES = "several faces"
    COME_CLOSER = "come closer"
    MOVE_INTO_PICTURE = "move into the picture"
    TOO_DARK = "too dark"
    TOO_BRIGHT = "too bright"
    BLURRED = "blurred"
    LOOK_STRAIGHT = "look straight"
    TURN_LEFT = "turn left"
    TURN_RIGHT = "turn right"
    TURN_BACK = "turn back a little"
    HOLD_STILL = "hold still"
    ANOTHER_PERSON = "another person"
    DONE = "done"


def _advice_about(flaw: Flaw) -> Advice:
    match flaw:
        case Flaw.TOO_SMALL:
            return Advice.COME_CLOSER
        case Flaw.CUT_OFF:
            return Advice.MOVE_INTO_PICTURE
        case Flaw.TOO_DARK:
            return Advice.TOO_DARK
        case Flaw.TOO_BRIGHT:
            return Advice.TOO_BRIGHT
        case Flaw.BLURRED:
            return Advice.BLURRED
        case Flaw.TURNED_AWAY:
            return Advice.TURN_BACK
        case _:
            assert_never(flaw)


@dataclass(frozen=True, slots=True)
class Sighting:
    """What one frame shows.

    Attributes:
        time_s: Capture time.
        faces: How many faces compete in it; people far in the background are not counted.
        box: The largest face, None without one.
        quality: Of that face.
    """

    time_s: float
    faces: int
    box: Box | None = None
    quality: Quality | None = None


@dataclass(frozen=True, slots=True)
class Moment:
    """What to make of one frame.

    Attributes:
        advice: What to tell the person.
        is_best: This frame is the best one of the good ones so far: keep it.
        take: The best one is to be taken now; answer with `Guide.accept` or `Guide.refuse`.
    """

    advice: Advice
    is_best: bool = False
    take: bool = False


@dataclass(slots=True)
class _Stretch:
    """An unbroken run of good frames."""

    since_s: float
    place: Box
    frames: int = 0
    best: float = -1.0
    turn: float = 0.0


class Guide:
    """Leads through `PLAN`; frames come in the order of their times."""

    def __init__(self) -> None:
        self._taken: dict[Step, int] = {step: 0 for step, _ in PLAN}
        self._straight: list[float] = []
        self._stretch: _Stretch | None = None
        self._last_s = float("-inf")
        self._rest_until_s = float("-inf")
        self._doubt_until_s = float("-inf")

    @property
    def step(self) -> Step | None:
        """The first step that lacks a picture; None when all are there."""
        return next((step for step, wanted in PLAN if self._taken[step] < wanted), None)

    def taken(self, step: Step) -> int:
        """How many pictures a step has."""
        return self._taken[step]

    def see(self, sighting: Sighting) -> Moment:
        """Take in one frame."""
        gap_s, self._last_s = sighting.time_s - self._last_s, sighting.time_s
        step = self.step
        if step is None:
            return Moment(Advice.DONE)
        advice = self._advice_on(sighting, step)
        if advice is not None or sighting.box is None or sighting.quality is None:
            self._stretch = None
            return Moment(advice or Advice.NO_FACE)
        if sighting.time_s < self._doubt_until_s:
            return Moment(Advice.ANOTHER_PERSON)
        if sighting.time_s < self._rest_until_s:
            return Moment(Advice.HOLD_STILL)
        if self._stretch is None or gap_s > LONGEST_GAP_S or _strayed(self._stretch.place, sighting.box):
            self._stretch = _Stretch(sighting.time_s, sighting.box)
        return self._go_on(self._stretch, sighting.time_s, sighting.quality)

    def accept(self) -> None:
        """The picture that was to be taken is good and shows the same person."""
        step, stretch = self.step, self._stretch
        if step is None or stretch is None:
            return
        self._taken[step] += 1
        if step is Step.STRAIGHT:
            self._straight.append(stretch.turn)
        self._stretch = None
        self._rest_until_s = self._last_s + SPACING_S

    def refuse(self) -> None:
        """It shows another person: say so for a moment, then go on."""
        self._stretch = None
        self._doubt_until_s = self._last_s + DOUBT_S

    def give_back(self, step: Step) -> None:
        """A picture of `step` was thrown away and has to be taken again."""
        self._taken[step] = max(0, self._taken[step] - 1)
        self._stretch = None

    def _advice_on(self, sighting: Sighting, step: Step) -> Advice | None:
        """What is wrong with a frame; None when nothing is."""
        if sighting.faces == 0 or sighting.quality is None:
            return Advice.NO_FACE
        if sighting.faces > 1:
            return Advice.SEVERAL_FACES
        flaw = flaw_of(sighting.quality, LIVE)
        if flaw is not None:
            return _advice_about(flaw)
        return self._advice_on_pose(sighting.quality.turn, step)

    def _advice_on_pose(self, turn: float | None, step: Step) -> Advice | None:
        match step:
            case Step.STRAIGHT | Step.STRAIGHT_AGAIN:
                straight = turn is not None and abs(turn) <= STRAIGHT_WITHIN
                return None if straight else Advice.LOOK_STRAIGHT
            case Step.LEFT:
                wanted, side = Advice.TURN_LEFT, 1.0
            case Step.RIGHT:
                wanted, side = Advice.TURN_RIGHT, -1.0
            case _:
                assert_never(step)
        if turn is None:
            return wanted
        own_straight = sum(self._straight) / len(self._straight) if self._straight else 0.0
        if side * (turn - own_straight) < TURNED_BY:
            return wanted
        return Advice.TURN_BACK if side * turn > MAX_TURN else None

    def _go_on(self, stretch: _Stretch, time_s: float, quality: Quality) -> Moment:
        stretch.frames += 1
        fit = fitness(quality)
        is_best = fit > stretch.best
        if is_best:
            stretch.best, stretch.turn = fit, quality.turn or 0.0
        # Half a millisecond of tolerance: frame times are sums of 1/30.
        steady = stretch.frames >= STEADY_FRAMES and time_s - stretch.since_s >= STEADY_S - 5e-4
        return Moment(Advice.HOLD_STILL, is_best, steady)


def _strayed(place: Box, now: Box) -> bool:
    (x, y), (to_x, to_y) = place.centre, now.centre
    return max(abs(to_x - x), abs(to_y - y)) > STRAY * place.height
