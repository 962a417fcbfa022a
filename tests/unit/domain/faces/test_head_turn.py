"""The head turn as one person sees it: recognised, asked, turned, straight again; and all that must not pass."""

import math
from collections.abc import Iterable

import numpy as np
import pytest

from kiosk.domain.faces.head_turn import (
    HeadTurn,
    HeadTurnRule,
    Look,
    Pose,
    Request,
    TurnDirection,
    TurnPhase,
    pose_of,
    turn_of,
)
from kiosk.domain.faces.recognition import Liveness

RULE = HeadTurnRule()
ANNA, BERT = 1, 2
LEFT, RIGHT = 0.2, -0.2
FPS = 10.0


class Person:
    """Feeds looks in, ten a second."""

    def __init__(self, asked_for: TurnDirection = TurnDirection.LEFT) -> None:
        self.state = HeadTurn()
        self.asked = 0
        self._direction = asked_for
        self._frame = 0

    def shows(
        self,
        turn: float | None,
        *,
        who: int | None = ANNA,
        accepted: bool = True,
        frames: int = 1,
        width: float = 0.9,
    ) -> TurnPhase:
        for _ in range(frames):
            pose = Pose(turn, width) if turn is not None else None
            look = Look(self._frame / FPS, pose, who, accepted and who is not None)
            before, self.state = self.state, self.state.after(look, RULE, self._direction)
            self.asked += self.state.phase is TurnPhase.ASKED is not before.phase
            self._frame += 1
        return self.state.phase


@pytest.mark.parametrize(
    ("direction", "turn", "request_"),
    [(TurnDirection.LEFT, LEFT, Request.TURN_LEFT), (TurnDirection.RIGHT, RIGHT, Request.TURN_RIGHT)],
)
def test_a_person_who_does_as_asked_is_alive(
    direction: TurnDirection, turn: float, request_: Request
) -> None:
    person = Person(direction)
    assert person.state.liveness is Liveness.PENDING
    assert person.shows(0.0, frames=3) is TurnPhase.RECOGNISING
    assert person.shows(0.0) is TurnPhase.ASKED
    assert (person.state.request, person.state.liveness) == (request_, Liveness.ASKED)
    assert person.shows(turn / 4, frames=2) is TurnPhase.ASKED
    assert person.shows(turn, accepted=False, frames=2) is TurnPhase.RETURNING
    assert (person.state.request, person.state.liveness) == (Request.LOOK_STRAIGHT, Liveness.ASKED)
    assert person.shows(0.02, frames=3) is TurnPhase.RETURNING
    assert person.shows(0.02) is TurnPhase.SHOWN
    assert (person.state.request, person.state.liveness) == (None, Liveness.LIVE)
    assert person.asked == 1


@pytest.mark.parametrize("base", [-0.17, 0.17])
def test_a_head_held_askew_turns_from_where_it_was(base: float) -> None:
    person = Person()
    assert person.shows(base, frames=4) is TurnPhase.ASKED
    assert person.shows(base + 0.11, frames=10) is TurnPhase.ASKED
    assert person.shows(base + 0.13, frames=2) is TurnPhase.RETURNING
    assert person.shows(base + 0.09, frames=10) is TurnPhase.RETURNING
    assert person.shows(base, frames=4) is TurnPhase.SHOWN


def test_nobody_is_asked_who_was_not_recognised() -> None:
    person = Person()
    assert person.shows(0.0, who=None, frames=100) is TurnPhase.RECOGNISING
    assert person.shows(0.0, accepted=False, frames=100) is TurnPhase.RECOGNISING
    assert person.shows(None, frames=4) is TurnPhase.RECOGNISING
    assert person.asked == 0


def test_a_moment_of_somebody_else_begins_the_recognition_anew() -> None:
    person = Person()
    person.shows(0.0, frames=3)
    person.shows(0.0, who=BERT)
    assert person.shows(0.0, frames=3) is TurnPhase.RECOGNISING
    assert person.shows(0.0) is TurnPhase.ASKED


def test_the_wrong_side_is_no_answer() -> None:
    person = Person(TurnDirection.RIGHT)
    person.shows(0.0, frames=4)
    assert person.shows(LEFT) is TurnPhase.ASKED
    assert person.shows(LEFT) is TurnPhase.FAILED
    assert person.state.liveness is Liveness.NOT_SHOWN
    assert person.shows(RIGHT, frames=10) is TurnPhase.FAILED


def test_shaking_the_head_is_no_answer() -> None:
    person = Person(TurnDirection.RIGHT)
    person.shows(0.0, frames=4)
    for _ in range(20):
        person.shows(LEFT)
        assert person.shows(RIGHT) is TurnPhase.ASKED


def test_time_runs_out_while_asked_and_while_straight_is_awaited() -> None:
    still, turned = Person(), Person()
    for person in (still, turned):
        person.shows(0.0, frames=4)
    assert still.shows(0.0, frames=80) is TurnPhase.ASKED
    assert still.shows(0.0) is TurnPhase.FAILED
    assert turned.shows(LEFT, frames=80) is TurnPhase.RETURNING
    assert turned.shows(LEFT) is TurnPhase.FAILED


def test_one_frame_is_no_turn() -> None:
    person = Person()
    person.shows(0.0, frames=4)
    for _ in range(10):
        assert person.shows(LEFT) is TurnPhase.ASKED
        person.shows(0.0)


