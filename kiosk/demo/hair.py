"""Hair, beards and brows: where they grow and how they look."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from kiosk.demo.geometry import Bones, Plane, grid
from kiosk.demo.people import Beard, DrawnPerson, Hair, Pose
from kiosk.demo.shapes import Outline, curve, filled, mirrored, noise, strands

_VOLUME = {
    # How far the hair stands off the skull: above, beside; and how low it reaches beside the face.
    Hair.BALD: (0.0, 0.0, -0.5),
    Hair.CROPPED: (0.025, 0.01, 0.02),
    Hair.SHORT: (0.1, 0.035, 0.08),
    Hair.PARTED: (0.13, 0.045, 0.06),
    Hair.CURLY: (0.2, 0.13, 0.1),
    Hair.BOB: (0.12, 0.13, 0.7),
    Hair.LONG: (0.1, 0.1, 1.38),
    Hair.BUN: (0.06, 0.03, 0.02),
    Hair.SCARF: (0.09, 0.07, 1.4),
}


@dataclass(frozen=True, slots=True, eq=False)
class Growth:
    """Masks (0 to 1) of what covers the skin.

    Attributes:
        front: Hair or cloth in front of the head.
        behind: Hair or cloth behind the face and neck.
        dome: Depth of the hair's surface, as of the head's.
        beard: Strength of the beard.
        texture: Light and dark of strands, about 1.
    """

    front: Plane
    behind: Plane
    dome: Plane
    beard: Plane
    texture: Plane


def _sides(b: Bones, out: float, start: float, end: float) -> Outline:
    y = np.linspace(start, end, 40, dtype=np.float32)
    middle = np.clip(y, None, 0.0)
    # Below the ears hair hangs rather than following the jaw.
    ends = np.clip((y - start) / (end - start), 0, 1)
    return np.stack([b.outline(middle) + out * (1 - ends**6), y], axis=1).astype(float)


def _cap(person: DrawnPerson, b: Bones) -> Outline:
    above, beside, low = _VOLUME[person.hair]
    angle = np.linspace(0, np.pi / 2, 40)
    crown = np.stack(
        [(b.half_width + beside) * np.sin(angle) ** 0.85, -0.12 - (0.9 + above) * np.cos(angle) ** 0.95],
        axis=1,
    )
    if person.hair is Hair.SCARF:
        drape = curve((b.half_width + beside, 0.76, 0.72, 0.86, 0.5), (-0.1, 0.3, 0.8, 1.25, 1.42))
        right = np.vstack([crown, drape])
    else:
        right = np.vstack([crown, _sides(b, beside, -0.1, low)])
    return np.vstack([right, right[::-1] * (-1.0, 1.0)])


def _opening(person: DrawnPerson, b: Bones) -> Outline:
    """The part of the face that hair leaves free."""
    top = b.hairline
    temple = 0.79 * b.half_width
    style = person.hair
    if style is Hair.PARTED:
        xs = (-1.3, -temple - 0.06, -temple, -0.33, -0.16, 0.2, temple - 0.03, temple + 0.05, 1.3)
        ys = (0.1, 0.02, -0.3, top - 0.02, top - 0.1, top + 0.02, -0.36, 0.02, 0.1)
        edge = curve(xs, ys, 80)
        return np.vstack([edge, [(1.3, 1.6), (-1.3, 1.6)]])
    if style in {Hair.BOB, Hair.LONG, Hair.SCARF}:
        wide = b.half_width * (0.9 if style is not Hair.SCARF else 0.93)
        rise = top + (0.02 if style is not Hair.SCARF else 0.1)
        chin = b.chin_y + 0.02
        right = curve(
            (0.0, 0.3, 0.92 * wide, wide, 0.9 * wide, 0.48 * wide),
            (rise - 0.04, rise + 0.0, rise + 0.3, 0.05, 0.52, chin - 0.08),
            60,
        )
        if style is not Hair.SCARF:
            right = np.vstack([right[:46], [(right[45][0], 1.6)]])
        else:
            right = np.vstack([right, [(0.2, chin - 0.01), (0.0, chin)]])
        return np.vstack([right, right[::-1] * (-1.0, 1.0)])
    side = b.half_width - 0.075
    right = curve(
        (0.0, 0.3, temple - 0.04, temple, side, side + 0.03),
        (top - 0.03, top, top + 0.14, -0.32, -0.18, 0.04),
        60,
    )
    right = np.vstack([right, [(side + 0.02, 0.3), (1.4, 0.3), (1.4, 1.6)]])
    return np.vstack([right, right[::-1] * (-1.0, 1.0)])


@lru_cache(maxsize=4)
def grow(person: DrawnPerson, b: Bones) -> Growth:
    """Where this person's hair and beard are; kept for the next pose, so treat it as read-only."""
    g = grid()
    seed = person.noise_seed
    nothing = np.zeros((g.y.shape[0], g.x.shape[1]), np.float32)
    front, behind = nothing, nothing
    if person.hair is not Hair.BALD:
        outer = filled([_cap(person, b)], 1.6)
        soft = {Hair.CROPPED: 5.0, Hair.SCARF: 1.2}.get(person.hair, 2.6)
        front = outer * (1 - filled([_opening(person, b)], soft))
        if person.hair in {Hair.BOB, Hair.LONG, Hair.SCARF}:
            behind = outer if person.hair is not Hair.LONG else _fall(b)
        if person.hair is Hair.BUN:
            bun = 1 - ((g.x / 0.27) ** 2 + ((g.y + 1.17) / 0.22) ** 2)
            behind = np.clip(bun * 12, 0, 1).astype(np.float32)
    if person.hair is Hair.CURLY:
        ragged = noise(seed, 46, 50)
        front = np.clip(front * 1.5 - 0.25 - 0.25 * np.abs(ragged) * (front < 0.97), 0, 1)
        texture = 1 + 0.2 * ragged + 0.12 * noise(seed + 1, 90, 100)
    elif person.hair is Hair.SCARF:
        texture = 1 + 0.035 * strands(seed)
    elif person.hair in {Hair.CROPPED, Hair.BALD}:
        texture = 1 + 0.12 * noise(seed, 150, 160)
    else:
        texture = 1 + 0.16 * strands(seed)
    return Growth(
        front.astype(np.float32), behind, _dome(person, b), _beard(person, b), np.asarray(texture, np.float32)
    )


