"""One frame's way from detection to decision; runs on the vision thread only.

A track is embedded until it is decided. After that an accepted one is looked at once a second, and at once when the
tracker doubts it, because somebody else may have taken its place; one that was called unknown or asked to scan gets
another chance when a clearly better picture of it comes (`kiosk.domain.faces.best_frame`), or when the tracker doubts it.

Where a class demands phone and face (`ProofPolicy.verifies_claims`), `expected` says who scanned and is awaited: those and
nobody else can be named. A face is then compared with the whole roster all the same, and whoever is nearer to somebody
else of the roster than to a claim is no match for it: so a classmate in front of the camera does not pass for the one who
scanned, and the margin holds against everybody. That only takes matches away from an identification, it adds none. While
nobody is awaited, no new face is embedded.

Where other parts hook in: `Recognition.judge` says what one search result means in this class, `LivenessGate` whether a
face is a live one, `TrackMemory` keeps what is known of a track, and `TrackDecision` carries what was decided.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Final, Protocol, assert_never

import numpy as np
from numpy.typing import NDArray

from kiosk.domain.faces.best_frame import LookRule
from kiosk.domain.faces.frames import Detection, Frame
from kiosk.domain.faces.recognition import (
    Decision,
    Gallery,
    Liveness,
    Match,
    Outcome,
    Thresholds,
    Track,
    Vote,
    VotingRule,
    judge,
)
from kiosk.domain.faces.samples import is_clear
from kiosk.domain.people.students import Student
from kiosk.errors import KioskError
from kiosk.services.faces.recognition.analysis import FaceState, FaceView, FrameAnalysis, TrackDecision
from kiosk.services.faces.recognition.embedding_budget import EmbeddingBudget, FixedBudget
from kiosk.services.faces.recognition.looks import Look, Looks
from kiosk.services.faces.recognition.track_memory import ClearLook, TrackMemory, cut_out
from kiosk.services.ports.vision import Detector, Embedder, LifeSign, LivenessGate, QualityMeter, Tracker

MAX_FACES: Final = 32
"""Faces followed at once, the highest ones: beyond them it is a wall of photographs, or people far behind the queue."""


@dataclass(frozen=True, slots=True, eq=False)
class Recognition:
    """What a class session is recognised with: its roster's gallery and the thresholds in force."""

    gallery: Gallery
    thresholds: Thresholds
    students: Mapping[int, Student]
    """By student id: everybody in the gallery."""
    second_factor: frozenset[int] = frozenset()
    """Student ids that the face alone may not mark, because another student looks too much like them."""
    learnable: frozenset[int] = frozenset()
    """Student ids of whom the class may keep a picture."""

    @property
    def people(self) -> int:
        """How many can be recognised."""
        return self.gallery.people

    @property
    def templates(self) -> int:
        """How many templates they have."""
        return len(self.gallery.student_ids)

    def nameable(self) -> frozenset[int]:
        """Student ids that the face alone may be called."""
        candidates = self.students.keys() - self.second_factor
        return frozenset(one for one in candidates if self.gallery.holds(one))

    def judge(self, match: Match | None) -> Outcome:
        """What one search result means in this class; None is the answer of an empty gallery."""
        outcome = judge(match, self.thresholds)
        if outcome is Outcome.ACCEPTED and match is not None and match.student_id in self.second_factor:
            return Outcome.AMBIGUOUS
        return outcome

    def may_learn(self, match: Match) -> bool:
        """Whether a face that was accepted is so surely its student's that its picture may be kept."""
        return match.student_id in self.learnable and is_clear(match, self.thresholds)


class ExpectedFaces(Protocol):
    """Students who scanned in a class that verifies claims by the camera. Any thread."""

    def expected(self) -> frozenset[int]:
        """Student ids whom the camera may name now."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What a frame is looked at with."""

    detector: Detector
    tracker: Tracker
    embedder: Embedder
    quality: QualityMeter


