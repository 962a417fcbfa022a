"""How long something takes. Pure; the times are of the caller's thread."""

import time
from collections.abc import Callable, Sequence

import numpy as np


def least_ms(work: Callable[[], object], *, times: int) -> float:
    """The least of so many runs, in milliseconds, after one that is not counted.

    Whatever else the machine does can only make a run longer, and longest where two threads wait for each other.
    """
    work()
    found = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        found.append(1000 * (time.perf_counter() - began))
    return min(found)


def percentile(values: Sequence[float], of_hundred: float) -> float | None:
    """The value that so many of a hundred lie at or below; None when there are none."""
    return float(np.percentile(values, of_hundred)) if values else None
