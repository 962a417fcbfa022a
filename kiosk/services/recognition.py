"""One frame's way from detection to decision; runs on the vision thread only.

A track is embedded until it is decided and then costs nothing more. A track that was called unknown or asked to
scan gets another chance only when its face has grown clearly larger: whoever comes nearer is seen better.

Where other parts hook in: `Recognition.judge` says what one search result means in this class, `LivenessGate` whether a
face is a live one, `TrackMemory` keeps what is known of a track, and `TrackDecision` carries what was decided.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from kiosk.domain.frames import Frame
from kiosk.domain.head_turn import Request
from kiosk.domain.people import Student
from kiosk.domain.recognition import (
    Decision,
    Gallery,
    Liveness,
    Match,
    Outcome,
    Thresholds,
    Track,
    VotingRule,
    judge,
)
from kiosk.errors import KioskError
from kiosk.services.ports.vision import Detector, Embedder, LifeSign, LivenessGate, QualityMeter, Tracker
from kiosk.services.track_memory import TrackMemory
from kiosk.services.views import FaceState, FaceView, FrameAnalysis, TrackDecision

MAX_EMBEDDED: Final = 4
"""Embeddings in one frame, so that a crowd cannot stop the picture; the others wait for the next frame."""

MIN_INSIDE: Final = 0.8
"""Share of a face that must lie inside the picture before it may vote."""

MIN_SHARPNESS: Final = 8.0
"""Variance of the Laplacian below which a frame of a face is too blurred to vote."""


@dataclass(frozen=True, slots=True, eq=False)
class Recognition:
    """What a class session is recognised with: its roster's gallery and the thresholds in force."""

    gallery: Gallery
    thresholds: Thresholds
    students: Mapping[int, Student]
    """By student id: everybody in the gallery."""
    second_factor: frozenset[int] = frozenset()
    """Student ids that the face alone may not mark, because another student looks too much like them."""

    def may_name(self, student_id: int) -> bool:
        """Whether the face alone may still be called this student."""
        return student_id not in self.second_factor and student_id in self.gallery.student_ids

    def judge(self, match: Match | None) -> Outcome:
        """What one search result means in this class; None is the answer of an empty gallery."""
        outcome = judge(match, self.thresholds)
        if outcome is Outcome.ACCEPTED and match is not None and match.student_id in self.second_factor:
            return Outcome.AMBIGUOUS
        return outcome


