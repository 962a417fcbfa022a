"""Active liveness: a person who was recognised is asked to turn the head to a side that nobody could foresee.

Recognised and facing the camera → asked → turned far enough to the right side, still the same person → facing it again
and recognised anew → shown. Another side, another person or no time left → please scan.

Why a flat picture fails: turned about its upright axis, everything on it becomes narrower at one rate, so the nose stays
where it was between the eyes. What is left is perspective: with eyes 2e apart on the picture, turned by θ at distance d,
the measure of `kiosk.domain.frames.head_turn` changes by about e·sin θ / 2d: 0.02 for a life-size picture half a metre
away, 0.06 at twenty centimetres; the rule asks for 0.13. What a detector finds on a picture that is turned far is less
exact, but such a picture is narrow, too: at 45° its eyes are 0.7 times as far apart for their height, and a head has shown
enough at 20°, where it is 0.94. Points of YuNet hold this on nine photographs; those of dlib's predictor do not (they follow
the narrow picture as if it were a turned head: up to 0.21 at 40°), so with them nobody is asked.

It does not stop a picture bent round a bottle (its nose stands before its eyes as a real one does), a mask, or a video of a
head that turns to the side that happens to be asked for.
"""

import math
from dataclasses import dataclass, replace
from enum import StrEnum
from statistics import median
from typing import Final, assert_never

import numpy as np

from kiosk.domain.faces.frames import Points, head_turn
from kiosk.domain.faces.recognition import Liveness

NOSE: Final = 0.35
"""How far the tip of a nose stands before the eyes, in eye distances."""


class TurnDirection(StrEnum):
    """A side, the person's own."""

    LEFT = "left"
    RIGHT = "right"

    @property
    def sign(self) -> int:
        """What `head_turn` becomes for it: positive for the person's own left."""
        return 1 if self is TurnDirection.LEFT else -1


class TurnPhase(StrEnum):
    """How far a head turn has come."""

    RECOGNISING = "recognising"
    ASKED = "asked"
    RETURNING = "returning"
    SHOWN = "shown"
    FAILED = "failed"


class Request(StrEnum):
    """What a person is asked to do now; sides are the person's own."""

    TURN_LEFT = "turn_left"
    TURN_RIGHT = "turn_right"
    LOOK_STRAIGHT = "look_straight"


@dataclass(frozen=True, slots=True)
class Pose:
    """How a head is held.

    Attributes:
        turn: Of `kiosk.domain.frames.head_turn`.
        width: Distance of the eyes, in distances from the eyes to the mouth: about 0.9 from the front, less the farther a
            head or a picture is turned to a side.
    """

    turn: float
    width: float


def pose_of(landmarks: Points) -> Pose | None:
    """The pose of five points in the order of `kiosk.domain.faces.frames.FIVE_POINTS`; None where they are no face."""
    right_eye, left_eye, _, right_mouth, left_mouth = landmarks
    eyes = left_eye - right_eye
    down = (right_mouth + left_mouth) / 2 - (right_eye + left_eye) / 2
    apart = float(np.hypot(*eyes))
    # Along the upright axis of the picture of the face, so that a head held askew is no narrower.
    height = abs(float(eyes[0] * down[1] - eyes[1] * down[0])) / apart if apart > 0 else 0.0
    return Pose(head_turn(landmarks), apart / height) if height > 0 else None


@dataclass(frozen=True, slots=True)
class HeadTurnRule:
    """What counts as a head turn. Turns are those of `kiosk.domain.frames.head_turn`.

    Attributes:
        turned: Change against looking straight, about 20°. Raising it asks for more and stops pictures held askew
            from nearer.
        facing: Largest turn that counts as facing the camera before the request; a camera may stand beside the screen.
        straight: Largest change against that which counts as looking straight again.
        narrowest: Least width of a turned head, in widths when it faced the camera: 0.75 is a turn of about 40°. Raising it
            stops pictures that are turned less far, and people who turn their heads quickly and far.
        time_s: Time for all of it. Raising it gives slow readers more time, and attackers.
        frames: How many frames must agree before the request and after it, and `span_s` the time they cover.
        turned_frames: How many frames must show the turn.
    """

    turned: float = 0.13
    facing: float = 0.18
    straight: float = 0.08
    narrowest: float = 0.75
    time_s: float = 8.0
    frames: int = 3
    span_s: float = 0.3
    turned_frames: int = 2


def turn_of(degrees: float) -> float:
    """What `kiosk.domain.frames.head_turn` becomes when a head turns by `degrees`, with YuNet's points.

    The tip of a nose stands about 0.35 eye distances before the eyes.
    """
    return NOSE * math.tan(math.radians(degrees))


