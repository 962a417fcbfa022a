"""Eyes, mouth, glasses and marks, painted onto the shaded head."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from kiosk.demo.geometry import Bones, Plane, grid
from kiosk.demo.people import DrawnPerson, Glasses, Pose, Rgb, skin_colour
from kiosk.demo.shapes import Outline, curve, ellipse, filled, mirrored, noise, stroked

Picture = NDArray[np.float32]
"""(height, width, 3), red-green-blue, 0 to 1 (light may exceed it)."""

_SCLERA: Final = (0.93, 0.91, 0.89)


def mix(picture: Picture, colour: Rgb | tuple[float, ...] | Picture, mask: Plane) -> None:
    """Lay a colour (0-255 integers or 0-1 floats) over the picture where the mask is 1, in place."""
    rows, columns = _extent(mask)
    part = mask[rows, columns, None]
    if isinstance(colour, np.ndarray):
        over = colour[rows, columns]
    else:
        over = np.asarray(colour, np.float32)
        over = over / np.float32(255) if isinstance(colour[0], int) else over
    picture[rows, columns] += (over - picture[rows, columns]) * part


def darken(picture: Picture, mask: Plane, amount: float) -> None:
    """Multiply the picture by ``1 - amount`` where the mask is 1, in place."""
    rows, columns = _extent(mask)
    picture[rows, columns] *= 1 - np.float32(amount) * mask[rows, columns, None]


def lighten(picture: Picture, mask: Plane) -> None:
    """Add the mask to all colours, in place."""
    rows, columns = _extent(mask)
    picture[rows, columns] += mask[rows, columns, None]


def tint(picture: Picture, colour: NDArray[np.float32], light: Plane, mask: Plane) -> None:
    """Lay a colour (3,), made darker or brighter by `light`, over the picture where the mask is 1, in place."""
    rows, columns = _extent(mask)
    over = colour * light[rows, columns, None]
    picture[rows, columns] += (over - picture[rows, columns]) * mask[rows, columns, None]


def _extent(mask: Plane) -> tuple[slice, slice]:
    rows = np.flatnonzero(mask.max(axis=1) > 1e-3)
    columns = np.flatnonzero(mask.max(axis=0) > 1e-3)
    if len(rows) == 0:
        return slice(0, 0), slice(0, 0)
    return slice(int(rows[0]), int(rows[-1]) + 1), slice(int(columns[0]), int(columns[-1]) + 1)


def _lids(b: Bones, pose: Pose, side: int) -> tuple[Outline, Outline]:
    """Upper and lower lid of one eye, from the nose outwards."""
    open_ = 1 - 0.93 * pose.blink
    x, half, tilt = b.eye_x, b.eye_half, b.eye_tilt * b.eye_half
    xs = np.array((x - half, x - 0.45 * half, x + 0.1 * half, x + 0.6 * half, x + half))
    slope = -tilt * (xs - x) / half
    up, down = b.eye_up * open_, b.eye_down
    sink = (1 - open_) * down * 0.7
    upper = curve(list(xs), list(slope + np.array((0.02, -0.75 * up, -up, -0.72 * up, 0.0)) + sink))
    lower = curve(list(xs), list(slope + np.array((0.02, 0.8 * down, down, 0.85 * down, 0.0)) * 1.0))
    return upper * (side, 1.0), lower * (side, 1.0)


def eyes(picture: Picture, shade: Plane, person: DrawnPerson, pose: Pose, b: Bones) -> None:
    """Paint both eyes with iris, highlight, lids and lashes."""
    outlines, uppers, lowers = [], [], []
    for side in (-1, 1):
        upper, lower = _lids(b, pose, side)
        outlines.append(np.vstack([upper, lower[::-1]]))
        uppers.append(upper)
        lowers.append(lower)
    white = filled(outlines, 0.9)
    tint(picture, np.asarray(_SCLERA, np.float32), np.clip(0.35 + 0.65 * shade, 0, 1), white)
    darken(picture, stroked([u + np.array((0, 0.02)) for u in uppers], 5, 2.5) * white, 0.4)
    radius = 0.071
    centres = [(s * b.eye_x + 0.03 * pose.gaze, -0.012) for s in (-1, 1)]
    iris = filled([ellipse(x, y, radius, radius) for x, y in centres], 0.9) * white
    rim = tuple(int(c * 0.45) for c in person.iris)
    mix(picture, (rim[0], rim[1], rim[2]), iris)
    inner = filled([ellipse(x, y + 0.006, radius * 0.8, radius * 0.8) for x, y in centres], 2)
    mix(picture, person.iris, inner * white)
    pupil = filled([ellipse(x, y, 0.031, 0.031) for x, y in centres], 0.8) * white
    mix(picture, (14, 11, 10), pupil)
    glint = 0.022 * (-1 if pose.light_x < 0 else 1)
    spots = filled([ellipse(x + glint, y - 0.024, 0.014, 0.014) for x, y in centres], 0.7)
    mix(picture, (1.0, 1.0, 1.0), np.asarray(spots * white * 0.9, np.float32))
    lash = tuple(int(c * 0.3) for c in person.hair_colour) if person.skin < 0.3 else (22, 15, 13)
    mix(picture, (lash[0], lash[1], lash[2]), stroked(uppers, 3.4, 1.1) * np.float32(0.85))
    darken(picture, stroked(lowers, 2, 1.2), 0.3)
    crease = [u * (1, 0.9) + (0, -0.035 - 0.1 * b.eye_up) for u in uppers]
    darken(picture, stroked([c[6:-4] for c in crease], 2, 1.4), 0.3)


def mouth(picture: Picture, shade: Plane, person: DrawnPerson, pose: Pose, b: Bones) -> None:
    """Paint the lips, and the teeth's shadow when the mouth is open."""
    half = b.mouth_half * (1 + 0.08 * pose.smile)
    y, gap = b.mouth_y, 0.05 * pose.mouth_open
    corner = y - 0.055 * pose.smile
    up, down = b.lip_up, b.lip_down
    xs = (0.0, 0.06, 0.5 * half, half)
    top = curve(xs, (y - up * 0.8, y - up, y - 0.62 * up, corner))
    seam = curve((0.0, 0.08, 0.55 * half, half), (y + 0.012, y, y + 0.006, corner))
    under = seam + np.stack([0 * seam[:, 0], gap * (1 - (seam[:, 0] / half) ** 2)], axis=1)
    low = curve(
        (0.0, 0.4 * half, 0.75 * half, half),
        (y + down + gap, y + 0.92 * down + gap, y + 0.5 * down + gap * 0.6, corner),
    )
    tone = _lip_colour(person)
    light = np.clip(0.25 + 0.75 * shade, 0, 1.1)
    upper = filled(mirrored(np.vstack([top, seam[::-1]])), 1.6)
    lower = filled(mirrored(np.vstack([under, low[::-1]])), 1.8)
    tint(picture, tone * np.float32(0.86), light, upper * np.float32(0.85))
    tint(picture, tone, light, lower * np.float32(0.8))
    gloss = grid().bump(0, y + gap + 0.5 * down, 0.5 * half, 0.3 * down)
    lighten(picture, np.float32(0.07) * gloss * lower)
    if gap > 0.004:
        inside = filled(mirrored(np.vstack([seam, under[::-1]])), 1.0)
        mix(picture, (58, 26, 24), inside)
    mix(picture, (52, 24, 22), stroked(mirrored(seam), 2, 1.1) * np.float32(0.8))


