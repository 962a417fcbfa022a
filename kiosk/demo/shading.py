"""Light on bones: diffuse and shiny reflection, shadow in hollows, and all paint, on an unturned head."""

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.demo.features import Picture, darken, eyes, glasses, marks, mix, mouth
from kiosk.demo.geometry import UNIT, Bones, Plane, grid, height_field
from kiosk.demo.hair import Growth, brows, grow
from kiosk.demo.people import DrawnPerson, Hair, Pose, skin_colour
from kiosk.demo.shapes import ellipse, filled, mirrored, noise


def light_direction(pose: Pose) -> NDArray[np.float32]:
    """(3,) unit vector towards the light in the turned head's own axes: x right, y down, z to the viewer."""
    x, y, z = 0.9 * pose.light_x, 0.9 * pose.light_y, 1.0
    yaw, pitch = math.radians(pose.yaw), math.radians(pose.pitch)
    x, z = x * math.cos(yaw) - z * math.sin(yaw), x * math.sin(yaw) + z * math.cos(yaw)
    y, z = y * math.cos(pitch) - z * math.sin(pitch), y * math.sin(pitch) + z * math.cos(pitch)
    vector = np.array((x, y, z), np.float32)
    return vector / np.float32(np.linalg.norm(vector))


def lit(z: Plane, pose: Pose) -> tuple[Plane, Plane]:
    """How bright each pixel of a height field is (about 1), and how shiny (0 to 1)."""
    slope_x = cv2.Sobel(z, cv2.CV_32F, 1, 0, ksize=3, scale=UNIT / 8)
    slope_y = cv2.Sobel(z, cv2.CV_32F, 0, 1, ksize=3, scale=UNIT / 8)
    inverse = 1 / np.sqrt(1 + slope_x**2 + slope_y**2)
    light = light_direction(pose)
    half = light + np.array((0, 0, 1), np.float32)
    half = half / np.float32(np.linalg.norm(half))
    facing = (light[2] - slope_x * light[0] - slope_y * light[1]) * inverse
    # Wrapped light: skin lets some through, so the shadow's edge is soft.
    diffuse = np.clip((facing + 0.25) / 1.25, 0, 1)
    sky = 0.5 + 0.5 * slope_y * inverse
    hollow = cv2.GaussianBlur(z, (0, 0), 0.07 * UNIT) - z
    # The outline is no hollow.
    open_air = np.clip(1.12 - 5.5 * np.clip(hollow, 0, None), 0.5, 1)
    shade = (0.3 + 0.14 * sky + 0.66 * diffuse) * open_air * pose.light
    gleam = np.clip((half[2] - slope_x * half[0] - slope_y * half[1]) * inverse, 0, 1)
    gleam = gleam**4
    gleam = gleam**4 * gleam
    return np.asarray(shade, np.float32), np.asarray(gleam, np.float32)


def _skin(person: DrawnPerson, b: Bones, shade: Plane, gleam: Plane) -> Picture:
    g = grid()
    base = skin_colour(person.skin)
    dark = person.skin
    # Dark skin shows form by its highlights: more of them, and deeper shadows between.
    contrast = 1 + 0.25 * dark
    shade = cv2.pow(np.clip(shade, 0.02, 1.6), contrast) * np.float32(0.97 + 0.33 * dark)
    grain = 1 + 0.012 * noise(person.noise_seed, 210, 230) + 0.02 * noise(person.noise_seed, 14, 15)
    value = shade * grain
    # Blood under the skin: shadows fall off more slowly in red.
    tones = (value * (1.12 - 0.12 * value), value, value * (0.92 + 0.08 * value))
    flush = 0.6 * g.bumps(0.42, 0.28, 0.22, 0.16) + 0.5 * g.bump(0, b.nose_tip, 0.16, 0.12)
    flush = flush * value
    gleam = (0.1 + 0.2 * dark) * gleam
    channels = [
        tone * float(part)
        + flush * (blood * (1 - 0.6 * dark))
        + gleam * float(0.75 + 0.25 * part / base.max())
        for tone, part, blood in zip(tones, base, (0.02, -0.045, -0.04), strict=True)
    ]
    return np.asarray(cv2.merge(channels), np.float32)


