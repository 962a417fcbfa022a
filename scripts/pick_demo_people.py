#!/usr/bin/env python3
"""Pick the drawn people of the demo: those that the built-in model finds in every pose and tells apart.

    .venv/bin/python -m scripts.pick_demo_people [--candidates 320] [--seed 2026] [--models DIR]

Draws many people, drops whom dlib's HOG detector misses in any pose, and orders the rest farthest first by the
built-in model's distances, taking turns through five bands of skin tone. Writes ``kiosk/demo/people.toml``;
``docs/demo-people.md`` says why this is needed. Takes about five minutes on two cores.
"""

import argparse
import multiprocessing
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.demo.cast import ENROLMENT_POSES, WALKING_POSES, lay, portrait, walking_pose
from kiosk.demo.classroom import paint_room
from kiosk.demo.drawing import draw
from kiosk.demo.people import DrawnPerson, Pose
from kiosk.demo.pool import POOL_FILE
from kiosk.domain.faces.frames import BgrImage
from kiosk.services.ports.vision import Detector, Embedder
from scripts.demo_people import dump_pool, invent_person

POOL: Final = 32
SHORTLIST: Final = 60
BANDS: Final = 5
MIN_SCORE: Final = 0.4
"""Smallest HOG score in any pose; 0 is the detector's own threshold."""
MAX_GENUINE: Final = 0.23
"""Largest distance of a walking picture to the closest enrolled one of the same person."""
SCALES: Final = (0.84, 0.92, 1.0)
"""Sizes of a walker in the picture: entering, coming near, standing."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What detector and network made of one person; no vectors where a face was missed."""

    person: DrawnPerson
    score: float
    walking: NDArray[np.float32]
    enrolled: NDArray[np.float32]

    @property
    def genuine(self) -> float:
        """Largest distance from a walking picture to the closest enrolled one."""
        return float(_table(self.walking, self.enrolled).min(axis=1).max())


def _table(a: NDArray[np.float32], b: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(np.linalg.norm(a[:, None] - b[None], axis=2), np.float32)


@cache
def _vision(models: str) -> tuple[Detector, Embedder]:
    from kiosk.vision.detection.hog_detector import HogDetector
    from kiosk.vision.factory import build_builtin_embedder

    cv2.setNumThreads(1)
    return HogDetector(), build_builtin_embedder(Path(models))


def _in_room(person: DrawnPerson, pose: Pose, scale: float) -> BgrImage:
    room = paint_room()
    lay(room, draw(person, pose), x=600.3, y=302.6, scale=scale)
    return room


def measure(person: DrawnPerson, thorough: bool, models: str) -> Measured | None:
    """Look at a person as the demo will; None when a face was missed or more than one was found."""
    detector, embedder = _vision(models)
    if thorough:
        walks = [
            _in_room(person, walking_pose(person, i), s) for i in range(len(WALKING_POSES)) for s in SCALES
        ]
        poses: Sequence[Pose] = ENROLMENT_POSES
    else:
        walks = [_in_room(person, walking_pose(person, i), s) for i, s in ((0, 0.84), (3, 1.0), (6, 0.84))]
        poses = (ENROLMENT_POSES[0], ENROLMENT_POSES[4])
    score = float("inf")
    vectors: list[NDArray[np.float32]] = []
    for image in (*walks, *(portrait(person, pose) for pose in poses)):
        faces = detector.detect(image)
        if len(faces) != 1 or faces[0].score < MIN_SCORE:
            return None
        score = min(score, faces[0].score)
        vectors.append(embedder.embed(image, faces)[0])
    table = np.stack(vectors)
    found = Measured(person, score, table[: len(walks)], table[len(walks) :])
    return found if found.genuine <= MAX_GENUINE else None


def farthest_first(people: Sequence[Measured], count: int) -> list[Measured]:
    """Order people so that each is as far as can be from all before, taking turns through bands of skin tone."""
    size = len(people)
    apart = np.full((size, size), np.inf, np.float32)
    for i, one in enumerate(people):
        for j, other in enumerate(people):
            if i < j:
                mine = np.vstack([one.walking, one.enrolled])
                apart[i, j] = apart[j, i] = _table(mine, np.vstack([other.walking, other.enrolled])).min()
    band = np.array([min(int(one.person.skin * BANDS), BANDS - 1) for one in people])
    finite = np.where(np.isinf(apart), -1, apart)
    chosen = [int(np.unravel_index(finite.argmax(), finite.shape)[0])]
    while len(chosen) < min(count, size):
        nearest = apart[:, chosen].min(axis=1)
        nearest[chosen] = -1
        taken = np.bincount(band[chosen], minlength=BANDS)
        left = [b for b in range(BANDS) if (nearest[band == b] > 0).any()]
        fewest = min(taken[b] for b in left)
        allowed = np.isin(band, [b for b in left if taken[b] == fewest])
        chosen.append(int(np.where(allowed, nearest, -1).argmax()))
    return [people[i] for i in chosen]


def _closest(people: Sequence[Measured]) -> float:
    return min(
        float(_table(np.vstack([a.walking, a.enrolled]), np.vstack([b.walking, b.enrolled])).min())
        for i, a in enumerate(people)
        for b in people[:i]
    )


def _measure_all(people: Sequence[DrawnPerson], thorough: bool, models: str) -> list[Measured]:
    context = multiprocessing.get_context("spawn")
    size = len(people)
    with ProcessPoolExecutor(2, mp_context=context) as executor:
        answers = executor.map(measure, people, [thorough] * size, [models] * size)
        return [answer for answer in answers if answer is not None]


def main(arguments: Sequence[str] | None = None) -> int:
    """Pick and write; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--candidates", type=int, default=320)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument(
        "--models", type=Path, default=Path("data/models"), help="where the built-in model is made"
    )
    parser.add_argument("--out", type=Path, default=Path("kiosk/demo") / POOL_FILE)
    chosen = parser.parse_args(arguments)
    chosen.models.mkdir(parents=True, exist_ok=True)
    models = str(chosen.models)
    _vision(models)
    generator = np.random.default_rng(chosen.seed)
    drawn = [invent_person(f"p{i:03d}", generator) for i in range(chosen.candidates)]
    found = _measure_all(drawn, False, models)
    shortlist = farthest_first(found, SHORTLIST)
    sure = _measure_all([one.person for one in shortlist], True, models)
    picked = farthest_first(sure, POOL)
    facts = [
        f"Picked by scripts/pick_demo_people.py --candidates {chosen.candidates} --seed {chosen.seed}: do not edit.",
        f"{len(drawn)} drawn, {len(found)} found in a first look, {len(shortlist)} farthest of them,",
        f"{len(sure)} of those found and steady in all poses and sizes, {len(picked)} picked, farthest first.",
        f"Smallest distance between any two pictures of two people: {_closest(picked[:12]):.3f} among the first 12,",
        f"{_closest(picked[:24]):.3f} among the first 24, {_closest(picked):.3f} among all. Largest distance from",
        f"a walking picture to the closest enrolled one: {max(one.genuine for one in picked):.3f}.",
        f"Smallest detector score in any pose: {min(one.score for one in picked):.2f}.",
    ]
    chosen.out.write_text(dump_pool([one.person for one in picked], "\n".join(facts)), "utf-8")
    sys.stdout.write("\n".join(facts) + "\n")
    return 0 if len(picked) == POOL else 1


if __name__ == "__main__":
    sys.exit(main())
