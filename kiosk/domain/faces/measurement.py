"""How well a model and its calibration work on a gallery's own pictures, without judging anybody by themselves.

Pure arithmetic, any thread; half a second for a thousand templates.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from kiosk.domain.faces.calibration import Calibration, Separation, calibrate_on, separation
from kiosk.domain.faces.error_rates import Rate, equal_error_rate, match_rates
from kiosk.domain.faces.lookalikes import SMALLEST_ROSTER
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
        calibration: What fits, and why.
        folds: By student id, the thresholds that everybody else would lead to.
    """

    model: ModelInfo
    people: int
    separation: Separation
    searches: Searches
    calibration: Calibration
    folds: Mapping[int, Thresholds]

    @property
    def thresholds(self) -> Thresholds:
        """What fits: the model's own, or stricter ones."""
        return self.calibration.thresholds

    @property
    def own(self) -> Thresholds:
        """The model's own for so many people."""
        return self.model.thresholds_for(self.people)

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

    Thresholds that were chosen with a person's pictures in sight look better on those pictures than they are. So the rates
    are nested: for each person thresholds are found without that person, and that person's pictures are judged by them, once
    against a gallery with their other pictures (FNIR) and once against one without the person (FPIR). The thresholds to use
    are found with all. **Where all pictures of a person were taken in one sitting, this FNIR says only that they are alike**;
    what other days will show is forecast (`Calibration.expected`).
    """
    found = separation(gallery)
    own, spread = gallery.model.thresholds_for(gallery.people), gallery.model.spread
    folds = {
        int(person): calibrate_on(found, own, spread, leave_out=int(person)).thresholds
        for person in found.people
    }
    return Measurement(
        gallery.model,
        gallery.people,
        found,
        leave_one_out(gallery),
        calibrate_on(found, own, spread, of_two=gallery.model.thresholds_for(SMALLEST_ROSTER)),
        folds,
    )
