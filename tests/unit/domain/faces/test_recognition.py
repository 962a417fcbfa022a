from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.faces.face_quality import Clarity
from kiosk.domain.faces.recognition import (
    Gallery,
    Match,
    Metric,
    ModelInfo,
    Outcome,
    RosterThresholds,
    Template,
    Thresholds,
    Vote,
    VotingRule,
    decide,
    distances,
    judge,
)

THRESHOLDS = Thresholds(accept=0.5, reject=0.6, margin=0.05)
EUCLIDEAN = ModelInfo("euclidean-model", 3, Metric.EUCLIDEAN, THRESHOLDS)
COSINE = ModelInfo("cosine-model", 3, Metric.COSINE, THRESHOLDS)
RULE = VotingRule()
FPS = 30.0

# Votes of one frame, by letter: a and b are accepted people, ? is ambiguous, - is unknown.
_VOTES = {
    "a": (Outcome.ACCEPTED, Match(1, 0.3, 0.9)),
    "A": (Outcome.ACCEPTED, Match(1, 0.2, 0.9)),
    "b": (Outcome.ACCEPTED, Match(2, 0.3, 0.9)),
    "?": (Outcome.AMBIGUOUS, Match(1, 0.55, 0.9)),
    "!": (Outcome.AMBIGUOUS, Match(2, 0.52, 0.53)),
    "-": (Outcome.UNKNOWN, Match(1, 0.9, 1.0)),
    "0": (Outcome.UNKNOWN, None),
}


def votes(letters: str, fps: float = FPS) -> list[Vote]:
    return [Vote(index / fps, *_VOTES[letter]) for index, letter in enumerate(letters)]


def template(student_id: int, vector: Sequence[float], model: ModelInfo = EUCLIDEAN) -> Template:
    return Template(student_id * 10, student_id, model.name, np.array(vector, np.float32), 1.0)


def probe(*values: float) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    return np.array(values, np.float32)


def weighed(letters: str, weight: float, fps: float = FPS) -> list[Vote]:
    return [replace(vote, weight=weight) for vote in votes(letters, fps)]


# -- one search result


@pytest.mark.parametrize(
    ("distance", "runner_up", "outcome"),
    [
        (0.3, 0.9, Outcome.ACCEPTED),
        (0.5, 0.9, Outcome.ACCEPTED),
        (0.501, 0.9, Outcome.AMBIGUOUS),
        (0.6, 0.9, Outcome.AMBIGUOUS),
        (0.601, 0.9, Outcome.UNKNOWN),
        (0.3, 0.34, Outcome.AMBIGUOUS),
        (0.25, 0.3125, Outcome.ACCEPTED),
        (0.3, float("inf"), Outcome.ACCEPTED),
        (0.45, float("inf"), Outcome.ACCEPTED),
        (0.451, float("inf"), Outcome.AMBIGUOUS),
        (0.6, float("inf"), Outcome.AMBIGUOUS),
        (0.601, float("inf"), Outcome.UNKNOWN),
        (0.7, 0.71, Outcome.UNKNOWN),
    ],
)
def test_a_distance_is_judged_at_its_thresholds(distance: float, runner_up: float, outcome: Outcome) -> None:
    assert judge(Match(1, distance, runner_up), THRESHOLDS) is outcome


def test_a_face_in_front_of_an_empty_gallery_is_unknown() -> None:
    assert judge(None, THRESHOLDS) is Outcome.UNKNOWN


@given(
    distance=st.floats(0, 2),
    gap=st.floats(0, 2),
    accept=st.floats(0, 1),
    band=st.floats(0, 1),
    margin=st.floats(0, 1),
)
def test_nobody_is_accepted_beyond_accept_or_within_the_margin(
    distance: float, gap: float, accept: float, band: float, margin: float
) -> None:
    match = Match(1, distance, distance + gap)

    if judge(match, Thresholds(accept, accept + band, margin)) is Outcome.ACCEPTED:
        assert distance <= accept
        assert match.margin >= margin


@pytest.mark.parametrize(("accept", "reject", "margin"), [(-0.1, 0.6, 0), (0.5, 0.4, 0), (0.5, 0.6, -0.01)])
def test_contradicting_thresholds_are_refused(accept: float, reject: float, margin: float) -> None:
    with pytest.raises(ValueError, match="contradict"):
        Thresholds(accept, reject, margin)


