"""Which measure of a face's quality predicts errors: draws the error-versus-discard curve of each.

    .venv/bin/python -m tests.benchmarks.error_versus_discard --models DIR --cache DIR [--model M] [--figure F.png]

All pairs of pictures of one person are compared at the threshold where 0.1 % of different people match. Then the pairs whose
worse picture is the poorest by a measure are left out, more and more of them: with a measure that predicts errors the share
of pairs that do not match falls (P. Grother and E. Tabassi, *Performance of biometric quality measures*, IEEE Transactions on
Pattern Analysis and Machine Intelligence 29 (2007), 531-543; ISO/IEC 29794-1). The gain is how far below no choice the curve
lies up to a fifth of the pairs, 0 for a measure that says nothing; its interval draws the people anew.
"""

import argparse
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from kiosk.domain.faces.protocols.impostors import closest_impostors
from kiosk.domain.faces.recognition import Metric
from tests.benchmarks.embedded_people import MEASURES, EmbeddedPeople, arguments, embedded_people
from tests.benchmarks.tune_recognition import without_twins

FMR: Final = 0.001
UP_TO: Final = 0.2
STEPS: Final = 41
RESAMPLES: Final = 300
MIXED: Final = (
    ("detector", "size"),
    ("detector", "mirrored"),
    ("detector", "size", "turn"),
    ("detector", "size", "mirrored"),
)
"""Measures whose ranks are added."""

COLOURS: Final = (
    "#1557c0",
    "#b3261e",
    "#0a7d45",
    "#9a5b00",
    "#7b3fa0",
    "#00838f",
    "#5b6873",
    "#c2185b",
    "#101820",
    "#b08d00",
    "#4f7f1f",
    "#8d6e63",
)
FONT: Final = Path(__file__).parents[2] / "assets" / "fonts"


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """Pairs of pictures of one person; all arrays are (pairs,)."""

    person: NDArray[np.int64]
    first: NDArray[np.int64]
    second: NDArray[np.int64]
    missed: NDArray[np.bool_]

    def quality(self, measure: NDArray[np.float64]) -> NDArray[np.float64]:
        """Of the worse picture."""
        return np.minimum(measure[self.first], measure[self.second])


def pairs_of(faces: EmbeddedPeople) -> Pairs:
    vectors = faces.vectors
    if faces.metric is Metric.COSINE:
        vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    limit = closest_impostors(vectors, faces.people, faces.metric).limit(FMR)
    first, second = np.nonzero(np.triu(faces.people[:, None] == faces.people[None], 1))
    a, b = vectors[first], vectors[second]
    far = 1 - (a * b).sum(axis=1) if faces.metric is Metric.COSINE else np.linalg.norm(a - b, axis=1)
    return Pairs(faces.people[first], first, second, far >= limit)


def measures_of(faces: EmbeddedPeople) -> dict[str, NDArray[np.float64]]:
    found = {name: faces.measures[:, place].astype(np.float64) for place, name in enumerate(MEASURES)}
    known = {name: one for name, one in found.items() if np.isfinite(one).all()}
    mixed = {
        " + ".join(names): np.sum([_ranks(known[name]) for name in names], axis=0)
        for names in MIXED
        if set(names) <= known.keys()
    }
    return known | mixed


def _ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.argsort(np.argsort(values)) / len(values), np.float64)


def curve(
    quality: NDArray[np.float64], missed: NDArray[np.bool_], weights: NDArray[np.int64] | None = None
) -> NDArray[np.float64]:
    """(steps,) share of pairs that do not match, with 0 to `UP_TO` of the pairs left out."""
    order = np.argsort(-quality, kind="stable")
    weight = np.ones(len(order)) if weights is None else weights[order].astype(np.float64)
    kept, wrong = np.cumsum(weight), np.cumsum(weight * missed[order])
    places = np.searchsorted(kept, (1 - np.linspace(0, UP_TO, STEPS)) * kept[-1] - 1e-9)
    return np.asarray(wrong[places] / kept[places], np.float64)


def gain(shares: NDArray[np.float64]) -> float:
    return float(1 - np.trapezoid(shares, dx=1 / (STEPS - 1)) / shares[0])


