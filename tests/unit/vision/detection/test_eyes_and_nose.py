"""Eyes and nose, from the detector's own points or from the picture."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from kiosk.domain.faces.frames import Box, Detection
from kiosk.errors import ModelError
from kiosk.vision.detection.eyes_and_nose import EyesAndNose
from kiosk.vision.detection.hog_detector import HogDetector
from kiosk.vision.detection.yunet_detector import YunetDetector
from kiosk.vision.embedding.package_data import package_model
from kiosk.vision.factory import LANDMARKS
from kiosk.vision.models.manifest import read_manifest


@pytest.fixture(scope="module")
def finder() -> EyesAndNose:
    return EyesAndNose(package_model(read_manifest()[LANDMARKS].file))


def test_points_of_the_detector_are_taken_as_they_are(finder: EyesAndNose) -> None:
    points = np.arange(10, dtype=np.float32).reshape(5, 2)
    found = finder.find(np.zeros((50, 50, 3), np.uint8), Detection(Box(0, 0, 40, 40), 1.0, points))
    assert found is not None
    assert np.array_equal(found, points[:3])


@pytest.mark.parametrize("box", [Box(900, 0, 40, 40), Box(-200, -200, 40, 40)])
def test_face_outside_the_picture_has_none(finder: EyesAndNose, box: Box) -> None:
    assert finder.find(np.zeros((50, 50, 3), np.uint8), Detection(box, 1.0)) is None


def test_damaged_landmark_file_is_refused(tmp_path: Path) -> None:
    broken = tmp_path / "five.dat"
    broken.write_bytes(b"not a predictor")
    with pytest.raises(ModelError, match="cannot be loaded"):
        EyesAndNose(broken)


@pytest.mark.shared_data
def test_both_detectors_lead_to_the_same_eyes(finder: EyesAndNose, shared_dir: Path) -> None:
    entry = read_manifest()["yunet-2026may"]
    yunet = YunetDetector(shared_dir / "models" / entry.file, entry=entry)
    hog = HogDetector()
    apart = []
    for picture in sorted((shared_dir / "faces" / "people").glob("S00*/01.jpg")):
        image = np.asarray(cv2.imread(str(picture)), dtype=np.uint8)
        near, far = yunet.detect(image), hog.detect(image)
        if not near or not far:
            continue
        ours, theirs = finder.find(image, far[0]), finder.find(image, near[0])
        assert ours is not None
        assert theirs is not None
        apart.append(float(np.linalg.norm(ours[:2] - theirs[:2]) / np.linalg.norm(theirs[0] - theirs[1])))
    assert len(apart) >= 5
    assert np.median(apart) < 0.15
