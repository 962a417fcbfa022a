"""The gate of one class session, alone and in the pipeline."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice, repeat

import numpy as np
import pytest

from kiosk.domain.faces.frames import BgrImage, Box, Detection, Frame
from kiosk.domain.faces.head_turn import HeadTurnRule, Request, TurnDirection
from kiosk.domain.faces.liveness import LivenessRule
from kiosk.domain.faces.recognition import Gallery, Liveness, Outcome, Template, Thresholds, Track, VotingRule
from kiosk.domain.people.students import Student
from kiosk.services.faces.recognition.analysis import FrameAnalysis
from kiosk.services.faces.recognition.face_liveness import MAX_SCORED, FaceLiveness, random_sides
from kiosk.services.faces.recognition.recogniser import Recogniser, Recognition, Sight
from tests.fakes.vision.recognition import (
    MODEL,
    FakeDetector,
    FakeEmbedder,
    FakeQualityMeter,
    FakeTracker,
    picture_of,
    vector_of,
)

FPS = 10.0
IMAGE: BgrImage = np.zeros((1000, 2000, 3), np.uint8)


@dataclass
class Scores:
    """An attack detector that says what it is told to."""

    says: float = 0.99
    name: str = "scores"
    calls: list[int] = field(default_factory=list)

    def scores(self, image: BgrImage, faces: Sequence[Detection]) -> list[float]:
        self.calls.append(len(faces))
        return [self.says] * len(faces)


@dataclass
class Head(FakeDetector):
    """A detector that sees how one head is held."""

    turn: float = 0.0

    def detect(self, image: BgrImage) -> list[Detection]:
        nose = 80 + 30 * self.turn
        points = np.array([[65, 50], [95, 50], [nose, 65], [70, 83], [90, 83]], np.float32)
        return [Detection(one.box, one.score, points) for one in super().detect(image)]


def track(number: int, box: Box | None = None) -> Track:
    return Track(number, Detection(box or Box(100, 100, 200, 200), 1.0), 0.0)


def gate_of(scores: Scores | None = None) -> FaceLiveness:
    return FaceLiveness(attacks=scores or Scores(), passive=LivenessRule(), active=None)


def frame(index: int, fps: float = FPS) -> Frame:
    return Frame(IMAGE, index / fps, index)


def test_an_attack_stays_one_however_live_it_looks_later_and_costs_nothing_more() -> None:
    scores = Scores(0.01)
    gate = gate_of(scores)
    said = [gate.look(frame(index), [track(1)])[1] for index in range(5)]
    assert said == [Liveness.PENDING] * 4 + [Liveness.ATTACK]
    scores.says = 0.99
    assert [gate.look(frame(index), [track(1)])[1] for index in range(5, 40)] == [Liveness.ATTACK] * 35
    assert len(scores.calls) == 5
    assert gate.sign(1).liveness == pytest.approx(0.01)


def test_a_track_that_was_forgotten_begins_anew() -> None:
    gate = gate_of(Scores(0.01))
    for index in range(5):
        gate.look(frame(index), [track(1)])
    gate.forget(1)
    assert gate.look(frame(5), [track(1)])[1] is Liveness.PENDING
    gate.forget(99)


def test_a_crowd_is_scored_in_turns() -> None:
    scores = Scores()
    gate = gate_of(scores)
    crowd = [track(number) for number in range(10)]
    said = [gate.look(frame(index), crowd) for index in range(30)]
    assert max(scores.calls) == MAX_SCORED
    assert set(said[-1].values()) == {Liveness.LIVE}


def test_a_live_face_that_is_not_decided_yet_is_scored_less_often_but_goes_on_being_scored() -> None:
    scores = Scores()
    gate = gate_of(scores)
    said = [gate.look(frame(index, 30.0), [track(1)])[1] for index in range(90)]
    assert said[-1] is Liveness.LIVE
    assert 20 <= len(scores.calls) <= 30
    scores.says = 0.01  # somebody holds a picture before the face
    said = [gate.look(frame(index, 30.0), [track(1)])[1] for index in range(90, 150)]
    assert said[-1] is Liveness.ATTACK


@pytest.mark.parametrize("box", [Box(0, 0, 50, 50), Box(-100, 100, 200, 200), Box(1900, 900, 200, 200)])
def test_small_and_cut_off_faces_are_not_judged(box: Box) -> None:
    scores = Scores(0.01)
    gate = gate_of(scores)
    assert [gate.look(frame(index), [track(1, box)])[1] for index in range(20)] == [Liveness.PENDING] * 20
    assert scores.calls == []


def test_both_sides_are_asked_for() -> None:
    assert set(islice(random_sides(), 200)) == set(TurnDirection)


# -- in the pipeline


class Kiosk:
    """One person, Anna (1), before a kiosk whose gallery has her and Bert (2)."""

    def __init__(
        self,
        *,
        scores: Scores | None = None,
        active: bool = False,
    ) -> None:
        self.head = Head()
        self.scores = scores
        self._frame = 0
        templates = [Template(person, person, MODEL.name, vector_of(person), 1.0) for person in (1, 2)]
        students = {person: Student(person, f"S{person}", f"Student {person}") for person in (1, 2)}
        gate = FaceLiveness(
            attacks=scores,
            passive=LivenessRule(),
            active=HeadTurnRule() if active else None,
            sides=repeat(TurnDirection.LEFT),
        )
        self._recogniser = Recogniser(
            sight=Sight(self.head, FakeTracker(), FakeEmbedder(), FakeQualityMeter()),
            recognition=Recognition(Gallery.of(MODEL, templates), Thresholds(0.5, 0.6, 0.05), students),
            rule=VotingRule(),
            gate=gate,
        )

    def sees(self, person: int = 1, *, turn: float = 0.0, frames: int = 1) -> list[FrameAnalysis]:
        self.head.turn = turn
        analyses = []
        for _ in range(frames):
            now = Frame(picture_of(person), self._frame / FPS, self._frame)
            analyses.append(self._recogniser.process(now))
            self._frame += 1
        return analyses


def outcomes(analyses: list[FrameAnalysis]) -> list[Outcome]:
    return [one.decision.outcome for analysis in analyses for one in analysis.decided]


def test_a_live_face_is_accepted_as_soon_as_the_scores_are_there() -> None:
    kiosk = Kiosk(scores=Scores())
    assert outcomes(kiosk.sees(frames=4)) == []
    assert outcomes(kiosk.sees()) == [Outcome.ACCEPTED]


def test_a_picture_is_an_attack_and_no_good_frame_saves_it() -> None:
    scores = Scores(0.05)
    kiosk = Kiosk(scores=scores)
    attack = kiosk.sees(frames=5)
    assert outcomes(attack) == [Outcome.ATTACK_SUSPECTED]
    assert attack[-1].decided[0].liveness == pytest.approx(0.05)
    assert attack[-1].decided[0].student is None
    scores.says = 1.0
    assert outcomes(kiosk.sees(frames=60)) == []


def test_a_face_between_the_limits_is_asked_to_scan_in_the_end() -> None:
    kiosk = Kiosk(scores=Scores(0.4))
    assert outcomes(kiosk.sees(frames=60)) == [Outcome.AMBIGUOUS]


def test_a_stranger_is_unknown_and_not_asked_for_anything() -> None:
    kiosk = Kiosk(active=True)
    seen = kiosk.sees(7, frames=20)
    assert outcomes(seen) == [Outcome.UNKNOWN]
    assert {one.faces[0].request for one in seen} == {None}


def test_whoever_turns_the_head_as_asked_is_accepted_after_being_recognised_again() -> None:
    kiosk = Kiosk(active=True)
    asked = kiosk.sees(frames=20)
    assert outcomes(asked) == []
    assert asked[-1].faces[0].request is Request.TURN_LEFT
    turned = kiosk.sees(7, turn=0.2)  # so far round that nobody recognises Anna for a moment
    turned += kiosk.sees(turn=0.2, frames=3)
    assert turned[-1].faces[0].request is Request.LOOK_STRAIGHT
    assert outcomes(turned) == []
    back = kiosk.sees(frames=6)
    assert outcomes(back) == [Outcome.ACCEPTED]
    assert back[-1].faces[0].student == Student(1, "S1", "Student 1")


@pytest.mark.parametrize("turn", [0.0, -0.2])
def test_standing_still_and_the_wrong_side_end_at_the_code(turn: float) -> None:
    kiosk = Kiosk(active=True)
    kiosk.sees(frames=5)
    seen = kiosk.sees(turn=turn, frames=4) + kiosk.sees(frames=90)
    assert outcomes(seen) == [Outcome.AMBIGUOUS]
    assert {one.faces[0].student for one in seen} == {None}


def test_a_person_who_takes_over_a_head_turn_is_not_marked() -> None:
    kiosk = Kiosk(active=True)
    kiosk.sees(frames=5)
    kiosk.sees(turn=0.2, frames=3)
    kiosk.sees(frames=4)
    seen = kiosk.sees(2, frames=60)
    assert Outcome.ACCEPTED not in outcomes(seen)


def test_a_turned_head_is_not_scored_and_both_checks_must_agree() -> None:
    scores = Scores()
    kiosk = Kiosk(scores=scores, active=True)
    kiosk.sees(frames=5)
    scores.says = 0.01
    before = len(scores.calls)
    kiosk.sees(turn=0.2, frames=3)
    assert len(scores.calls) == before
    assert outcomes(kiosk.sees(frames=30)) == [Outcome.ATTACK_SUSPECTED]
