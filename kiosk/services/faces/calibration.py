"""The admin's calibration: look at what is in use and why, measure a roster, use what fits or go back. Slow: not on the
main thread.

Nothing changes before somebody says so. Thresholds belong to the model and count for every course of the school.
"""

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
        draw: DistanceChartDrawer,
    ) -> None:
        self._galleries = galleries
        self._school = school
        self._lookalikes = lookalikes
        self._clock = clock
        self._zone = zone
        self._model = model
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
        """The measured distances with the thresholds that fit, or those in use where none do, as a PNG."""
        measured = found.measured
        shown = measured.calibration.thresholds if measured.calibration else found.in_use.thresholds
        chart = DistanceChart.of(measured.searches, shown, own=measured.model.thresholds)
        return self._draw(chart, dark=dark, scale=scale)

    def use(self, found: RosterMeasurement, *, actor: Actor) -> RecognitionInUse:
        """Put the thresholds that fit into force; returns what decides now.

        Raises:
            ConflictError: Too few people or pictures are enrolled to tell.
        """
        self._galleries.use(found, actor=actor)
        return self.in_use()

    def use_models_own(self, model: ModelInfo, *, actor: Actor) -> RecognitionInUse:
        """Go back to the model's own thresholds."""
        self._school.forget_thresholds(model, actor=actor)
        self._lookalikes.refresh(model, actor=actor.name)
        return self.in_use()

    def put_back(self, before: RecognitionInUse, *, actor: Actor) -> RecognitionInUse:
        """Undo: what was in use before counts again."""
        if before.in_use.are_models_own:
            return self.use_models_own(before.model, actor=actor)
        former = before.in_use
        self._school.use_thresholds(
            before.model, former.thresholds, origin=former.origin, actor=actor, since=former.since
        )
        self._lookalikes.refresh(before.model, actor=actor.name)
        return self.in_use()
