import math

import pytest

from kiosk.domain.faces.best_frame import LIVE, MORE_PX, live_fitness, turn_of
from kiosk.domain.faces.face_quality import Flaw, Quality, flaw_of
from kiosk.domain.faces.frames import head_turn

GOOD = Quality(160.0, 150.0, 120.0, 1.0, 0.0)


def changed(**changes: float | None) -> Quality:
    values = {"face_px": 160.0, "sharpness": 150.0, "brightness": 120.0, "inside": 1.0, "turn": 0.0}
    return Quality(**(values | changes))  # type: ignore[arg-type]  # mypy does not see the names


@pytest.mark.parametrize(
    "poorer",
    [
        changed(face_px=100.0),
        changed(sharpness=60.0),
        changed(brightness=50.0),
        changed(brightness=230.0),
        changed(inside=0.85),
        changed(turn=0.2),
        changed(turn=-0.2),
        changed(turn=None),
    ],
    ids=["smaller", "softer", "darker", "brighter", "cut off", "turned left", "turned right", "pose unknown"],
)
def test_a_frame_that_shows_less_is_less_fit(poorer: Quality) -> None:
    assert 0 < live_fitness(poorer) < live_fitness(GOOD)


def test_a_larger_face_is_fitter_up_to_twice_the_size_that_fills_the_network() -> None:
    assert live_fitness(changed(face_px=195.0)) == pytest.approx(1.3 * live_fitness(changed(face_px=150.0)))
    assert live_fitness(changed(face_px=300.0)) == live_fitness(changed(face_px=900.0))
    assert live_fitness(changed(face_px=900.0, sharpness=500.0)) <= MORE_PX


def test_live_frames_may_be_worse_than_enrolment_pictures() -> None:
    soft = changed(sharpness=10.0)

    assert flaw_of(soft) is Flaw.BLURRED
    assert flaw_of(soft, LIVE) is None


def test_a_limit_in_degrees_is_the_turn_that_such_a_head_shows() -> None:
    import numpy as np

    angle = math.radians(30)
    eyes_and_nose = np.array([[-0.5, 0], [0.5, 0], [0, 0]], np.float32) * np.float32(math.cos(angle))
    eyes_and_nose[2, 0] = 0.35 * math.sin(angle)

    assert turn_of(30.0) == pytest.approx(head_turn(eyes_and_nose), abs=1e-6)
    assert turn_of(0.0) == 0.0
