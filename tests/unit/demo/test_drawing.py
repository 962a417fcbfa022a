"""Drawn people: the same each time, cut out, and of one moment each."""

import dataclasses

import numpy as np
import pytest

from kiosk.demo.drawing import EYES, SPRITE_HEIGHT, SPRITE_WIDTH, draw
from kiosk.demo.people import SKIN, Beard, DrawnPerson, Glasses, Hair, Pose, skin_colour
from scripts.demo_people import invent_person


@pytest.fixture(scope="module")
def person() -> DrawnPerson:
    return dataclasses.replace(
        invent_person("test", np.random.default_rng(4)),
        hair=Hair.SHORT,
        beard=Beard.NONE,
        glasses=Glasses.NONE,
    )


def test_same_person_and_pose_give_the_same_picture(person: DrawnPerson) -> None:
    pose = Pose(yaw=7, pitch=-3, smile=0.5)
    assert np.array_equal(draw(person, pose), draw(person, pose))


def test_same_generator_state_invents_the_same_person() -> None:
    assert invent_person("a", np.random.default_rng(9)) == invent_person("a", np.random.default_rng(9))


def test_sprite_is_cut_out_and_its_colours_are_multiplied_by_alpha(person: DrawnPerson) -> None:
    sprite = draw(person, Pose())
    assert sprite.shape == (SPRITE_HEIGHT, SPRITE_WIDTH, 4)
    assert sprite[0, 0, 3] == 0
    assert sprite[int(EYES[1]) + 40, int(EYES[0]), 3] == 255
    assert (sprite[..., :3].max(axis=2) <= sprite[..., 3].astype(int) + 1).all()


@pytest.mark.parametrize(
    "change",
    [
        {"yaw": 10.0},
        {"pitch": 6.0},
        {"roll": 5.0},
        {"smile": 0.9},
        {"mouth_open": 0.6},
        {"blink": 1.0},
        {"light_x": 0.6},
        {"light": 0.8},
    ],
)
def test_each_part_of_a_pose_shows(person: DrawnPerson, change: dict[str, float]) -> None:
    calm = draw(person, Pose()).astype(int)
    moved = draw(person, Pose(**change)).astype(int)
    assert (np.abs(calm - moved).max(axis=2) > 8).sum() > 80


def test_turning_moves_the_nose_to_that_side(person: DrawnPerson) -> None:
    def darkest_column_of_nostrils(pose: Pose) -> float:
        nose = draw(person, pose)[int(EYES[1]) + 40 : int(EYES[1]) + 85, 210:316, :3].astype(float)
        dark = np.clip(nose.mean() * 0.7 - nose.mean(axis=2), 0, None)
        return float((dark.sum(axis=0) * np.arange(106)).sum() / dark.sum())

    left, right = (darkest_column_of_nostrils(Pose(yaw=yaw, light_x=0.0)) for yaw in (-12, 12))
    assert right - left > 8


@pytest.mark.parametrize("hair", list(Hair))
@pytest.mark.parametrize("beard", [Beard.NONE, Beard.FULL])
def test_every_hair_can_be_drawn(person: DrawnPerson, hair: Hair, beard: Beard) -> None:
    other = dataclasses.replace(person, hair=hair, beard=beard, glasses=Glasses.ROUND, mole=1, freckles=0.7)
    assert draw(other, Pose())[int(EYES[1]), int(EYES[0]), 3] == 255


def test_skin_runs_from_the_lightest_to_the_darkest_tone() -> None:
    assert np.allclose(skin_colour(0.0) * 255, SKIN[0], atol=0.01)
    assert np.allclose(skin_colour(1.0) * 255, SKIN[-1], atol=0.01)
    assert skin_colour(0.3).sum() > skin_colour(0.6).sum()