def test_a_picture_that_becomes_narrow_is_no_head() -> None:
    person = Person()
    person.shows(0.0, frames=4)
    assert person.shows(LEFT, width=0.6, frames=10) is TurnPhase.ASKED
    assert person.shows(LEFT, width=0.8, frames=2) is TurnPhase.RETURNING


@pytest.mark.parametrize("who", [BERT, None])
def test_another_head_in_the_place_of_a_picture_does_not_count(who: int | None) -> None:
    person = Person()
    person.shows(0.0, frames=4)
    assert person.shows(LEFT, who=who, accepted=False, frames=10) is TurnPhase.ASKED


def test_another_person_who_is_recognised_ends_it() -> None:
    for phase_looks in ([0.0] * 4, [0.0] * 4 + [LEFT] * 2, [0.0] * 4 + [LEFT] * 2 + [0.0] * 4):
        person = Person()
        for turn in phase_looks:
            person.shows(turn)
        assert person.shows(0.0, who=BERT) is TurnPhase.FAILED


def test_the_person_must_be_recognised_again_after_the_turn() -> None:
    person = Person()
    person.shows(0.0, frames=4)
    person.shows(LEFT, frames=2)
    assert person.shows(0.0, accepted=False, frames=20) is TurnPhase.RETURNING
    assert person.shows(0.0, frames=3) is TurnPhase.RETURNING
    assert person.shows(0.0) is TurnPhase.SHOWN


def test_who_never_looks_into_the_camera_is_sent_to_scan() -> None:
    person = Person()
    assert person.shows(0.3, frames=81) is TurnPhase.RECOGNISING
    assert person.shows(0.3) is TurnPhase.FAILED
    assert person.asked == 0


# -- geometry: a pinhole camera looks at eyes and a nose, in millimetres

EYES = 62.0
MOUTH = 65.0
NOSE_TIP = 0.35 * EYES


def face(nose_before: float) -> list[tuple[float, float, float]]:
    """Five points in the order of `FIVE_POINTS`; the person's right is on the left of the picture."""
    half, mouth = EYES / 2, 24.0
    return [
        (-half, 0.0, 0.0),
        (half, 0.0, 0.0),
        (0.0, 40.0, -nose_before),
        (-mouth, MOUTH, 0.0),
        (mouth, MOUTH, 0.0),
    ]


FLAT, HEAD = face(0.0), face(NOSE_TIP)


def seen(
    points: Iterable[tuple[float, float, float]], *, yaw: float, distance: float, x: float = 0.0
) -> Pose:
    """Projection after a turn about the upright axis; positive is to the person's own left (the picture's right)."""
    c, s = math.cos(math.radians(yaw)), math.sin(math.radians(yaw))
    projected = []
    for px, py, pz in points:
        across, depth = c * px - s * pz + x, s * px + c * pz + distance
        projected.append((1000 * across / depth, 1000 * py / depth))
    pose = pose_of(np.array(projected, dtype=np.float32))
    assert pose is not None
    return pose


def sweep(
    points: list[tuple[float, float, float]], direction: TurnDirection, *, distance: float, far: int
) -> TurnPhase:
    """Recognised, then turned to both sides by as much as `far` degrees, and back."""
    state = HeadTurn()
    there = list(range(0, far + 1, 5))
    degrees = [0] * 4 + there + there[::-1]
    if direction is TurnDirection.RIGHT:
        degrees = [-one for one in degrees]
    degrees += [0] * 4
    for frame, yaw in enumerate(degrees):
        look = Look(frame / FPS, seen(points, yaw=yaw, distance=distance), ANNA, abs(yaw) < 20)
        state = state.after(look, RULE, direction)
    return state.phase


@pytest.mark.parametrize("direction", list(TurnDirection))
@pytest.mark.parametrize("distance", [300.0, 600.0, 1500.0])
@pytest.mark.parametrize("far", [25, 35, 45])
def test_a_head_that_turns_passes(direction: TurnDirection, distance: float, far: int) -> None:
    assert sweep(HEAD, direction, distance=distance, far=far) is TurnPhase.SHOWN


@pytest.mark.parametrize("direction", list(TurnDirection))
@pytest.mark.parametrize("distance", [200.0, 300.0, 600.0, 1500.0])
@pytest.mark.parametrize("far", [25, 45, 75])
def test_a_flat_picture_that_is_turned_does_not(direction: TurnDirection, distance: float, far: int) -> None:
    assert sweep(FLAT, direction, distance=distance, far=far) is TurnPhase.ASKED


@pytest.mark.parametrize("distance", [200.0, 600.0])
def test_a_flat_picture_that_is_moved_sideways_does_not_turn(distance: float) -> None:
    turns = [seen(FLAT, yaw=0, distance=distance, x=x).turn for x in (-distance / 2, 0.0, distance / 2)]
    assert max(turns) - min(turns) < 0.01


def test_the_geometry_says_how_far_a_head_has_turned() -> None:
    head = seen(HEAD, yaw=20, distance=1500.0)
    assert head.turn == pytest.approx(turn_of(20), abs=0.01)
    assert head.width == pytest.approx(EYES / MOUTH * math.cos(math.radians(20)), abs=0.02)
    assert pose_of(np.zeros((5, 2), np.float32)) is None


def test_a_picture_bent_round_a_bottle_passes_for_a_head() -> None:
    """A limit that is known, written down so that nobody believes otherwise: a radius of 40 mm."""
    radius = 40.0
    bent = [(radius * math.sin(px / radius), py, -radius * math.cos(px / radius)) for px, py, _ in FLAT]
    assert sweep(bent, TurnDirection.LEFT, distance=600.0, far=40) is TurnPhase.SHOWN
