import numpy as np
import pytest

from kiosk.domain.faces.error_rates import Rate
from kiosk.domain.faces.protocols.rosters import (
    RosterDraw,
    RosterPlan,
    RosterRates,
    SearchLog,
    draw_rosters,
    roster_rates,
)
from kiosk.domain.faces.recognition import Metric, ModelInfo, Thresholds

LIMITS = Thresholds(0.5, 0.7, 0.1)
MODEL = ModelInfo("model", 1, Metric.EUCLIDEAN, LIMITS)

# Ten people with 1, 1, 1, 2, 2, 2, 3, 3, 4 and 5 pictures.
PEOPLE = np.repeat(np.arange(10), [1, 1, 1, 2, 2, 2, 3, 3, 4, 5])


def plan(
    people: int = 5, enrol: int = 2, draws: int = 4, strangers: int | None = None, seed: int = 1
) -> RosterPlan:
    return RosterPlan(people, enrol, draws, strangers, seed)


def test_people_with_more_pictures_come_first_and_others_fill_the_roster() -> None:
    for drawn in draw_rosters(PEOPLE, plan()):
        roster, counts = np.unique(PEOPLE[drawn.templates], return_counts=True)
        assert len(roster) == 5
        assert (counts == 2).all()
        # All four with three or more, one of the three with just two, and nobody with one.
        assert {6, 7, 8, 9} < set(roster.tolist())
        assert set(PEOPLE[drawn.probes].tolist()) == {6, 7, 8, 9}
        assert len(drawn.probes) == 1 + 1 + 2 + 3
        assert not set(drawn.probes.tolist()) & set(drawn.templates.tolist())


def test_strangers_are_people_outside_the_roster_with_one_picture_each() -> None:
    for strangers, expected in ((None, 7), (4, 4), (0, 0)):
        for drawn in draw_rosters(PEOPLE, plan(people=3, strangers=strangers)):
            outside = PEOPLE[drawn.strangers]
            assert len(set(outside.tolist())) == len(outside) == expected
            assert not set(outside.tolist()) & set(PEOPLE[drawn.templates].tolist())


def test_the_same_seed_draws_the_same_rosters() -> None:
    def drawn(seed: int) -> list[list[int]]:
        return [
            [*one.templates, *one.probes, *one.strangers] for one in draw_rosters(PEOPLE, plan(seed=seed))
        ]

    assert drawn(1) == drawn(1)
    assert drawn(1) != drawn(2)
    assert len({tuple(one) for one in drawn(1)}) == 4


@pytest.mark.parametrize(
    "wanted", [plan(people=8), plan(people=5, strangers=6), plan(people=3, enrol=4)], ids=str
)
def test_too_few_people_are_refused(wanted: RosterPlan) -> None:
    with pytest.raises(ValueError, match="too few people"):
        list(draw_rosters(PEOPLE, wanted))


@pytest.mark.parametrize(
    ("people", "enrol", "draws", "strangers"), [(0, 1, 1, 1), (1, 0, 1, 1), (1, 1, 0, 1), (1, 1, 1, -1)]
)
def test_a_plan_for_nothing_is_refused(people: int, enrol: int, draws: int, strangers: int) -> None:
    with pytest.raises(ValueError, match="nothing can be drawn"):
        RosterPlan(people, enrol, draws, strangers, 1)


def rates_of(
    enrolled: dict[int, float],
    probes: list[tuple[int, float | None]],
    strangers: list[tuple[int, float | None]],
) -> RosterRates:
    """One roster: a picture of each person enrolled at a place on a line, and pictures that are looked for."""
    rows = [*enrolled.items(), *probes, *strangers]
    people = np.array([person for person, _place in rows])
    found = np.array([place is not None for _person, place in rows])
    vectors = np.array([[place or 0.0] for _person, place in rows], np.float32)
    ends = np.cumsum([len(enrolled), len(probes), len(strangers)])
    log = SearchLog(MODEL, LIMITS)
    log.add(RosterDraw(*np.split(np.arange(len(rows)), ends[:2])), vectors, people, found)
    return roster_rates(log.searches())


