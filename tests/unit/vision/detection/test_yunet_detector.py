"""YuNet: boxes, landmarks in the agreed order, and damaged files."""

from pathlib import Path

import numpy as np
import pytest

from kiosk.errors import ModelError
from kiosk.vision.detection.reach import Reach
from kiosk.vision.detection.yunet_detector import YunetDetector
from kiosk.vision.models.manifest import ModelEntry, read_manifest
from kiosk.vision.pictures import read_picture
from tests.fakes.faces.drawn_face import drawn_face, scene


@pytest.fixture(scope="module")
def entry() -> ModelEntry:
    return read_manifest()["yunet-2026may"]


@pytest.fixture(scope="module")
def path(shared_dir: Path, entry: ModelEntry) -> Path:
    return shared_dir / "models" / entry.file


@pytest.mark.shared_data
@pytest.mark.parametrize("reach", list(Reach))
def test_landmarks_are_in_the_agreed_order(path: Path, entry: ModelEntry, reach: Reach) -> None:
    detector = YunetDetector(path, entry=entry, reach=reach)
    assert detector.name == "yunet-2026may"
    (face,) = detector.detect(scene((400, 100, 400)))
    assert face.landmarks is not None
    # Where the drawing has its eyes, nose and mouth; the person's right is on the left.
    drawn = np.array([[555, 282], [645, 282], [600, 325], [565, 380], [635, 380]])
    np.testing.assert_allclose(face.landmarks, drawn, atol=22)
    assert face.landmarks.dtype == np.float32
    assert 0.8 <= face.score <= 1


@pytest.mark.shared_data
def test_face_that_fills_the_picture_is_found_at_the_far_reach(
    path: Path, entry: ModelEntry, shared_dir: Path
) -> None:
    detector = YunetDetector(path, entry=entry, reach=Reach.FAR)
    picture = shared_dir / "faces" / "people" / "S013" / "01.jpg"
    assert len(detector.detect(read_picture(picture.read_bytes()))) == 1


@pytest.mark.shared_data
def test_best_score_comes_first(path: Path, entry: ModelEntry) -> None:
    dimmed = scene((100, 50, 360), (800, 250, 100))
    scores = [face.score for face in YunetDetector(path, entry=entry, reach=Reach.FAR).detect(dimmed)]
    assert len(scores) == 2
    assert scores == sorted(scores, reverse=True)


@pytest.mark.shared_data
@pytest.mark.parametrize("shape", [(720, 1280), (1, 1), (1, 4000), (0, 0), (3000, 2)])
def test_picture_without_a_face_gives_nothing(path: Path, entry: ModelEntry, shape: tuple[int, int]) -> None:
    assert YunetDetector(path, entry=entry).detect(np.full((*shape, 3), 128, np.uint8)) == []


@pytest.mark.shared_data
def test_pictures_of_changing_size_are_looked_at_one_after_another(path: Path, entry: ModelEntry) -> None:
    detector = YunetDetector(path, entry=entry)
    for side in (200, 411, 300):
        (face,) = detector.detect(drawn_face(side))
        assert face.box.height == pytest.approx(0.65 * side, rel=0.2)


@pytest.mark.shared_data
def test_damaged_file_is_refused(path: Path, entry: ModelEntry, tmp_path: Path) -> None:
    damaged = tmp_path / entry.file
    damaged.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(ModelError, match="damaged"):
        YunetDetector(damaged, entry=entry)


def test_file_that_is_no_network_is_refused_even_when_the_manifest_says_so(tmp_path: Path) -> None:
    path = tmp_path / "abc.onnx"
    path.write_bytes(b"abc")
    sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    wrong = ModelEntry("abc", "detection", False, "abc.onnx", "a test", "MIT", 3, sha256, "nothing", None)
    with pytest.raises(ModelError, match="cannot run the face detector abc"):
        YunetDetector(path, entry=wrong)
