from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.domain.faces.calibration import MIN_PEOPLE, Verdict, calibrate, separation
from kiosk.domain.faces.recognition import Gallery, Metric, ModelInfo, RosterThresholds, Template, Thresholds
from tests.fakes.vision.spreads import spread

SPREAD = spread(impostor=(1.4, 0.3), genuine=(0.25, 0.04), days=(1, 2))
MODEL = ModelInfo("model", 12, Metric.EUCLIDEAN, Thresholds(0.5, 0.6, 0.05), spread=SPREAD)
NOON = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)


def face(person: int, *, apart: float, turn: float = 0.0) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    """People each `apart` from all others; `turn` is how far a picture lies from another of the same person."""
    vector = np.zeros(MODEL.dimensions, np.float32)
    vector[person], vector[-1] = apart / np.sqrt(2), turn
    return vector


def gallery(
    people: int,
    *,
    apart: float = 1.41,
    turns: tuple[float, ...] = (0.0, 0.1),
    days: tuple[int, ...] = (0, 0),
    model: ModelInfo = MODEL,
) -> Gallery:
    return Gallery.of(
        model,
        [
            Template(
                0,
                person + 1,
                model.name,
                face(person, apart=apart, turn=turn),
                1.0,
                NOON + timedelta(days=day),
            )
            for person in range(people)
            for turn, day in zip(turns, days, strict=True)
        ],
    )


def test_separation_measures_within_and_between_people() -> None:
    found = separation(gallery(3, apart=1.0))

    assert found.genuine == pytest.approx([0.1] * 6, abs=1e-6)
    assert found.pairs.tolist() == [[1, 2], [1, 3], [2, 3]]
    assert found.impostor == pytest.approx([1.0] * 3, abs=1e-6)


@pytest.mark.parametrize("people", [0, 1])
def test_separation_of_nobody_or_one_person_has_no_pairs(people: int) -> None:
    found = separation(gallery(people))

    assert len(found.impostor) == 0
    assert found.pairs.shape == (0, 2)
    assert len(found.genuine) == 2 * people


@pytest.mark.parametrize("spread_of_one_sitting", [0.0, 0.01, 0.2])
def test_pictures_of_one_sitting_move_nothing(spread_of_one_sitting: float) -> None:
    found = calibrate(gallery(8, turns=(0.0, spread_of_one_sitting)))

    assert found.verdict is Verdict.ORDINARY
    assert found.thresholds == MODEL.thresholds


def test_people_who_are_alike_get_stricter_thresholds_where_that_saves_more_than_it_costs() -> None:
    found = calibrate(gallery(8, apart=0.35))

    assert found.verdict is Verdict.STRICTER
    assert found.thresholds.accept < MODEL.thresholds.accept
    assert (found.thresholds.reject, found.thresholds.margin) == (0.6, 0.05)
    before, after = (found.expected(limits) for limits in (MODEL.thresholds, found.thresholds))
    assert before is not None
    assert after is not None
    saved = before.strangers.value - after.strangers.value
    assert saved > after.missed.value - before.missed.value


def test_where_stricter_thresholds_would_miss_more_than_they_save_they_stay() -> None:
    changing = replace(MODEL, spread=spread(impostor=(1.4, 0.3), genuine=(0.45, 0.1)))
    found = calibrate(gallery(8, apart=1.0, model=changing))

    assert found.verdict is Verdict.COSTLY
    assert found.thresholds == MODEL.thresholds


