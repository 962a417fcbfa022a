"""What is remembered of one track from frame to frame; vision thread only, in memory only.

`Recogniser` keeps one `TrackMemory` for each visible track and drops it with the track. What a new part wants to remember
of a track is a field here; what it wants to say about one is an argument of `settle`.
"""

from collections import deque
from collections.abc import Container
from dataclasses import dataclass, field, replace
from typing import Final, assert_never

from kiosk.domain.faces.frames import BgrImage, Detection, Frame, Vector, reduced, surroundings
from kiosk.domain.faces.recognition import (
    Decision,
    Liveness,
    Match,
    Outcome,
    Track,
    Vote,
    VotingRule,
    decide,
    weight_of,
)
from kiosk.domain.people.students import Student

KEPT_VOTES: Final = 601
"""Enough to cover the longest span that can be set (10 s) at 60 frames a second."""

PICTURE_MARGIN: Final = 0.6
"""Surroundings kept around a face, in face sizes on each side: as with an enrolled sample, so that it can become one."""

PICTURE_PX: Final = 400.0
"""A face higher than this is kept smaller, so that a wall of them in a 4K stream fits into memory."""

CHECK_S: Final = 1.0
"""An accepted face is embedded again after this time: nothing but a look tells whether another person took its place."""

LOOK_AGAIN_S: Final = 0.1
"""How often it is measured whether an undecided face has become clearly better to see."""

_TICK_S: Final = 5e-4
"""Tolerance for times that are sums of 1/30."""


@dataclass(frozen=True, slots=True, eq=False)
class ClosestLook:
    """The best look at a face that was not named: for a teacher who knows who it is. Never stored by recognition.

    Attributes:
        match: The candidate and how far it was; a guess, which no screen in front of the class may show.
        image: A copy of the face with `PICTURE_MARGIN` around it, as far as the frame reached; BGR.
        detection: The face in `image`'s own pixels.
        vector: Its embedding with the model in use.
        time_s: Capture time of that frame.
    """

    match: Match
    image: BgrImage
    detection: Detection
    vector: Vector
    time_s: float


@dataclass(frozen=True, slots=True, eq=False)
class ClearLook:
    """A look at a named face from which its student's templates may learn. Never stored by recognition.

    Attributes:
        student_id: Whose face it is.
        fitness: `kiosk.domain.faces.best_frame.live_fitness` of the frame.
        image: A copy of the face with `PICTURE_MARGIN` around it, as far as the frame reached; BGR.
        time_s: Capture time of that frame.
    """

    student_id: int
    fitness: float
    image: BgrImage
    time_s: float


