"""What the quality meter says of faces that are good, blurred, dark, small or cut."""

import cv2
import numpy as np
import pytest

from kiosk.domain.faces.face_quality import Quality
from kiosk.domain.faces.frames import BgrImage, Box, Detection
from kiosk.vision.detection.quality import FaceQualityMeter


def face(x: float, y: float, side: float) -> Detection:
    return Detection(Box(x, y, side, side), 1.0)


def texture(side: int = 400, seed: int = 3) -> BgrImage:
    noise = np.random.default_rng(seed).integers(60, 200, (side // 10, side // 10, 3), dtype=np.uint8)
    return np.asarray(cv2.resize(noise, (side, side), interpolation=cv2.INTER_CUBIC), dtype=np.uint8)


def measure(image: BgrImage, detection: Detection) -> Quality:
    return FaceQualityMeter().measure(image, detection)


def test_size_is_the_height_of_the_box() -> None:
    assert measure(texture(), Detection(Box(10, 10, 80, 120), 1.0)).face_px == 120


def test_blur_lowers_sharpness_below_the_limit() -> None:
    sharp = texture()
    blurred = np.asarray(cv2.GaussianBlur(sharp, (0, 0), 12), dtype=np.uint8)
    whole = face(50, 50, 300)
    assert measure(sharp, whole).sharpness > 100
    assert measure(blurred, whole).sharpness < 20


def test_sharpness_of_one_face_hardly_depends_on_its_distance() -> None:
    near = texture(800)
    far = np.asarray(cv2.resize(near, (400, 400), interpolation=cv2.INTER_AREA), dtype=np.uint8)
    assert measure(far, face(0, 0, 400)).sharpness == pytest.approx(
        measure(near, face(0, 0, 800)).sharpness, rel=0.15
    )


def test_brightness_is_the_mean_grey_of_the_face_alone() -> None:
    image = np.full((200, 200, 3), 250, np.uint8)
    image[50:150, 50:150] = 40
    assert measure(image, face(50, 50, 100)).brightness == pytest.approx(40, abs=0.5)


@pytest.mark.parametrize(
    ("box", "inside"),
    [
        (Box(10, 10, 100, 100), 1.0),
        (Box(0, 0, 400, 400), 1.0),
        (Box(-50, 10, 100, 100), 0.5),
        (Box(350, 350, 100, 100), 0.25),
        (Box(-100, -100, 600, 600), 160_000 / 360_000),
        (Box(400, 0, 100, 100), 0.0),
        (Box(-200, -200, 100, 100), 0.0),
        (Box(10, 10, 0, 0), 0.0),
    ],
)
def test_share_inside_the_picture(box: Box, inside: float) -> None:
    assert measure(texture(), Detection(box, 1.0)).inside == pytest.approx(inside)


def test_face_outside_the_picture_is_neither_sharp_nor_bright() -> None:
    found = measure(texture(), face(900, 900, 100))
    assert (found.sharpness, found.brightness) == (0.0, 0.0)
