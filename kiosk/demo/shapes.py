"""Soft masks of curved outlines on the head's grid, and noise for hair and skin."""

import math
from collections.abc import Sequence
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.demo.geometry import HEIGHT, LEFT, TOP, UNIT, WIDTH, Plane, grid

Outline = NDArray[np.float64]
"""(n, 2) points in head units, x before y."""

_SHIFT = 4


def _fixed(points: Outline) -> NDArray[np.int32]:
    pixels = (points - (LEFT, TOP)) * UNIT - 0.5
    return np.round(pixels * (1 << _SHIFT)).astype(np.int32)


def filled(outlines: Sequence[Outline], soft: float = 1.0) -> Plane:
    """Mask (0 to 1) of closed outlines, its edge blurred by `soft` pixels."""
    fixed = [_fixed(outline) for outline in outlines]
    mask = np.zeros((HEIGHT, WIDTH), np.uint8)
    for points in fixed:
        cv2.fillPoly(mask, [points], 255, cv2.LINE_AA, _SHIFT)
    return _softened(mask, fixed, soft, 1)


def stroked(lines: Sequence[Outline], width: float, soft: float = 0.8) -> Plane:
    """Mask of open lines `width` pixels wide."""
    fixed = [_fixed(line) for line in lines]
    mask = np.zeros((HEIGHT, WIDTH), np.uint8)
    thick = max(1, round(width))
    for points in fixed:
        cv2.polylines(mask, [points], False, 255, thick, cv2.LINE_AA, _SHIFT)
    return _softened(mask, fixed, soft, width)


def _softened(
    mask: NDArray[np.uint8], fixed: Sequence[NDArray[np.int32]], soft: float, width: float
) -> Plane:
    # Only the part that was drawn on is blurred; most outlines are small.
    points = np.concatenate(fixed) / (1 << _SHIFT)
    reach = math.ceil(4 * soft + width) + 1
    left, top = (max(0, int(v) - reach) for v in points.min(axis=0))
    right, bottom = (max(0, int(v) + reach + 1) for v in points.max(axis=0))
    plane = np.zeros((HEIGHT, WIDTH), np.float32)
    part = np.ascontiguousarray(mask[top:bottom, left:right])
    if part.size:
        blurred = cv2.GaussianBlur(part, (0, 0), soft)
        plane[top:bottom, left:right] = blurred * np.float32(1 / 255)
    return plane


def mirrored(outline: Outline) -> list[Outline]:
    """An outline of the picture's right half, and its mirror image."""
    return [outline, outline * (-1.0, 1.0)]


def curve(xs: Sequence[float], ys: Sequence[float], samples: int = 48) -> Outline:
    """A smooth line through a few points (Catmull-Rom)."""
    points = np.stack([np.asarray(xs, float), np.asarray(ys, float)], axis=1)
    padded = np.vstack([2 * points[0] - points[1], points, 2 * points[-1] - points[-2]])
    t = np.linspace(0, len(points) - 1, samples)
    i = np.minimum(t.astype(int), len(points) - 2)
    u = (t - i)[:, None]
    a, b, c, d = padded[i], padded[i + 1], padded[i + 2], padded[i + 3]
    bend = 2 * a - 5 * b + 4 * c - d
    line = 2 * b + (c - a) * u + bend * u**2 + (3 * b - a - 3 * c + d) * u**3
    return np.asarray(0.5 * line, np.float64)


def ellipse(x: float, y: float, wide: float, high: float, square: float = 2.0) -> Outline:
    """A (super)ellipse with the given half axes; `square` above 2 makes it boxier."""
    angle = np.linspace(0, 2 * np.pi, 64, endpoint=False)
    c, s = np.cos(angle), np.sin(angle)
    power = 2 / square
    return np.stack(
        [x + wide * np.sign(c) * np.abs(c) ** power, y + high * np.sign(s) * np.abs(s) ** power], axis=1
    )


@lru_cache(maxsize=48)
def noise(seed: int, cells_x: int, cells_y: int) -> Plane:
    """Smooth noise over the grid, mean 0, deviation about 1."""
    generator = np.random.default_rng((seed, cells_x, cells_y))
    coarse = generator.standard_normal((cells_y, cells_x)).astype(np.float32)
    return np.asarray(cv2.resize(coarse, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC), np.float32)


@lru_cache(maxsize=16)
def strands(seed: int) -> Plane:
    """Noise drawn out along lines that leave the crown: combed hair; mean 0, deviation about 1."""
    g = grid()
    angle = np.arctan2(g.x + 0 * g.y, g.y + 1.25 + 0 * g.x)
    radius = np.hypot(g.x, g.y + 1.25)
    generator = np.random.default_rng((seed, 7))
    table = generator.standard_normal((24, 420)).astype(np.float32)
    table = cv2.GaussianBlur(table, (0, 0), 0.7) * np.float32(1.8)
    return np.asarray(
        cv2.remap(
            table,
            ((angle / np.pi + 1) * 209).astype(np.float32),
            (radius * 8).astype(np.float32),
            cv2.INTER_CUBIC,
            borderMode=cv2.BORDER_REFLECT,
        ),
        np.float32,
    )
