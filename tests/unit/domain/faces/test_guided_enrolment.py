from dataclasses import replace

import pytest

from kiosk.domain.faces.face_quality import Quality
from kiosk.domain.faces.frames import Box
from kiosk.domain.faces.guided_enrolment import PLAN, Advice, Guide, Moment, Sighting, Step

GOOD = Quality(200.0, 200.0, 120.0, 1.0, 0.0)
PLACE = Box(500.0, 250.0, 200.0, 200.0)
FPS = 10.0
TURN_OF = {Step.STRAIGHT: 0.0, Step.LEFT: 0.15, Step.RIGHT: -0.15, Step.STRAIGHT_AGAIN: 0.0}


class Sitter:
    """Somebody before a camera of 10 frames a second."""

    def __init__(self) -> None:
        self.guide = Guide()
        self.time_s = 0.0

    def show(
        self, turn: float | None = 0.0, *, faces: int = 1, place: Box = PLACE, quality: Quality = GOOD
    ) -> Moment:
        self.time_s += 1 / FPS
        seen = replace(quality, turn=turn) if faces else None
        return self.guide.see(Sighting(self.time_s, faces, place if faces else None, seen))

    def until_taken(self, turn: float, quality: Quality = GOOD) -> list[Moment]:
        moments = []
        for _ in range(40):
            moments.append(self.show(turn, quality=quality))
            if moments[-1].take:
                return moments
        raise AssertionError(f"never taken: {[moment.advice for moment in moments]}")

    def sit(self, until: Step | None = None) -> None:
        """Do as told up to a step."""
        while (step := self.guide.step) is not until:
            assert step is not None
            self.until_taken(TURN_OF[step])
            self.guide.accept()


@pytest.fixture
def sitter() -> Sitter:
    return Sitter()


def test_who_does_as_told_is_done_with_every_picture_of_the_plan(sitter: Sitter) -> None:
    sitter.sit()

    assert [(step, sitter.guide.taken(step)) for step, _ in PLAN] == list(PLAN)
    assert sitter.show().advice is Advice.DONE
    assert sitter.time_s < 12


def test_a_face_must_be_good_for_a_while_before_it_is_taken(sitter: Sitter) -> None:
    assert [sitter.show().take for _ in range(6)] == [False, False, False, False, True, True]


def test_one_bad_frame_begins_the_while_anew(sitter: Sitter) -> None:
    for _ in range(3):
        sitter.show()
    sitter.show(quality=replace(GOOD, sharpness=1.0))

    assert [sitter.show().take for _ in range(4)] == [False] * 4


def test_a_slow_camera_needs_some_frames_all_the_same() -> None:
    guide = Guide()

    takes = [guide.see(Sighting(second * 0.5, 1, PLACE, GOOD)).take for second in range(3)]

    assert takes == [False, False, True]


def test_the_best_frame_of_the_while_is_chosen(sitter: Sitter) -> None:
    sharpness = (50.0, 180.0, 90.0, 60.0, 40.0)

    moments = [sitter.show(quality=replace(GOOD, sharpness=one)) for one in sharpness]

    assert [moment.is_best for moment in moments] == [True, True, False, False, False]
    assert moments[-1].take


def test_pictures_of_one_step_are_spaced(sitter: Sitter) -> None:
    sitter.until_taken(0.0)
    sitter.guide.accept()

    assert len(sitter.until_taken(0.0)) in {10, 11}  # 0.6 s of rest, then 0.4 s


@pytest.mark.parametrize(
    ("change", "advice"),
    [
        ({"face_px": 99.0}, Advice.COME_CLOSER),
        ({"inside": 0.9}, Advice.MOVE_INTO_PICTURE),
        ({"brightness": 35.0}, Advice.TOO_DARK),
        ({"brightness": 235.0}, Advice.TOO_BRIGHT),
        ({"sharpness": 12.0}, Advice.BLURRED),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_taken(
    sitter: Sitter, change: dict[str, float], advice: Advice
) -> None:
    moments = [sitter.show(quality=replace(GOOD, **change)) for _ in range(20)]

    assert {moment.advice for moment in moments} == {advice}
    assert not any(moment.take or moment.is_best for moment in moments)


def test_nobody_and_two_people_are_told_apart(sitter: Sitter) -> None:
    assert sitter.show(faces=0).advice is Advice.NO_FACE
    assert sitter.show(faces=2).advice is Advice.SEVERAL_FACES


@pytest.mark.parametrize(
    ("step", "turn", "advice"),
    [
        (Step.STRAIGHT, 0.12, Advice.LOOK_STRAIGHT),
        (Step.STRAIGHT, -0.12, Advice.LOOK_STRAIGHT),
        (Step.STRAIGHT, None, Advice.LOOK_STRAIGHT),
        (Step.LEFT, 0.0, Advice.TURN_LEFT),
        (Step.LEFT, -0.15, Advice.TURN_LEFT),
        (Step.LEFT, None, Advice.TURN_LEFT),
        (Step.LEFT, 0.3, Advice.TURN_BACK),
        (Step.RIGHT, 0.0, Advice.TURN_RIGHT),
        (Step.RIGHT, 0.15, Advice.TURN_RIGHT),
        (Step.RIGHT, -0.3, Advice.TURN_BACK),
        (Step.STRAIGHT_AGAIN, -0.15, Advice.LOOK_STRAIGHT),
    ],
)
def test_the_way_to_look_is_said(sitter: Sitter, step: Step, turn: float | None, advice: Advice) -> None:
    sitter.sit(until=step)

    moments = [sitter.show(turn) for _ in range(20)]

    assert {moment.advice for moment in moments} == {advice}
    assert not any(moment.take for moment in moments)


def test_left_is_the_persons_own_left(sitter: Sitter) -> None:
    sitter.sit(until=Step.LEFT)

    assert sitter.until_taken(0.15)[-1].take


def test_turns_count_from_the_persons_own_straight(sitter: Sitter) -> None:
    """A crooked nose must not turn one side into a contortion and the other into nothing."""
    for _ in range(2):
        sitter.until_taken(0.06)
        sitter.guide.accept()

    assert sitter.show(0.12).advice is Advice.TURN_LEFT
    assert sitter.until_taken(0.15)[-1].take


def test_who_walks_through_the_picture_is_not_taken(sitter: Sitter) -> None:
    moments = [sitter.show(place=replace(PLACE, x=100.0 + 30 * step)) for step in range(20)]

    assert not any(moment.take for moment in moments)


def test_after_a_break_of_the_camera_the_face_must_be_good_anew(sitter: Sitter) -> None:
    for _ in range(4):
        sitter.show()
    sitter.time_s += 5

    assert [sitter.show().take for _ in range(4)] == [False] * 4


def test_another_person_is_said_for_a_moment_and_the_step_stays(sitter: Sitter) -> None:
    sitter.sit(until=Step.LEFT)
    sitter.until_taken(0.15)
    sitter.guide.refuse()

    moments = [sitter.show(0.15) for _ in range(19)]

    assert {moment.advice for moment in moments} == {Advice.ANOTHER_PERSON}
    assert sitter.guide.step is Step.LEFT
    assert sitter.until_taken(0.15)[-1].take


def test_a_picture_given_back_is_taken_again(sitter: Sitter) -> None:
    sitter.sit()
    sitter.guide.give_back(Step.RIGHT)

    assert sitter.guide.step is Step.RIGHT
    sitter.sit()
    assert sitter.guide.taken(Step.RIGHT) == 2
