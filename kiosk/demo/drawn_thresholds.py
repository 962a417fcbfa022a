"""Thresholds for drawn people, between the distances within and between them. Pure arithmetic, any thread.

**Right for drawings only**: a drawn person looks the same every day, so the enrolled pictures show all that a class will see. A
school's do not; it calibrates with `kiosk.domain.faces.calibration`, which knows that.
"""

import numpy as np
from numpy.typing import NDArray

from kiosk.domain.faces.calibration import CONFUSABLE_SHARE, separation
from kiosk.domain.faces.recognition import Gallery, Thresholds


def drawn_thresholds(gallery: Gallery) -> Thresholds:
    """Between the largest genuine and the smallest impostor distance, and never looser than the model's own.

    The closest of few pairs says little about the closest stranger, so accept lies halfway with many people and nearer to
    the genuine distances with few. Where the groups overlap, the closest pairs are set aside.
    """
    found, own = separation(gallery), gallery.model.thresholds_for(gallery.people)
    if len(found.genuine) == 0 or len(found.impostor) == 0:
        return own
    pairs = len(found.impostor)
    largest, smallest = float(found.genuine.max()), float(found.impostor.min())
    closest = smallest if largest < smallest else _closest_to_tell_apart(found.impostor)
    if largest < closest:
        # One pair moves accept a quarter of the way from genuine to impostor, ten pairs 45 %, many pairs half of it.
        accept = largest + 0.5 * pairs / (pairs + 1) * (closest - largest)
        reject = (accept + closest) / 2
    else:
        accept, reject = 0.95 * closest, closest
    accept = min(accept, own.accept)
    # Not the wide margin of a large roster: drawn people are closer to each other than that allows for.
    return Thresholds(accept, max(accept, min(reject, own.reject)), gallery.model.thresholds.margin)


def _closest_to_tell_apart(impostor: NDArray[np.float32]) -> float:
    aside = max(1, int(CONFUSABLE_SHARE * len(impostor)))
    ordered = np.sort(impostor)
    return float(ordered[min(aside, len(ordered) - 1)])
