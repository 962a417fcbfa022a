"""Weighs two networks whose distances are added, on a folder of people (by default the half of LFW to choose on).

    .venv/bin/python -m tests.benchmarks.pair_weights --models DIR --cache DIR [--model facenet-sface]

Prints a Markdown table: what each weight misses at two false match rates, and how much less or more than the second network by
itself, with intervals of 95 % over people drawn anew (a difference whose interval leaves out 0 is measurable). Then it joins
both networks' kept embeddings into those of the joint model, with the weights of the manifest, so that
`tune_recognition --model facenet-sface` chooses its thresholds without embedding anything again.
"""

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kiosk.domain.faces.model_parts import joined
from kiosk.domain.faces.protocols.resampling import Weights, percentile_intervals
from kiosk.domain.faces.recognition import ModelInfo
from kiosk.errors import ModelError
from kiosk.vision.models.manifest import read_manifest
from tests.benchmarks.embedded_people import EmbeddedPeople, arguments, embedded_people, find_detector, place
from tests.benchmarks.tune_recognition import without_twins

WEIGHTS: Final = tuple(tenth / 10 for tenth in range(11))
RATES: Final = (0.001, 0.0001)
PICTURES_A_PERSON: Final = 6
"""At most so many of one person, so that nobody's hundreds of pictures outweigh all others."""


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """Both networks' cosine distances; own ones are (pairs,), others' as well."""

    owner: NDArray[np.int64]
    own: tuple[NDArray[np.float32], ...]
    others: tuple[NDArray[np.float32], ...]
    people: int


def compare(networks: Sequence[EmbeddedPeople]) -> Compared:
    """Every pair of pictures."""
    people = networks[0].people
    seen = np.array([np.count_nonzero(people[:row] == person) for row, person in enumerate(people)])
    rows = np.flatnonzero(seen < PICTURES_A_PERSON)
    people = people[rows]
    upper = np.triu_indices(len(rows), 1)
    same = people[upper[0]] == people[upper[1]]
    own, others = [], []
    for network in networks:
        unit = network.vectors[rows] / np.linalg.norm(network.vectors[rows], axis=1, keepdims=True)
        apart = np.asarray(1 - unit @ unit.T, np.float32)[upper]
        own.append(apart[same])
        others.append(apart[~same])
    return Compared(people[upper[0]][same], tuple(own), tuple(others), int(people.max()) + 1)


def missed(found: Compared, weight: float, rate: float) -> NDArray[np.bool_]:
    """Which own pairs are too far apart when others match at most at this rate; `weight` is the second network's."""
    shares = np.float32(1 - weight), np.float32(weight)
    others = shares[0] * found.others[0] + shares[1] * found.others[1]
    limit = np.partition(others, int(rate * len(others)))[int(rate * len(others))]
    return np.asarray(shares[0] * found.own[0] + shares[1] * found.own[1] >= limit)


def told(found: Compared, misses: NDArray[np.int64]) -> str:
    """A share of own pairs with its interval."""

    def share(weights: Weights, _unused: np.random.Generator) -> tuple[float, ...]:
        counted = weights[found.owner]
        return (float((counted * misses).sum() / max(1, counted.sum())),)

    (interval,) = percentile_intervals(found.people, share)
    low, high = 100 * interval.low, 100 * interval.high
    return f"{100 * float(misses.mean()):.2f} [{low:.2f} to {high:.2f}]"


def print_weights(names: Sequence[str], found: Compared) -> None:
    print(
        f"\n**{names[0]} and {names[1]}**: {len(found.owner)} own pairs, {len(found.others[0])} of others\n"
    )
    print(
        f"| weight of {names[1]} | FNMR % at FMR 0.1 % | less {names[1]}'s own | at 0.01 % | less its own |"
    )
    print("|---|---|---|---|---|")
    alone = [missed(found, 1.0, rate).astype(np.int64) for rate in RATES]
    for weight in WEIGHTS:
        cells = []
        for rate, by_itself in zip(RATES, alone, strict=True):
            misses = missed(found, weight, rate).astype(np.int64)
            cells += [told(found, misses), told(found, misses - by_itself)]
        print(f"| {weight:.1f} | " + " | ".join(cells) + " |", flush=True)


def join(info: ModelInfo, networks: Sequence[EmbeddedPeople]) -> EmbeddedPeople:
    """What the joint model made of the same pictures."""
    first, limits = networks[0], info.thresholds
    pairs = zip(*(network.walks for network in networks), strict=True)
    walks = [joined(info.parts, walk) for walk in pairs]
    return dataclasses.replace(
        first,
        model=info.known_as,
        thresholds=np.array([limits.accept, limits.reject, limits.margin]),
        vectors=joined(info.parts, [network.vectors for network in networks]),
        mirrored=joined(info.parts, [network.mirrored for network in networks]),
        walks=np.array(walks, np.float32).reshape(*first.walks.shape[:2], info.dimensions),
    )


def main() -> None:
    parser = arguments(__doc__)
    parser.set_defaults(model="facenet-sface")
    parser.add_argument(
        "--joined", type=Path, help="the folder to put the joint embeddings in; by default the cache"
    )
    given = parser.parse_args()
    entry = read_manifest()[given.model]
    if entry.recognition is None or len(entry.parts) != 2:
        raise ModelError(f"{given.model} is not two networks together.")
    networks = [
        embedded_people(
            given.people,
            models_dir=given.models,
            cache=given.cache,
            model=part,
            detector=given.detector,
            walks=given.walks,
        )
        for part in entry.parts
    ]
    finder, pictures = find_detector(given.models, given.detector), given.people.glob("*/*.jpg")
    path = place(given.joined or given.cache, given.model, finder, len(list(pictures)))
    join(entry.recognition, networks).write(path)
    print_weights(entry.parts, compare([without_twins(network) for network in networks]))


if __name__ == "__main__":
    main()