def _lip_colour(person: DrawnPerson) -> NDArray[np.float32]:
    skin = skin_colour(person.skin)
    flesh = skin * np.array((0.9, 0.68, 0.66), np.float32)
    red = np.array((0.68, 0.2, 0.24), np.float32) * (0.5 + 0.6 * float(skin.mean()))
    share = 0.75 * person.lip_red
    return np.asarray(flesh * (1 - share) + red * share, np.float32)


def marks(picture: Picture, person: DrawnPerson, b: Bones) -> None:
    """Freckles and a mole."""
    g = grid()
    if person.freckles > 0:
        spots = np.clip(noise(person.noise_seed + 5, 110, 122) - 1.1, 0, 1)
        where = g.bumps(0.3, 0.2, 0.26, 0.13) + g.bump(0, 0.16, 0.2, 0.1)
        darken(picture, np.asarray(np.clip(spots * where, 0, 1), np.float32), 0.3 * person.freckles)
    if person.mole:
        place = (person.mole * (b.mouth_half + 0.07), b.mouth_y - 0.1)
        mix(picture, (52, 32, 26), filled([ellipse(*place, 0.019, 0.018)], 1.2) * np.float32(0.8))


def glasses(picture: Picture, person: DrawnPerson, b: Bones) -> None:
    """Paint rims, bridge, sides and a faint reflection."""
    if person.glasses is Glasses.NONE:
        return
    wide, high, square, width = {
        Glasses.ROUND: (0.215, 0.2, 2.2, 5.0),
        Glasses.SQUARE: (0.235, 0.165, 4.5, 6.0),
        Glasses.THIN: (0.225, 0.145, 3.2, 2.4),
    }[person.glasses]
    x, y = b.eye_x + 0.01, 0.025
    rings = [np.vstack([o, o[:1]]) for o in mirrored(ellipse(x, y, wide, high, square))]
    gap = x - wide
    bridge = curve((-gap, 0.0, gap), (y - 0.03, y - 0.065, y - 0.03))
    sides = mirrored(np.array([(x + wide, y - 0.05), (b.half_width + 0.02, y - 0.07)]))
    lens = filled(mirrored(ellipse(x, y, wide, high, square)), 1.0)
    frame = stroked([*rings, bridge, *sides], width, 0.8)
    shadow = stroked([r + np.array((0.0, 0.035)) for r in rings], width, 3.0)
    darken(picture, shadow * (1 - frame), 0.18)
    g = grid()
    sweep = np.clip(1 - np.abs((g.x % 0.7) + 0.5 * g.y - 0.22) / 0.1, 0, 1)
    lighten(picture, np.asarray(0.035 * lens * (1 + sweep), np.float32))
    mix(picture, person.glasses_colour, frame)
    shine = stroked([r - (0.006, 0.008) for r in rings], 1, 0.8)
    lighten(picture, np.float32(0.12) * shine * frame)
