"""Writes down how a model's distances are spread on a folder of people: what `models/spreads.toml` holds of it.

    .venv/bin/python -m tests.benchmarks.spread_of_distances --models DIR --cache DIR [--model M]

Prints one table of TOML: shares and distances, no faces. For each number of enrolled pictures people with so many are drawn
again and again; every person counts the same, however many pictures there are. Embedding takes minutes, once.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kiosk.domain.faces.recognition import Metric
from tests.benchmarks.embedded_people import EmbeddedPeople, arguments, embedded_people
from tests.benchmarks.tune_recognition import without_twins

PICTURES: Final = (1, 2, 3, 5)
DRAWS: Final = 12
SEED: Final = 11
IMPOSTOR_SHARES: Final = (
    1e-5,
    3e-5,
    1e-4,
    3e-4,
    1e-3,
    3e-3,
    0.01,
    0.03,
    0.1,
    0.3,
    0.5,
    0.7,
    0.9,
    0.99,
    0.999,
)
GENUINE_SHARES: Final = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995)
LEAST: Final = 20
"""A share is written down where so many distances lie below it."""


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """Distances below which shares lie."""

    shares: tuple[float, ...]
    distances: tuple[float, ...]


def spread(
    vectors: NDArray[np.float32], people: NDArray[np.int64], metric: Metric
) -> Iterator[tuple[int, Curve, Curve]]:
    """(pictures, impostor, genuine) for each number of enrolled pictures.

    Args:
        vectors: (pictures, dimensions).
        people: (pictures,) numbered from 0.
        metric: Of the distances.
    """
    if metric is Metric.COSINE:
        vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    rows = [np.flatnonzero(people == one) for one in range(int(people.max()) + 1)]
    for pictures in PICTURES:
        drawn = np.random.default_rng((SEED, pictures))
        impostor: list[NDArray[np.float32]] = []
        genuine: list[NDArray[np.float32]] = []
        for _unused in range(DRAWS):
            probes = np.array([drawn.choice(theirs) for theirs in rows])
            for person, theirs in enumerate(rows):
                if len(theirs) < pictures:
                    continue
                mixed = drawn.permutation(theirs)
                templates = vectors[mixed[:pictures]]
                others = vectors[np.delete(probes, person)]
                impostor.append(_closest(others[drawn.random(len(others)) < 1 / DRAWS], templates, metric))
                if len(theirs) > pictures:
                    genuine.append(_closest(vectors[mixed[pictures : pictures + 1]], templates, metric))
        yield (
            pictures,
            _curve(np.concatenate(impostor), IMPOSTOR_SHARES),
            _curve(np.concatenate(genuine), GENUINE_SHARES),
        )


def _closest(
    probes: NDArray[np.float32], templates: NDArray[np.float32], metric: Metric
) -> NDArray[np.float32]:
    products = probes @ templates.T
    if metric is Metric.COSINE:
        return np.asarray((1 - products).min(axis=1), np.float32)
    squares = (probes**2).sum(axis=1)[:, None] + (templates**2).sum(axis=1)[None] - 2 * products
    return np.asarray(np.sqrt(np.maximum(squares, 0)).min(axis=1), np.float32)


def _curve(distances: NDArray[np.float32], shares: tuple[float, ...]) -> Curve:
    known = tuple(one for one in shares if min(one, 1 - one) * len(distances) >= LEAST)
    return Curve(known, tuple(round(float(one), 4) for one in np.quantile(distances, known)))


def as_toml(faces: EmbeddedPeople, source: str) -> str:
    """The table of one model."""
    lines = [
        f'["{faces.model}"]',
        f'source = "{source}"',
        f"people = {len(np.unique(faces.people))}",
    ]
    for pictures, impostor, genuine in spread(faces.vectors, faces.people, faces.metric):
        for name, curve in (("impostor", impostor), ("genuine", genuine)):
            lines += [
                f'\n["{faces.model}".{name}.{pictures}]',
                f"shares = [{', '.join(f'{one:g}' for one in curve.shares)}]",
                f"distances = [{', '.join(f'{one:g}' for one in curve.distances)}]",
            ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    parser = arguments(__doc__)
    parser.add_argument("--source", default="half of LFW to choose on", help="what the folder is, in words")
    given = parser.parse_args()
    found = embedded_people(
        given.people,
        models_dir=given.models,
        cache=given.cache,
        model=given.model,
        detector=given.detector,
    )
    print(as_toml(without_twins(found), given.source))
