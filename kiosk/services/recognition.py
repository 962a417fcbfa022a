"""One frame's way from detection to decision; runs on the vision thread only.

A track is embedded until it is decided and then costs nothing more. A track that was called unknown or asked to
scan gets another chance only when its face has grown clearly larger: whoever comes nearer is seen better.
"""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from kiosk.domain.frames import Frame
from kiosk.domain.people import Student
from kiosk.domain.recognition import (
    Decision,
    Gallery,
    Outcome,
    Thresholds,
    Track,
    Vote,
    VotingRule,
    decide,
    judge,
)
from kiosk.services.ports.vision import Detector, Embedder, QualityMeter, Tracker
from kiosk.services.views import FaceState, FaceView, FrameAnalysis, TrackDecision

MAX_EMBEDDED: Final = 4
"""Embeddings in one frame, so that a crowd cannot stop the picture; the others wait for the next frame."""

SECOND_CHANCE: Final = 1.3
"""How much higher (ratio of face heights) an undecided face must become to be looked at again."""

MIN_INSIDE: Final = 0.8
"""Share of a face that must lie inside the picture before it may vote."""

MIN_SHARPNESS: Final = 8.0
"""Variance of the Laplacian below which a frame of a face is too blurred to vote."""

KEPT_VOTES: Final = 601
"""Enough to cover the longest span that can be set (10 s) at 60 frames a second."""


@dataclass(slots=True)
class _Memory:
    votes: deque[Vote] = field(default_factory=lambda: deque(maxlen=KEPT_VOTES))
    decision: Decision | None = None
    student: Student | None = None
    decided_px: float = 0.0
    embedded_s: float = -1.0


@dataclass(frozen=True, slots=True, eq=False)
class Recognition:
    """What a class session is recognised with: its roster's gallery and the thresholds in force."""

    gallery: Gallery
    thresholds: Thresholds
    students: Mapping[int, Student]
    """By student id: everybody in the gallery."""


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
    ) -> None:
        self._detector = detector
        self._tracker = tracker
        self._embedder = embedder
        self._quality = quality
        self._recognition = recognition
        self._rule = rule
        self._memories: dict[int, _Memory] = {}

    @property
    def detector_name(self) -> str:
        """Which detector is at work."""
        return self._detector.name

    @property
    def gallery(self) -> Gallery:
        """Who can be recognised."""
        return self._recognition.gallery

    def replace(self, recognition: Recognition) -> None:
        """Use another gallery from the next frame on; decided tracks keep their decision."""
        self._recognition = recognition

    def process(self, frame: Frame) -> FrameAnalysis:
        """Analyse one frame; frames must come in the order of their times."""
        update = self._tracker.update(frame.time_s, self._detector.detect(frame.image))
        for track_id in update.lost:
            self._memories.pop(track_id, None)
        memories = {track.track_id: self._memory(track) for track in update.visible}
        chosen = self._choose(frame, update.visible, memories)
        decided = self._examine(frame, chosen, memories)
        faces = tuple(_view(track, memories[track.track_id]) for track in update.visible)
        return FrameAnalysis(
            frame.index, frame.time_s, frame.width, frame.height, faces, tuple(decided), len(chosen)
        )

    def _memory(self, track: Track) -> _Memory:
        return self._memories.setdefault(track.track_id, _Memory())

    def _choose(
        self, frame: Frame, tracks: tuple[Track, ...], memories: Mapping[int, _Memory]
    ) -> list[Track]:
        """Tracks that need an embedding and are fit for one, those that waited longest first."""
        waiting = sorted(tracks, key=lambda track: memories[track.track_id].embedded_s)
        chosen: list[Track] = []
        for track in waiting:
            if len(chosen) == MAX_EMBEDDED:
                break
            memory = memories[track.track_id]
            if not _wants_look(memory, track):
                continue
            quality = self._quality.measure(frame.image, track.detection)
            if quality.inside < MIN_INSIDE or quality.sharpness < MIN_SHARPNESS:
                continue
            if memory.decision is not None:
                memory.decision = None
                memory.votes.clear()
            chosen.append(track)
        return chosen

    def _examine(
        self, frame: Frame, chosen: list[Track], memories: Mapping[int, _Memory]
    ) -> list[TrackDecision]:
        if not chosen:
            return []
        vectors = self._embedder.embed(frame.image, [track.detection for track in chosen])
        decided = []
        for track, vector in zip(chosen, vectors, strict=True):
            memory = memories[track.track_id]
            memory.embedded_s = frame.time_s
            match = self._recognition.gallery.search(vector)
            outcome = judge(match, self._recognition.thresholds)
            memory.votes.append(Vote(frame.time_s, outcome, match))
            memory.decision = decide(tuple(memory.votes), self._rule)
            if memory.decision is not None:
                memory.decided_px = track.detection.box.height
                memory.student = self._named(memory.decision)
                decided.append(
                    TrackDecision(
                        track.track_id,
                        track.detection.box,
                        memory.decision,
                        memory.student,
                        track.first_seen_s,
                    )
                )
        return decided

    def _named(self, decision: Decision) -> Student | None:
        if decision.outcome is not Outcome.ACCEPTED or decision.match is None:
            return None
        return self._recognition.students[decision.match.student_id]


def _view(track: Track, memory: _Memory) -> FaceView:
    if memory.decision is None:
        return FaceView(track.track_id, track.detection.box, FaceState.CHECKING, None)
    state = {
        Outcome.ACCEPTED: FaceState.RECOGNISED,
        Outcome.UNKNOWN: FaceState.UNKNOWN,
        Outcome.AMBIGUOUS: FaceState.PLEASE_SCAN,
        Outcome.ATTACK_SUSPECTED: FaceState.PLEASE_SCAN,
    }[memory.decision.outcome]
    return FaceView(track.track_id, track.detection.box, state, memory.student)


def _wants_look(memory: _Memory, track: Track) -> bool:
    if memory.decision is None:
        return True
    if memory.decision.outcome is Outcome.ACCEPTED:
        return False
    return track.detection.box.height >= memory.decided_px * SECOND_CHANCE
