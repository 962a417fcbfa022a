"""Cuts a face out of a picture the way a network saw faces in training. Pure computation on the caller's thread, 0.3 ms."""

import math
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.domain.faces.frames import BgrImage, Box, Points

Transform = NDArray[np.float64]
"""(2, 3): picture to crop, applied to (x, y, 1)."""

FIVE_POINTS_AT: Final = np.array(
    ((38.2946, 51.6963), (73.5318, 51.5014), (56.0252, 71.7366), (41.5493, 92.3655), (70.7299, 92.2041)),
    np.float64,
)
"""Where SFace's training had right eye, left eye, nose and corners of the mouth, in 112 by 112 pixels.

Source: OpenCV, `modules/objdetect/src/face_recognize.cpp`, `getSimilarityTransformMatrix`.
"""
FIVE_POINTS_SIDE: Final = 112

TINY: Final = 1e-9


def upright_square(
    image: BgrImage, box: Box, eyes: Points | None, *, side: int, margin: float, stretch: float = 0.0
) -> BgrImage:
    """A square around a box, turned about the box's middle until the eyes are level; black beyond the picture.

    Args:
        image: The picture.
        box: The face; the square is as wide as its longer side, and `margin` of that more on each side.
        eyes: Right and left eye in its first two rows; None leaves the face as it lies.
        side: Rows and columns of the result.
        margin: See `box`.
        stretch: How far the shorter side of the box is stretched to the longer one: at 0 not at all, at 1 the square shows the box and
            nothing beside it.
    """
    longer = max(box.width, box.height, 1.0)
    shown = [
        (1 + 2 * margin) * (longer - stretch * (longer - max(extent, 1.0)))
        for extent in (box.width, box.height)
    ]
    angle = 0.0 if eyes is None else math.atan2(eyes[1][1] - eyes[0][1], eyes[1][0] - eyes[0][0])
    across, down = side / shown[0], side / shown[1]
    turned = np.array(
        (
            (across * math.cos(angle), across * math.sin(angle)),
            (-down * math.sin(angle), down * math.cos(angle)),
        ),
        np.float64,
    )
    centre = np.array((box.centre[0] - 0.5, box.centre[1] - 0.5))  # a pixel's number is that of its middle
    shift = (side - 1) / 2 - turned @ centre
    return warped(image, np.column_stack((turned, shift)), side=side)


def five_point_square(image: BgrImage, points: Points, *, side: int = FIVE_POINTS_SIDE) -> BgrImage:
    """A square in which the points of a face lie as near as possible to where they lay in training; black beyond the picture.

    For faces that are not made much smaller it equals OpenCV's `FaceRecognizerSF.alignCrop` to the pixel, at 112.

    Args:
        image: The picture.
        points: All five in the order of `FIVE_POINTS`, or the two eyes alone.
        side: Rows and columns of the result.
    """
    places = FIVE_POINTS_AT[: len(points)] * (side / FIVE_POINTS_SIDE)
    return warped(image, similarity(points.astype(np.float64), places), side=side)


def similarity(points: Transform, places: Transform) -> Transform:
    """The turn, scale and shift that bring points nearest to places: least squares (Umeyama 1991), without mirroring."""
    source, target = points[:, 0] + 1j * points[:, 1], places[:, 0] + 1j * places[:, 1]
    around, onto = source.mean(), complex(np.round(target.mean(), 4))
    apart = source - around
    factor = (np.conj(apart) * (target - onto)).sum() / max(float((np.abs(apart) ** 2).sum()), TINY)
    shift = onto - factor * around
    return np.array(((factor.real, -factor.imag, shift.real), (factor.imag, factor.real, shift.imag)))


def warped(image: BgrImage, transform: Transform, *, side: int) -> BgrImage:
    """A picture seen through a transform, (side, side, 3); what is made much smaller is averaged, not sampled."""
    # Of both directions the larger scale: nothing is averaged away that the crop could show.
    scale = float(np.hypot(transform[:, 0], transform[:, 1]).max())
    if not np.isfinite(transform).all() or scale < TINY or image.size == 0:
        return np.zeros((side, side, 3), np.uint8)
    times = int(1 / scale)
    if times > 1:
        image, transform = _smaller(image, transform, times, side)
        if image.size == 0:
            return np.zeros((side, side, 3), np.uint8)
    found = cv2.warpAffine(image, transform, (side, side), flags=cv2.INTER_LINEAR)
    return np.asarray(found, np.uint8)


def _smaller(image: BgrImage, transform: Transform, times: int, side: int) -> tuple[BgrImage, Transform]:
    """The part of a picture that a transform shows, `times` times smaller, and the transform from there."""
    back = cv2.invertAffineTransform(transform)
    corners = np.array(((0, 0, 1), (side, 0, 1), (0, side, 1), (side, side, 1)), np.float64) @ back.T
    height, width = image.shape[:2]
    left, top = (max(0, int(value)) for value in np.clip(corners.min(axis=0) - times, -1, 1e6))
    right, bottom = (int(value) for value in np.clip(corners.max(axis=0) + times + 1, 0, (width, height)))
    part = image[top : max(top, bottom), left : max(left, right)]
    rows, columns = part.shape[0] // times, part.shape[1] // times
    if rows == 0 or columns == 0:
        return np.zeros((0, 0, 3), np.uint8), transform
    part = part[: rows * times, : columns * times]
    small = cv2.resize(part, (columns, rows), interpolation=cv2.INTER_AREA)
    # The middle of the small pixel (x, y) is that of `times` by `times` pixels of the picture.
    middle = (times - 1) / 2
    onto = np.array(((times, 0, left + middle), (0, times, top + middle), (0, 0, 1)), np.float64)
    return np.asarray(small, np.uint8), transform @ onto