def test_searches_are_judged_as_frames_are() -> None:
    found = rates_of(
        {0: 0.0, 1: 10.0, 2: 20.0},
        [(0, 0.3), (0, 0.6), (0, 3.0), (1, 10.2), (1, 19.9), (2, 20.0)],
        [(3, 0.4), (4, 10.6), (5, 15.0), (6, 5.0)],
    )

    counted = {name: one.rate for name, one in found.by_name.items()}
    assert counted == {
        "rank1_misses": Rate(1, 6),
        "fnir": Rate(3, 6),
        "wrong": Rate(1, 6),
        "ambiguous": Rate(1, 6),
        "fpir": Rate(1, 4),
        "strangers_ambiguous": Rate(1, 4),
    }
    assert found.fnir_at == {0.01: None, 0.001: None}


def test_a_face_that_was_not_found_is_a_miss_of_its_person_and_no_stranger() -> None:
    found = rates_of({0: 0.0, 1: 10.0}, [(0, None), (1, 10.0)], [(2, None), (3, 5.0)])

    assert found.by_name["fnir"].rate == Rate(1, 2)
    assert found.by_name["rank1_misses"].rate == Rate(1, 2)
    assert found.by_name["fpir"].rate == Rate(0, 1)


def test_whoever_could_not_be_enrolled_is_never_recognised() -> None:
    log = SearchLog(MODEL, LIMITS)
    vectors = np.array([[0.0], [10.0], [0.0], [10.0]], np.float32)
    people, found = np.array([0, 1, 0, 1]), np.array([False, True, True, True])
    log.add(RosterDraw(np.array([0, 1]), np.array([2, 3]), np.array([], np.int64)), vectors, people, found)

    counted = roster_rates(log.searches()).by_name

    assert counted["fnir"].rate == Rate(1, 2)
    assert counted["fpir"].rate == Rate(0, 0)


def test_twins_are_asked_and_never_named() -> None:
    found = rates_of({0: 0.0, 1: 0.0, 2: 10.0}, [(0, 0.0), (1, 0.01), (2, 10.0)], [(3, 5.0)])

    assert found.by_name["wrong"].rate == Rate(0, 3)
    assert found.by_name["ambiguous"].rate == Rate(2, 3)


def test_a_roster_of_one_accepts_only_below_the_margin() -> None:
    found = rates_of({0: 0.0}, [(0, 0.39), (0, 0.45)], [(1, 0.39), (2, 0.45)])

    assert found.by_name["fnir"].rate == Rate(1, 2)
    assert found.by_name["fpir"].rate == Rate(1, 2)
    assert found.by_name["rank1_misses"].rate == Rate(0, 2)


def test_the_fnir_at_an_fpir_is_that_of_accept_alone() -> None:
    strangers: list[tuple[int, float | None]] = [(person, 0.4 + 0.02 * person) for person in range(2, 202)]

    found = rates_of({0: 0.0, 1: 100.0}, [(0, 0.45), (0, 0.47), (0, 0.485), (0, 0.6)], strangers)

    # Two of 200 strangers may be accepted: accept lies below the third, at 0.48.
    at = found.fnir_at[0.01]
    assert at is not None
    assert at.rate == Rate(2, 4)


def test_a_rate_of_nothing_keeps_the_doubt_of_so_few_people() -> None:
    found = rates_of({0: 0.0, 1: 10.0}, [(0, 0.1), (1, 10.1)] * 20, [(2, 5.0), (3, 5.0)] * 20)

    # Two people say no more than two, however many pictures they have.
    assert found.by_name["fpir"].rate == Rate(0, 40)
    assert found.by_name["fpir"].interval.high > 0.6
    assert found.by_name["fnir"].interval.high > 0.6