@settings(max_examples=40, deadline=None)
@given(
    people=st.integers(0, 11),
    apart=st.floats(0, 2),
    turn=st.floats(0, 0.5),
    own=st.floats(0.1, 1.0),
    genuine=st.floats(0.05, 0.8),
)
def test_it_never_loosens_and_never_costs_more_than_it_saves_by_its_own_forecast(
    people: int, apart: float, turn: float, own: float, genuine: float
) -> None:
    model = replace(
        MODEL,
        thresholds=Thresholds(own, own + 0.1, 0.05),
        spread=spread(impostor=(1.4, 0.3), genuine=(genuine, 0.1)),
    )
    found = calibrate(gallery(people, apart=apart, turns=(0.0, turn), model=model))

    assert found.thresholds.accept <= own
    if found.verdict is not Verdict.STRICTER:
        assert found.thresholds == model.thresholds
    elif found.forecast is not None:
        assert found.forecast.errors(found.thresholds).cost < found.forecast.errors(model.thresholds).cost


def test_twins_are_named_and_move_nothing_for_the_others() -> None:
    whole = gallery(8)
    twin = np.array([face(0, apart=1.41, turn=0.05)], np.float32)
    found = calibrate(Gallery(MODEL, np.concatenate([whole.matrix, twin]), np.append(whole.student_ids, 9)))

    assert found.confusable == ((1, 9),)
    assert found.verdict is Verdict.ORDINARY
    assert found.thresholds == MODEL.thresholds


@pytest.mark.parametrize("people", range(MIN_PEOPLE))
def test_few_people_say_nothing_whatever_they_look_like(people: int) -> None:
    found = calibrate(gallery(people, apart=0.1))

    assert found.verdict is Verdict.TOO_FEW
    assert found.thresholds == MODEL.thresholds


def test_a_roster_of_twins_alone_is_too_few_and_they_are_named() -> None:
    found = calibrate(gallery(2, apart=0.1))

    assert found.verdict is Verdict.TOO_FEW
    assert found.confusable == ((1, 2),)


def test_nothing_is_forecast_for_a_model_that_was_never_measured() -> None:
    found = calibrate(gallery(8, apart=0.2, model=replace(MODEL, spread=None)))

    assert found.verdict is Verdict.UNMEASURED
    assert found.expected(MODEL.thresholds) is None
    assert found.thresholds == MODEL.thresholds


def test_the_models_own_are_those_for_the_size_of_the_roster() -> None:
    small, large = Thresholds(0.5, 0.6, 0.05), Thresholds(0.4, 0.6, 0.05)
    sized = replace(MODEL, by_size=(RosterThresholds(5, small), RosterThresholds(10, large)))

    assert calibrate(gallery(5, model=sized)).thresholds == small
    assert calibrate(gallery(10, model=sized)).thresholds == large


def test_only_pictures_of_different_days_say_how_much_a_person_changes() -> None:
    sitting, days = (calibrate(gallery(8, days=one)).forecast for one in ((0, 0), (0, 7)))

    assert sitting is not None
    assert days is not None
    assert (sitting.own_people, sitting.days) == (0, (1,) * 8)
    assert (days.own_people, days.days) == (8, (2,) * 8)
    assert days.own == pytest.approx([0.1] * 16, abs=1e-6)


def test_a_day_begins_where_the_school_is() -> None:
    evening = datetime(2026, 11, 23, 22, 30, tzinfo=UTC)
    templates = [
        Template(0, 1, MODEL.name, face(0, apart=1.0), 1.0, evening + timedelta(hours=hour))
        for hour in (0, 1, 2)
    ]

    assert separation(Gallery.of(MODEL, templates, zone=ZoneInfo("Europe/Berlin"))).days.tolist() == [2]
    assert separation(Gallery.of(MODEL, templates, zone=ZoneInfo("Asia/Kolkata"))).days.tolist() == [1]


def test_pictures_of_an_unknown_day_count_as_one_day_and_as_no_other() -> None:
    known = [Template(0, 1, MODEL.name, face(0, apart=1.0), 1.0, NOON)]
    unknown = [Template(0, 1, MODEL.name, face(0, apart=1.0, turn=0.1), 1.0)]
    found = separation(Gallery.of(MODEL, known + unknown))

    assert found.days.tolist() == [1]
    assert len(found.later) == 0
