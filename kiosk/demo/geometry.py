"""The bones: a head as a height field over a grid, and its rotation.

A height field is shaded by its normals, so noses, brows and cheeks throw the soft gradients that face
detectors look for; painted features alone do not. Pure functions over float32 arrays.
"""

import math
from dataclasses import dataclass
from functools import cache
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.demo.people import DrawnPerson, Pose

Plane = NDArray[np.float32]
"""(height, width) over the head's grid."""

UNIT: Final = 150
"""Pixels of one head unit: a head is drawn about 300 pixels high."""
LEFT: Final = -1.3
TOP: Final = -1.5
WIDTH: Final = round(2.6 * UNIT)
HEIGHT: Final = round(2.9 * UNIT)
_PIVOT: Final = 0.25
"""Depth of the axis that the head turns about."""


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """Coordinates of the head's pixels in head units: x (1, width), y (height, 1)."""

    x: Plane
    y: Plane

    def bump(self, x: float, y: float, wide: float, high: float) -> Plane:
        """A Gaussian hill of height 1."""
        across = np.exp(-(((self.x - x) / wide) ** 2))
        return np.asarray(np.exp(-(((self.y - y) / high) ** 2)) * across, np.float32)

    def bumps(self, x: float, y: float, wide: float, high: float) -> Plane:
        """The same hill on both sides of the face."""
        both = np.exp(-(((self.x - x) / wide) ** 2)) + np.exp(-(((self.x + x) / wide) ** 2))
        return np.asarray(np.exp(-(((self.y - y) / high) ** 2)) * both, np.float32)


@cache
def grid() -> Grid:
    """The one grid that all heads are drawn on."""
    x = (np.arange(WIDTH, dtype=np.float32) + 0.5) / UNIT + LEFT
    y = (np.arange(HEIGHT, dtype=np.float32) + 0.5) / UNIT + TOP
    return Grid(x[None, :].astype(np.float32), y[:, None].astype(np.float32))


@dataclass(frozen=True, slots=True)
class Bones:
    """Where a face's features are, in head units."""

    half_width: float
    jaw_taper: float
    jaw_square: float
    chin_y: float
    eye_x: float
    eye_half: float
    eye_up: float
    eye_down: float
    eye_tilt: float
    brow_y: float
    nose_tip: float
    nose_half: float
    nose_out: float
    mouth_y: float
    mouth_half: float
    lip_up: float
    lip_down: float
    hairline: float

    @classmethod
    def of(cls, person: DrawnPerson) -> "Bones":
        """Place the features of a person."""
        chin = 1.0 + 0.07 * person.chin
        tip = 0.37 + 0.085 * person.nose_length
        return cls(
            half_width=0.72 + 0.045 * person.face_width,
            jaw_taper=0.2 - 0.1 * person.jaw,
            jaw_square=3.4 + 0.9 * person.jaw,
            chin_y=chin,
            eye_x=0.315 + 0.05 * person.eye_spacing,
            eye_half=0.145 + 0.022 * person.eye_size,
            eye_up=0.078 + 0.018 * person.eye_size,
            eye_down=0.042 + 0.008 * person.eye_size,
            eye_tilt=0.14 * person.eye_tilt,
            brow_y=-0.215 - 0.035 * person.brow_height,
            nose_tip=tip,
            nose_half=0.125 + 0.04 * person.nose_width,
            nose_out=0.2 + 0.06 * person.nose_bridge,
            mouth_y=tip + 0.53 * (chin - tip) - 0.055,
            mouth_half=0.265 + 0.065 * person.mouth_width,
            lip_up=0.052 + 0.024 * person.lips,
            lip_down=0.07 + 0.03 * person.lips,
            hairline=-0.6 - 0.09 * person.hairline,
        )

    def outline(self, y: Plane) -> Plane:
        """Half the width of the skull at `y`, 0 outside."""
        middle = -0.12
        above = np.clip((middle - y) / (middle + 1.0), 0, 1)
        below = np.clip((y - middle) / (self.chin_y - middle), 0, 1)
        skull = np.sqrt(1 - above**2.3)
        jaw = (1 - self.jaw_taper * below**1.5) * np.sqrt(1 - below**self.jaw_square)
        return np.asarray(self.half_width * skull * jaw, dtype=np.float32)


def segment(start: tuple[float, float], end: tuple[float, float]) -> Plane:
    """Distance of each pixel to a straight line between two points, in head units."""
    g = grid()
    dx, dy = end[0] - start[0], end[1] - start[1]
    along = ((g.x - start[0]) * dx + (g.y - start[1]) * dy) / (dx * dx + dy * dy)
    along = np.clip(along, 0, 1)
    return np.asarray(np.hypot(g.x - start[0] - along * dx, g.y - start[1] - along * dy), np.float32)


