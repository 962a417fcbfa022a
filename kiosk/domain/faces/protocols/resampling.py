"""Intervals of figures whose trials are not independent, by drawing the people anew. Pure arithmetic, any thread.

Comparisons that share a person are alike, so the doubt is about people and not about pictures: each resample draws as many
people as there are, with replacement, and weighs every comparison by how often its people were drawn (the *subsets
bootstrap*: R. M. Bolle, N. K. Ratha and S. Pankanti, *Error analysis of pattern recognition systems - the subsets bootstrap*,
Computer Vision and Image Understanding 93 (2004), 1-33). Where people and rosters were both drawn, both are drawn anew and the
weights multiplied (A. B. Owen, *The pigeonhole bootstrap*, Annals of Applied Statistics 1 (2007), 386-411), which errs on
the wide side.
"""

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kiosk.domain.faces.error_rates import CONFIDENCE, Interval

RESAMPLES: Final = 400
"""Enough for the ends of an interval of 95 %, of which ten resamples lie beyond each."""

SEED: Final = 1
"""The same figures from the same distances each time."""

Weights = NDArray[np.int64]
"""(people,) how often each was drawn."""


def percentile_intervals(
    number: int, figures: Callable[[Weights, np.random.Generator], tuple[float, ...]]
) -> list[Interval]:
    """The middle 95 % of each figure over resamples of `number` people.

    Args:
        number: How many people there are.
        figures: Computes the figures of a resample; gets weights, and what to draw further things with. A figure that
            a resample cannot show is not a number, and is left out.
    """
    drawn = np.random.default_rng(SEED)
    found = np.array(
        [
            figures(np.bincount(drawn.integers(number, size=number), minlength=number), drawn)
            for _unused in range(RESAMPLES)
        ]
    )
    return [_middle(column) for column in found.T]


def _middle(figures: NDArray[np.float64]) -> Interval:
    known = figures[np.isfinite(figures)]
    if len(known) == 0:
        return Interval(0.0, 1.0)
    outside = (1 - CONFIDENCE) / 2
    low, high = np.quantile(known, [outside, 1 - outside])
    return Interval(float(low), float(high))
