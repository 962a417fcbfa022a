"""The plan of a class is a function of its seed, and nobody stands before anybody else."""

import numpy as np
import pytest

from kiosk.demo.pool import pool
from kiosk.demo.script import NAMES, SCANNERS, ClassPlan, plan_class
from kiosk.demo.walks import CLEARANCE, FPS, FRAME_WIDTH
from kiosk.errors import ConflictError


def default_plan(seed: int) -> ClassPlan:
    return plan_class(seed, 10, 2, pool())


def test_same_seed_gives_the_same_class() -> None:
    assert default_plan(5) == default_plan(5)


def test_seeds_differ_in_strangers_and_order() -> None:
    plans = [default_plan(seed) for seed in range(12)]
    assert len({frozenset(p.key for p in plan.strangers) for plan in plans}) > 6
    assert len({tuple(walk.key for walk in plan.walks) for plan in plans}) == 12


@pytest.mark.parametrize("seed", [-3, 0, 1, 2**40])
def test_everybody_walks_once_and_one_student_returns(seed: int) -> None:
    plan = default_plan(seed)
    keys = [walk.key for walk in plan.walks]
    assert len(plan.students) == 10
    assert len(plan.strangers) == 2
    assert {person.key for person in plan.cast} == set(keys) == {person.key for person in pool()[:12]}
    twice = [key for key in set(keys) if keys.count(key) == 2]
    assert len(keys) == 13
    returning = next(s for s in plan.students if s.student_no == plan.returning)
    assert returning.person is not None
    assert twice == [returning.person.key] == [plan.walks[-1].key]


def test_scanners_are_on_the_roster_and_are_never_drawn() -> None:
    plan = default_plan(3)
    assert len(plan.scanners) == SCANNERS
    assert all(student.person is None for student in plan.scanners)
    assert len(set(plan.expected)) == 12
    assert len({student.full_name for student in (*plan.students, *plan.scanners)}) == 12


def test_names_suffice_for_the_largest_class() -> None:
    assert len(set(NAMES)) == len(NAMES) >= len(pool()) + SCANNERS
    assert len(plan_class(1, 32, 0, pool()).expected) == 34


@pytest.mark.parametrize("seed", range(12))
def test_nobody_is_covered(seed: int) -> None:
    plan = default_plan(seed)
    for tick in range(int(plan.duration_s * FPS)):
        places = [place for walk in plan.walks if (place := walk.at(tick / FPS))]
        xs = np.sort([place.x for place in places])
        assert (np.diff(xs) >= CLEARANCE - 1e-6).all()


@pytest.mark.parametrize("seed", range(12))
def test_default_class_takes_at_most_35_seconds_and_has_pairs_and_singles(seed: int) -> None:
    plan = default_plan(seed)
    assert plan.duration_s <= 35
    standing = [(walk.arrive_s, walk.leave_s) for walk in plan.walks]
    together = [sum(a < leave and arrive < b for a, b in standing) for arrive, leave in standing]
    assert 1 in together
    assert 2 in together


def test_everybody_stands_before_the_camera_for_more_than_a_second() -> None:
    for walk in default_plan(8).walks:
        assert walk.leave_s - walk.arrive_s > 1
        place = walk.at((walk.arrive_s + walk.leave_s) / 2)
        assert place is not None
        assert 0.2 * FRAME_WIDTH < place.x < 0.8 * FRAME_WIDTH
        assert place.scale == 1
        assert place.facing == 0


@pytest.mark.parametrize(("students", "strangers"), [(1, 2), (0, 0), (-4, 0), (10, -1), (31, 2), (10, 1000)])
def test_impossible_classes_are_refused_in_a_sentence(students: int, strangers: int) -> None:
    with pytest.raises(ConflictError) as caught:
        plan_class(1, students, strangers, pool())
    assert caught.value.hint
