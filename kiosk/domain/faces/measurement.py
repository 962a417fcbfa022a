"""How well a model and its calibration work on a gallery's own pictures, without judging anybody by themselves.

Pure arithmetic, any thread; half a second for a thousand templates.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from kiosk.domain.faces.calibration import MIN_GENUINE, Calibration, Separation, calibrate_on, fit, separation
from kiosk.domain.faces.error_rates import Rate, equal_error_rate, match_rates
from kiosk.domain.faces.open_set import OpenSetRates, Searches, leave_one_out, rates, rates_by_person
from kiosk.domain.faces.recognition import Gallery, ModelInfo, Thresholds


@dataclass(frozen=True, slots=True, eq=False)
class Measurement:
    """What a gallery's own pictures say about the model and its thresholds.

    Attributes:
        model: Whose thresholds these are.
        people: How many people the gallery has; each is searched among one fewer.
        separation: The distances that everything rests on.
        searches: Each picture as a probe: see `kiosk.domain.open_set.leave_one_out`.
        calibration: Thresholds that fit; None with too few pictures to tell.
        folds: By student id, the thresholds fitted to everybody else.
    """

    model: ModelInfo
    people: int
    separation: Separation
    searches: Searches
    calibration: Calibration | None
    folds: Mapping[int, Thresholds]

    @property
    def thresholds(self) -> Thresholds:
        """What fits, or the model's own where nothing could be fitted."""
        return self.calibration.thresholds if self.calibration else self.model.thresholds

    def calibrated(self, more: Searches | None = None) -> OpenSetRates:
        """FNIR and FPIR of calibrating: each person is judged by the thresholds fitted to all the others.

        Args:
            more: Searches beyond the gallery's own pictures.
        """
        return rates_by_person(self.searches + more if more else self.searches, self.folds, self.thresholds)

    def at(self, thresholds: Thresholds) -> OpenSetRates:
        """The rates at thresholds that were fixed before, such as the model's own."""
        return rates(self.searches, thresholds)

    @property
    def match_rates(self) -> tuple[Rate, Rate]:
        """(FMR, FNMR) of single comparisons at accept."""
        return match_rates(self.separation.same, self.separation.different, self.thresholds.accept)

    @property
    def eer(self) -> float | None:
        """The equal error rate of single comparisons; None where one kind of them is missing."""
        same, different = self.separation.same, self.separation.different
        return equal_error_rate(same, different) if len(same) and len(different) else None


def measure(gallery: Gallery) -> Measurement:
    """Calibrate on a gallery and say how well that works, without judging anybody by their own pictures.

    Thresholds fitted to pictures look better on those pictures than they are. So the rates are nested: for each person
    thresholds are fitted to all the others, and that person's pictures are judged by them, once against a gallery with
    their other pictures (FNIR) and once against one without the person (FPIR). The thresholds to use are fitted to all.
    """
    found = separation(gallery)
    own = gallery.model.thresholds
    folds = {}
    for person in np.unique(gallery.student_ids):
        genuine = found.genuine[found.owners != person]
        impostor = found.impostor[(found.pairs != person).all(axis=1)]
        enough = len(genuine) >= MIN_GENUINE and len(impostor) > 0
        folds[int(person)] = fit(genuine, impostor, own) if enough else own
    return Measurement(
        gallery.model, gallery.people, found, leave_one_out(gallery), calibrate_on(found, own), folds
    )
