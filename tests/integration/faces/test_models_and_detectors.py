"""Thirteen people on photographs, with each model and each detector that set-up brings: enrolled, walked past, and in a group.

The way is the kiosk's own from a picture on: `FaceShots` enrols, `Recogniser` follows and votes at the thresholds in force for the roster;
only threads and store are left out, which `tests/integration/test_main_job.py` has. Of each picture every third frame is shown, until it
is decided. What a detector finds in a frame, what a network makes of a face there and how good that face is do not depend on the model
under test, so each is computed once.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import astuple, dataclass, field
from functools import cache, cached_property
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from kiosk.camera.picture_folder import FPS, GREY, HEIGHT, PICTURE_FRAMES, WIDTH, fit, movement
from kiosk.domain.faces.face_quality import Quality
from kiosk.domain.faces.frames import BgrImage, Detection, Frame, Vector
from kiosk.domain.faces.lookalikes import SMALLEST_ROSTER, limit_of, lookalikes
from kiosk.domain.faces.one_person import agreement
from kiosk.domain.faces.recognition import BUILTIN_MODEL, Gallery, ModelInfo, Outcome, Template, VotingRule
from kiosk.domain.people.students import Student
from kiosk.errors import ConflictError
from kiosk.services.faces.face_shots import FaceShots
from kiosk.services.faces.recognition.recogniser import Recogniser, Recognition, Sight
from kiosk.services.ports.vision import Detector, Embedder, QualityMeter
from kiosk.vision.detection.hog_detector import HogDetector
from kiosk.vision.detection.tracker import IouTracker
from kiosk.vision.embedding.joint_embedder import JointEmbedder
from kiosk.vision.factory import YUNET_OF_SET_UP, build_quality_meter, load_detector, load_embedder
from kiosk.vision.models.conversion_record import read_record
from kiosk.vision.models.manifest import read_manifest
from kiosk.vision.pictures import read_picture, write_picture

pytestmark = pytest.mark.shared_data

STORE = Path(__file__).parents[3] / "data" / "models"
MODELS = ("facenet-sface", "sface", "facenet128", BUILTIN_MODEL)
DETECTORS = (YUNET_OF_SET_UP, HogDetector.name)
EVERY = 3
"""Of a picture's frames one in so many is shown: ten a second."""


Seen = tuple[int, bytes]
"""A face in a picture, by the pixels and by where it is."""


