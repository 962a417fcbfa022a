"""What is remembered of one track from frame to frame; vision thread only, in memory only.

`Recogniser` keeps one `TrackMemory` for each visible track and drops it with the track. What a new part wants to remember
of a track is a field here; what it wants to say about one is an argument of `settle`.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final

from kiosk.domain.frames import BgrImage, Detection, Frame, Vector, surroundings
from kiosk.domain.people import Student
from kiosk.domain.recognition import (
    Decision,
    Liveness,
    Match,
    Outcome,
    Track,
    Vote,
    VotingRule,
    decide,
)

KEPT_VOTES: Final = 601
"""Enough to cover the longest span that can be set (10 s) at 60 frames a second."""

DOUBT_MARGIN: Final = 0.6
"""Surroundings kept around a doubtful face, in face sizes on each side: as with an enrolled sample, so that it can
become one."""

SECOND_CHANCE: Final = 1.3
"""How much higher (ratio of face heights) an undecided face must become to be looked at again."""


@dataclass(frozen=True, slots=True, eq=False)
class Doubt:
    """The best look at a face that was not named: for a teacher who knows who it is. Never stored by recognition.

    Attributes:
        match: The candidate and how far it was; a guess, which no screen in front of the class may show.
        image: A copy of the face with `DOUBT_MARGIN` around it, as far as the frame reached; BGR.
        detection: The face in `image`'s own pixels.
        vector: Its embedding with the model in use.
        time_s: Capture time of that frame.
    """

    match: Match
    image: BgrImage
    detection: Detection
    vector: Vector
    time_s: float


@dataclass(slots=True)
class TrackMemory:
    """Votes and decision of one track.

    Attributes:
        votes: What its frames said, oldest first.
        decision: What was decided, None while it is undecided.
        student: Who it is, for accepted tracks only.
        decided_px: Height of the face when it was decided.
        embedded_s: When it was last embedded; -1 for never.
        doubt: The closest look at whoever is not accepted yet.
    """

    votes: deque[Vote] = field(default_factory=lambda: deque(maxlen=KEPT_VOTES))
    decision: Decision | None = None
    student: Student | None = None
    decided_px: float = 0.0
    embedded_s: float = -1.0
    doubt: Doubt | None = None

    @property
    def is_final(self) -> bool:
        """Whether nothing can change the decision as long as the track lives."""
        return self.decision is not None and self.decision.outcome in {
            Outcome.ACCEPTED,
            Outcome.ATTACK_SUSPECTED,
        }

    def wants_look(self, track: Track) -> bool:
        """Whether another embedding could change what is known."""
        if self.decision is None:
            return True
        return not self.is_final and track.detection.box.height >= self.decided_px * SECOND_CHANCE

    def begin_again(self) -> None:
        """Forget an undecided verdict and the votes behind it: a better look has come."""
        self.decision = None
        self.student = None
        self.votes.clear()
        self.doubt = None

    def take_back(self, may_name: Callable[[int], bool]) -> None:
        """Unsay every name that may not be said any more; a track that was called by it is asked to scan."""
        if self.student is not None and self.decision is not None and not may_name(self.student.student_id):
            self.decision = replace(self.decision, outcome=Outcome.AMBIGUOUS)
            self.student = None
            self.votes.clear()
        elif any(
            vote.outcome is Outcome.ACCEPTED and vote.match and not may_name(vote.match.student_id)
            for vote in self.votes
        ):
            self.votes.clear()

    def vote(
        self, frame: Frame, track: Track, *, outcome: Outcome, match: Match | None, vector: Vector
    ) -> None:
        """Note what one frame says."""
        self.embedded_s = frame.time_s
        self.votes.append(Vote(frame.time_s, outcome, match))
        if outcome is Outcome.UNKNOWN or match is None:
            return
        if self.doubt is None or match.distance < self.doubt.match.distance:
            self.doubt = _doubt(frame, track.detection, match, vector)

    def settle(self, time_s: float, rule: VotingRule, liveness: Liveness) -> Decision | None:
        """Combine the votes with what is known of liveness; None while it is too early to say."""
        decision = self._combined(time_s, rule, liveness)
        if decision is not None and decision.outcome is not Outcome.AMBIGUOUS:
            self.doubt = None
        self.decision = decision
        return decision

    def _combined(self, time_s: float, rule: VotingRule, liveness: Liveness) -> Decision | None:
        if liveness is Liveness.ATTACK:
            return Decision(Outcome.ATTACK_SUSPECTED, None, time_s, len(self.votes))
        if liveness is Liveness.ASKED:
            return (
                None  # a turned head is hard to recognise, and nobody is sent away for doing what was asked
            )
        decision = decide(tuple(self.votes), rule)
        if decision is None or decision.outcome is not Outcome.ACCEPTED or liveness is Liveness.LIVE:
            return decision
        if liveness is Liveness.PENDING:
            return None
        return Decision(Outcome.AMBIGUOUS, decision.match, decision.decided_s, decision.votes)


def _doubt(frame: Frame, face: Detection, match: Match, vector: Vector) -> Doubt:
    image, left, top = surroundings(frame.image, face.box, DOUBT_MARGIN)
    points = None if face.landmarks is None else face.landmarks - (left, top)
    moved = Detection(face.box.moved(-left, -top), face.score, points)
    return Doubt(match, image, moved, vector, frame.time_s)
