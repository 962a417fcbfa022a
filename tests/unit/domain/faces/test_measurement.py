import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.domain.faces.calibration import Verdict, calibrate, separation
from kiosk.domain.faces.error_rates import Rate
from kiosk.domain.faces.measurement import measure
from kiosk.domain.faces.open_set import OpenSetRates, leave_one_out, rates, searches_of_strangers
from kiosk.domain.faces.recognition import Gallery, Metric, ModelInfo, Template, Thresholds
from tests.fakes.vision.spreads import spread

SPREAD = spread(impostor=(1.4, 0.3), genuine=(0.25, 0.04))
MODEL = ModelInfo("model", 2, Metric.EUCLIDEAN, Thresholds(0.5, 0.6, 0.05), spread=SPREAD)
PICTURES = st.lists(
    st.tuples(st.integers(1, 7), st.floats(0, 2, width=16), st.floats(0, 0.5, width=16)), max_size=24
)


def gallery(pictures: list[tuple[int, float, float]]) -> Gallery:
    return Gallery.of(
        MODEL,
        [
            Template(number, owner, MODEL.name, np.array([x, y], np.float32), 1.0)
            for number, (owner, x, y) in enumerate(pictures, start=1)
        ],
    )


def without(whole: Gallery, person: int) -> Gallery:
    rest = whole.student_ids != person
    return Gallery(MODEL, whole.matrix[rest], whole.student_ids[rest])


APART = gallery([(person, person * 1.0, turn * 0.1) for person in range(1, 8) for turn in range(3)])


@settings(max_examples=100, deadline=None)
@given(pictures=PICTURES)
def test_nobody_is_judged_by_thresholds_fitted_to_them(pictures: list[tuple[int, float, float]]) -> None:
    whole = gallery(pictures)
    found = measure(whole)
    nothing = Rate(0, 0)
    expected = OpenSetRates(nothing, nothing, nothing, nothing, nothing, nothing)
    for person in {one[0] for one in pictures}:
        others = calibrate(without(whole, person))
        expected += rates(leave_one_out(whole).of(person), others.thresholds)

    assert found.calibrated() == expected


@settings(max_examples=100, deadline=None)
@given(pictures=PICTURES)
def test_distances_are_those_of_every_two_pictures(pictures: list[tuple[int, float, float]]) -> None:
    found = separation(gallery(pictures))
    same: list[float] = []
    different: list[float] = []
    for place, one in enumerate(pictures):
        for other in pictures[place + 1 :]:
            distance = float(np.hypot(one[1] - other[1], one[2] - other[2]))
            (same if one[0] == other[0] else different).append(distance)

    assert sorted(found.same.tolist()) == pytest.approx(sorted(same), abs=1e-6)
    assert sorted(found.different.tolist()) == pytest.approx(sorted(different), abs=1e-6)


def test_strangers_are_judged_by_thresholds_fitted_to_everybody() -> None:
    found = measure(APART)
    strangers = np.array([[1.0, 0.3], [40, 40]], np.float32)

    assert found.calibrated(searches_of_strangers(APART, strangers)).fpir == Rate(1, 23)
    assert found.thresholds == found.calibration.thresholds


def test_people_who_are_apart_have_no_errors() -> None:
    found = measure(APART)

    assert found.people == 7
    assert found.calibrated().fnir == Rate(0, 21)
    assert found.calibrated().fpir == Rate(0, 21)
    assert found.eer == 0
    assert found.match_rates == (Rate(0, 189), Rate(0, 21))


def test_twins_are_confusable_and_only_they_are_taken_for_each_other() -> None:
    twin = [(8, 1.0, turn * 0.1 + 0.05) for turn in range(3)]
    found = measure(
        gallery([(person, person * 1.0, turn * 0.1) for person in range(1, 8) for turn in range(3)] + twin)
    )

    assert found.calibration.confusable == ((1, 8),)
    assert found.calibrated().fpir.errors == 6


@pytest.mark.parametrize("few", [[], [(1, 0.0, 0.0)], [(1, 0.0, 0.0), (1, 0.1, 0.0)]])
def test_too_few_pictures_leave_the_models_own_thresholds(few: list[tuple[int, float, float]]) -> None:
    found = measure(gallery(few))

    assert found.calibration.verdict is Verdict.TOO_FEW
    assert found.thresholds == MODEL.thresholds
    assert found.eer is None
    assert found.at(MODEL.thresholds) == found.calibrated()
