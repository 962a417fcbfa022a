"""A scripted scene for the recogniser: who is in view, what the tracker and the liveness gate say of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from kiosk.domain.faces.face_quality import Quality
from kiosk.domain.faces.frames import BgrImage, Box, Detection, Frame
from kiosk.domain.faces.recognition import (
    Gallery,
    Liveness,
    ModelInfo,
    Outcome,
    Template,
    Thresholds,
    Track,
    Vote,
    VotingRule,
)
from kiosk.domain.people.students import Student
from kiosk.errors import KioskError
from kiosk.services.faces.recognition.analysis import FrameAnalysis
from kiosk.services.faces.recognition.embedding_budget import EmbeddingBudget
from kiosk.services.faces.recognition.recogniser import ExpectedFaces, Recogniser, Recognition, Sight
from kiosk.services.ports.vision import LifeSign, TrackUpdate
from tests.fakes.vision.recognition import MODEL, vector_of

STRANGER = 7
FPS = 10.0
GOOD = Quality(100.0, 50.0, 120.0, 1.0)
IMAGE: BgrImage = np.zeros((4, 4, 3), np.uint8)


@dataclass(frozen=True)
class Face:
    """Somebody in view; the box's x says who, so that the embedder knows."""

    track_id: int
    person: int
    height: float = 100.0
    quality: Quality = GOOD
    may_be_switched: bool = False

    @property
    def detection(self) -> Detection:
        return Detection(Box(self.person, 0, self.height, self.height), 1.0)


@dataclass
class Scene:
    """Detector, tracker, embedder and quality meter of a scripted scene."""

    faces: Sequence[Face] = ()
    name: str = "scene"
    info = MODEL
    embedded: list[int] = field(default_factory=list)
    measured: int = 0
    detections: dict[int, Face] = field(default_factory=dict)
    seen: dict[int, float] = field(default_factory=dict)
    stretch: float = 1.0
    """Of embeddings."""

    def detect(self, image: BgrImage) -> list[Detection]:
        found = [(face, face.detection) for face in self.faces]
        self.detections = {id(detection): face for face, detection in found}
        return [detection for _, detection in found]

    def update(self, time_s: float, detections: Sequence[Detection]) -> TrackUpdate:
        visible = {self.detections[id(one)].track_id: one for one in detections}
        lost = tuple(track_id for track_id in self.seen if track_id not in visible)
        self.seen = {track_id: self.seen.get(track_id, time_s) for track_id in visible}
        tracks = [
            Track(number, one, self.seen[number], may_be_switched=self.detections[id(one)].may_be_switched)
            for number, one in visible.items()
        ]
        return TrackUpdate(tuple(tracks), lost)

    def embed(self, image: BgrImage, faces: Sequence[Detection]) -> NDArray[np.float32]:
        people = [int(face.box.x) for face in faces]
        self.embedded.extend(people)
        # Person 60 is between 1 and the others: near enough to 1 to be ambiguous.
        found = [ambiguous() if person == 60 else vector_of(person % MODEL.dimensions) for person in people]
        return self.stretch * np.array(found, np.float32)

    def measure(self, image: BgrImage, face: Detection) -> Quality:
        self.measured += 1
        seen = self.detections[id(face)]
        return replace(seen.quality, face_px=seen.height)


def ambiguous() -> NDArray[np.float32]:
    vector = vector_of(1)
    vector[2] = 0.55
    return vector


def recognition(
    *people: int, second_factor: frozenset[int] = frozenset(), model: ModelInfo = MODEL
) -> Recognition:
    students = {person: Student(person, f"S{person}", f"Student {person}") for person in people}
    templates = [Template(person, person, model.name, vector_of(person), 1.0) for person in people]
    return Recognition(Gallery.of(model, templates), Thresholds(0.5, 0.6, 0.05), students, second_factor)


@dataclass
class Gate:
    """A liveness gate that says what it is told to."""

    says: dict[int, Liveness] = field(default_factory=dict)
    looked_at: list[tuple[int, ...]] = field(default_factory=list)
    forgotten: list[int] = field(default_factory=list)
    noted: list[tuple[int, Outcome]] = field(default_factory=list)
    signs: dict[int, LifeSign] = field(default_factory=dict)
    trouble: KioskError | None = None

    def look(self, frame: Frame, tracks: Sequence[Track]) -> Mapping[int, Liveness]:
        self.looked_at.append(tuple(track.track_id for track in tracks))
        return self.says

    def hear_vote(self, track_id: int, vote: Vote) -> None:
        self.noted.append((track_id, vote.outcome))

    def sign(self, track_id: int) -> LifeSign:
        return self.signs.get(track_id, LifeSign())

    def forget(self, track_id: int) -> None:
        self.forgotten.append(track_id)


class Room:
    """Runs a scene frame by frame."""

    def __init__(
        self,
        *known: int,
        rule: VotingRule | None = None,
        fps: float = FPS,
        second_factor: frozenset[int] = frozenset(),
        gate: Gate | None = None,
        budget: EmbeddingBudget | None = None,
        expected: ExpectedFaces | None = None,
        model: ModelInfo = MODEL,
    ) -> None:
        self.scene = Scene()
        self.fps = fps
        self.index = 0
        self.recogniser = Recogniser(
            sight=Sight(self.scene, self.scene, self.scene, self.scene),
            recognition=recognition(*known, second_factor=second_factor, model=model),
            rule=rule or VotingRule(),
            gate=gate,
            budget=budget,
            expected=expected,
        )

    def show(self, *faces: Face, frames: int = 1) -> list[FrameAnalysis]:
        self.scene.faces = faces
        analyses = []
        for _ in range(frames):
            analyses.append(self.recogniser.process(Frame(IMAGE, self.index / self.fps, self.index)))
            self.index += 1
        return analyses


def outcomes(analyses: list[FrameAnalysis]) -> list[Outcome]:
    return [track.decision.outcome for analysis in analyses for track in analysis.decided]
