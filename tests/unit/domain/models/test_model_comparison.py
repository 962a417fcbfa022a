"""Which model errs least on a school's people, and whether that is more than chance."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from kiosk.domain.faces.error_rates import Rate
from kiosk.domain.faces.recognition import Gallery, Metric, ModelInfo, Template, Thresholds
from kiosk.domain.models.model_comparison import ModelOnPeople, compare, look_at
from tests.fakes.vision.spreads import spread

LIMITS = Thresholds(0.5, 0.6, 0.05)
SPREAD = spread(impostor=(1.4, 0.3), genuine=(0.25, 0.04), days=(1, 2))
NOON = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)


def gallery(*, turn: float, days: int = 1, people: int = 8, measured: bool = True) -> Gallery:
    """People with two pictures each, so many days apart, that lie `turn` from each other."""
    model = ModelInfo("fed-so", 12, Metric.EUCLIDEAN, LIMITS, "model", spread=SPREAD if measured else None)
    templates = []
    for person in range(people):
        for number, place in enumerate((0.0, turn)):
            vector = np.zeros(12, np.float32)
            vector[person], vector[-1] = 1.0, place
            at = NOON + timedelta(days=number * days)
            templates.append(Template(0, person + 1, model.name, vector, 1.0, at))
    return Gallery.of(model, templates)


def on(model: str, missed: list[float], *, strangers: int = 0) -> ModelOnPeople:
    return ModelOnPeople(model, None, dict(enumerate(missed)), Rate(strangers, 100))


def test_a_person_is_missed_whom_pictures_of_other_days_do_not_show() -> None:
    assert look_at(gallery(turn=0.4), LIMITS).missed == dict.fromkeys(range(1, 9), 0.0)
    assert look_at(gallery(turn=0.7), LIMITS).missed == dict.fromkeys(range(1, 9), 1.0)


def test_pictures_of_one_day_say_nothing_of_other_days() -> None:
    found = look_at(gallery(turn=0.7, days=0), LIMITS)
    assert found.missed == {}
    assert found.expected is not None
    assert found.errors.missed == found.expected.missed, "it is forecast from other people"


def test_a_model_whose_spread_nobody_measured_is_judged_by_pictures_of_other_days_alone() -> None:
    found = look_at(gallery(turn=0.7, measured=False), LIMITS).errors
    assert found.missed is not None
    assert found.missed.value == 1.0
    assert found.missed.interval.low > 0.5
    assert look_at(gallery(turn=0.7, days=0, measured=False), LIMITS).errors.missed is None


def test_so_few_people_say_nothing() -> None:
    assert look_at(gallery(turn=0.1, people=4), LIMITS).errors.missed is None
    nobody = Gallery.of(ModelInfo("m", 12, Metric.EUCLIDEAN, LIMITS, spread=SPREAD), [])
    assert look_at(nobody, LIMITS).errors.missed is None


@pytest.mark.parametrize(("helped", "better"), [(5, False), (6, True)])
def test_fewer_misses_of_a_few_people_are_chance(helped: int, better: bool) -> None:
    few, many = on("few", [0.0] * 20), on("many", [0.5] * helped + [0.0] * (20 - helped))
    assert few.is_better_than(many) is better
    assert not many.is_better_than(few)


def test_a_model_that_takes_more_strangers_for_students_is_not_better() -> None:
    assert not on("loose", [0.0] * 20, strangers=1).is_better_than(on("strict", [1.0] * 20))


def test_models_are_listed_by_how_much_they_err_and_unknown_ones_last() -> None:
    looked = [on("unknown", []), on("worse", [0.5] * 8), on("good", [0.0] * 8)]
    found = compare(looked, measured_at=NOON, people=8, pictures=16)
    assert [one.model for one in found.models] == ["good", "worse", "unknown"]
    assert found.least is found.of("good")
    assert found.better_than("worse") is found.of("good")
    assert found.better_than("good") is None
    assert (found.people_of_days, found.is_enough) == (8, True)