def _nose(person: DrawnPerson, b: Bones) -> Plane:
    g = grid()
    rise = np.clip((g.y + 0.12) / (b.nose_tip + 0.12), 0, 1)
    drop = np.exp(-((np.clip(g.y - b.nose_tip, 0, None) / 0.07) ** 2))
    ridge = b.nose_out * (0.2 + 0.8 * rise**1.2) * drop
    ridge = ridge * np.clip((g.y + 0.26) / 0.25, 0, 1)
    wide = 0.1 + 0.012 * rise + 0.02 * person.nose_width * rise
    nose = ridge * np.exp(-((g.x / wide) ** 2))
    nose += 0.06 * g.bump(0, b.nose_tip - 0.02, 0.1, 0.08)
    nose += 0.07 * g.bumps(b.nose_half - 0.02, b.nose_tip + 0.02, 0.06, 0.065)
    return np.asarray(nose, np.float32)


def height_field(person: DrawnPerson, pose: Pose, b: Bones) -> Plane:
    """Depth of the bare head in head units, larger is nearer, 0 at the outline."""
    g = grid()
    across = np.clip(np.abs(g.x) / np.maximum(b.outline(g.y), 1e-3), 0, 1)
    down = np.clip(np.abs(g.y - 0.02) / 1.06, 0, 1)
    z = 0.66 * np.sqrt(1 - across**2.5) * np.sqrt(np.clip(1 - down**3.2, 0, 1))
    z += (0.035 + 0.03 * person.brow_ridge) * g.bump(0, b.brow_y + 0.03, 0.45, 0.085)
    z -= (0.075 + 0.02 * person.brow_ridge) * g.bumps(b.eye_x - 0.02, 0.0, 0.17, 0.11)
    z += 0.05 * g.bumps(b.eye_x, 0.01, 0.12, 0.075)
    z -= 0.012 * person.wrinkles * g.bumps(b.eye_x - 0.02, 0.13, 0.11, 0.022)
    cheek = 0.045 + 0.035 * person.cheekbones + 0.02 * pose.smile
    z += cheek * g.bumps(0.43, 0.27 - 0.03 * pose.smile, 0.2, 0.13)
    z -= (0.02 + 0.025 * person.cheekbones) * g.bumps(0.45, 0.58, 0.13, 0.17)
    z += _nose(person, b)
    opening = 0.05 * pose.mouth_open
    z += 0.05 * g.bump(0, b.mouth_y, 0.3, 0.17)
    z += 0.035 * g.bump(0, b.mouth_y - 0.6 * b.lip_up, b.mouth_half * 0.8, b.lip_up * 0.8)
    lower = b.mouth_y + 0.6 * b.lip_down + opening
    z += 0.04 * g.bump(0, lower, b.mouth_half * 0.65, b.lip_down * 0.8)
    z -= 0.03 * g.bump(0, b.mouth_y + opening / 2, b.mouth_half, 0.018)
    z -= 0.03 * g.bump(0, lower + b.lip_down * 1.2, 0.15, 0.04)
    z += (0.05 + 0.03 * person.chin) * g.bump(0, b.chin_y - 0.14, 0.17, 0.09)
    z -= 0.018 * g.bump(0, (b.nose_tip + b.mouth_y) / 2 + 0.01, 0.03, 0.06)
    _wrinkle(z, person, pose, b)
    return np.asarray(cv2.GaussianBlur(z.astype(np.float32), (0, 0), 1.6), np.float32)


def _wrinkle(z: Plane, person: DrawnPerson, pose: Pose, b: Bones) -> None:
    g = grid()
    fold = 0.004 + 0.022 * person.wrinkles + 0.01 * pose.smile
    for side in (-1, 1):
        line = segment(
            (side * (b.nose_half + 0.05), b.nose_tip - 0.01), (side * (b.mouth_half + 0.07), b.mouth_y + 0.02)
        )
        z -= fold * np.exp(-((line / 0.035) ** 2))
    if person.wrinkles > 0:
        for row in (-0.36, -0.43, -0.5):
            z -= 0.008 * person.wrinkles * g.bump(0, row, 0.36, 0.018)
        z -= 0.005 * person.wrinkles * g.bumps(0.035, b.brow_y + 0.02, 0.014, 0.06)


def turn(depth: Plane, pose: Pose) -> tuple[Plane, Plane]:
    """Where each pixel of the turned head comes from: maps x and y in pixels for ``cv2.remap``.

    Orthographic. The depth at the origin of a pixel is not known before the origin is; three rounds of
    inserting the last guess converge for the small angles here.
    """
    g = grid()
    yaw, pitch, roll = (math.radians(a) for a in (pose.yaw, pose.pitch, pose.roll))
    y_axis = g.y - 0.75
    x = (math.cos(roll) * g.x + math.sin(roll) * y_axis).astype(np.float32)
    y = (math.cos(roll) * y_axis - math.sin(roll) * g.x + 0.75).astype(np.float32)
    map_x, map_y = _pixels(x, LEFT), _pixels(y, TOP)
    for _ in range(3):
        near = cv2.remap(depth, map_x, map_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE) - _PIVOT
        map_x = _pixels(np.asarray((x - near * math.sin(yaw)) / math.cos(yaw), np.float32), LEFT)
        map_y = _pixels(np.asarray((y - near * math.sin(pitch)) / math.cos(pitch), np.float32), TOP)
    return map_x, map_y


def _pixels(units: Plane, origin: float) -> Plane:
    return np.asarray((units - origin) * UNIT - 0.5, np.float32)