@dataclass(slots=True)
class TrackMemory:
    """Votes and decision of one track.

    Attributes:
        votes: What its frames said, oldest first.
        decision: What was decided, None while it is undecided.
        student: Who it is, for accepted tracks only.
        fitness: Of the fittest frame that voted (`kiosk.domain.best_frame.live_fitness`).
        measured_s: When its quality was last measured; -1 for never.
        embedded_s: When it was last embedded; -1 for never.
        may_be_switched: Whether another person may have taken it over since it was last embedded.
        contrary: Newest votes of an accepted track, without a break, that say it is somebody else.
        said: What was said of it before it was looked at anew for being may_be_switched: not worth saying twice.
        closest_look: The closest look at whoever is not accepted yet.
    """

    votes: deque[Vote] = field(default_factory=lambda: deque(maxlen=KEPT_VOTES))
    decision: Decision | None = None
    student: Student | None = None
    fitness: float = 0.0
    measured_s: float = -1.0
    embedded_s: float = -1.0
    may_be_switched: bool = False
    contrary: deque[Vote] = field(default_factory=lambda: deque(maxlen=KEPT_VOTES))
    said: Outcome | None = None
    closest_look: ClosestLook | None = None

    @property
    def is_final(self) -> bool:
        """Whether nothing but another person in its place can change the decision."""
        return self.is_accepted or self._is(Outcome.ATTACK_SUSPECTED)

    @property
    def is_accepted(self) -> bool:
        """Whether it has a name."""
        return self._is(Outcome.ACCEPTED)

    def _is(self, outcome: Outcome) -> bool:
        return self.decision is not None and self.decision.outcome is outcome

    def wants_look(self, time_s: float, every_s: float) -> bool:
        """Whether another embedding could change what is known; an undecided face is looked at each `every_s`."""
        if self.may_be_switched:
            return True
        if self.decision is None:
            return time_s - self.embedded_s >= every_s - _TICK_S
        if self.is_accepted:
            return bool(self.contrary) or time_s - self.embedded_s >= CHECK_S - _TICK_S
        return not self.is_final and time_s - self.measured_s >= LOOK_AGAIN_S - _TICK_S

    def deserves_look(self, fitness: float, better: float) -> bool:
        """Whether a frame that is `fitness` fit is good enough: any for most, a clearly better one for the undecided."""
        if self.decision is None or self.may_be_switched or self.is_accepted:
            return True
        # Half a thousandth of tolerance: 1.3 times a float is hardly ever reached exactly.
        return fitness >= self.fitness * better * 0.9995

    def begin_again(self, *, quietly: bool = False) -> None:
        """Forget a verdict and the votes behind it: a better look has come, or perhaps another person.

        `quietly`: The same verdict is not worth saying twice.
        """
        known = self.decision is not None and (self.may_be_switched or quietly)
        self.said = self.decision.outcome if self.decision is not None and known else None
        self.decision = None
        self.student = None
        self.votes.clear()
        self.contrary.clear()
        self.closest_look = None
        self.may_be_switched = False

    def check(self, vote: Vote, rule: VotingRule, reject: float) -> bool:
        """Compare a look at an accepted face with its name; True when it has become another person's track.

        It takes as much to lose a name as to get one: `rule.frames` looks in a row over `rule.span_s`. They are then the
        first votes about whoever it is now.
        """
        match, named = vote.match, self.decision.match if self.decision is not None else None
        self.embedded_s, self.may_be_switched = vote.time_s, False
        if match and named and match.student_id == named.student_id and match.distance <= reject:
            self.contrary.clear()
            return False
        self.contrary.append(vote)
        since_s = vote.time_s - self.contrary[0].time_s
        if weight_of(self.contrary) < rule.frames or since_s < rule.span_s - _TICK_S:
            return False
        votes = tuple(self.contrary)
        self.begin_again()
        self.fitness = 0.0
        self.votes.extend(votes)
        return True

    def take_back(self, nameable: Container[int]) -> None:
        """Unsay every name that may not be said any more; a track that was called by it is asked to scan."""
        if self.student is not None and self.decision is not None and self.student.student_id not in nameable:
            self.decision = replace(self.decision, outcome=Outcome.AMBIGUOUS)
            self.student = None
            self.votes.clear()
            self.contrary.clear()
        elif any(
            vote.outcome is Outcome.ACCEPTED and vote.match and vote.match.student_id not in nameable
            for vote in self.votes
        ):
            self.votes.clear()

    def vote(
        self,
        frame: Frame,
        track: Track,
        vote: Vote,
        *,
        vector: Vector,
        fitness: float,
    ) -> None:
        """Note what one frame says."""
        self.embedded_s, self.may_be_switched = vote.time_s, False
        self.fitness = max(self.fitness, fitness)
        self.votes.append(vote)
        if vote.outcome is Outcome.UNKNOWN or vote.match is None:
            return
        if self.closest_look is None or vote.match.distance < self.closest_look.match.distance:
            self.closest_look = _closest_look(frame, track.detection, vote.match, vector)

    def settle(self, time_s: float, rule: VotingRule, liveness: Liveness) -> Decision | None:
        """Combine the votes with what is known of liveness; None while it is too early to say."""
        decision = self._combined(time_s, rule, liveness)
        if decision is not None and decision.outcome is not Outcome.AMBIGUOUS:
            self.closest_look = None
        self.decision = decision
        return decision

    def _combined(self, time_s: float, rule: VotingRule, liveness: Liveness) -> Decision | None:
        if liveness is Liveness.ATTACK:
            return Decision(Outcome.ATTACK_SUSPECTED, None, time_s, len(self.votes))
        if liveness is Liveness.ASKED:
            return None  # a turned head is hard to recognise; nobody is sent away for doing what was asked
        decision = decide(tuple(self.votes), rule)
        if decision is None or decision.outcome is not Outcome.ACCEPTED:
            return decision
        match liveness:
            case Liveness.LIVE:
                return decision
            case Liveness.PENDING:
                return None
            case Liveness.NOT_SHOWN:
                return Decision(Outcome.AMBIGUOUS, decision.match, decision.decided_s, decision.votes)
            case _:
                assert_never(liveness)


def _closest_look(frame: Frame, face: Detection, match: Match, vector: Vector) -> ClosestLook:
    image, moved = cut_out(frame, face)
    return ClosestLook(match, image, moved, vector, frame.time_s)


def cut_out(frame: Frame, face: Detection) -> tuple[BgrImage, Detection]:
    """A copy of a face with `PICTURE_MARGIN` around it, at most `PICTURE_PX` high, and where it is in there."""
    image, left, top = surroundings(frame.image, face.box, PICTURE_MARGIN)
    points = None if face.landmarks is None else face.landmarks - (left, top)
    moved = Detection(face.box.moved(-left, -top), face.score, points)
    times = int(face.box.height // PICTURE_PX) + 1
    if times > 1:
        image = reduced(image, times)
        points = None if points is None else ((points + 0.5) / times - 0.5).astype(points.dtype)
        moved = Detection(moved.box.scaled(1 / times), face.score, points)
    return image, moved