@dataclass(frozen=True, slots=True)
class Look:
    """One frame of a track.

    Attributes:
        pose: How the head is held; None where the detector gives no points.
        student_id: Whose face it is closest to, as long as it is not too far for anybody; else None.
        accepted: Whether that is close enough to be accepted in this frame.
    """

    time_s: float
    pose: Pose | None
    student_id: int | None
    accepted: bool


@dataclass(frozen=True, slots=True)
class HeadTurn:
    """The state of one track's head turn; each look makes the next state.

    Attributes:
        direction: What was asked, from `ASKED` on.
        student_id: Who was recognised when it was asked.
        since_s: When the present try began.
        base: The person's pose when facing the camera.
        run: Frames that agree so far in this phase.
    """

    phase: TurnPhase = TurnPhase.RECOGNISING
    direction: TurnDirection | None = None
    student_id: int | None = None
    since_s: float | None = None
    base: Pose = Pose(0.0, 0.9)
    run: tuple[Look, ...] = ()

    @property
    def liveness(self) -> Liveness:
        """What it says of the track."""
        match self.phase:
            case TurnPhase.RECOGNISING:
                return Liveness.PENDING
            case TurnPhase.ASKED | TurnPhase.RETURNING:
                return Liveness.ASKED
            case TurnPhase.SHOWN:
                return Liveness.LIVE
            case TurnPhase.FAILED:
                return Liveness.NOT_SHOWN
            case _:
                assert_never(self.phase)

    @property
    def request(self) -> Request | None:
        """What the person is asked to do now."""
        if self.phase is TurnPhase.RETURNING:
            return Request.LOOK_STRAIGHT
        if self.phase is not TurnPhase.ASKED:
            return None
        return Request.TURN_LEFT if self.direction is TurnDirection.LEFT else Request.TURN_RIGHT

    def after(self, look: Look, rule: HeadTurnRule, side: TurnDirection) -> "HeadTurn":
        """The state after one more look; `side` is asked for when it is time to ask."""
        if self.phase is TurnPhase.FAILED:
            return self
        if self.student_id is not None and look.accepted and look.student_id != self.student_id:
            return self._failed()
        if self.phase is TurnPhase.SHOWN:
            return self
        if self.since_s is not None and look.time_s - self.since_s > rule.time_s:
            return self._failed()
        if self.phase is TurnPhase.RECOGNISING:
            return self._recognising(look, rule, side)
        if self.phase is TurnPhase.ASKED:
            return self._asked(look, rule)
        return self._returning(look, rule)

    def _failed(self) -> "HeadTurn":
        return replace(self, phase=TurnPhase.FAILED, run=())

    def _recognising(self, look: Look, rule: HeadTurnRule, side: TurnDirection) -> "HeadTurn":
        if not look.accepted or look.student_id is None:
            return replace(self, run=())
        since_s = look.time_s if self.since_s is None else self.since_s
        if look.pose is None or abs(look.pose.turn) > rule.facing:
            return replace(self, since_s=since_s, run=())
        same = tuple(one for one in self.run if one.student_id == look.student_id)
        run = (*same, look)
        if not _enough(run, rule):
            return replace(self, since_s=since_s, run=run)
        poses = [one.pose for one in run if one.pose is not None]
        base = Pose(median(pose.turn for pose in poses), median(pose.width for pose in poses))
        return HeadTurn(TurnPhase.ASKED, side, look.student_id, look.time_s, base)

    def _asked(self, look: Look, rule: HeadTurnRule) -> "HeadTurn":
        change = self._change(look)
        if abs(change) < rule.turned or (change > 0 and not self._is_own_head(look, rule)):
            return replace(self, run=())
        run = (*(one for one in self.run if self._change(one) * change > 0), look)
        if len(run) < rule.turned_frames:
            return replace(self, run=run)
        return self._failed() if change < 0 else replace(self, phase=TurnPhase.RETURNING, run=())

    def _change(self, look: Look) -> float:
        """How far the head is turned to the side that was asked for; negative for the other one."""
        if look.pose is None or self.direction is None:
            return 0.0
        return (look.pose.turn - self.base.turn) * self.direction.sign

    def _is_own_head(self, look: Look, rule: HeadTurnRule) -> bool:
        """Whether it is still the same person, and not a picture that became narrow."""
        if look.pose is None or look.student_id != self.student_id:
            return False
        return look.pose.width >= rule.narrowest * self.base.width

    def _returning(self, look: Look, rule: HeadTurnRule) -> "HeadTurn":
        if look.pose is None or abs(look.pose.turn - self.base.turn) > rule.straight or not look.accepted:
            return replace(self, run=())
        run = (*self.run, look)
        if not _enough(run, rule):
            return replace(self, run=run)
        return replace(self, phase=TurnPhase.SHOWN, run=())


def _enough(run: tuple[Look, ...], rule: HeadTurnRule) -> bool:
    return len(run) >= rule.frames and run[-1].time_s - run[0].time_s >= rule.span_s - 5e-4
