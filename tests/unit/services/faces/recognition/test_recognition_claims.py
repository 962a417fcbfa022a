"""What is recognised where a class demands phone and face: claims, and nobody else."""

from kiosk.domain.faces.recognition import Liveness, Outcome
from kiosk.services.faces.recognition.analysis import FaceState
from tests.fakes.faces.scripted_scene import STRANGER, Face, Gate, Room, outcomes


class Claims:
    """Who is awaited."""

    def __init__(self, *people: int) -> None:
        self.people = frozenset(people)

    def expected(self) -> frozenset[int]:
        return self.people


def test_while_nobody_is_awaited_faces_are_asked_to_scan_and_cost_nothing() -> None:
    room = Room(1, 2, gate=(gate := Gate()), expected=Claims())

    analyses = room.show(Face(5, 1), Face(6, STRANGER), frames=40)

    assert outcomes(analyses) == []
    assert {face.state for one in analyses for face in one.faces} == {FaceState.PLEASE_SCAN}
    assert (room.scene.embedded, set(gate.looked_at)) == ([], {()} if gate.looked_at else set())


def test_who_scanned_is_verified() -> None:
    analyses = Room(1, 2, expected=Claims(1)).show(Face(5, 1), frames=4)

    assert outcomes(analyses) == [Outcome.ACCEPTED]
    assert analyses[-1].faces[0].student is not None


def test_a_classmate_who_did_not_scan_is_neither_named_nor_taken_for_the_one_who_did() -> None:
    room = Room(1, 2, expected=Claims(1))

    analyses = room.show(Face(5, 2), frames=40)

    assert outcomes(analyses) == []
    assert analyses[-1].faces[0].state is FaceState.PLEASE_SCAN
    assert analyses[-1].faces[0].student is None


def test_a_classmate_who_lies_within_the_threshold_is_not_taken_for_the_one_who_scanned() -> None:
    # Person 60's face lies within *reject* of 1 and of 2, nearer to 1.
    near = Room(1, 2, expected=Claims(2)).show(Face(5, 60), frames=40)
    assert outcomes(near) == []

    asked = Room(1, 2, expected=Claims(1)).show(Face(5, 60), frames=40)
    assert outcomes(asked) == [Outcome.AMBIGUOUS]


def test_a_stranger_is_no_news() -> None:
    analyses = Room(1, 2, expected=Claims(1)).show(Face(5, STRANGER), frames=40)

    assert outcomes(analyses) == []
    assert analyses[-1].faces[0].state is FaceState.PLEASE_SCAN


def test_a_face_in_the_picture_is_looked_at_again_as_soon_as_its_claim_arrives() -> None:
    claims = Claims(1)
    room = Room(1, 2, expected=claims)
    assert outcomes(room.show(Face(5, 2), frames=40)) == []

    claims.people = frozenset({1, 2})

    assert outcomes(room.show(Face(5, 2), frames=4)) == [Outcome.ACCEPTED]


def test_a_claim_that_arrives_does_not_interrupt_a_vote() -> None:
    claims = Claims(1)
    room = Room(1, 2, 3, expected=claims)
    room.show(Face(5, 1), frames=3)

    claims.people = frozenset({1, 3})

    assert outcomes(room.show(Face(5, 1))) == [Outcome.ACCEPTED]


def test_the_same_doubt_is_said_once_however_many_claims_arrive() -> None:
    claims = Claims(1)
    room = Room(1, 2, 3, 4, expected=claims)
    said = outcomes(room.show(Face(5, 60), frames=20))
    for person in (2, 3, 4):
        claims.people |= {person}
        said += outcomes(room.show(Face(5, 60), frames=20))

    assert said == [Outcome.AMBIGUOUS]


def test_a_claim_that_ends_during_the_vote_names_nobody() -> None:
    claims = Claims(1)
    room = Room(1, 2, expected=claims)
    room.show(Face(5, 1), frames=3)

    claims.people = frozenset()

    assert outcomes(room.show(Face(5, 1), frames=40)) == []


def test_a_name_stays_while_its_owner_is_in_view_and_costs_one_look_a_second() -> None:
    claims = Claims(1)
    room = Room(1, 2, expected=claims)
    room.show(Face(5, 1), frames=4)
    claims.people = frozenset()

    later = room.show(Face(5, 1), frames=50)

    assert {one.faces[0].state for one in later} == {FaceState.RECOGNISED}
    assert sum(one.embedded for one in later) == 5


def test_a_classmate_who_takes_a_named_place_is_not_named_without_a_claim() -> None:
    claims = Claims(1)
    room = Room(1, 2, expected=claims)
    room.show(Face(5, 1), frames=4)
    claims.people = frozenset()

    later = room.show(Face(5, 2), frames=40)

    assert outcomes(later) == []
    assert later[-1].faces[0].student is None


def test_who_has_a_name_and_scans_again_is_verified_again() -> None:
    claims = Claims(1)
    room = Room(1, 2, gate=(gate := Gate({5: Liveness.LIVE})), expected=claims)
    room.show(Face(5, 1), frames=4)
    claims.people = frozenset()
    room.show(Face(5, 1), frames=20)

    claims.people = frozenset({1})

    assert outcomes(room.show(Face(5, 1), frames=4)) == [Outcome.ACCEPTED]
    assert gate.forgotten == [5]


def test_two_look_alikes_are_not_told_apart_even_when_both_scanned() -> None:
    analyses = Room(1, 2, second_factor=frozenset({1}), expected=Claims(1, 2)).show(Face(5, 1), frames=20)

    assert outcomes(analyses) == [Outcome.AMBIGUOUS]
