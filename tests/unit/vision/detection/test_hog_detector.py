"""dlib's detector: boxes in the frame's pixels at either reach."""

from pathlib import Path

import numpy as np
import pytest

from kiosk.vision.detection.hog_detector import HogDetector
from kiosk.vision.pictures import read_picture
from tests.fakes.faces.drawn_face import scene


@pytest.mark.parametrize("fixture", ["near_hog", "far_hog"])
def test_faces_are_found_in_the_frames_pixels(fixture: str, request: pytest.FixtureRequest) -> None:
    detector: HogDetector = request.getfixturevalue(fixture)
    found = detector.detect(scene((100, 50, 360), (800, 250, 300)))
    centres = sorted(face.box.centre for face in found)
    # The middle of the drawn features lies at 0.5, 0.56 of the picture.
    np.testing.assert_allclose(centres, [(280, 252), (950, 418)], atol=25)
    assert all(face.landmarks is None for face in found)


def test_best_score_comes_first(near_hog: HogDetector) -> None:
    found = near_hog.detect(scene((100, 50, 360), (800, 250, 220)))
    assert len(found) == 2
    assert found[0].score > found[1].score


def test_far_finds_smaller_faces_than_near(near_hog: HogDetector, far_hog: HogDetector) -> None:
    image = scene((300, 100, 150))
    assert near_hog.detect(image) == []
    assert len(far_hog.detect(image)) == 1


def test_higher_threshold_finds_fewer_faces(near_hog: HogDetector) -> None:
    image = scene((100, 50, 360))
    (face,) = near_hog.detect(image)
    assert HogDetector(threshold=face.score + 0.01).detect(image) == []


@pytest.mark.parametrize("shape", [(720, 1280), (1, 1), (1, 4000), (0, 0), (3000, 2)])
def test_picture_without_a_face_gives_nothing(
    near_hog: HogDetector, far_hog: HogDetector, shape: tuple[int, int]
) -> None:
    for detector in (near_hog, far_hog):
        assert detector.detect(np.full((*shape, 3), 128, np.uint8)) == []


def test_large_picture_is_looked_at_scaled_down(far_hog: HogDetector) -> None:
    image = scene((1000, 800, 1800), width=5120, height=2880)
    (face,) = far_hog.detect(image)
    np.testing.assert_allclose(face.box.centre, (1900, 1810), atol=120)


@pytest.mark.shared_data
def test_every_photograph_of_one_person_has_one_face(near_hog: HogDetector, shared_dir: Path) -> None:
    pictures = sorted((shared_dir / "faces" / "people").glob("S0[01][02468]/*.jpg"))
    assert len(pictures) == 28
    counts = [len(near_hog.detect(read_picture(path.read_bytes()))) for path in pictures]
    assert counts == [1] * len(pictures)
