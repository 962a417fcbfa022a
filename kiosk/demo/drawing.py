"""From a person and a pose to a sprite: head, hair, neck and shoulders with transparency."""

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.demo.features import Picture, darken
from kiosk.demo.geometry import HEIGHT, LEFT, TOP, UNIT, WIDTH, Bones, Plane, turn
from kiosk.demo.hair import grow
from kiosk.demo.people import DrawnPerson, Hair, Pose, skin_colour
from kiosk.demo.shading import paint_head

Sprite = NDArray[np.uint8]
"""(SPRITE_HEIGHT, SPRITE_WIDTH, 4) blue-green-red-alpha, colours multiplied by alpha."""

_BODY_LEFT: Final = -1.75
_BODY_BOTTOM: Final = 3.6
SPRITE_WIDTH: Final = round(-2 * _BODY_LEFT * UNIT)
SPRITE_HEIGHT: Final = round((_BODY_BOTTOM - TOP) * UNIT)
EYES: Final = (SPRITE_WIDTH / 2, -TOP * UNIT)
"""(x, y) in a sprite of the point between the eyes of an unturned head."""
_HALF: Final = 2
"""The body is painted at this fraction of the size: it is smooth."""


def draw(person: DrawnPerson, pose: Pose) -> Sprite:
    """Draw one person in one pose. The same arguments give the same picture."""
    colours, alpha, depth = paint_head(person, pose)
    map_x, map_y = turn(depth, pose)
    red, green, blue = cv2.split(colours)
    head = cv2.merge([blue * alpha, green * alpha, red * alpha, alpha])
    head = cv2.remap(head, map_x, map_y, cv2.INTER_LINEAR, borderValue=(0, 0, 0, 0))
    sprite = _body(person, pose)
    x = round((LEFT - _BODY_LEFT) * UNIT)
    part = sprite[:HEIGHT, x : x + WIDTH]
    layered = part * np.float32(1 / 255)
    if person.hair in {Hair.BOB, Hair.LONG, Hair.SCARF, Hair.BUN}:
        layered += _behind(person, pose, map_x, map_y) * (1 - layered[..., 3:])
    layered *= 1 - head[..., 3:]
    layered += head
    softened = cv2.GaussianBlur(layered, (0, 0), 1.0)
    part[:] = cv2.convertScaleAbs(np.clip(softened, 0, 1), alpha=255)
    return sprite


def _behind(person: DrawnPerson, pose: Pose, map_x: Plane, map_y: Plane) -> NDArray[np.float32]:
    """Hair that hangs behind the face and the neck."""
    growth = grow(person, Bones.of(person))
    mask = cv2.remap(growth.behind, map_x, map_y, cv2.INTER_LINEAR)
    colour = np.asarray(person.hair_colour[::-1], np.float32) / np.float32(255)
    shade = np.float32(0.5 * pose.light) * growth.texture
    return np.asarray(np.dstack([(shade * mask)[..., None] * colour, mask]), np.float32)


def _body(person: DrawnPerson, pose: Pose) -> Sprite:
    """Neck, shoulders and shirt, painted small and enlarged."""
    unit = UNIT / _HALF
    wide, high = SPRITE_WIDTH // _HALF, SPRITE_HEIGHT // _HALF
    x = ((np.arange(wide, dtype=np.float32) + 0.5) / unit + _BODY_LEFT)[None, :]
    y = ((np.arange(high, dtype=np.float32) + 0.5) / unit + TOP)[:, None]
    neck_half = 0.4 + 0.03 * person.jaw + 0.1 * np.clip((y - 0.98) / 0.35, 0, 1) ** 2
    neck = np.clip((neck_half - np.abs(x)) * unit / 2 + 0.5, 0, 1)
    neck *= np.clip((y - 0.55) * unit / 2, 0, 1)
    round_ = np.sqrt(np.clip(1 - (x / neck_half) ** 2, 0, 1))
    side = x / neck_half * pose.light_x
    shade = (0.32 + 0.4 * round_ + 0.12 * side) * (0.55 + 0.45 * np.clip((y - 0.95) / 0.4, 0, 1))
    skin = skin_colour(person.skin)[::-1]
    slope = 1.24 + 0.34 * (np.abs(x) / 1.5) ** 2 + 0.4 * (np.abs(x) / 1.6) ** 7
    slope = slope + 0.15 * np.exp(-((x / 0.36) ** 2))
    cloth = np.clip((y - slope) * unit / 2 + 0.5, 0, 1)
    cloth *= np.clip((1.62 - np.abs(x) + 0.04 * np.sin(3 * y)) * unit / 3, 0, 1)
    body = _cloth_shade(x, y, slope, pose)
    colour = np.asarray(person.shirt[::-1], np.float32) / np.float32(255)
    alpha = np.maximum(neck, cloth)
    flesh = np.stack([shade**1.08, shade, shade**0.88], axis=2) * skin
    picture = flesh * (1 - cloth[..., None]) + (body * cloth)[..., None] * colour
    if person.collar:
        flap = np.clip(1 - np.abs(np.abs(x) - 0.36 + 0.5 * (y - 1.35)) / 0.13, 0, 1)
        flap *= np.clip((y - 1.26) * 12, 0, 1) * np.clip((1.75 - y) * 12, 0, 1)
        picture += (0.16 * np.clip(flap * 3, 0, 1) * cloth * body)[..., None]
        darken(picture, np.asarray(np.exp(-((x / 0.012) ** 2)) * cloth * (y > 1.6), np.float32), 0.3)
    full: Picture = np.dstack([picture * pose.light * alpha[..., None], alpha]).astype(np.float32)
    small = np.clip(full * 255 + 0.5, 0, 255).astype(np.uint8)
    size = (SPRITE_WIDTH, SPRITE_HEIGHT)
    return np.asarray(cv2.resize(small, size, interpolation=cv2.INTER_LINEAR), np.uint8)


def _cloth_shade(x: Plane, y: Plane, slope: Plane, pose: Pose) -> Plane:
    across = np.sqrt(np.clip(1 - (np.abs(x) / 1.7) ** 2.4, 0, 1))
    shoulder = np.exp(-(((y - slope) / 0.2) ** 2))
    folds = 0.04 * np.sin(9 * x + 2.2 * y + 2 * np.sin(3 * y)) * np.clip(y - 1.7, 0, 1)
    lit = 0.42 + 0.36 * across + 0.16 * shoulder + folds + 0.1 * x * pose.light_x
    return np.asarray(lit * (1 - 0.08 * np.clip(y - 1.6, 0, 2)), np.float32)
