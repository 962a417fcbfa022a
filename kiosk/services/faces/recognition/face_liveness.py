"""The liveness gate of one class session: passive scores and head turns of each track; vision thread only.

Passive: a few faces a frame are scored, those that waited longest first. A face that counts as live is looked at less
often, but as long as it is not decided it is looked at. Active: whoever was recognised is asked to turn the head; a turned
head is not scored, because the networks were trained on faces seen from the front. Both together: both must agree.
"""

import secrets
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Final

from kiosk.domain.faces.frames import Box, Frame
from kiosk.domain.faces.head_turn import HeadTurn, HeadTurnRule, Look, Pose, TurnDirection, TurnPhase, pose_of
from kiosk.domain.faces.liveness import LivenessRule, Score, liveness_of
from kiosk.domain.faces.recognition import Liveness, Outcome, Track, Vote
from kiosk.errors import KioskError
from kiosk.services.ports.vision import AttackDetector, LifeSign

MAX_SCORED: Final = 4
"""Faces scored in one frame; a crowd waits its turn (2.8 ms a face on 2 cores)."""

AGAIN_S: Final = 0.2
"""Time after which a face is scored again that counted as live."""

MIN_PX: Final = 60.0
"""Smallest height of a face that is scored: on a smaller one there is too little to see."""

MIN_INSIDE: Final = 0.8
"""Share of a face that must lie inside the picture before it is scored."""

KEPT_SCORES: Final = 301
"""Enough to cover the longest patience that can be set (10 s) at 30 frames a second."""


def random_sides() -> Iterator[TurnDirection]:
    """Sides that nobody can foresee, without end."""
    while True:
        yield secrets.choice(tuple(TurnDirection))


@dataclass(slots=True)
class _Signs:
    scores: deque[Score] = field(default_factory=lambda: deque(maxlen=KEPT_SCORES))
    passive: Liveness = Liveness.PENDING
    scored_s: float = -1.0
    pose: Pose | None = None
    head_turn: HeadTurn = field(default_factory=HeadTurn)


class FaceLiveness:
    """Implements the port `LivenessGate`."""

    def __init__(
        self,
        *,
        attacks: AttackDetector | None,
        passive: LivenessRule,
        active: HeadTurnRule | None,
        sides: Iterator[TurnDirection] | None = None,
        trouble: KioskError | None = None,
    ) -> None:
        """Without `attacks` no face is scored; without `active` nobody is asked to turn the head, else to `sides` in turn."""
        self._attacks = attacks
        self._passive = passive
        self._active = active
        self._sides = sides or random_sides()
        self._trouble = trouble
        self._signs: dict[int, _Signs] = {}

    @property
    def trouble(self) -> KioskError | None:
        return self._trouble

    def look(self, frame: Frame, tracks: Sequence[Track]) -> Mapping[int, Liveness]:
        """Score those that wait, see how heads are held, and say what is known of each track."""
        for track in tracks:
            signs = self._of(track.track_id)
            points = track.detection.landmarks
            signs.pose = pose_of(points) if points is not None else None
        if self._attacks is not None:
            self._score(self._attacks, frame, tracks)
        return {track.track_id: self._said(self._of(track.track_id)) for track in tracks}

    def hear_vote(self, track_id: int, vote: Vote) -> None:
        """Go on with a head turn: who was seen in this frame, and how far the head was turned in it."""
        if self._active is None:
            return
        signs = self._of(track_id)
        seen = vote.match.student_id if vote.match and vote.outcome is not Outcome.UNKNOWN else None
        look = Look(vote.time_s, signs.pose, seen, vote.outcome is Outcome.ACCEPTED)
        before, signs.head_turn = (
            signs.head_turn,
            signs.head_turn.after(look, self._active, next(self._sides)),
        )
        if before.phase is TurnPhase.ASKED and signs.head_turn.phase is TurnPhase.RETURNING:
            # What comes back after the turn must look alive anew, as it must be recognised anew.
            signs.scores.clear()
            signs.passive = Liveness.PENDING

    def sign(self, track_id: int) -> LifeSign:
        """What the person is asked for, and the median of the newest scores."""
        signs = self._signs.get(track_id)
        if signs is None:
            return LifeSign()
        newest = [score.liveness for score in signs.scores][-self._passive.frames :]
        return LifeSign(signs.head_turn.request, median(newest) if newest else None)

    def forget(self, track_id: int) -> None:
        self._signs.pop(track_id, None)

    def _of(self, track_id: int) -> _Signs:
        return self._signs.setdefault(track_id, _Signs())

    def _score(self, attacks: AttackDetector, frame: Frame, tracks: Sequence[Track]) -> None:
        waiting = [track for track in tracks if self._wants_score(frame, track)]
        waiting.sort(key=lambda track: self._of(track.track_id).scored_s)
        chosen = waiting[:MAX_SCORED]
        if not chosen:
            return
        found = attacks.scores(frame.image, [track.detection for track in chosen])
        for track, liveness in zip(chosen, found, strict=True):
            signs = self._of(track.track_id)
            signs.scored_s = frame.time_s
            signs.scores.append(Score(frame.time_s, liveness))
            signs.passive = liveness_of(tuple(signs.scores), self._passive)

    def _wants_score(self, frame: Frame, track: Track) -> bool:
        signs, box = self._of(track.track_id), track.detection.box
        if signs.passive is Liveness.ATTACK:
            return False
        if signs.passive is Liveness.LIVE and frame.time_s - signs.scored_s < AGAIN_S:
            return False
        if self._active is not None and not _faces_camera(signs, self._active):
            return False
        return box.height >= MIN_PX and _inside(frame, box) >= MIN_INSIDE

    def _said(self, signs: _Signs) -> Liveness:
        passive = signs.passive if self._attacks is not None else Liveness.LIVE
        if passive is Liveness.ATTACK or self._active is None:
            return passive
        active = signs.head_turn.liveness
        return passive if active is Liveness.LIVE else active


def _faces_camera(signs: _Signs, rule: HeadTurnRule) -> bool:
    if signs.pose is None:
        return False
    state = signs.head_turn
    if state.phase is TurnPhase.RECOGNISING:
        return abs(signs.pose.turn) <= rule.facing
    return abs(signs.pose.turn - state.base.turn) <= rule.straight


class ClosedGate:
    """Implements the port `LivenessGate` for a class that wants a check which cannot be made: every face must scan.

    To mark faces unchecked would be weaker than what the teacher chose, and nobody would see it.
    """

    def __init__(self, trouble: KioskError) -> None:
        self._trouble = trouble

    @property
    def trouble(self) -> KioskError:
        return self._trouble

    def look(self, frame: Frame, tracks: Sequence[Track]) -> Mapping[int, Liveness]:
        return {track.track_id: Liveness.NOT_SHOWN for track in tracks}

    def hear_vote(self, track_id: int, vote: Vote) -> None:
        """Nothing follows from it."""

    def sign(self, track_id: int) -> LifeSign:
        return LifeSign()

    def forget(self, track_id: int) -> None:
        """Nothing is kept."""


def _inside(frame: Frame, box: Box) -> float:
    """Share of a box that lies in the frame."""
    across = min(float(frame.width), box.x + box.width) - max(0.0, box.x)
    down = min(float(frame.height), box.y + box.height) - max(0.0, box.y)
    return max(0.0, across) * max(0.0, down) / box.area if box.area > 0 else 0.0
