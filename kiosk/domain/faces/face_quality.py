"""How fit a picture of a face is for enrolment, and what is wrong with one that is not. Pure rules.

The limits fit both detectors; each was checked against 61 photographs of 13 people, none of which it refuses.
"""

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np

from kiosk.domain.faces.frames import Vector

MIN_FACE_PX: Final = 70.0
"""Smallest face in an enrolment picture: the network sees 150 pixels, half of that still names people."""

MIN_SHARPNESS: Final = 15.0
MIN_BRIGHTNESS: Final = 25.0
MAX_BRIGHTNESS: Final = 240.0
MIN_INSIDE: Final = 0.8
"""Share of the face that must lie inside the picture."""

MAX_TURN: Final = 0.25
"""Largest turn of the head (`kiosk.domain.frames.head_turn`), about 36°: beyond it one eye is hidden, and the distance to
the same person seen from the front grows beyond what thresholds allow. The photographs lie within 0.16."""


@dataclass(frozen=True, slots=True)
class Quality:
    """How fit a face is for recognition.

    Attributes:
        face_px: Height of the face box in pixels of the picture it was found in.
        sharpness: Variance of the Laplacian on the face scaled to 112 pixels; below about 20 is blurred.
        brightness: Mean grey value of the face, 0-255.
        inside: Share of the box that lies inside the picture, 0-1.
        turn: How far the head is turned to a side: `kiosk.domain.frames.head_turn`. None where eyes and nose are not
            known.
    """

    face_px: float
    sharpness: float
    brightness: float
    inside: float
    turn: float | None = None


class Flaw(StrEnum):
    """What is wrong with a face in an enrolment picture."""

    TOO_SMALL = "too small"
    CUT_OFF = "cut off"
    BLURRED = "blurred"
    TOO_DARK = "too dark"
    TOO_BRIGHT = "too bright"
    TURNED_AWAY = "turned away"


@dataclass(frozen=True, slots=True)
class Limits:
    """What a face must keep to. Raising `face_px`, `sharpness` or `inside` refuses more pictures.

    Attributes:
        face_px: Least height of the face in pixels.
        sharpness: Least variance of the Laplacian.
        darkest: Least mean grey value.
        brightest: Largest mean grey value.
        inside: Least share of the face inside the picture.
        turn: Largest turn to either side.
    """

    face_px: float = MIN_FACE_PX
    sharpness: float = MIN_SHARPNESS
    darkest: float = MIN_BRIGHTNESS
    brightest: float = MAX_BRIGHTNESS
    inside: float = MIN_INSIDE
    turn: float = MAX_TURN


PICTURES: Final = Limits()
"""For pictures that somebody chose: only what would make a misleading template is refused."""


def flaw_of(quality: Quality, limits: Limits = PICTURES) -> Flaw | None:
    """The first thing that is wrong, in the order in which a person would mend it; None for a good face.

    Light comes before sharpness: a dark face looks blurred, too. A pose that is not known is not held against a picture.
    """
    if quality.face_px < limits.face_px:
        return Flaw.TOO_SMALL
    if quality.inside < limits.inside:
        return Flaw.CUT_OFF
    if quality.brightness < limits.darkest:
        return Flaw.TOO_DARK
    if quality.brightness > limits.brightest:
        return Flaw.TOO_BRIGHT
    if quality.sharpness < limits.sharpness:
        return Flaw.BLURRED
    if quality.turn is not None and abs(quality.turn) > limits.turn:
        return Flaw.TURNED_AWAY
    return None


@dataclass(frozen=True, slots=True)
class Clarity:
    """What the length of an embedding says of a face: a network can be trained so that clear faces have long ones.

    Of all measures the length of SFace's predicts errors best, for other networks as well (docs/recognition.md).

    Attributes:
        poor: The length below which one face in twenty lies.
        clear: The length below which half of all faces lie.
    """

    poor: float
    clear: float

    def of(self, vector: Vector) -> float:
        """How clear the face of an embedding is: a half for a poor one, 1 for a clear one, evenly between."""
        share = (float(np.linalg.norm(vector)) - self.poor) / (self.clear - self.poor)
        return 0.5 + 0.5 * min(1.0, max(0.0, share))


def fitness(quality: Quality) -> float:
    """How good a face without flaws is, 0 to 1, to choose the best of several.

    The product of size (full at 150 pixels, what the built-in network sees), sharpness (full at 200, where focus no
    longer limits) and light (full between 90 and 180 grey levels, falling to half at the limits).
    """
    size = min(1.0, quality.face_px / 150.0)
    sharpness = math.sqrt(min(1.0, max(0.0, quality.sharpness) / 200.0))
    light = 1.0
    if quality.brightness < 90.0:
        light = 0.5 + 0.5 * max(0.0, quality.brightness - MIN_BRIGHTNESS) / (90.0 - MIN_BRIGHTNESS)
    elif quality.brightness > 180.0:
        light = 0.5 + 0.5 * max(0.0, MAX_BRIGHTNESS - quality.brightness) / (MAX_BRIGHTNESS - 180.0)
    return size * sharpness * light * quality.inside