def gain_interval(pairs: Pairs, quality: NDArray[np.float64]) -> tuple[float, float]:
    drawn = np.random.default_rng(1)
    number = int(pairs.person.max()) + 1
    gains = []
    for _unused in range(RESAMPLES):
        weights = np.bincount(drawn.integers(number, size=number), minlength=number)[pairs.person]
        gains.append(gain(curve(quality, pairs.missed, weights)))
    low, high = np.quantile(gains, [0.025, 0.975])
    return float(low), float(high)


def draw(curves: dict[str, NDArray[np.float64]], title: str, path: Path) -> None:
    """The curves on a light ground, the best one named first."""
    width, height, left, top, right, bottom = 1440, 800, 110, 90, 980, 700
    picture = Image.new("RGB", (width, height), "#ffffff")
    pen = ImageDraw.Draw(picture)
    font = ImageFont.truetype(str(FONT / "NotoSans-Regular.ttf"), 22)
    most = math.ceil(25 * max(float(one.max()) for one in curves.values())) / 25
    pen.text((left, 30), title, fill="#101820", font=font)
    for place in range(5):
        x = left + (right - left) * place / 4
        pen.line([(x, top), (x, bottom)], fill="#e1e6eb")
        pen.text((x, bottom + 12), f"{100 * UP_TO * place / 4:.0f} %", fill="#5b6873", font=font, anchor="mt")
        y = bottom - (bottom - top) * place / 4
        pen.line([(left, y), (right, y)], fill="#e1e6eb")
        pen.text((left - 12, y), f"{100 * most * place / 4:.0f} %", fill="#5b6873", font=font, anchor="rm")
    pen.text((left, bottom + 50), "pairs left out, poorest first", fill="#5b6873", font=font)
    for place, (name, shares) in enumerate(curves.items()):
        points = [
            (left + (right - left) * step / (STEPS - 1), bottom - (bottom - top) * share / most)
            for step, share in enumerate(shares.tolist())
        ]
        colour = COLOURS[place % len(COLOURS)]
        pen.line(points, fill=colour, width=4, joint="curve")
        y = top + 20 + 44 * place
        pen.line([(right + 40, y), (right + 90, y)], fill=colour, width=4)
        pen.text((right + 104, y), name, fill="#101820", font=font, anchor="lm")
    path.parent.mkdir(parents=True, exist_ok=True)
    picture.save(path, optimize=True)


def read(given: argparse.Namespace, model: str) -> EmbeddedPeople:
    faces = embedded_people(
        given.people, models_dir=given.models, cache=given.cache, model=model, detector=given.detector
    )
    return without_twins(faces)


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--figure", type=Path, help="draw the curves here")
    parser.add_argument("--beside", help="another network, whose norm is looked at as well")
    given = parser.parse_args()
    faces = read(given, given.model)
    pairs, measures = pairs_of(faces), measures_of(faces)
    if given.beside is not None:
        other = read(given, given.beside)
        if not np.array_equal(other.names, faces.names):
            parser.error("the two networks did not see the same pictures")
        measures[f"norm of {other.model}"] = other.measures[:, MEASURES.index("norm")].astype(np.float64)
    found = {
        name: (quality := pairs.quality(measure), curve(quality, pairs.missed))
        for name, measure in measures.items()
    }
    ordered = sorted(found, key=lambda name: -gain(found[name][1]))
    print(f"\n**{faces.model}**: {len(pairs.missed)} pairs, {100 * pairs.missed.mean():.1f} % do not match\n")
    print("| measure | gain % [95 %] | FNMR % with 5 / 10 / 20 % left out |")
    print("|---|---|---|")
    for name in ordered:
        quality, shares = found[name]
        low, high = gain_interval(pairs, quality)
        left_out = " / ".join(f"{100 * shares[place]:.1f}" for place in (10, 20, 40))
        print(f"| {name} | {100 * gain(shares):.0f} [{100 * low:.0f}–{100 * high:.0f}] | {left_out} |")
    if given.figure is not None:
        title = f"{faces.model}: one person's pairs that do not match at FMR 0.1 %"
        draw({name: found[name][1] for name in ordered}, title, given.figure)


if __name__ == "__main__":
    main()
