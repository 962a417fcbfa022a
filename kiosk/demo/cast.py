"""Pictures of the people in a class, rendered ahead: walking poses, and other ones for enrolment."""

import multiprocessing
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from typing import Final

import cv2
import numpy as np

from kiosk.demo.drawing import EYES, Sprite, draw
from kiosk.demo.people import DrawnPerson, Pose
from kiosk.domain.faces.frames import BgrImage

Cast = Mapping[str, tuple[Sprite, ...]]
"""Sprites of each person by key, in the order of `WALKING_POSES`."""

WALKING_POSES: Final = (
    Pose(yaw=-12, light_x=-0.1, smile=0.2),
    Pose(yaw=-7.5, pitch=1, light_x=-0.18, smile=0.3),
    Pose(yaw=-3.5, roll=-1, light_x=-0.25, smile=0.4),
    Pose(yaw=0, pitch=-1, light_x=-0.3, smile=0.55, brow_raise=0.3),
    Pose(yaw=3.5, roll=1, light_x=-0.35, smile=0.4),
    Pose(yaw=7.5, pitch=1, light_x=-0.42, smile=0.3),
    Pose(yaw=12, light_x=-0.5, smile=0.2),
)
"""From the picture's left to its right; `walking_pose` adds each person's own bearing."""

ENROLMENT_POSES: Final = (
    Pose(light_x=-0.1, light_y=-0.6, smile=0.3),
    Pose(yaw=9, pitch=3, light_x=0.3, smile=0.2),
    Pose(yaw=-9, pitch=-2, light_x=-0.55, smile=0.35),
    Pose(pitch=-5, yaw=2, light_x=0.1, smile=0.75, light=1.06),
    Pose(roll=4, yaw=-4, light_x=0.45, mouth_open=0.25, smile=0.3, light=0.94),
)


def walking_pose(person: DrawnPerson, index: int) -> Pose:
    """One of the walking poses with this person's own way of holding the head."""
    generator = np.random.default_rng((person.noise_seed, 11))
    pitch, roll = (float(v) for v in generator.uniform(-2.5, 2.5, 2))
    pose = WALKING_POSES[index]
    return replace(pose, pitch=pose.pitch + pitch, roll=pose.roll + 0.6 * roll)


def render_person(person: DrawnPerson) -> tuple[Sprite, ...]:
    """All walking sprites of one person; half a second of work."""
    return tuple(draw(person, walking_pose(person, i)) for i in range(len(WALKING_POSES)))


def _one_thread() -> None:
    cv2.setNumThreads(1)


def render_cast(people: Sequence[DrawnPerson], *, workers: int = 2) -> dict[str, tuple[Sprite, ...]]:
    """Render everybody, in `workers` processes (spawned, not forked) or, with less than 2, right here."""
    if workers < 2 or len(people) < 2:
        return {person.key: render_person(person) for person in people}
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_one_thread) as executor:
        rendered = executor.map(render_person, people)
        return {person.key: sprites for person, sprites in zip(people, rendered, strict=True)}


def enrolment_pictures(person: DrawnPerson, n: int = 5) -> list[BgrImage]:
    """`n` (1 to 5) portraits, 960 x 720, BGR, in poses and light that no walk uses.

    Raises:
        ValueError: `n` lies outside 1 to 5.
    """
    if not 1 <= n <= len(ENROLMENT_POSES):
        raise ValueError(f"there are 1 to {len(ENROLMENT_POSES)} enrolment pictures, not {n}")
    return [portrait(person, pose) for pose in ENROLMENT_POSES[:n]]


def portrait(person: DrawnPerson, pose: Pose, *, noise: float = 1.6) -> BgrImage:
    """One picture before a plain wall, 960 x 720, BGR, head about 300 pixels high.

    `noise` is the standard deviation of the sensor's noise in grey levels.
    """
    fall = np.linspace(1.04, 0.92, 720, dtype=np.float32)[:, None, None]
    wall = np.asarray((203, 200, 194), np.float32) * fall * np.ones((1, 960, 1), np.float32)
    picture = wall.astype(np.uint8)
    lay(picture, draw(person, pose), x=480, y=310, scale=1.0)
    grain = np.random.default_rng((person.noise_seed, 13)).normal(0, noise, picture.shape)
    return np.clip(picture + grain, 0, 255).astype(np.uint8)


def lay(picture: BgrImage, sprite: Sprite, *, x: float, y: float, scale: float) -> None:
    """Draw a sprite into `picture`, in place, with the point between its eyes at (x, y), sub-pixel exact."""
    height, width = picture.shape[:2]
    left = x - EYES[0] * scale
    top = y - EYES[1] * scale
    x0, y0 = max(0, int(np.floor(left))), max(0, int(np.floor(top)))
    x1 = min(width, int(np.ceil(left + sprite.shape[1] * scale)))
    y1 = min(height, int(np.ceil(top + sprite.shape[0] * scale)))
    if x1 <= x0 or y1 <= y0:
        return
    matrix = np.array([[scale, 0, left - x0], [0, scale, top - y0]], np.float32)
    # The sprite was blurred when it was drawn, so linear sampling does not alias here.
    layer = cv2.warpAffine(sprite, matrix, (x1 - x0, y1 - y0), flags=cv2.INTER_LINEAR)
    blue, green, red, alpha = cv2.split(layer)
    through = cv2.bitwise_not(alpha)
    part = picture[y0:y1, x0:x1]
    behind = cv2.multiply(part, cv2.merge([through, through, through]), scale=1 / 255)
    part[:] = cv2.add(behind, cv2.merge([blue, green, red]))