def test_accept_may_equal_reject() -> None:
    assert judge(Match(1, 0.5, 1.0), Thresholds(0.5, 0.5, 0.0)) is Outcome.ACCEPTED


# -- several frames


def test_no_votes_decide_nothing() -> None:
    assert decide([], RULE) is None


def test_three_frames_within_a_tenth_of_a_second_are_too_soon() -> None:
    assert decide(votes("aaa"), RULE) is None
    assert decide(votes("a" * 9), RULE) is None


def test_agreeing_for_three_tenths_of_a_second_decides() -> None:
    decision = decide(votes("a" * 10), RULE)

    assert decision is not None
    assert decision.outcome is Outcome.ACCEPTED
    assert decision.votes == 10
    assert decision.decided_s == pytest.approx(0.3)


def test_two_frames_are_too_few_however_far_apart() -> None:
    assert decide(votes("aa", fps=1), RULE) is None
    assert decide(votes("aaa", fps=1), RULE) is not None


def test_the_best_of_the_agreeing_matches_is_reported() -> None:
    decision = decide(votes("aaaAaaaaaa"), RULE)

    assert decision is not None
    assert decision.match == Match(1, 0.2, 0.9)


@pytest.mark.parametrize("blink", ["-", "?", "0", "b"])
def test_a_frame_that_disagrees_starts_the_count_again(blink: str) -> None:
    assert decide(votes("a" * 9 + blink + "a" * 9), RULE) is None

    decision = decide(votes("a" * 9 + blink + "a" * 10), RULE)
    assert decision is not None
    assert decision.votes == 10


@pytest.mark.parametrize("blink", ["-", "?", "0"])
def test_a_blink_turns_nobody_away(blink: str) -> None:
    assert decide(votes("a" * 9 + blink), RULE) is None
    assert decide(votes("a" * 9 + blink * 11), RULE) is None


def test_two_people_in_turns_are_never_accepted() -> None:
    for length in range(1, 60):
        assert decide(votes(("ab" * 30)[:length]), RULE) is None


def test_a_second_without_acceptance_is_unknown() -> None:
    assert decide(votes("-" * 30), RULE) is None

    decision = decide(votes("-" * 31), RULE)
    assert decision is not None
    assert decision.outcome is Outcome.UNKNOWN
    assert decision.match is None


def test_unknown_needs_twelve_frames_also_when_they_are_slow() -> None:
    assert decide(votes("-" * 11, fps=2), RULE) is None
    assert decide(votes("-" * 12, fps=2), RULE) is not None


def test_one_ambiguous_frame_among_unknown_ones_asks_for_the_code() -> None:
    decision = decide(votes("-" * 10 + "?" + "-" * 20), RULE)

    assert decision is not None
    assert decision.outcome is Outcome.AMBIGUOUS
    assert decision.match == Match(1, 0.55, 0.9)


def test_of_several_ambiguous_matches_the_closest_is_kept() -> None:
    decision = decide(votes("?" * 20 + "!" + "?" * 20), RULE)

    assert decision is not None
    assert decision.match == Match(2, 0.52, 0.53)


def test_an_acceptance_restarts_the_count_towards_unknown() -> None:
    assert decide(votes("-" * 30 + "a" + "-" * 30), RULE) is None
    assert decide(votes("-" * 30 + "a" + "-" * 31), RULE) is not None


@given(st.text(alphabet=sorted(_VOTES), max_size=60), st.sampled_from([5.0, 10.0, 30.0]))
def test_acceptance_needs_three_last_frames_over_the_span_for_one_person(letters: str, fps: float) -> None:
    cast = votes(letters, fps)

    decision = decide(cast, RULE)

    if decision is not None and decision.outcome is Outcome.ACCEPTED:
        assert decision.match is not None
        agreeing = cast[-decision.votes :]
        assert len(agreeing) >= RULE.frames
        assert agreeing[-1].time_s - agreeing[0].time_s >= RULE.span_s - 0.001
        for vote in agreeing:
            assert vote.outcome is Outcome.ACCEPTED
            assert vote.match is not None
            assert vote.match.student_id == decision.match.student_id


@given(st.text(alphabet="-?0", max_size=60))
def test_whoever_was_never_accepted_is_never_named(letters: str) -> None:
    decision = decide(votes(letters), RULE)

    assert decision is None or decision.outcome in {Outcome.UNKNOWN, Outcome.AMBIGUOUS}


