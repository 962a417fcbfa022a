"""Who is drawn: the parameters of a face, and of one moment of it.

Lengths are in head units: 1 is half the height of a head, the eyes lie at y = 0, the crown at about -1 and the
chin at about +1. Nobody real is drawn; all values come from a seeded generator.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

Rgb = tuple[int, int, int]


class Hair(StrEnum):
    """How the hair is worn."""

    BALD = "bald"
    CROPPED = "cropped"
    SHORT = "short"
    PARTED = "parted"
    CURLY = "curly"
    BOB = "bob"
    LONG = "long"
    BUN = "bun"
    SCARF = "scarf"


class Beard(StrEnum):
    """What grows on the face."""

    NONE = "none"
    STUBBLE = "stubble"
    MOUSTACHE = "moustache"
    GOATEE = "goatee"
    FULL = "full"


class Glasses(StrEnum):
    """What is worn before the eyes."""

    NONE = "none"
    ROUND = "round"
    SQUARE = "square"
    THIN = "thin"


SKIN: Final[tuple[Rgb, ...]] = (
    (238, 206, 184),
    (233, 196, 170),
    (223, 182, 149),
    (207, 163, 126),
    (186, 138, 99),
    (156, 109, 76),
    (125, 84, 58),
    (97, 64, 46),
    (76, 50, 38),
)
"""Skin from light to dark; `DrawnPerson.skin` runs over it from 0 to 1."""


def skin_colour(tone: float) -> NDArray[np.float32]:
    """(3,) red-green-blue, 0 to 1, of a tone between 0 (lightest) and 1."""
    table = np.asarray(SKIN, np.float32) / np.float32(255)
    at = tone * (len(SKIN) - 1)
    channels = [np.interp(at, range(len(SKIN)), table[:, i]) for i in range(3)]
    return np.array(channels, np.float32)


@dataclass(frozen=True, slots=True)
class DrawnPerson:
    """One invented person. Ratios run from -1 to 1 around an average face unless stated otherwise.

    Attributes:
        key: Name of the drawing, such as ``p017``; also what the texture's noise is seeded with.
        skin: 0 (lightest of `SKIN`) to 1 (darkest).
        face_width: Width of the skull at the temples.
        jaw: Width of the jaw; negative is pointed.
        chin: Length and prominence of the chin.
        cheekbones: How far they stand out.
        brow_ridge: How far the bone above the eyes stands out.
        eye_spacing: Distance of the eyes.
        eye_size: Width and opening of the eyes.
        eye_tilt: Positive lifts the outer corners.
        iris: Colour of the eyes.
        brow_thickness: Height of the eyebrows.
        brow_height: Positive lies higher above the eye.
        brow_tilt: Positive lowers the inner ends.
        nose_length: Positive is longer.
        nose_width: Width of the wings.
        nose_bridge: How far the bridge stands out.
        mouth_width: Positive is wider.
        lips: Fullness.
        lip_red: 0 (like the skin) to 1 (red).
        ears: Size.
        hair: How it is worn.
        hair_colour: Colour of hair, brows and beard; of the cloth for a scarf.
        hairline: Positive lies higher.
        beard: What grows on the face.
        glasses: What is worn before the eyes.
        glasses_colour: Colour of the rims.
        wrinkles: 0 to 1.
        freckles: 0 to 1.
        mole: Side and presence: 0 none, -1 or 1 beside the mouth.
        shirt: Colour of the clothes.
        collar: Whether the shirt has a collar.
    """

    key: str
    skin: float
    face_width: float
    jaw: float
    chin: float
    cheekbones: float
    brow_ridge: float
    eye_spacing: float
    eye_size: float
    eye_tilt: float
    iris: Rgb
    brow_thickness: float
    brow_height: float
    brow_tilt: float
    nose_length: float
    nose_width: float
    nose_bridge: float
    mouth_width: float
    lips: float
    lip_red: float
    ears: float
    hair: Hair
    hair_colour: Rgb
    hairline: float
    beard: Beard
    glasses: Glasses
    glasses_colour: Rgb
    wrinkles: float
    freckles: float
    mole: int
    shirt: Rgb
    collar: bool

    @property
    def noise_seed(self) -> int:
        """Seed of the skin's and hair's texture."""
        return int.from_bytes(self.key.encode(), "big") % 2**32


@dataclass(frozen=True, slots=True)
class Pose:
    """One moment of a face.

    Attributes:
        yaw: Degrees; positive turns the nose to the picture's right. Drawn well up to about 15.
        pitch: Degrees; positive looks down.
        roll: Degrees; positive leans the head to the picture's right.
        smile: 0 (calm) to 1.
        mouth_open: 0 (closed) to 1.
        brow_raise: -1 to 1.
        blink: 0 (open eyes) to 1 (closed).
        gaze: -1 (the picture's left) to 1.
        light_x: Where the light comes from: -1 (the picture's left) to 1.
        light_y: -1 (above) to 1 (below).
        light: Strength; 1 is the classroom's.
    """

    yaw: float = 0.0
    pitch: float = 0.0
    roll: float = 0.0
    smile: float = 0.35
    mouth_open: float = 0.0
    brow_raise: float = 0.0
    blink: float = 0.0
    gaze: float = 0.0
    light_x: float = -0.3
    light_y: float = -0.5
    light: float = 1.0
