"""People who read the screen and turn their heads, or do not, before the real detector, tracker, networks and rules.

They are drawn, and answer what recognition asks for in the frame before: nobody knows the side in advance, the test neither.
"""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest

from kiosk.demo.cast import enrolment_pictures, walking_pose
from kiosk.demo.drawing import EYES, draw
from kiosk.demo.people import DrawnPerson
from kiosk.demo.pool import pool
from kiosk.domain.attendance.choices import LivenessMode
from kiosk.domain.faces.frames import BgrImage, Frame
from kiosk.domain.faces.head_turn import Request
from kiosk.domain.faces.recognition import Gallery, Outcome, Template, Thresholds, VotingRule
from kiosk.domain.people.students import Student
from kiosk.services.faces.recognition.analysis import FrameAnalysis
from kiosk.services.faces.recognition.recogniser import Recogniser, Recognition, Sight
from kiosk.settings import LivenessSettings
from kiosk.vision.detection.tracker import IouTracker
from kiosk.vision.embedding.dlib_resnet import DlibResNetEmbedder
from kiosk.vision.factory import build_builtin_embedder, build_detector, build_quality_meter
from kiosk.vision.liveness.gates import build_liveness_gate
from kiosk.vision.models.manifest import read_manifest
from tests.fakes.faces.rendered_video import FRONTAL, Actor, At, Figure, frames
from tests.fakes.faces.turned_print import turned_print

FPS = 15
ANNA, BEN = pool()[1], pool()[3]
FARTHEST = 30.0
"""Degrees to which a head is turned, in steps of 10 a frame, 150 a second: as fast as people turn."""
STEP = 10.0

Show = Callable[[float], BgrImage]
"""A picture of somebody turned by degrees, positive to the own left."""


@pytest.fixture(scope="module")
def embedder(models_dir: Path) -> DlibResNetEmbedder:
    return build_builtin_embedder(models_dir)


@pytest.fixture(scope="module")
def recognition(shared_dir: Path, embedder: DlibResNetEmbedder) -> Recognition:
    """Anna (1) and Ben (2), enrolled; thresholds as a calibration of drawn people gives them."""
    detector = build_detector(shared_dir / "models", reach="far").detector
    templates: list[Template] = []
    for student_id, person in ((1, ANNA), (2, BEN)):
        for picture in enrolment_pictures(person):
            (vector,) = embedder.embed(picture, detector.detect(picture)[:1])
            templates.append(Template(len(templates) + 1, student_id, embedder.info.name, vector, 1.0))
    students = {1: Student(1, "S1", "Anna"), 2: Student(2, "S2", "Ben")}
    return Recognition(Gallery.of(embedder.info, templates), Thresholds(0.36, 0.44, 0.03), students)


@pytest.fixture(scope="module")
def anna() -> Show:
    return head_of(ANNA)


def head_of(person: DrawnPerson) -> Show:
    """A drawn head before a room, in steps of a few degrees."""
    drawn: dict[float, BgrImage] = {}

    def show(degrees: float) -> BgrImage:
        if degrees not in drawn:
            pose = replace(walking_pose(person, FRONTAL), yaw=degrees)
            actor = Actor(Figure(draw(person, pose), EYES), [[At(0, 640), At(0.01, 640)]])
            drawn[degrees] = next(iter(frames([actor])))
        return drawn[degrees]

    return show


def print_of(photograph: BgrImage, face_px: float) -> Show:
    """The same person's photograph, printed, turned as if it were the head, and farther."""
    return lambda degrees: turned_print(photograph, face_px=face_px, yaw=1.6 * degrees, distance=600.0)


@dataclass
class Kiosk:
    """A class that asks for head turns; whoever stands before it is shown what it asks for."""

    recogniser: Recogniser
    asked: list[Request] = field(default_factory=list)
    outcomes: list[tuple[Outcome, Student | None]] = field(default_factory=list)
    _index: int = 0

    def watch(self, show: Show, answer: Callable[[Request | None], float], *, seconds: float) -> None:
        """Let somebody stand there who moves to where `answer` says, in degrees, as fast as people do."""
        degrees, request = 0.0, None
        for _ in range(round(seconds * FPS)):
            wanted = answer(request)
            degrees += float(np.clip(wanted - degrees, -STEP, STEP))
            analysis = self._see(show(degrees))
            request = analysis.faces[0].request if analysis.faces else request
            if request is not None and (not self.asked or self.asked[-1] is not request):
                self.asked.append(request)
            self.outcomes += [(one.decision.outcome, one.student) for one in analysis.decided]

    def _see(self, image: BgrImage) -> FrameAnalysis:
        self._index += 1
        return self.recogniser.process(Frame(image, self._index / FPS, self._index))


@pytest.fixture
def kiosk(shared_dir: Path, tmp_path: Path, embedder: DlibResNetEmbedder, recognition: Recognition) -> Kiosk:
    """With YuNet only: the head turn stands alone, without the passive networks."""
    shutil.copy(shared_dir / "models" / read_manifest()["yunet-2026may"].file, tmp_path)
    detector = build_detector(tmp_path, reach="near").detector
    return Kiosk(
        Recogniser(
            sight=Sight(detector, IouTracker(), embedder, build_quality_meter()),
            recognition=recognition,
            rule=VotingRule(),
            gate=build_liveness_gate(
                LivenessMode.ACTIVE, tmp_path, settings=LivenessSettings(), detector=detector.name
            ),
        )
    )


def obedient(request: Request | None) -> float:
    return {Request.TURN_LEFT: FARTHEST, Request.TURN_RIGHT: -FARTHEST}.get(request, 0.0) if request else 0.0


def contrary(request: Request | None) -> float:
    return -obedient(request)


def unmoved(_request: Request | None) -> float:
    return 0.0


@pytest.mark.shared_data
def test_whoever_turns_as_asked_is_accepted(kiosk: Kiosk, anna: Show) -> None:
    kiosk.watch(anna, obedient, seconds=5)
    assert kiosk.outcomes == [(Outcome.ACCEPTED, Student(1, "S1", "Anna"))]
    assert kiosk.asked[0] in {Request.TURN_LEFT, Request.TURN_RIGHT}
    assert kiosk.asked[1:] == [Request.LOOK_STRAIGHT]


@pytest.mark.shared_data
@pytest.mark.parametrize("answer", [unmoved, contrary])
def test_whoever_does_not_is_asked_to_scan(
    kiosk: Kiosk, anna: Show, answer: Callable[[Request | None], float]
) -> None:
    kiosk.watch(anna, answer, seconds=10)
    assert kiosk.outcomes == [(Outcome.AMBIGUOUS, None)]
    assert len(kiosk.asked) == 1


@pytest.mark.shared_data
def test_a_print_that_is_turned_as_asked_is_not_accepted(kiosk: Kiosk, anna: Show) -> None:
    photograph = anna(0.0)[60:640, 340:940]
    kiosk.watch(print_of(photograph, 300.0), obedient, seconds=10)
    assert len(kiosk.asked) == 1, "it was recognised and asked, or the test shows nothing"
    assert [outcome for outcome, _ in kiosk.outcomes] == [Outcome.AMBIGUOUS]