def _fall(b: Bones) -> Plane:
    """Long hair behind the neck, down to the shoulders."""
    right = curve(
        (0.0, b.half_width, b.half_width + 0.14, b.half_width + 0.2, b.half_width + 0.1),
        (-0.6, -0.3, 0.4, 1.0, 1.45),
    )
    return filled([np.vstack([right, right[::-1] * (-1.0, 1.0)])], 2.0)


def _dome(person: DrawnPerson, b: Bones) -> Plane:
    above, beside, _ = _VOLUME[person.hair]
    g = grid()
    across = np.clip(np.abs(g.x) / (b.half_width + beside + 0.01), 0, 1)
    down = np.clip((-0.12 - g.y) / (0.9 + above), 0, 1)
    depth = np.sqrt(np.clip(1 - across**2.4 - down**2.2, 0, 1))
    return np.asarray((0.7 + above / 2) * depth, np.float32)


def _beard(person: DrawnPerson, b: Bones) -> Plane:
    g = grid()
    style = person.beard
    zeros = np.zeros((g.y.shape[0], g.x.shape[1]), np.float32)
    if style is Beard.NONE:
        return zeros
    lips = 1 - np.clip(1.4 * g.bump(0, b.mouth_y, b.mouth_half * 1.05, 0.085), 0, 1)
    upper = curve(
        (0.0, 0.1, b.mouth_half + 0.02, b.mouth_half + 0.07),
        (b.nose_tip + 0.1, b.nose_tip + 0.095, b.mouth_y - 0.03, b.mouth_y + 0.1),
    )
    lower = upper[::-1] * (0.88, 1.0) + (0.0, 0.035)
    lower[-1] = (0.0, b.mouth_y - 0.045)
    tache = filled(mirrored(np.vstack([upper, lower])), 4.0)
    if style is Beard.MOUSTACHE:
        return np.asarray(0.9 * tache, np.float32)
    if style is Beard.GOATEE:
        chin = g.bump(0, b.chin_y - 0.1, 0.27, 0.17) ** 0.7
        sides = g.bumps(b.mouth_half + 0.03, b.mouth_y + 0.13, 0.07, 0.15)
        tuft = np.clip(1.3 * chin + 0.8 * sides, 0, 0.9) * lips
        return np.asarray(np.maximum(tuft, 0.85 * tache), np.float32)
    edge = 0.3 + 0.4 * (1 - np.clip(np.abs(g.x) / b.half_width, 0, 1)) ** 0.6
    jaw = np.clip((g.y - edge) / 0.16, 0, 1)
    area = np.maximum(jaw * lips, tache)
    return np.asarray(area * (0.34 if style is Beard.STUBBLE else 0.82), np.float32)


def brows(person: DrawnPerson, pose: Pose, b: Bones) -> Plane:
    """Mask of both eyebrows."""
    y = b.brow_y - 0.035 * pose.brow_raise
    thick = 0.042 + 0.02 * person.brow_thickness
    inner, outer = b.eye_x - 0.17, b.eye_x + 0.2
    tilt = 0.018 * person.brow_tilt - 0.008
    xs = (inner, inner + 0.1, outer - 0.13, outer)
    upper = curve(xs, (y + tilt + 0.01, y - 0.016 + tilt / 2, y - 0.03, y + 0.025 - tilt))
    lower = curve(
        xs, (y + tilt + 0.01 + thick, y - 0.016 + tilt / 2 + thick, y - 0.036 + thick, y + 0.035 - tilt)
    )
    return filled(mirrored(np.vstack([upper, lower[::-1]])), 2.2)