class Recogniser:
    """Follows and names the faces of one source."""

    def __init__(
        self,
        *,
        detector: Detector,
        tracker: Tracker,
        embedder: Embedder,
        quality: QualityMeter,
        recognition: Recognition,
        rule: VotingRule,
        gate: LivenessGate | None = None,
    ) -> None:
        """Start with no tracks; without a `gate` every face counts as live."""
        self._detector = detector
        self._tracker = tracker
        self._embedder = embedder
        self._quality = quality
        self._recognition = recognition
        self._rule = rule
        self._gate = gate
        self._memories: dict[int, TrackMemory] = {}

    @property
    def detector_name(self) -> str:
        """Which detector is at work."""
        return self._detector.name

    @property
    def liveness_trouble(self) -> KioskError | None:
        """Why faces cannot be checked against pictures as the class wants, if they cannot."""
        return self._gate.trouble if self._gate is not None else None

    @property
    def gallery(self) -> Gallery:
        """Who can be recognised."""
        return self._recognition.gallery

    def replace(self, recognition: Recognition) -> None:
        """Use another gallery from the next frame on.

        Decided tracks keep their decision, except those of students whom the face alone may not name any more: they are
        asked to scan.
        """
        self._recognition = recognition
        for memory in self._memories.values():
            memory.take_back(recognition.may_name)

    def process(self, frame: Frame) -> FrameAnalysis:
        """Analyse one frame; frames must come in the order of their times."""
        update = self._tracker.update(frame.time_s, self._detector.detect(frame.image))
        for track_id in update.lost:
            self._forget(track_id)
        memories = {track.track_id: self._memory(track) for track in update.visible}
        chosen = self._choose(frame, update.visible, memories)
        liveness = self._look_for_life(frame, update.visible, memories)
        self._vote(frame, chosen, memories)
        decided = self._settle(frame, update.visible, memories, liveness)
        faces = tuple(
            _view(track, memories[track.track_id], self._sign(track).request) for track in update.visible
        )
        return FrameAnalysis(
            frame.index, frame.time_s, frame.width, frame.height, faces, tuple(decided), len(chosen)
        )

    def _memory(self, track: Track) -> TrackMemory:
        return self._memories.setdefault(track.track_id, TrackMemory())

    def _sign(self, track: Track) -> LifeSign:
        return self._gate.sign(track.track_id) if self._gate is not None else LifeSign()

    def _forget(self, track_id: int) -> None:
        self._memories.pop(track_id, None)
        if self._gate is not None:
            self._gate.forget(track_id)

    def _choose(
        self, frame: Frame, tracks: tuple[Track, ...], memories: Mapping[int, TrackMemory]
    ) -> list[Track]:
        """Tracks that need an embedding and are fit for one, those that waited longest first."""
        waiting = sorted(tracks, key=lambda track: memories[track.track_id].embedded_s)
        chosen: list[Track] = []
        for track in waiting:
            if len(chosen) == MAX_EMBEDDED:
                break
            memory = memories[track.track_id]
            if not memory.wants_look(track):
                continue
            quality = self._quality.measure(frame.image, track.detection)
            if quality.inside < MIN_INSIDE or quality.sharpness < MIN_SHARPNESS:
                continue
            if memory.decision is not None:
                memory.begin_again()
                if self._gate is not None:
                    self._gate.forget(track.track_id)
            chosen.append(track)
        return chosen

    def _look_for_life(
        self, frame: Frame, tracks: tuple[Track, ...], memories: Mapping[int, TrackMemory]
    ) -> Mapping[int, Liveness]:
        open_tracks = [track for track in tracks if not memories[track.track_id].is_final]
        if self._gate is None:
            return {track.track_id: Liveness.LIVE for track in open_tracks}
        return self._gate.look(frame, open_tracks) if open_tracks else {}

    def _vote(self, frame: Frame, chosen: list[Track], memories: Mapping[int, TrackMemory]) -> None:
        if not chosen:
            return
        vectors = self._embedder.embed(frame.image, [track.detection for track in chosen])
        matches = self._recognition.gallery.search_all(vectors)
        for track, vector, match in zip(chosen, vectors, matches, strict=True):
            outcome = self._recognition.judge(match)
            memory = memories[track.track_id]
            memory.vote(frame, track, outcome=outcome, match=match, vector=vector)
            if self._gate is not None:
                self._gate.heed(track.track_id, memory.votes[-1])

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
            memory.decided_px = track.detection.box.height
            memory.student = self._named(decision)
            decided.append(
                TrackDecision(
                    track.track_id,
                    track.detection.box,
                    decision,
                    memory.student,
                    track.first_seen_s,
                    memory.doubt,
                    self._sign(track).liveness,
                )
            )
        return decided

    def _named(self, decision: Decision) -> Student | None:
        if decision.outcome is not Outcome.ACCEPTED or decision.match is None:
            return None
        return self._recognition.students[decision.match.student_id]


def _view(track: Track, memory: TrackMemory, request: Request | None) -> FaceView:
    if memory.decision is None:
        return FaceView(track.track_id, track.detection.box, FaceState.CHECKING, None, request)
    state = {
        Outcome.ACCEPTED: FaceState.RECOGNISED,
        Outcome.UNKNOWN: FaceState.UNKNOWN,
        Outcome.AMBIGUOUS: FaceState.PLEASE_SCAN,
        Outcome.ATTACK_SUSPECTED: FaceState.PLEASE_SCAN,
    }[memory.decision.outcome]
    return FaceView(track.track_id, track.detection.box, state, memory.student)
