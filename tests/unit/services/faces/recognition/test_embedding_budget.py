"""A frame embeds what its share of the time pays for."""

import pytest

from kiosk.services.faces.recognition.embedding_budget import (
    BURST_S,
    FIXED,
    MOST,
    FixedBudget,
    MeasuredBudget,
)
from tests.fakes.clock import FakeClock

FPS = 30.0


def run(cost_s: float, *, share: float = 0.6, wanted: int = 100, seconds: float = 4.0) -> list[int]:
    """Faces embedded in each frame of a camera when `wanted` need it and one costs `cost_s`.

    A frame that takes longer than a thirtieth of a second makes the next one later, as a camera's slot does.
    """
    budget = MeasuredBudget(share=share, clock=FakeClock())
    time_s, embedded = 0.0, []
    while time_s < seconds:
        faces = min(wanted, budget.allowed(time_s))
        budget.spent(faces, faces * cost_s)
        embedded.append(faces)
        time_s += max(1 / FPS, 0.01 + faces * cost_s)
    return embedded


def test_a_recording_is_always_treated_alike() -> None:
    budget = FixedBudget()
    budget.spent(4, 10.0)

    assert [budget.allowed(index / FPS) for index in range(5)] == [FIXED] * 5
    assert budget.now() == budget.now()


def test_the_first_frame_measures_one_face() -> None:
    assert MeasuredBudget(share=0.6, clock=FakeClock()).allowed(0.0) == 1


@pytest.mark.parametrize(
    ("cost_s", "faces_a_second"),
    [(0.002, 280), (0.010, 55), (0.080, 7)],
    ids=["built-in", "FaceNet-512", "VGG-Face"],
)
def test_the_number_of_faces_follows_from_their_cost(cost_s: float, faces_a_second: int) -> None:
    embedded = run(cost_s)

    assert sum(embedded) / 4.0 >= 0.9 * faces_a_second
    assert sum(embedded) * cost_s <= 0.6 * 4.0 + BURST_S + cost_s
    assert max(embedded) <= MOST


def test_a_slow_model_lets_frames_go_by_without_it() -> None:
    embedded = run(0.080)

    assert set(embedded) == {0, 1}
    assert len(embedded) / 4.0 >= 15


def test_a_larger_share_decides_more_faces_at_the_cost_of_frames() -> None:
    small, large = run(0.020, share=0.3), run(0.020, share=0.9)

    assert sum(large) > 1.5 * sum(small)
    assert len(large) < len(small)


def test_a_slow_first_call_is_forgotten() -> None:
    budget = MeasuredBudget(share=0.6, clock=FakeClock())
    budget.allowed(0.0)
    budget.spent(1, 2.0)
    for index in range(1, 60):
        faces = budget.allowed(index / FPS)
        budget.spent(min(faces, 1), min(faces, 1) * 0.002)
    assert budget.cost_s == pytest.approx(0.002)
    assert budget.allowed(2.0) > 1


def test_time_that_nobody_needed_is_not_saved_up_without_end() -> None:
    budget = MeasuredBudget(share=0.6, clock=FakeClock())
    budget.allowed(0.0)
    budget.spent(1, 0.020)

    assert budget.allowed(3600.0) == BURST_S / 0.020


def test_its_clock_is_the_one_given() -> None:
    clock = FakeClock()
    assert MeasuredBudget(share=0.6, clock=clock).now() == clock.monotonic()
