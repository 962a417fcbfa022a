from dataclasses import replace

import numpy as np
import pytest

from kiosk.domain.faces.face_quality import Clarity, Flaw, Limits, Quality, fitness, flaw_of

GOOD = Quality(150.0, 200.0, 120.0, 1.0, 0.0)


@pytest.mark.parametrize(
    ("change", "flaw"),
    [
        ({"face_px": 69.9}, Flaw.TOO_SMALL),
        ({"inside": 0.79}, Flaw.CUT_OFF),
        ({"brightness": 24.9}, Flaw.TOO_DARK),
        ({"brightness": 240.1}, Flaw.TOO_BRIGHT),
        ({"sharpness": 14.9}, Flaw.BLURRED),
        ({"turn": 0.26}, Flaw.TURNED_AWAY),
        ({"turn": -0.26}, Flaw.TURNED_AWAY),
    ],
)
def test_each_flaw_is_named(change: dict[str, float], flaw: Flaw) -> None:
    assert flaw_of(replace(GOOD, **change)) is flaw


def test_a_face_just_good_enough_has_no_flaw() -> None:
    assert flaw_of(Quality(70.0, 15.0, 25.0, 0.8, -0.25)) is None


def test_a_pose_that_is_not_known_is_not_held_against_a_picture() -> None:
    assert flaw_of(replace(GOOD, turn=None)) is None


def test_a_dark_face_is_called_dark_even_when_it_looks_blurred_too() -> None:
    assert flaw_of(replace(GOOD, brightness=10.0, sharpness=1.0)) is Flaw.TOO_DARK


def test_other_limits_may_be_stricter() -> None:
    assert flaw_of(GOOD, Limits(face_px=160.0)) is Flaw.TOO_SMALL


@pytest.mark.parametrize(
    "worse",
    [{"face_px": 100.0}, {"sharpness": 60.0}, {"brightness": 40.0}, {"brightness": 220.0}, {"inside": 0.85}],
)
def test_a_smaller_blurred_or_badly_lit_face_is_less_fit(worse: dict[str, float]) -> None:
    assert 0 < fitness(replace(GOOD, **worse)) < fitness(GOOD) == 1.0


@pytest.mark.parametrize(
    ("length", "clear"), [(0.0, 0.5), (10.0, 0.5), (11.0, 0.75), (12.0, 1.0), (30.0, 1.0)]
)
def test_a_longer_embedding_is_of_a_clearer_face(length: float, clear: float) -> None:
    vector = np.zeros(4, np.float32)
    vector[2] = -length
    assert Clarity(poor=10.0, clear=12.0).of(vector) == pytest.approx(clear)
