"""Sketches of faces: the same each time, different from each other, with eyes where the detection says."""

import numpy as np

from kiosk.vision.embedding.sketched_faces import SIDE, sketch_face


def test_the_same_number_gives_the_same_face() -> None:
    first, again = sketch_face(7), sketch_face(7)
    assert np.array_equal(first[0], again[0])
    assert first[1].landmarks is not None
    assert again[1].landmarks is not None
    assert np.array_equal(first[1].landmarks, again[1].landmarks)


def test_faces_differ_in_picture_and_tilt() -> None:
    pictures = [sketch_face(number)[0].astype(int) for number in range(6)]
    for number, picture in enumerate(pictures):
        assert picture.shape == (SIDE, SIDE, 3)
        for other in pictures[:number]:
            assert np.abs(picture - other).mean() > 5


def test_eyes_are_brighter_than_the_skin_between_them() -> None:
    for number in range(20):
        image, face = sketch_face(number)
        assert face.landmarks is not None
        right, left = face.landmarks[0], face.landmarks[1]
        assert right[0] < left[0]
        white = max(_grey(image, right + np.array((dx, 0))) for dx in range(-15, 16))
        assert white > _grey(image, (right + left) / 2)


def _grey(
    image: np.ndarray[tuple[int, ...], np.dtype[np.uint8]],
    point: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
) -> float:
    return float(image[round(float(point[1])), round(float(point[0]))].mean())