# -- galleries


def test_an_empty_gallery_finds_nobody() -> None:
    gallery = Gallery.of(EUCLIDEAN, [])

    assert gallery.people == 0
    assert gallery.search(probe(1, 0, 0)) is None


def test_in_a_gallery_of_one_person_the_runner_up_is_infinitely_far() -> None:
    gallery = Gallery.of(EUCLIDEAN, [template(1, (1, 0, 0)), template(1, (0, 1, 0))])

    match = gallery.search(probe(1, 0, 0))

    assert gallery.people == 1
    assert match == Match(1, 0.0, float("inf"))


def test_the_runner_up_is_another_person_not_another_picture() -> None:
    gallery = Gallery.of(
        EUCLIDEAN, [template(1, (1, 0, 0)), template(2, (0, 0, 1)), template(1, (1, 0.1, 0))]
    )

    match = gallery.search(probe(1, 0, 0))

    assert match is not None
    assert (match.student_id, match.distance) == (1, 0.0)
    assert match.runner_up == pytest.approx(2**0.5)
    assert match.margin == pytest.approx(2**0.5)


def test_rows_of_one_student_stand_together_whatever_the_order_given() -> None:
    gallery = Gallery.of(EUCLIDEAN, [template(2, (0, 0, 1)), template(1, (1, 0, 0)), template(2, (0, 1, 0))])

    assert gallery.student_ids.tolist() == [1, 2, 2]
    np.testing.assert_array_equal(gallery.matrix, [[1, 0, 0], [0, 0, 1], [0, 1, 0]])
    assert [match and match.student_id for match in gallery.search_all(gallery.matrix)] == [1, 2, 2]


def test_euclidean_distance_depends_on_length_and_cosine_distance_does_not() -> None:
    near = template(1, (10, 0, 0), COSINE)
    turned = template(2, (0.9, 0.5, 0), COSINE)
    by_angle = Gallery.of(COSINE, [near, turned]).search(probe(1, 0, 0))
    by_length = Gallery.of(EUCLIDEAN, [template(1, (10, 0, 0)), template(2, (0.9, 0.5, 0))]).search(
        probe(1, 0, 0)
    )

    assert by_angle is not None
    assert by_length is not None
    assert (by_angle.student_id, by_length.student_id) == (1, 2)
    assert by_angle.distance == pytest.approx(0.0, abs=1e-6)


def test_cosine_distance_is_nought_alike_one_at_right_angles_and_two_opposite() -> None:
    matrix = np.array([[2, 0, 0], [0, 3, 0], [-1, 0, 0], [0, 0, 0]], np.float32)

    found = distances(matrix, probe(1, 0, 0), Metric.COSINE)

    assert found.dtype == np.float32
    np.testing.assert_allclose(found, [0, 1, 2, 1], atol=1e-6)


@pytest.mark.parametrize("metric", Metric)
@given(
    rows=st.lists(st.tuples(*[st.floats(-1, 1, width=16)] * 3), min_size=1, max_size=8),
    seen=st.tuples(*[st.floats(-1, 1, width=16)] * 3),
)
def test_search_finds_the_closest_template(
    metric: Metric, rows: list[tuple[float, ...]], seen: tuple[float, ...]
) -> None:
    model = ModelInfo("any", 3, metric, THRESHOLDS)
    gallery = Gallery.of(model, [template(number % 3 + 1, row, model) for number, row in enumerate(rows)])

    match = gallery.search(probe(*seen))

    assert match is not None
    all_distances = distances(gallery.matrix, probe(*seen), gallery.model.metric)
    assert match.distance == pytest.approx(float(all_distances.min()), abs=1e-6)
    assert match.margin >= 0


def test_templates_of_another_model_or_length_are_refused() -> None:
    with pytest.raises(ValueError, match="euclidean-model"):
        Gallery.of(EUCLIDEAN, [template(1, (1, 0, 0), COSINE)])
    with pytest.raises(ValueError, match="euclidean-model"):
        Gallery.of(EUCLIDEAN, [template(1, (1, 0))])


