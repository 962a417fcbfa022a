"""Alignment: bit for bit what deepface hands to its networks, and an answer for every box."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from kiosk.domain.faces.frames import Box, Detection
from kiosk.vision.detection.eyes_and_nose import EyesAndNose
from kiosk.vision.embedding.deepface_alignment import DeepfaceAlignment, fitted, upright_crop
from kiosk.vision.embedding.deepface_networks import NETWORKS, DeepfaceNetwork
from kiosk.vision.embedding.package_data import package_model
from kiosk.vision.embedding.sketched_faces import sketch_face
from kiosk.vision.models.manifest import read_manifest
from tests.fakes.child import run_child
from tests.fakes.vision.faces_in_pictures import face_cases

DIFFERENCES = """
import json
import numpy as np
from kiosk.vision.embedding.deepface_alignment import fitted, upright_crop
from tests.fakes.vision.deepface_detector import deepface_inputs
from tests.fakes.vision.faces_in_pictures import face_cases

found = {}
for name, image, face in face_cases():
    for side in (160, 224):
        theirs = deepface_inputs(image, face, side)
        ours = fitted(upright_crop(image, face, face.landmarks), side)
        assert theirs.shape == (1, side, side, 3) and theirs.max() > 0.1, name
        found[f"{name}, {side}"] = float(np.abs(theirs[0] - ours).max())
print(json.dumps(found))
"""

PHOTOGRAPHS = """
import json, sys
from pathlib import Path
import numpy as np
from kiosk.vision.embedding.deepface_alignment import fitted, upright_crop
from kiosk.vision.models.manifest import read_manifest
from kiosk.vision.pictures import read_picture
from kiosk.vision.detection.reach import Reach
from kiosk.vision.detection.yunet_detector import YunetDetector
from tests.fakes.vision.deepface_detector import deepface_inputs

shared = Path(sys.argv[1])
entry = read_manifest()["yunet-2026may"]
detector = YunetDetector(shared / "models" / entry.file, entry=entry, reach=Reach.NEAR)
found = {}
for path in sorted((shared / "faces").glob("*/*/*.jpg"))[::6] + sorted((shared / "faces" / "group").glob("*.jpg")):
    image = read_picture(path.read_bytes())
    for number, face in enumerate(detector.detect(image)):
        theirs = deepface_inputs(image, face, 160)[0]
        ours = fitted(upright_crop(image, face, face.landmarks), 160)
        found[f"{path.stem} {number}"] = float(np.abs(theirs - ours).max())
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def eyes() -> EyesAndNose:
    return EyesAndNose(package_model(read_manifest()["dlib-five-points"].file))


def test_every_input_equals_deepfaces_to_the_last_bit() -> None:
    found = run_child(DIFFERENCES)
    assert len(found) == 26
    assert {name: value for name, value in found.items() if value != 0} == {}


@pytest.mark.shared_data
def test_photographs_give_the_same_inputs(shared_dir: Path) -> None:
    found = run_child(PHOTOGRAPHS, shared_dir)
    assert len(found) > 10
    assert {name: value for name, value in found.items() if value != 0} == {}


def test_eyes_become_level() -> None:
    for name, image, face in face_cases():
        if not name.startswith("turned"):
            continue
        assert face.landmarks is not None
        right, left = face.landmarks[0], face.landmarks[1]
        for point, colour in ((right, (0, 0, 255)), (left, (255, 0, 0))):
            cv2.circle(image, (round(float(point[0])), round(float(point[1]))), 6, colour, -1)
        crop = upright_crop(image, face, face.landmarks).astype(int)
        red = np.argwhere((crop[..., 2] > 230) & (crop[..., 0] < 30)).mean(axis=0)
        blue = np.argwhere((crop[..., 0] > 230) & (crop[..., 2] < 30)).mean(axis=0)
        assert abs(red[0] - blue[0]) < 2.5, name
        assert red[1] < blue[1], name


def test_a_face_without_landmarks_is_aligned_by_the_eyes_that_dlib_finds(eyes: EyesAndNose) -> None:
    image, face = sketch_face(0)
    alone = Detection(face.box, 1.0)
    found = eyes.find(image, alone)
    aligned = DeepfaceAlignment(side=160, eyes=eyes).align(image, alone)
    assert np.array_equal(aligned, fitted(upright_crop(image, face, found), 160))
    assert not np.array_equal(aligned, fitted(upright_crop(image, face, None), 160))


@pytest.mark.parametrize("network", NETWORKS.values(), ids=NETWORKS.keys())
@pytest.mark.parametrize(
    "box",
    [
        Box(-500, -500, 40, 40),
        Box(2000, 100, 50, 60),
        Box(10, 10, 0, 30),
        Box(10, 10, 0.5, 0.5),
        Box(5, 5, 900, 1),
        Box(5, 5, 1, 300),
        Box(-4000, -4000, 9000, 9000),
    ],
    ids=str,
)
def test_every_box_gives_an_input(eyes: EyesAndNose, network: DeepfaceNetwork, box: Box) -> None:
    image, face = sketch_face(1)
    side = network.side
    aligned = DeepfaceAlignment(side=side, eyes=eyes).align(image, Detection(box, 1.0, face.landmarks))
    assert aligned.shape == (side, side, 3)
    assert aligned.dtype == np.float32
    assert 0 <= aligned.min() <= aligned.max() <= 1


def test_a_picture_of_one_pixel_gives_an_input(eyes: EyesAndNose) -> None:
    image = np.full((1, 1, 3), 200, np.uint8)
    aligned = DeepfaceAlignment(side=160, eyes=eyes).align(image, Detection(Box(0, 0, 1, 1), 1.0))
    assert aligned.shape == (160, 160, 3)