class Recogniser:
    """Follows and names the faces of one source."""

    def __init__(
        self,
        *,
        sight: Sight,
        recognition: Recognition,
        rule: VotingRule,
        gate: LivenessGate | None = None,
        look: LookRule | None = None,
        budget: EmbeddingBudget | None = None,
        expected: ExpectedFaces | None = None,
    ) -> None:
        """Start with no tracks.

        Without a `gate` every face counts as live; without a `budget` each frame may embed the same number of faces, so
        that the result does not depend on the PC. `expected` is asked for each frame which student ids are awaited;
        without it everybody in the gallery can be named.
        """
        self._sight = sight
        self._budget = budget or FixedBudget()
        self._looks = Looks(
            quality=sight.quality, rule=look or LookRule(), budget=self._budget, every_s=rule.look_every_s
        )
        self._recognition = recognition
        self._rule = rule
        self._gate = gate
        self._expecting = expected
        self._expected: frozenset[int] = frozenset()
        self._memories: dict[int, TrackMemory] = {}

    @property
    def detector_name(self) -> str:
        return self._sight.detector.name

    @property
    def liveness_trouble(self) -> KioskError | None:
        """Why faces cannot be checked against pictures as the class wants, if they cannot."""
        return self._gate.trouble if self._gate is not None else None

    @property
    def recognition(self) -> Recognition:
        """What the class is recognised with now."""
        return self._recognition

    @property
    def gallery(self) -> Gallery:
        return self._recognition.gallery

    def replace(self, recognition: Recognition) -> None:
        """Use another gallery from the next frame on.

        Decided tracks keep their decision, except those of students whom the face alone may not name any more: they are
        asked to scan.
        """
        self._recognition = recognition
        nameable = recognition.nameable()
        for memory in self._memories.values():
            memory.take_back(nameable)

    def look_anew(self) -> None:
        """Decide on everybody who has a name once more, as if they came this moment; pictures stay refused.

        Where claims are verified, who scans again is looked at anew by that.
        """
        if self._verifies:
            return
        for track_id, memory in self._memories.items():
            if memory.is_accepted:
                memory.begin_again(quietly=True)
                if self._gate is not None:
                    self._gate.forget(track_id)

    def process(self, frame: Frame) -> FrameAnalysis:
        """Analyse one frame; frames must come in the order of their times."""
        update = self._sight.tracker.update(frame.time_s, self._find(frame))
        for track_id in update.lost:
            self._forget(track_id)
        memories = {track.track_id: self._memory(track) for track in update.visible}
        decided: list[TrackDecision] = []
        looks: list[Look] = []
        clear: tuple[ClearLook, ...] = ()
        self._follow_claims()
        if self._knows_anybody:
            for track in update.visible:
                self._note_switch(track, memories[track.track_id])
            tracks = tuple(one for one in update.visible if self._concerns(memories[one.track_id]))
            asked = {track.track_id for track in tracks if self._sign(track).request is not None}
            looks = self._looks.choose(frame, tracks, memories, asked)
            self._reopen(looks, memories)
            liveness = self._look_for_life(frame, tracks, memories)
            matches = self._vote(frame, looks, memories)
            decided = self._settle(frame, tracks, memories, liveness)
            clear = self._clear(frame, looks, matches, memories)
        faces = tuple(self._view(track, memories[track.track_id]) for track in update.visible)
        return FrameAnalysis(
            frame.index, frame.time_s, frame.width, frame.height, faces, tuple(decided), len(looks), clear
        )

    def _find(self, frame: Frame) -> list[Detection]:
        return _nearest(self._sight.detector.detect(frame.image))

    def _memory(self, track: Track) -> TrackMemory:
        return self._memories.setdefault(track.track_id, TrackMemory())

    def _sign(self, track: Track) -> LifeSign:
        return self._gate.sign(track.track_id) if self._gate is not None else LifeSign()

    def _forget(self, track_id: int) -> None:
        self._memories.pop(track_id, None)
        if self._gate is not None:
            self._gate.forget(track_id)

    @property
    def _knows_anybody(self) -> bool:
        return self.gallery.people > 0

    @property
    def _verifies(self) -> bool:
        return self._expecting is not None

    def _concerns(self, memory: TrackMemory) -> bool:
        """Whether looking at a face can matter: while nobody is awaited only at those who have a name."""
        return not self._verifies or bool(self._expected) or memory.is_accepted

    def _follow_claims(self) -> None:
        """Take in who is awaited now; whoever is in the picture may have scanned this moment and is looked at anew."""
        if self._expecting is None:
            return
        expected = self._expecting.expected()
        new, self._expected = expected - self._expected, expected
        if not new:
            return
        for track_id, memory in self._memories.items():
            if memory.decision is None or (memory.is_final and not memory.is_accepted):
                continue
            if memory.student is not None and memory.student.student_id not in new:
                continue
            memory.begin_again(quietly=True)
            if self._gate is not None:
                self._gate.forget(track_id)

    def _said(self, memory: TrackMemory, match: Match | None) -> tuple[Outcome, Match | None]:
        """What a search says of a face; whoever is not awaited is nobody here, and no guess at them is kept."""
        if self._verifies and match is not None and match.student_id not in self._expected:
            named = memory.student.student_id if memory.student is not None else None
            if match.student_id != named:
                return Outcome.UNKNOWN, None
        return self._recognition.judge(match), match

    def _note_switch(self, track: Track, memory: TrackMemory) -> None:
        """Note that somebody else may have this track now; an attack's successor is judged from the start."""
        if not track.may_be_switched:
            return
        memory.may_be_switched = True
        if memory.is_final and not memory.is_accepted:
            self._begin_again(track, memory)

    def _reopen(self, looks: list[Look], memories: Mapping[int, TrackMemory]) -> None:
        for look in looks:
            memory = memories[look.track.track_id]
            if memory.decision is not None and not memory.is_accepted:
                self._begin_again(look.track, memory)

    def _begin_again(self, track: Track, memory: TrackMemory) -> None:
        memory.begin_again()
        if self._gate is not None:
            self._gate.forget(track.track_id)

    def _look_for_life(
        self, frame: Frame, tracks: tuple[Track, ...], memories: Mapping[int, TrackMemory]
    ) -> Mapping[int, Liveness]:
        open_tracks = [track for track in tracks if not memories[track.track_id].is_final]
        if self._gate is None:
            return {track.track_id: Liveness.LIVE for track in open_tracks}
        return self._gate.look(frame, open_tracks) if open_tracks else {}

    def _vote(
        self, frame: Frame, looks: list[Look], memories: Mapping[int, TrackMemory]
    ) -> list[Match | None]:
        """Note what this frame says of each look; returns whom the search found, in their order."""
        if not looks:
            return []
        began_s = self._budget.now()
        vectors = self._sight.embedder.embed(frame.image, [look.track.detection for look in looks])
        self._budget.spent(len(looks), self._budget.now() - began_s)
        matches = self._search(vectors)
        for look, vector, found in zip(looks, vectors, matches, strict=True):
            track, memory = look.track, memories[look.track.track_id]
            outcome, match = self._said(memory, found)
            vote = Vote(frame.time_s, outcome, match, self.gallery.model.weight_of(vector))
            if memory.is_accepted:
                self._check(track, memory, vote)
                continue
            memory.vote(frame, track, vote, vector=vector, fitness=look.fitness)
            if self._gate is not None:
                self._gate.hear_vote(track.track_id, memory.votes[-1])
        return matches

    def _search(self, vectors: NDArray[np.float32]) -> list[Match | None]:
        return self._recognition.gallery.search_all(vectors)

    def _clear(
        self,
        frame: Frame,
        looks: list[Look],
        matches: list[Match | None],
        memories: Mapping[int, TrackMemory],
    ) -> tuple[ClearLook, ...]:
        """Looks at faces that have their name by now, are as surely theirs in this frame, and may be learned from."""
        found = []
        for look, match in zip(looks, matches, strict=True):
            student = memories[look.track.track_id].student
            if match is None or student is None or student.student_id != match.student_id:
                continue
            if self._recognition.may_learn(match):
                image = cut_out(frame, look.track.detection)[0]
                found.append(ClearLook(match.student_id, look.fitness, image, frame.time_s))
        return tuple(found)

    def _check(self, track: Track, memory: TrackMemory, vote: Vote) -> None:
        """Look at an accepted face: whoever it is now must be alive, too."""
        if memory.check(vote, self._rule, self._recognition.thresholds.reject) and self._gate is not None:
            self._gate.forget(track.track_id)

    def _settle(
        self,
        frame: Frame,
        tracks: tuple[Track, ...],
        memories: Mapping[int, TrackMemory],
        liveness: Mapping[int, Liveness],
    ) -> list[TrackDecision]:
        """Decide whoever has a new vote, and whoever turned out to be an attack."""
        decided = []
        for track in tracks:
            memory, life = memories[track.track_id], liveness.get(track.track_id, Liveness.PENDING)
            if memory.is_final or (memory.embedded_s != frame.time_s and life is not Liveness.ATTACK):
                continue
            decision = memory.settle(frame.time_s, self._rule, life)
            if decision is None:
                continue
            memory.student = self._named(decision)
            if memory.said is decision.outcome and memory.student is None:
                continue
            if self._verifies and decision.outcome is Outcome.UNKNOWN:
                continue  # who did not scan is no news
            decided.append(
                TrackDecision(
                    track.track_id,
                    track.detection.box,
                    decision,
                    memory.student,
                    track.first_seen_s,
                    memory.closest_look,
                    self._sign(track).liveness,
                )
            )
        return decided

    def _named(self, decision: Decision) -> Student | None:
        if decision.outcome is not Outcome.ACCEPTED or decision.match is None:
            return None
        return self._recognition.students[decision.match.student_id]

    def _view(self, track: Track, memory: TrackMemory) -> FaceView:
        box, decision = track.detection.box, memory.decision
        unclaimed = decision is None or decision.outcome is Outcome.UNKNOWN
        if self._verifies and unclaimed and (decision is not None or not self._expected):
            return FaceView(track.track_id, box, FaceState.PLEASE_SCAN, None)
        if decision is not None:
            return FaceView(track.track_id, box, _state(decision.outcome), memory.student)
        if not self._knows_anybody:
            return FaceView(track.track_id, box, FaceState.PLEASE_SCAN, None)
        return FaceView(track.track_id, box, FaceState.CHECKING, None, self._sign(track).request)


def _state(outcome: Outcome) -> FaceState:
    match outcome:
        case Outcome.ACCEPTED:
            return FaceState.RECOGNISED
        case Outcome.UNKNOWN:
            return FaceState.UNKNOWN
        case Outcome.AMBIGUOUS | Outcome.ATTACK_SUSPECTED:
            return FaceState.PLEASE_SCAN
        case _:
            assert_never(outcome)


def _nearest(faces: list[Detection]) -> list[Detection]:
    """All faces, or the highest ones of too many."""
    if len(faces) <= MAX_FACES:
        return faces
    return sorted(faces, key=attrgetter("box.height"), reverse=True)[:MAX_FACES]