def test_a_face_that_wavers_for_long_is_asked_to_scan() -> None:
    rule = VotingRule()
    near, far = Match(1, 0.4, 1.0), Match(1, 0.55, 1.0)
    wavering = [
        Vote(index / 10, Outcome.ACCEPTED if index % 2 else Outcome.AMBIGUOUS, near if index % 2 else far)
        for index in range(60)
    ]
    decisions = [decide(wavering[:count], rule) for count in range(1, len(wavering) + 1)]

    assert all(one is None for one in decisions[: 4 * 10])
    last = decisions[-1]
    assert last is not None
    assert (last.outcome, last.match) == (Outcome.AMBIGUOUS, near)


def test_undecided_face_is_looked_at_as_often_as_either_verdict_needs() -> None:
    rule = VotingRule()
    assert rule.look_every_s == pytest.approx(1 / 15)
    assert rule.span_s / rule.look_every_s >= rule.frames
    assert rule.unaccepted_span_s / rule.look_every_s >= rule.unaccepted_frames
    strict = VotingRule(frames=15)
    assert strict.span_s / strict.look_every_s >= strict.frames


def sized(*sizes: tuple[int, float]) -> ModelInfo:
    """A model with these accepts by roster size."""
    return replace(
        EUCLIDEAN,
        by_size=tuple(RosterThresholds(people, Thresholds(accept, 0.6, 0.05)) for people, accept in sizes),
    )


def test_a_model_without_sizes_has_one_set_of_thresholds() -> None:
    assert EUCLIDEAN.thresholds_for(0) == EUCLIDEAN.thresholds_for(5000) == THRESHOLDS


@pytest.mark.parametrize("people", [0, 1, 29, 30])
def test_small_rosters_have_the_thresholds_of_the_smallest_measured_one(people: int) -> None:
    assert sized((30, 0.4), (300, 0.3)).thresholds_for(people).accept == 0.4


def test_between_two_sizes_thresholds_follow_the_logarithm_of_the_size() -> None:
    model = sized((10, 0.5), (100, 0.4), (1000, 0.35))

    assert model.thresholds_for(100).accept == pytest.approx(0.4)
    assert model.thresholds_for(32).accept == pytest.approx(0.45, abs=0.001)
    assert model.thresholds_for(316).accept == pytest.approx(0.375, abs=0.001)


def test_above_the_largest_size_they_grow_stricter_up_to_ten_times_of_it() -> None:
    model = sized((10, 0.5), (100, 0.4))

    assert model.thresholds_for(1000).accept == pytest.approx(0.3)
    assert model.thresholds_for(100_000) == model.thresholds_for(1000)
    assert sized((10, 0.5), (11, 0.1)).thresholds_for(100).accept == 0


@given(people=st.integers(0, 10_000), more=st.integers(0, 10_000))
def test_a_larger_roster_is_never_given_looser_thresholds(people: int, more: int) -> None:
    model = sized((30, 0.5), (100, 0.45), (300, 0.42))
    assert model.thresholds_for(people + more).accept <= model.thresholds_for(people).accept + 1e-12


def test_poor_pictures_of_a_face_must_agree_more_often() -> None:
    assert decide(weighed("aaaaa", 0.5, fps=5), RULE) is None
    decision = decide(weighed("aaaaaa", 0.5, fps=5), RULE)
    assert decision is not None
    assert (decision.outcome, decision.votes) == (Outcome.ACCEPTED, 6)
    mixed = [
        *weighed("aa", 0.5, fps=5),
        *(replace(vote, time_s=vote.time_s + 0.4) for vote in votes("aa", 5)),
    ]
    assert decide(mixed, RULE) is not None


def test_poor_pictures_of_a_face_say_later_that_it_is_unknown() -> None:
    assert decide(weighed("-" * 23, 0.5, fps=5), RULE) is None
    decision = decide(weighed("-" * 24, 0.5, fps=5), RULE)
    assert decision is not None
    assert decision.outcome is Outcome.UNKNOWN


def test_only_a_model_whose_lengths_say_it_weighs_faces_by_them() -> None:
    clear = replace(COSINE, clarity=Clarity(poor=10.0, clear=12.0))
    assert [COSINE.weight_of(probe(0, 3, 4)), clear.weight_of(probe(0, 3, 4))] == [1.0, 0.5]
    assert clear.weight_of(probe(0, 12, 5)) == 1.0
    assert COSINE.template_quality(probe(0, 3, 4), face_px=75.0) == 0.5
    assert clear.template_quality(probe(0, 12, 5), face_px=75.0) == 1.0
