"""The liveness gate in a frame's way: what it lets through, what it stops, and what it is told."""

from kiosk.domain.faces.face_quality import Quality
from kiosk.domain.faces.head_turn import Request
from kiosk.domain.faces.recognition import Liveness, Outcome
from kiosk.services.faces.recognition.analysis import FaceState
from kiosk.services.ports.vision import LifeSign
from tests.fakes.faces.scripted_scene import Face, Gate, Room, outcomes


def test_an_attack_is_never_marked_whatever_its_face_says() -> None:
    gate = Gate({5: Liveness.ATTACK})
    room = Room(1, gate=gate)

    analyses = room.show(Face(5, 1), frames=20)

    assert outcomes(analyses) == [Outcome.ATTACK_SUSPECTED]
    decided = analyses[0].decided[0]
    assert (decided.student, decided.decision.match, decided.closest_look) == (None, None, None)
    assert {(one.faces[0].state, one.faces[0].student) for one in analyses} == {(FaceState.PLEASE_SCAN, None)}
    assert sum(one.embedded for one in analyses[1:]) == 0


def test_an_attack_gets_no_second_try_by_coming_nearer() -> None:
    room = Room(1, gate=Gate({5: Liveness.ATTACK}))
    room.show(Face(5, 1))

    assert outcomes(room.show(Face(5, 1, height=400.0), frames=20)) == []


def test_an_attack_that_shows_after_the_face_was_called_ambiguous_is_told() -> None:
    gate = Gate({5: Liveness.PENDING})
    room = Room(1, 2, gate=gate)
    assert outcomes(room.show(Face(5, 60), frames=12)) == [Outcome.AMBIGUOUS]

    gate.says = {5: Liveness.ATTACK}

    assert outcomes(room.show(Face(5, 60), frames=3)) == [Outcome.ATTACK_SUSPECTED]


def test_an_acceptance_waits_until_the_face_is_known_to_be_alive() -> None:
    gate = Gate()
    room = Room(1, gate=gate)

    assert outcomes(room.show(Face(5, 1), frames=8)) == []
    gate.says = {5: Liveness.LIVE}

    assert outcomes(room.show(Face(5, 1))) == [Outcome.ACCEPTED]


def test_a_face_that_shows_no_sign_of_life_is_asked_to_scan() -> None:
    gate = Gate({5: Liveness.NOT_SHOWN})
    room = Room(1, gate=gate)

    analyses = room.show(Face(5, 1), frames=4)

    assert outcomes(analyses) == [Outcome.AMBIGUOUS]
    assert analyses[-1].decided[0].student is None


def test_the_gate_sees_unfit_frames_and_no_face_that_is_decided_for_good() -> None:
    gate = Gate({5: Liveness.LIVE, 6: Liveness.LIVE})
    blurred = Quality(100.0, 1.0, 120.0, 1.0)
    room = Room(1, gate=gate)

    room.show(Face(5, 1), Face(6, 2, quality=blurred), frames=4)
    room.show(Face(5, 1), Face(6, 2, quality=blurred))

    assert gate.looked_at == [(5, 6)] * 4 + [(6,)]


def test_the_gate_forgets_who_has_left() -> None:
    gate = Gate()
    room = Room(1, gate=gate)
    room.show(Face(5, 1))
    room.show()

    assert gate.forgotten == [5]


def test_nothing_is_decided_while_a_head_turn_is_asked_for_and_the_screen_is_told() -> None:
    gate = Gate({5: Liveness.ASKED}, signs={5: LifeSign(request=Request.TURN_LEFT)})
    room = Room(1, gate=gate)

    analyses = room.show(Face(5, 60), frames=60)

    assert outcomes(analyses) == []
    assert {(one.faces[0].state, one.faces[0].request) for one in analyses} == {
        (FaceState.CHECKING, Request.TURN_LEFT)
    }


def test_the_gate_hears_of_each_vote_and_its_score_goes_with_the_decision() -> None:
    gate = Gate({5: Liveness.ATTACK}, signs={5: LifeSign(liveness=0.02)})
    room = Room(1, gate=gate)

    (analysis,) = room.show(Face(5, 1))

    assert gate.noted == [(5, Outcome.ACCEPTED)]
    assert analysis.decided[0].liveness == 0.02


def test_a_face_that_comes_nearer_after_it_was_asked_to_scan_may_show_life_again() -> None:
    gate = Gate({5: Liveness.NOT_SHOWN})
    room = Room(1, gate=gate)
    assert outcomes(room.show(Face(5, 1), frames=4)) == [Outcome.AMBIGUOUS]

    gate.says = {5: Liveness.LIVE}

    assert outcomes(room.show(Face(5, 1, height=400.0), frames=4)) == [Outcome.ACCEPTED]
    assert gate.forgotten == [5]
