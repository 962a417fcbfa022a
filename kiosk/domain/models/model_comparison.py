"""How the installed models err on one school's people, beside each other. Pure, any thread."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from kiosk.domain.faces.calibration import MIN_PEOPLE, separation
from kiosk.domain.faces.error_rates import Rate, wilson
from kiosk.domain.faces.expected_errors import Expectation, ExpectedErrors
from kiosk.domain.faces.open_set import leave_one_out, rates
from kiosk.domain.faces.recognition import Gallery, Thresholds, distances


@dataclass(frozen=True, slots=True)
class ModelErrors:
    """What one model leads to expect of a hundred students and strangers, in single frames.

    Attributes:
        model: As commands and settings call it.
        missed: Students who are not recognised; None where nothing says so.
        strangers: Strangers who get a name; None where nothing says so.
        better_than: Models that miss measurably more of the same pictures of other days.
    """

    model: str
    missed: Expectation | None
    strangers: Expectation | None
    better_than: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ModelComparison:
    """All installed models on the same pictures.

    Attributes:
        measured_at: When, in UTC.
        people: Whose pictures.
        pictures: How many.
        people_of_days: How many of the people have pictures of different days.
        models: They, the one that errs least first, those of which nothing is known last.
    """

    measured_at: datetime
    people: int
    pictures: int
    people_of_days: int
    models: tuple[ModelErrors, ...]

    @property
    def is_enough(self) -> bool:
        """Whether so few people say anything at all."""
        return self.people >= MIN_PEOPLE

    @property
    def least(self) -> ModelErrors | None:
        """The model that errs least, as far as can be said."""
        return next((one for one in self.models if one.missed is not None), None)

    def of(self, model: str) -> ModelErrors | None:
        """What was found for a model."""
        return next((one for one in self.models if one.model == model), None)

    def better_than(self, model: str) -> ModelErrors | None:
        """The one that errs least of those that err measurably less than a model."""
        return next((one for one in self.models if model in one.better_than), None)


@dataclass(frozen=True, slots=True, eq=False)
class ModelOnPeople:
    """One model on the school's people.

    Attributes:
        model: As commands and settings call it.
        expected: Forecast as a calibration does; None where the model's spread was never measured.
        missed: By student id, the share of the pictures that is not recognised by pictures of other days.
        strangers: Pictures that are taken for somebody else when their own person is not enrolled.
    """

    model: str
    expected: ExpectedErrors | None
    missed: Mapping[int, float]
    strangers: Rate

    @property
    def errors(self) -> ModelErrors:
        """What to expect: the forecast, else what the people's own pictures say."""
        if self.expected is not None:
            return ModelErrors(self.model, self.expected.missed, self.expected.strangers)
        if len(self.missed) < MIN_PEOPLE or self.strangers.value is None:
            return ModelErrors(self.model, None, None)
        share, people = float(np.mean(list(self.missed.values()))), len(self.missed)
        return ModelErrors(
            self.model,
            Expectation(share, wilson(share * people, people)),
            Expectation(self.strangers.value, self.strangers.interval),
        )

    def is_better_than(self, other: "ModelOnPeople") -> bool:
        """Whether it misses measurably less of the same people, and takes no more strangers for students.

        The sign test: of the people whom one of the two misses more often, more than half must be the other's, with 95 %
        confidence. It takes at least six such people.
        """
        if self.strangers.errors > other.strangers.errors:
            return False
        both = self.missed.keys() & other.missed.keys()
        fewer, more = (
            sum(sign * (self.missed[one] - other.missed[one]) > 0 for one in both) for sign in (-1, 1)
        )
        return Rate(fewer, fewer + more).interval.low > 0.5


def look_at(gallery: Gallery, limits: Thresholds) -> ModelOnPeople:
    """What a gallery says about its model at these thresholds; half a second for a thousand templates."""
    found, spread = separation(gallery), gallery.model.spread
    everybody = np.ones(len(found.people), bool)
    expected = None
    if spread is not None and len(found.people) >= MIN_PEOPLE:
        own = gallery.model.thresholds_for(gallery.people)
        expected = found.forecast(spread, everybody, own).at(limits)
    strangers = rates(leave_one_out(gallery), limits).fpir
    return ModelOnPeople(gallery.model.known_as, expected, _missed_later(gallery, limits), strangers)


def compare(
    looked: list[ModelOnPeople], *, measured_at: datetime, people: int, pictures: int
) -> ModelComparison:
    """Put models beside each other that looked at the same pictures."""
    found = []
    for one in looked:
        errors = one.errors
        better = tuple(other.model for other in looked if other is not one and one.is_better_than(other))
        found.append(ModelErrors(errors.model, errors.missed, errors.strangers, better))
    of_days = max((len(one.missed) for one in looked), default=0)
    return ModelComparison(measured_at, people, pictures, of_days, tuple(sorted(found, key=_cost)))


def _cost(errors: ModelErrors) -> float:
    if errors.missed is None or errors.strangers is None:
        return float("inf")
    return errors.missed.value + errors.strangers.value


def _missed_later(gallery: Gallery, limits: Thresholds) -> dict[int, float]:
    """By person, the share of pictures that is not accepted by the person's pictures of other days, among everybody's."""
    owners, days = gallery.student_ids, gallery.days
    looks: dict[int, list[bool]] = {}
    for place, owner in enumerate(owners.tolist()):
        later = (owners == owner) & (days != days[place]) & (days > 0)
        if days[place] <= 0 or not later.any():
            continue
        found = distances(gallery.matrix, gallery.matrix[place], gallery.model.metric)
        own = float(found[later].min())
        other = float(found[owners != owner].min(initial=np.inf))
        missed = own > limits.accept or other - own < limits.margin
        looks.setdefault(owner, []).append(missed)
    return {owner: float(np.mean(seen)) for owner, seen in looks.items()}