@dataclass
class RememberingDetector:
    """Finds the faces of a picture once; a frame is known by its pixels."""

    detector: Detector
    found: dict[int, list[Detection]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.detector.name

    def detect(self, image: BgrImage) -> list[Detection]:
        key = known_by(image)
        if key not in self.found:
            self.found[key] = self.detector.detect(image)
        return self.found[key]


@dataclass
class RememberingEmbedder:
    """Looks at a face once, whichever model wants to know."""

    embedder: Embedder
    found: dict[Seen, Vector] = field(default_factory=dict)

    @property
    def info(self) -> ModelInfo:
        return self.embedder.info

    def embed(self, image: BgrImage, faces: Sequence[Detection]) -> NDArray[np.float32]:
        keys = [seen(image, face) for face in faces]
        new = [(key, face) for key, face in zip(keys, faces, strict=True) if key not in self.found]
        vectors = self.embedder.embed(image, [face for _key, face in new])
        self.found.update((key, vector) for (key, _face), vector in zip(new, vectors, strict=True))
        return np.array([self.found[key] for key in keys], np.float32).reshape(-1, self.info.dimensions)


@dataclass
class RememberingMeter:
    """Measures the quality of a face once."""

    meter: QualityMeter = field(default_factory=build_quality_meter)
    found: dict[Seen, Quality] = field(default_factory=dict)

    def measure(self, image: BgrImage, face: Detection) -> Quality:
        key = seen(image, face)
        if key not in self.found:
            self.found[key] = self.meter.measure(image, face)
        return self.found[key]


def known_by(image: BgrImage) -> int:
    return hash(image.tobytes())


def seen(image: BgrImage, face: Detection) -> Seen:
    points = b"" if face.landmarks is None else face.landmarks.tobytes()
    return known_by(image), np.array(astuple(face.box)).tobytes() + points


@dataclass(frozen=True)
class Eyes:
    """One detector, for pictures and for frames."""

    pictures: RememberingDetector
    frames: RememberingDetector
    meter: RememberingMeter = field(default_factory=RememberingMeter)


@dataclass(frozen=True)
class Photographs:
    """The shared pictures by person, in name order."""

    folder: Path

    @cached_property
    def people(self) -> dict[str, list[Path]]:
        folders = sorted((self.folder / "people").iterdir())
        return {folder.name: sorted(folder.iterdir()) for folder in folders}

    @property
    def group(self) -> list[Path]:
        return sorted((self.folder / "group").iterdir())

    def halves(self) -> tuple[dict[str, list[Path]], dict[str, list[Path]]]:
        """The first half of each person's (rounded down, at least one), and the rest."""
        half = {number: max(1, len(pictures) // 2) for number, pictures in self.people.items()}
        return (
            {number: pictures[: half[number]] for number, pictures in self.people.items()},
            {number: pictures[half[number] :] for number, pictures in self.people.items()},
        )


@pytest.fixture(scope="module")
def photographs(shared_dir: Path) -> Photographs:
    return Photographs(shared_dir / "faces")


@pytest.fixture(scope="module", params=DETECTORS)
def eyes(request: pytest.FixtureRequest) -> Eyes:
    name = str(request.param)
    if name != HogDetector.name and not (STORE / read_manifest()[name].file).exists():
        pytest.skip("shared data absent: set-up could not bring the detector")
    far, near = (load_detector(STORE, name, reach=reach) for reach in ("far", "near"))
    return Eyes(RememberingDetector(far), RememberingDetector(near))


@pytest.fixture(scope="module")
def networks() -> Callable[[str], RememberingEmbedder]:
    """The single networks, loaded when first wanted."""
    return cache(lambda name: RememberingEmbedder(load_embedder(STORE, name)))


@pytest.fixture(params=MODELS)
def embedder(request: pytest.FixtureRequest, networks: Callable[[str], RememberingEmbedder]) -> Embedder:
    name = str(request.param)
    if name != BUILTIN_MODEL and any(
        read_record(STORE, read_manifest()[part]) is None for part in ("facenet128", "sface")
    ):
        pytest.skip("shared data absent: set-up could not bring the real networks")
    entry = read_manifest()[name]
    if not entry.parts:
        return networks(name)
    assert entry.recognition is not None
    return JointEmbedder([networks(part) for part in entry.parts], info=entry.recognition)


@dataclass(frozen=True)
class School:
    """Everybody enrolled with one model and one detector."""

    eyes: Eyes
    embedder: Embedder

    def enrol(self, people: dict[str, list[Path]]) -> Recognition:
        info = self.embedder.info
        shots = FaceShots(
            detector=self.eyes.pictures,
            embedder=self.embedder,
            quality=self.eyes.meter,
            write_picture=write_picture,
        )
        students, templates = {}, []
        for student_id, (number, pictures) in enumerate(people.items(), start=1):
            students[student_id] = Student(student_id, number, f"Person {number}")
            vectors = []
            for picture in pictures:
                content = picture.read_bytes()
                try:
                    vectors.append(shots.take(read_picture(content), content).vector)
                except ConflictError:
                    continue
            odd = agreement(vectors, metric=info.metric, reject=info.thresholds.reject).odd
            templates += [
                Template(0, student_id, info.name, vector, 1.0)
                for place, vector in enumerate(vectors)
                if place not in odd
            ]
        gallery = Gallery.of(info, templates)
        close = lookalikes(gallery, limit=limit_of(info.thresholds_for(SMALLEST_ROSTER)))
        second = frozenset(one for pair in close for one in (pair.student_id, pair.other_id))
        return Recognition(gallery, info.thresholds_for(gallery.people), students, second)

    def walk_past(self, recognition: Recognition, picture: Path) -> set[str]:
        """Numbers of those who were named while the picture was shown."""
        recogniser = Recogniser(
            sight=Sight(self.eyes.frames, IouTracker(), self.embedder, self.eyes.meter),
            recognition=recognition,
            rule=VotingRule(),
        )
        named: set[str] = set()
        decided: dict[int, Outcome] = {}
        for frame in frames_of(picture):
            analysis = recogniser.process(frame)
            for one in analysis.decided:
                decided[one.track_id] = one.decision.outcome
                named |= {one.student.student_no} if one.student is not None else set()
            if analysis.faces and all(view.track_id in decided for view in analysis.faces):
                break
        return named


def frames_of(picture: Path) -> Iterator[Frame]:
    """As a folder of pictures is played, one frame in `EVERY`."""
    image = fit(read_picture(picture.read_bytes()))
    for step in range(0, PICTURE_FRAMES, EVERY):
        moved = cv2.warpAffine(
            image,
            movement(step, (image.shape[1], image.shape[0])),
            (WIDTH, HEIGHT),
            flags=cv2.INTER_CUBIC,
            borderMode=cv2.BORDER_CONSTANT,
            borderValue=(GREY, GREY, GREY),
        )
        yield Frame(np.asarray(moved, np.uint8), step / FPS, step)


def named(school: School, recognition: Recognition, pictures: Sequence[Path]) -> set[str]:
    return set().union(*(school.walk_past(recognition, picture) for picture in pictures))


def test_the_other_half_marks_everybody_and_nobody_wrongly_and_the_group_only_who_is_in_it(
    eyes: Eyes, embedder: Embedder, photographs: Photographs
) -> None:
    school = School(eyes, embedder)
    enrolled, probes = photographs.halves()
    recognition = school.enrol(enrolled)
    assert recognition.gallery.people == len(probes) == 13
    assert {number: named(school, recognition, pictures) for number, pictures in probes.items()} == {
        number: {number} for number in probes
    }

    assert named(school, school.enrol(photographs.people), photographs.group) == {"S001"}
