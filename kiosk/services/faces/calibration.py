"""The admin's calibration: look at what is in use and why, measure a roster, use what fits or go back. Slow: not on the
main thread.

Nothing changes before somebody says so. Thresholds belong to the model and count for every course of the school.
"""

from collections.abc import Collection
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from kiosk.domain.faces.recognition import ModelInfo
from kiosk.domain.trust.rights import Actor
from kiosk.services.faces.galleries import Galleries, RosterMeasurement
from kiosk.services.faces.lookalikes import Lookalikes
from kiosk.services.ports.clock import Clock
from kiosk.services.ports.outputs import DistanceChart, DistanceChartDrawer
from kiosk.services.ports.vision import LoadedModel
from kiosk.services.school.school_settings import School, ThresholdsInUse


@dataclass(frozen=True, slots=True)
class RecognitionInUse:
    """Which model recognises, and at which thresholds."""

    model: ModelInfo
    in_use: ThresholdsInUse


class Calibrating:
    """Measures rosters with the model in use and changes its thresholds."""

    def __init__(
        self,
        *,
        galleries: Galleries,
        school: School,
        lookalikes: Lookalikes,
        clock: Clock,
        zone: ZoneInfo,
        model: LoadedModel,
        known: Collection[str],
        draw: DistanceChartDrawer,
    ) -> None:
        self._galleries = galleries
        self._school = school
        self._lookalikes = lookalikes
        self._clock = clock
        self._zone = zone
        self._model = model
        self._known = known
        self._draw = draw

    def in_use(self) -> RecognitionInUse:
        """What decides now. Raises ModelError: the model cannot be loaded."""
        model = self._model.info()
        return RecognitionInUse(model, self._school.thresholds(model))

    def measure(self, course_id: int, *, actor: Actor) -> RosterMeasurement:
        """Measure a course's roster of today.

        Raises:
            ModelError: The model cannot be loaded.
            NotFoundError: No such course.
        """
        today = self._clock.now().astimezone(self._zone).date()
        return self._galleries.measure(course_id, on=today, model=self._model.info(), actor=actor)

    def chart(self, found: RosterMeasurement, *, dark: bool, scale: float) -> bytes:
        """The measured distances with the thresholds that fit, as a PNG."""
        measured = found.measured
        chart = DistanceChart.of(measured.searches, measured.thresholds, own=measured.own)
        return self._draw(chart, dark=dark, scale=scale)

    def use(self, found: RosterMeasurement, *, actor: Actor) -> RecognitionInUse:
        """Put the thresholds that fit into force; returns what decides now.

        Raises:
            ConflictError: The model's own thresholds fit as well.
        """
        self._galleries.use(found, actor=actor)
        return self.in_use()

    def use_models_own(self, model: ModelInfo, *, actor: Actor) -> RecognitionInUse:
        """Go back to the model's own thresholds."""
        self._school.forget_thresholds(model.name, actor=actor)
        self._lookalikes.refresh(model, actor=actor.name)
        return self.in_use()

    def is_of_earlier_version(self) -> bool:
        """Whether a model has thresholds that an earlier version fitted to one sitting. Quick; loads nothing."""
        return not self._school.models_calibrated_earlier().isdisjoint(self._known)

    def forget_earlier(self, *, actor: Actor) -> None:
        """Go back to the own thresholds of all models that an earlier version calibrated.

        Raises:
            ModelError: The model in use cannot be loaded, by which look-alikes are found anew.
        """
        model = self._model.info()
        self._school.forget_earlier_thresholds(actor=actor)
        self._lookalikes.refresh(model, actor=actor.name)

    def put_back(self, before: RecognitionInUse, *, actor: Actor) -> RecognitionInUse:
        """Undo: what was in use before counts again."""
        former = before.in_use
        if former.stored is None:
            return self.use_models_own(before.model, actor=actor)
        self._school.use_thresholds(
            before.model,
            former.stored,
            origin=former.origin,
            actor=actor,
            fitted_to=former.fitted_to,
            since=former.since,
        )
        self._lookalikes.refresh(before.model, actor=actor.name)
        return self.in_use()