def _hair_paint(person: DrawnPerson, growth: Growth, shade: Plane, gleam: Plane) -> Picture:
    colour = np.asarray(person.hair_colour, np.float32) / np.float32(255)
    tone = np.clip(shade, 0.15, 1.4) * growth.texture
    shine = 0.05 + 0.09 * (person.hair not in {Hair.SCARF, Hair.CURLY})
    gloss = shine * gleam * growth.texture
    return np.asarray(cv2.merge([tone * float(part) + gloss for part in colour]), np.float32)


def _ears(person: DrawnPerson, b: Bones) -> tuple[Plane, Plane]:
    size = 1 + 0.18 * person.ears
    outer = mirrored(ellipse(b.half_width + 0.0, 0.1, 0.1 * size, 0.2 * size))
    inner = mirrored(ellipse(b.half_width + 0.035, 0.09, 0.035 * size, 0.12 * size))
    return filled(outer, 1.4), filled(inner, 4.0)


def paint_head(person: DrawnPerson, pose: Pose) -> tuple[Picture, Plane, Plane]:
    """Draw the unturned head.

    Returns:
        Colours (height, width, 3) in RGB from 0 to 1, their alpha (height, width), and the depth for turning.
    """
    b = Bones.of(person)
    g = grid()
    growth = grow(person, b)
    bare = height_field(person, pose, b)
    # Thickness grows from the hairline inwards, so that the skin beside it keeps its slope.
    covered = np.clip(2 * cv2.GaussianBlur(growth.front, (0, 0), 4) - 1, 0, 1)
    thick = 0.02 if person.hair is Hair.CROPPED else 0.075
    z = bare + (growth.dome + np.float32(thick) - bare).clip(0) * covered + 0.015 * growth.beard
    shade, gleam = lit(np.asarray(z, np.float32), pose)
    picture = _skin(person, b, shade, gleam)
    head = filled([_skull(b)], 1.2)
    ears, ear_hollows = _ears(person, b)
    darken(picture, np.asarray(ear_hollows * (1 - head), np.float32), 0.35)
    nostrils = mirrored(ellipse(0.45 * b.nose_half + 0.012, b.nose_tip + 0.062, 0.034, 0.017))
    darken(picture, filled(nostrils, 2.0), 0.62)
    darken(picture, np.asarray(g.bump(0, b.nose_tip + 0.1, 0.16, 0.04), np.float32), 0.14)
    marks(picture, person, b)
    eyes(picture, shade, person, pose, b)
    mouth(picture, shade, person, pose, b)
    fur = _hair_paint(person, growth, shade, gleam * 0.4)
    stubble = growth.beard * np.clip(0.86 + 0.3 * noise(person.noise_seed + 2, 170, 190), 0, 1)
    mix(picture, fur * 0.95, np.asarray(stubble, np.float32))
    brow = brows(person, pose, b) * np.clip(0.9 + 0.14 * noise(person.noise_seed + 3, 230, 120), 0, 1)
    under = 0.75 if person.hair is not Hair.SCARF else 0.0
    brow_colour = tuple(int(c * under + (1 - under) * 34) for c in person.hair_colour)
    mix(picture, (brow_colour[0], brow_colour[1], brow_colour[2]), np.asarray(brow * 0.9, np.float32))
    edge = cv2.GaussianBlur(growth.front, (0, 0), 7) * (1 - growth.front)
    darken(picture, np.asarray(edge, np.float32), 0.35)
    mix(picture, fur, growth.front)
    glasses(picture, person, b)
    alpha = np.maximum(np.maximum(head, ears), growth.front)
    return picture, np.asarray(alpha, np.float32), np.asarray(bare, np.float32)


def _skull(b: Bones) -> NDArray[np.float64]:
    y = np.concatenate(
        [
            -0.12 - 0.88 * np.sin(np.linspace(np.pi / 2, 0, 40)),
            -0.12 + (b.chin_y + 0.12) * np.sin(np.linspace(0, np.pi / 2, 60))[1:],
        ]
    )
    right = np.stack([b.outline(y.astype(np.float32)), y], axis=1).astype(float)
    return np.vstack([right, right[::-1] * (-1.0, 1.0)])
