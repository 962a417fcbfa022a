"""Faces cut out as networks saw them in training."""

import math
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from kiosk.domain.faces.frames import BgrImage, Box
from kiosk.vision.embedding.face_crop import FIVE_POINTS_AT, five_point_square, similarity, upright_square
from tests.fakes.vision.onnx_graphs import sface_like


def picture(height: int = 480, width: int = 640) -> BgrImage:
    """Coloured noise, smooth enough to be scaled."""
    small = np.random.default_rng(5).integers(0, 256, (height // 8, width // 8, 3), dtype=np.uint8)
    return np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC), np.uint8)


def face_points(scale: float, angle: float, x: float, y: float) -> NDArray[np.float32]:
    """Five points of a turned and scaled face, a little off where training had them."""
    turn = np.array(((math.cos(angle), -math.sin(angle)), (math.sin(angle), math.cos(angle))))
    noise = np.random.default_rng(7).normal(0, 1.5 * scale, (5, 2))
    return np.asarray((FIVE_POINTS_AT - 56) @ turn.T * scale + (x, y) + noise, np.float32)


@pytest.mark.parametrize(("scale", "angle"), [(0.6, 0.0), (1.0, 0.4), (1.9, -0.3)])
def test_five_points_are_cut_out_as_opencv_does(tmp_path: Path, scale: float, angle: float) -> None:
    path = tmp_path / "sface.onnx"
    path.write_bytes(sface_like())
    theirs = cv2.FaceRecognizerSF.create(str(path), "")
    image, points = picture(), face_points(scale, angle, 300, 250)
    row = np.concatenate(([0, 0, 99, 99], points.ravel(), [1])).astype(np.float32)[None]
    apart = np.abs(theirs.alignCrop(image, row).astype(int) - five_point_square(image, points))
    # OpenCV keeps the transform in 32 bits, its fourth version places in 1/32 of a pixel: a value in ten thousand differs.
    assert apart.max() <= (1 if cv2.getVersionMajor() >= 5 else 2)
    assert np.count_nonzero(apart) < 0.001 * apart.size


def test_two_eyes_alone_are_brought_to_their_places() -> None:
    points = face_points(1.5, 0.2, 320, 240)[:2].astype(np.float64)
    transform = similarity(points, FIVE_POINTS_AT[:2])
    found = np.column_stack((points, np.ones(2))) @ transform.T
    assert np.allclose(found, FIVE_POINTS_AT[:2], atol=1e-3)


def test_a_large_face_is_averaged_and_not_sampled() -> None:
    """One white line in eight: sampling would show it or not, the mean is an eighth everywhere."""
    image = np.zeros((1600, 1600, 3), np.uint8)
    image[::8] = 255
    crop = upright_square(image, Box(100, 100, 1280, 1280), None, side=160, margin=0.0)
    assert crop[20:140, 20:140].std() < 8
    assert abs(float(crop[20:140, 20:140].mean()) - 255 / 8) < 4


def test_a_small_part_of_a_large_picture_lies_where_it_was() -> None:
    image = np.zeros((1000, 1000, 3), np.uint8)
    image[500:, 500:] = 255
    crop = upright_square(image, Box(100, 100, 800, 800), None, side=160, margin=0.0)
    assert crop[:78, :78].max() == 0
    assert crop[82:, 82:].min() == 255


def test_a_square_is_turned_until_the_eyes_are_level() -> None:
    image = np.zeros((400, 400, 3), np.uint8)
    right, left = np.array((170.0, 180.0)), np.array((230.0, 220.0))
    for eye in (right, left):
        cv2.circle(image, (int(eye[0]), int(eye[1])), 6, (255, 255, 255), -1)
    eyes = np.array((right, left), np.float32)
    crop = upright_square(image, Box(100, 100, 200, 200), eyes, side=160, margin=0.1)
    rows, columns = np.nonzero(crop[..., 0] > 128)
    at_right, at_left = rows[columns < 80].mean(), rows[columns >= 80].mean()
    assert abs(at_right - at_left) < 1.5


def test_the_margin_is_of_the_longer_side_on_each_side() -> None:
    image = np.full((400, 400, 3), 255, np.uint8)
    image[100:300, 150:250] = 0
    crop = upright_square(image, Box(150, 100, 100, 200), None, side=240, margin=0.1)
    dark = np.nonzero(crop[120, :, 0] < 128)[0]
    assert (dark.min(), dark.max()) == (70, 169)
    assert abs(np.count_nonzero(crop[:, 120, 0] < 128) - 200) <= 1


@pytest.mark.parametrize(("stretch", "wide"), [(0.0, 120), (0.5, 160), (1.0, 240)])
def test_a_narrow_box_is_stretched_towards_a_square_and_keeps_its_height(stretch: float, wide: int) -> None:
    image = np.full((400, 400, 3), 255, np.uint8)
    image[100:300, 150:250] = 0
    crop = upright_square(image, Box(150, 100, 100, 200), None, side=240, margin=0.0, stretch=stretch)
    assert abs(np.count_nonzero(crop[120, :, 0] < 128) - wide) <= 1
    assert crop[2:-2, 120].max() == 0


def test_a_stretched_face_is_turned_before_it_is_stretched() -> None:
    image = np.zeros((400, 400, 3), np.uint8)
    right, left = np.array((170.0, 170.0)), np.array((230.0, 230.0))
    for eye in (right, left):
        cv2.circle(image, (int(eye[0]), int(eye[1])), 6, (255, 255, 255), -1)
    crop = upright_square(
        image, Box(150, 100, 100, 200), np.array((right, left), np.float32), side=200, margin=0.0, stretch=0.5
    )
    rows, columns = np.nonzero(crop[..., 0] > 128)
    at_right, at_left = columns < 100, columns >= 100
    assert abs(rows[at_right].mean() - rows[at_left].mean()) < 1.5
    # 85 pixels apart, in a square that shows 150 of them
    assert columns[at_left].mean() - columns[at_right].mean() == pytest.approx(85 * 200 / 150, abs=2)


@pytest.mark.parametrize(
    "box", [Box(5000, 5000, 100, 100), Box(-900, -900, 50, 50), Box(10, 10, 0, 0), Box(0, 0, 1e7, 1e7)]
)
def test_every_box_gives_a_square(box: Box) -> None:
    for stretch in (0.0, 0.5, 1.0):
        crop = upright_square(picture(), box, None, side=64, margin=0.17, stretch=stretch)
        assert crop.shape == (64, 64, 3)


def test_points_in_one_place_give_a_black_square() -> None:
    points = np.full((5, 2), 40, np.float32)
    assert five_point_square(picture(), points).max() == 0


def test_a_face_beyond_the_edge_is_black_there() -> None:
    crop = upright_square(
        np.full((200, 200, 3), 200, np.uint8), Box(-50, 50, 100, 100), None, side=100, margin=0.0
    )
    assert crop[:, :45].max() == 0
    assert crop[:, 55:].min() == 200
