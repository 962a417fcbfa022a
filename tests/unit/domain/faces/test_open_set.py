import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.domain.faces.error_rates import Rate
from kiosk.domain.faces.open_set import (
    NOBODY,
    OpenSetRates,
    leave_one_out,
    rates,
    rates_by_person,
    searches_of_known,
    searches_of_strangers,
)
from kiosk.domain.faces.recognition import Gallery, Metric, ModelInfo, Outcome, Template, Thresholds, judge

LIMITS = Thresholds(0.5, 0.7, 0.1)
MODELS = {metric: ModelInfo("model", 2, metric, LIMITS) for metric in Metric}

POINTS = st.tuples(st.integers(1, 4), st.floats(-1, 1, width=16), st.floats(-1, 1, width=16))


def gallery(pictures: list[tuple[int, float, float]], metric: Metric = Metric.EUCLIDEAN) -> Gallery:
    model = MODELS[metric]
    return Gallery.of(
        model,
        [
            Template(number, owner, model.name, np.array([x, y], np.float32), 1.0)
            for number, (owner, x, y) in enumerate(pictures, start=1)
        ],
    )


def without(whole: Gallery, left_out: list[int]) -> Gallery:
    kept = [row for row in range(len(whole.student_ids)) if row not in left_out]
    return Gallery(whole.model, whole.matrix[kept], whole.student_ids[kept])


def one_by_one(whole: Gallery, limits: Thresholds) -> OpenSetRates:
    """The same figures, by really making each gallery and asking it as the kiosk does."""
    mated: list[tuple[bool, Outcome, bool]] = []
    strangers: list[Outcome] = []
    for row, owner in enumerate(whole.student_ids):
        probe = whole.matrix[row]
        theirs = [int(other) for other in np.flatnonzero(whole.student_ids == owner)]
        if len(theirs) > 1:
            match = without(whole, [row]).search(probe)
            assert match is not None
            right = match.student_id == owner and match.margin > 0
            mated.append((right, judge(match, limits), match.student_id == owner))
        strangers.append(judge(without(whole, theirs).search(probe), limits))
    accepted = Outcome.ACCEPTED
    n = len(mated)
    return OpenSetRates(
        rank1_misses=Rate(sum(not right for right, _, _ in mated), n),
        fnir=Rate(sum(not (right and outcome is accepted) for right, outcome, _ in mated), n),
        misnamed=Rate(sum(outcome is accepted and not right for right, outcome, _ in mated), n),
        mated_asked=Rate(sum(outcome is Outcome.AMBIGUOUS for _, outcome, _ in mated), n),
        fpir=Rate(sum(outcome is accepted for outcome in strangers), len(strangers)),
        strangers_asked=Rate(sum(outcome is Outcome.AMBIGUOUS for outcome in strangers), len(strangers)),
    )


@settings(max_examples=150, deadline=None)
@given(
    pictures=st.lists(POINTS, max_size=10, unique_by=lambda one: one[1:]),
    accept=st.floats(0.01, 1),
    wider=st.floats(0, 1),
    margin=st.floats(0, 0.5),
    metric=st.sampled_from(list(Metric)),
)
def test_the_rates_are_those_of_really_searching_smaller_galleries(
    pictures: list[tuple[int, float, float]], accept: float, wider: float, margin: float, metric: Metric
) -> None:
    whole = gallery(pictures, metric)
    limits = Thresholds(accept, accept + wider, margin)

    assert rates(leave_one_out(whole), limits) == one_by_one(whole, limits)


def test_who_is_far_from_everybody_is_found_and_never_taken_for_another() -> None:
    found = rates(leave_one_out(gallery([(1, 0, 0), (1, 0, 0.1), (2, 2, 0), (2, 2, 0.1)])), LIMITS)

    assert found.rank1 == 1
    assert found.fnir == Rate(0, 4)
    assert found.fpir == Rate(0, 4)


def test_a_person_with_one_picture_stands_for_a_stranger_only() -> None:
    found = leave_one_out(gallery([(1, 0, 0), (2, 2, 0), (2, 2, 0.1)]))

    assert found.of(1).mated.tolist() == [False]
    assert found.of(2).mated.tolist() == [True, True, False, False]


def test_two_who_look_the_same_are_asked_and_counted_as_not_found() -> None:
    found = rates(leave_one_out(gallery([(1, 0, 0), (1, 0.02, 0), (2, 0, 0.02), (2, 0.02, 0.02)])), LIMITS)

    assert found.fnir == found.mated_asked == Rate(4, 4)
    assert found.misnamed == Rate(0, 4)
    # With one of them left out, the other one's pictures take the stranger for granted.
    assert found.fpir == Rate(4, 4)


def test_known_faces_and_strangers_are_searched_in_the_whole_gallery() -> None:
    whole = gallery([(1, 0, 0), (2, 2, 0)])
    known = searches_of_known(whole, np.array([[0.1, 0], [0.2, 0]], np.float32), np.array([1, 2]))
    strangers = searches_of_strangers(whole, np.array([[2, 0.3], [9, 9]], np.float32))
    found = rates(known + strangers, LIMITS)

    assert found.rank1_misses == found.misnamed == Rate(1, 2)
    assert found.fpir == Rate(1, 2)
    assert strangers.truth.tolist() == [NOBODY, NOBODY]


def test_a_known_person_who_is_not_in_the_gallery_is_refused() -> None:
    with pytest.raises(ValueError, match="not in the gallery"):
        searches_of_known(gallery([(1, 0, 0)]), np.zeros((1, 2), np.float32), np.array([7]))


def test_an_empty_gallery_knows_nobody() -> None:
    found = rates(
        leave_one_out(gallery([])) + searches_of_strangers(gallery([]), np.ones((2, 2), np.float32)), LIMITS
    )

    assert found.fnir == Rate(0, 0)
    assert found.fpir == Rate(0, 2)
    assert found.rank1 is None


def test_each_person_may_be_judged_by_thresholds_of_their_own() -> None:
    found = leave_one_out(gallery([(1, 0, 0), (1, 0, 0.4), (2, 2, 0), (2, 2, 0.4)]))
    strict = Thresholds(0.1, 0.2, 0.05)

    assert rates_by_person(found, {1: strict}, LIMITS).fnir == Rate(2, 4)
    assert rates_by_person(found, {}, LIMITS) == rates(found, LIMITS)
