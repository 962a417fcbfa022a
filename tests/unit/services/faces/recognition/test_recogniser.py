from dataclasses import replace

import numpy as np
import pytest

from kiosk.domain.faces.face_quality import Clarity, Quality
from kiosk.domain.faces.head_turn import Request
from kiosk.domain.faces.recognition import Liveness, Match, Metric, Outcome, VotingRule
from kiosk.domain.people.students import Student
from kiosk.services.faces.recognition.analysis import FaceState
from kiosk.services.faces.recognition.embedding_budget import FIXED, FixedBudget
from kiosk.services.faces.recognition.recogniser import MAX_FACES, Recognition
from kiosk.services.ports.vision import LifeSign
from tests.fakes.faces.scripted_scene import (
    IMAGE,
    STRANGER,
    Face,
    Gate,
    Room,
    ambiguous,
    outcomes,
    recognition,
)
from tests.fakes.vision.recognition import MODEL


def test_an_empty_room_costs_nothing() -> None:
    room = Room(1)

    analyses = room.show(frames=3)

    assert [(one.faces, one.decided, one.embedded) for one in analyses] == [((), (), 0)] * 3
    assert [(one.frame_index, one.time_s) for one in analyses] == [(0, 0.0), (1, 0.1), (2, 0.2)]


def test_a_known_face_is_checked_and_then_named() -> None:
    analyses = Room(1, 2).show(Face(5, 1), frames=4)

    assert [one.faces[0].state for one in analyses] == [FaceState.CHECKING] * 3 + [FaceState.RECOGNISED]
    assert [one.faces[0].student for one in analyses[:3]] == [None] * 3
    decided = analyses[3].decided
    assert [(one.track_id, one.first_seen_s, one.student) for one in decided] == [
        (5, 0.0, Student(1, "S1", "Student 1"))
    ]
    assert analyses[3].faces[0].student == decided[0].student


@pytest.mark.parametrize(("stretch", "looks"), [(1.0, 4), (0.5, 6)])
def test_a_face_that_is_hard_to_see_needs_more_looks(stretch: float, looks: int) -> None:
    """Where the length of an embedding tells it; a poor one counts half."""
    room = Room(1, model=replace(MODEL, metric=Metric.COSINE, clarity=Clarity(poor=0.6, clear=0.9)))
    room.scene.stretch = stretch

    analyses = room.show(Face(5, 1), frames=10)

    assert [number for number, one in enumerate(analyses, 1) if one.decided] == [looks]
    assert outcomes(analyses) == [Outcome.ACCEPTED]


def test_an_undecided_face_is_looked_at_fifteen_times_a_second_at_most() -> None:
    room = Room(1, fps=30.0)

    analyses = room.show(Face(5, 1), frames=11)

    assert [one.embedded for one in analyses] == [1, 0] * 5 + [1]
    assert outcomes(analyses) == [Outcome.ACCEPTED]
    slow = Room(1, fps=10.0).show(Face(5, 1), frames=4)
    assert [one.embedded for one in slow] == [1, 1, 1, 1]
    assert outcomes(slow) == [Outcome.ACCEPTED]


def test_a_named_face_is_looked_at_once_a_second_until_it_is_lost() -> None:
    room = Room(1)
    room.show(Face(5, 1), frames=4)

    later = room.show(Face(5, 1, height=400.0), frames=50)
    assert sum(one.embedded for one in later) == 5
    assert outcomes(later) == []
    assert {one.faces[0].state for one in later} == {FaceState.RECOGNISED}

    room.show()
    again = room.show(Face(6, 1), frames=4)
    assert outcomes(again) == [Outcome.ACCEPTED]


def test_a_stranger_is_said_to_be_unknown_and_then_costs_nothing_more() -> None:
    room = Room(1)

    analyses = room.show(Face(5, STRANGER), frames=40)

    assert outcomes(analyses) == [Outcome.UNKNOWN]
    assert analyses[-1].faces[0].state is FaceState.UNKNOWN
    assert analyses[-1].faces[0].student is None
    assert len(room.scene.embedded) == 12


def test_an_ambiguous_face_is_asked_to_scan_and_not_named() -> None:
    analyses = Room(1, 2).show(Face(5, 60), frames=12)

    assert outcomes(analyses) == [Outcome.AMBIGUOUS]
    assert analyses[-1].faces[0].state is FaceState.PLEASE_SCAN
    assert analyses[-1].faces[0].student is None
    assert analyses[-1].decided[0].student is None


def test_with_nobody_enrolled_everybody_is_asked_to_scan_and_nothing_is_said_or_computed() -> None:
    room = Room(gate=(gate := Gate({5: Liveness.LIVE})))

    analyses = room.show(Face(5, 1), frames=40)

    assert outcomes(analyses) == []
    assert {one.faces[0].state for one in analyses} == {FaceState.PLEASE_SCAN}
    assert (room.scene.embedded, room.scene.measured, gate.looked_at) == ([], 0, [])
    room.recogniser.replace(recognition(1))
    assert outcomes(room.show(Face(5, 1), frames=4)) == [Outcome.ACCEPTED]


@pytest.mark.parametrize("fps", [5.0, 30.0, 60.0])
def test_the_longest_span_that_can_be_set_still_ends_in_a_decision(fps: float) -> None:
    room = Room(1, rule=VotingRule(unaccepted_span_s=10.0), fps=fps)

    assert outcomes(room.show(Face(5, STRANGER), frames=int(10 * fps) + 1)) == [Outcome.UNKNOWN]


@pytest.mark.parametrize("person", [STRANGER, 60])
def test_an_undecided_face_gets_a_second_chance_when_it_comes_clearly_nearer(person: int) -> None:
    room = Room(1, 2)
    room.show(Face(5, person), frames=12)

    assert sum(one.embedded for one in room.show(Face(5, person, height=129.0), frames=20)) == 0
    nearer = room.show(Face(5, 1, height=130.0), frames=4)

    assert FaceState.CHECKING in {one.faces[0].state for one in nearer}
    assert outcomes(nearer) == [Outcome.ACCEPTED]


def test_a_second_chance_begins_with_no_old_votes() -> None:
    room = Room(1)
    room.show(Face(5, STRANGER), frames=13)

    assert outcomes(room.show(Face(5, STRANGER, height=130.0), frames=11)) == []
    assert outcomes(room.show(Face(5, STRANGER, height=130.0), frames=1)) == [Outcome.UNKNOWN]


@pytest.mark.parametrize(
    ("unfit", "height"),
    [
        (Quality(100.0, 7.9, 120.0, 1.0), 100.0),
        (Quality(100.0, 50.0, 120.0, 0.79), 100.0),
        (Quality(100.0, 50.0, 19.0, 1.0), 100.0),
        (Quality(100.0, 50.0, 246.0, 1.0), 100.0),
        (Quality(100.0, 50.0, 120.0, 1.0, turn=-0.36), 100.0),
        (Quality(100.0, 50.0, 120.0, 1.0), 59.0),
    ],
    ids=["blurred", "cut off", "dark", "glaring", "turned away", "far"],
)
def test_a_face_that_cannot_be_seen_well_does_not_vote(unfit: Quality, height: float) -> None:
    room = Room(1)

    analyses = room.show(Face(5, 1, height, quality=unfit), frames=20)
    assert sum(one.embedded for one in analyses) == 0
    assert {one.faces[0].state for one in analyses} == {FaceState.CHECKING}

    assert outcomes(room.show(Face(5, 1), frames=4)) == [Outcome.ACCEPTED]


def test_an_unfit_frame_between_good_ones_does_not_interrupt_them() -> None:
    room = Room(1)
    blurred = Quality(100.0, 1.0, 120.0, 1.0)

    room.show(Face(5, 1), frames=2)
    room.show(Face(5, 1, quality=blurred))

    assert outcomes(room.show(Face(5, 1))) == [Outcome.ACCEPTED]


def test_an_unfit_frame_does_not_take_an_undecided_verdict_back() -> None:
    room = Room(1)
    room.show(Face(5, STRANGER), frames=12)
    blurred = Quality(100.0, 1.0, 120.0, 1.0)

    analyses = room.show(Face(5, STRANGER, height=200.0, quality=blurred))

    assert analyses[0].faces[0].state is FaceState.UNKNOWN


def test_a_crowd_costs_four_embeddings_a_frame_and_everybody_gets_a_turn() -> None:
    room = Room(*range(1, 8))
    crowd = [Face(10 + person, person) for person in range(1, 8)]

    analyses = room.show(*crowd, frames=8)

    assert FIXED == 4
    assert max(one.embedded for one in analyses) == 4
    assert all(len(one.faces) == 7 for one in analyses)
    assert set(room.scene.embedded[:8]) == set(range(1, 8))
    named = {track.student.student_id for one in analyses for track in one.decided if track.student}
    assert named == set(range(1, 8))


def test_of_those_that_waited_equally_long_the_fitter_faces_come_first() -> None:
    room = Room(*range(1, 7))
    heights = {1: 90.0, 2: 140.0, 3: 100.0, 4: 130.0, 5: 120.0, 6: 110.0}

    room.show(*(Face(person, person, height) for person, height in heights.items()))

    assert room.scene.embedded == [2, 4, 5, 6]


def test_of_a_wall_of_faces_the_nearest_are_followed_and_each_gets_a_turn() -> None:
    room = Room(1)
    wall = [Face(number, number, 100.0 + number) for number in range(100, 100 + 2 * MAX_FACES)]

    analyses = room.show(*wall, frames=8)

    assert {len(one.faces) for one in analyses} == {MAX_FACES}
    assert {face.track_id for one in analyses for face in one.faces} == set(range(132, 164))
    assert {one.embedded for one in analyses} == {FIXED}
    assert room.scene.measured <= 12 * 8
    assert len(set(room.scene.embedded)) == MAX_FACES


def test_a_budget_of_nothing_costs_nothing_in_that_frame() -> None:
    class Stingy(FixedBudget):
        def allowed(self, time_s: float) -> int:
            return 1 if time_s >= 0.2 else 0

    room = Room(1, budget=Stingy())

    assert [one.embedded for one in room.show(Face(5, 1), frames=4)] == [0, 0, 1, 1]
    assert room.scene.measured == 2


def test_what_embedding_cost_is_told_to_the_budget() -> None:
    class Watch(FixedBudget):
        clock = 0.0
        bills: tuple[tuple[int, float], ...] = ()

        def now(self) -> float:
            self.clock += 0.25
            return self.clock

        def spent(self, faces: int, seconds: float) -> None:
            self.bills += ((faces, seconds),)

    watch = Watch()
    Room(1, budget=watch).show(Face(5, 1), Face(6, 2))

    assert watch.bills == ((2, 0.25),)


def test_unfit_faces_do_not_take_the_turns_of_fit_ones() -> None:
    room = Room(1)
    blurred = Quality(100.0, 1.0, 120.0, 1.0)
    crowd = [Face(person, person, quality=blurred) for person in range(2, 7)]

    analyses = room.show(*crowd, Face(1, 1), frames=4)

    assert [one.embedded for one in analyses] == [1] * 4
    assert outcomes(analyses) == [Outcome.ACCEPTED]


def test_a_lost_track_takes_its_votes_with_it() -> None:
    room = Room(1)
    room.show(Face(5, 1), frames=3)
    room.show()

    assert outcomes(room.show(Face(5, 1), frames=3)) == []


def test_two_people_who_swap_tracks_are_not_mixed_up() -> None:
    room = Room(1, 2)
    room.show(Face(5, 1), Face(6, 2), frames=2)

    swapped = room.show(Face(5, 2), Face(6, 1), frames=4)

    named = {track.track_id: track.student for one in swapped for track in one.decided}
    assert {track_id: student.student_id for track_id, student in named.items() if student} == {5: 2, 6: 1}


def test_a_new_gallery_names_who_was_added_and_forgets_who_was_removed() -> None:
    room = Room(1)
    room.show(Face(5, 1), frames=3)

    room.recogniser.replace(recognition(2))

    assert room.recogniser.gallery.people == 1
    analyses = room.show(Face(5, 1), Face(6, 2), frames=12)
    named = [(track.track_id, track.decision.outcome) for one in analyses for track in one.decided]
    assert named == [(6, Outcome.ACCEPTED), (5, Outcome.UNKNOWN)]


def test_a_decision_survives_a_new_gallery() -> None:
    room = Room(1)
    room.show(Face(5, 1), frames=4)

    room.recogniser.replace(recognition(1, 2))

    assert room.show(Face(5, 1))[0].faces[0].state is FaceState.RECOGNISED
    assert room.recogniser.detector_name == "scene"


@pytest.mark.parametrize("changed", [recognition(2), recognition(1, 2, second_factor=frozenset({1}))])
def test_a_name_that_may_not_be_said_any_more_is_taken_back_at_once(changed: Recognition) -> None:
    room = Room(1, 2)
    room.show(Face(5, 1), Face(6, 2), frames=4)

    room.recogniser.replace(changed)

    faces = room.show(Face(5, 1), Face(6, 2))[0].faces
    assert [(face.state, face.student and face.student.student_id) for face in faces] == [
        (FaceState.PLEASE_SCAN, None),
        (FaceState.RECOGNISED, 2),
    ]


def test_votes_for_a_name_that_may_not_be_said_any_more_do_not_count() -> None:
    room = Room(1, 2)
    room.show(Face(5, 1), frames=3)

    room.recogniser.replace(recognition(1, 2, second_factor=frozenset({1})))

    assert outcomes(room.show(Face(5, 1), frames=20)) == [Outcome.AMBIGUOUS]


def test_a_track_whose_name_was_taken_back_is_not_named_again_when_it_comes_nearer() -> None:
    room = Room(1, 2)
    room.show(Face(5, 1), frames=4)
    room.recogniser.replace(recognition(1, 2, second_factor=frozenset({1})))

    analyses = room.show(Face(5, 1, height=150.0), frames=20)

    assert outcomes(analyses) == [Outcome.AMBIGUOUS]
    assert analyses[-1].faces[0].student is None


# -- students whom the face alone may not mark


def test_who_needs_a_second_factor_is_asked_to_scan_and_not_named() -> None:
    analyses = Room(1, 2, second_factor=frozenset({1})).show(Face(5, 1), Face(6, 2), frames=12)

    named = [(track.track_id, track.decision.outcome) for one in analyses for track in one.decided]
    assert named == [(6, Outcome.ACCEPTED), (5, Outcome.AMBIGUOUS)]
    assert [(face.state, face.student) for face in analyses[-1].faces if face.track_id == 5] == [
        (FaceState.PLEASE_SCAN, None)
    ]


def test_a_stranger_stays_unknown_where_others_need_a_second_factor() -> None:
    room = Room(1, second_factor=frozenset({1}))

    assert outcomes(room.show(Face(5, STRANGER), frames=12)) == [Outcome.UNKNOWN]
    assert recognition(1, second_factor=frozenset({1})).judge(Match(1, 0.61, 0.9)) is Outcome.UNKNOWN


# -- ambiguous faces


def test_an_ambiguous_face_comes_with_its_closest_look_for_the_teacher() -> None:
    room = Room(1, 2)
    room.show(Face(5, 60), frames=11)
    (analysis,) = room.show(Face(5, 60))

    closest = analysis.decided[0].closest_look
    assert closest is not None
    assert closest.match.student_id == 1
    assert closest.time_s == 0.0
    np.testing.assert_array_equal(closest.vector, ambiguous())
    assert not np.shares_memory(closest.image, IMAGE)


def test_a_named_face_that_may_be_learned_from_is_handed_over_each_time_it_is_looked_at() -> None:
    room = Room(1, 2)
    room.recogniser.replace(replace(recognition(1, 2), learnable=frozenset({1})))

    named = room.show(Face(5, 1), Face(6, 2), frames=4)
    later = room.show(Face(5, 1), Face(6, 2), frames=10)

    assert [[look.student_id for look in one.clear] for one in named] == [[], [], [], [1]]
    looks = [look for one in later for look in one.clear]
    assert [look.student_id for look in looks] == [1]
    assert looks[0].image.size
    assert looks[0].fitness > 0
    assert looks[0].time_s > named[-1].time_s


def test_of_nobody_who_is_not_surely_named_a_look_is_handed_over() -> None:
    may_all = replace(recognition(1, 2), learnable=frozenset({1, 2}))
    for person in (60, STRANGER):
        room = Room(1, 2)
        room.recogniser.replace(may_all)
        assert [one.clear for one in room.show(Face(5, person), frames=40) if one.clear] == []
    strict = replace(may_all, thresholds=replace(may_all.thresholds, margin=0.8))
    room = Room(1, 2)
    room.recogniser.replace(strict)
    analyses = room.show(Face(5, 1), frames=4)
    assert outcomes(analyses) == [Outcome.ACCEPTED]
    assert [one.clear for one in analyses if one.clear] == []


@pytest.mark.parametrize("person", [1, STRANGER])
def test_nothing_is_kept_of_a_face_that_is_not_ambiguous(person: int) -> None:
    analyses = Room(1).show(Face(5, person), frames=12)

    assert [track.closest_look for one in analyses for track in one.decided] == [None]


# -- another person in the place of one who was decided


def test_whoever_takes_the_place_of_a_named_face_is_found_out_and_named() -> None:
    room = Room(1, 2)
    room.show(Face(5, 1), frames=4)

    analyses = room.show(Face(5, 2), frames=20)

    named = [track.student.student_id for one in analyses for track in one.decided if track.student]
    assert named == [2]
    shown = [one.faces[0].student.student_id for one in analyses if one.faces[0].student]
    assert shown == [1] * shown.count(1) + [2] * shown.count(2)
    # A check comes at most a second after the last, and three looks over 0.3 s are needed to believe it.
    assert shown.count(1) <= 14


def test_a_stranger_in_the_place_of_a_named_face_loses_the_name() -> None:
    room = Room(1)
    room.show(Face(5, 1), frames=4)

    analyses = room.show(Face(5, STRANGER), frames=30)

    assert outcomes(analyses) == [Outcome.UNKNOWN]
    assert (analyses[-1].faces[0].state, analyses[-1].faces[0].student) == (FaceState.UNKNOWN, None)


def test_when_the_tracker_doubts_a_named_face_it_is_looked_at_at_once() -> None:
    room = Room(1, 2)
    room.show(Face(5, 1), frames=4)

    (first,) = room.show(Face(5, 2, may_be_switched=True))
    assert first.embedded == 1

    assert outcomes(room.show(Face(5, 2), frames=4)) == [Outcome.ACCEPTED]


def test_a_doubt_that_proves_groundless_changes_nothing_and_costs_one_look() -> None:
    room = Room(1)
    room.show(Face(5, 1), frames=4)

    analyses = room.show(Face(5, 1, may_be_switched=True)) + room.show(Face(5, 1), frames=8)

    assert sum(one.embedded for one in analyses) == 1
    assert outcomes(analyses) == []
    assert {one.faces[0].state for one in analyses} == {FaceState.RECOGNISED}


def test_a_blink_does_not_cost_a_named_face_its_name() -> None:
    room = Room(1)
    room.show(Face(5, 1), frames=4)
    room.show(Face(5, 1), frames=9)

    analyses = room.show(Face(5, STRANGER), frames=3) + room.show(Face(5, 1), frames=20)

    assert outcomes(analyses) == []
    assert {one.faces[0].state for one in analyses} == {FaceState.RECOGNISED}


def test_a_named_face_that_becomes_hard_to_recognise_keeps_its_name() -> None:
    room = Room(1, 2)
    room.show(Face(5, 1), frames=4)

    assert outcomes(room.show(Face(5, 60), frames=40)) == []


def test_a_doubt_waits_for_a_frame_that_can_be_seen() -> None:
    room = Room(1, 2)
    room.show(Face(5, 1), frames=4)
    blurred = Quality(100.0, 1.0, 120.0, 1.0)

    assert room.show(Face(5, 2, quality=blurred, may_be_switched=True))[0].embedded == 0
    assert room.show(Face(5, 2))[0].embedded == 1


def test_a_student_behind_a_stranger_s_track_is_not_silenced() -> None:
    room = Room(1, 2)
    assert outcomes(room.show(Face(5, STRANGER), frames=12)) == [Outcome.UNKNOWN]

    analyses = room.show(Face(5, 2, may_be_switched=True)) + room.show(Face(5, 2), frames=4)

    assert outcomes(analyses) == [Outcome.ACCEPTED]


def test_a_stranger_who_is_looked_at_anew_is_not_announced_twice() -> None:
    room = Room(1)
    assert outcomes(room.show(Face(5, STRANGER), frames=12)) == [Outcome.UNKNOWN]

    analyses = room.show(Face(5, STRANGER, may_be_switched=True)) + room.show(Face(5, STRANGER), frames=15)

    assert outcomes(analyses) == []
    assert analyses[-1].faces[0].state is FaceState.UNKNOWN


def test_whoever_takes_a_track_over_must_be_alive_too() -> None:
    gate = Gate({5: Liveness.LIVE})
    room = Room(1, 2, gate=gate)
    assert outcomes(room.show(Face(5, 1), frames=4)) == [Outcome.ACCEPTED]

    gate.says = {5: Liveness.ATTACK}
    analyses = room.show(Face(5, 2, may_be_switched=True)) + room.show(Face(5, 2), frames=10)

    assert gate.forgotten == [5]
    assert outcomes(analyses) == [Outcome.ATTACK_SUSPECTED]


def test_whoever_comes_after_an_attack_is_judged_from_the_start() -> None:
    gate = Gate({5: Liveness.ATTACK})
    room = Room(1, gate=gate)
    assert outcomes(room.show(Face(5, 1), frames=4)) == [Outcome.ATTACK_SUSPECTED]

    gate.says = {5: Liveness.LIVE}
    analyses = room.show(Face(5, 1, may_be_switched=True)) + room.show(Face(5, 1), frames=4)

    assert gate.forgotten == [5]
    assert outcomes(analyses) == [Outcome.ACCEPTED]


# -- a better picture


@pytest.mark.parametrize(
    ("poor", "better"),
    [
        (Quality(100.0, 20.0, 120.0, 1.0), Quality(100.0, 60.0, 120.0, 1.0)),
        (Quality(100.0, 50.0, 30.0, 1.0), Quality(100.0, 50.0, 120.0, 1.0)),
        (Quality(100.0, 50.0, 120.0, 1.0, turn=0.3), Quality(100.0, 50.0, 120.0, 1.0, turn=0.02)),
    ],
    ids=["sharper", "lighter", "straighter"],
)
def test_an_undecided_face_gets_a_second_chance_when_it_is_clearly_better_to_see(
    poor: Quality, better: Quality
) -> None:
    room = Room(1)
    assert outcomes(room.show(Face(5, STRANGER, quality=poor), frames=12)) == [Outcome.UNKNOWN]
    assert sum(one.embedded for one in room.show(Face(5, 1, quality=poor), frames=20)) == 0

    assert outcomes(room.show(Face(5, 1, quality=better), frames=4)) == [Outcome.ACCEPTED]


def test_the_best_frame_so_far_is_the_mark_to_beat() -> None:
    room = Room(1)
    sharp, soft = Quality(100.0, 100.0, 120.0, 1.0), Quality(100.0, 50.0, 120.0, 1.0)
    room.show(Face(5, STRANGER, quality=sharp))
    room.show(Face(5, STRANGER, quality=soft), frames=11)

    assert sum(one.embedded for one in room.show(Face(5, 1, quality=sharp), frames=20)) == 0


def test_who_was_asked_to_turn_the_head_is_looked_at_with_the_head_turned() -> None:
    turned = Quality(100.0, 50.0, 120.0, 1.0, turn=0.5)
    gate = Gate({5: Liveness.ASKED}, signs={5: LifeSign(request=Request.TURN_LEFT)})

    assert Room(1, gate=gate).show(Face(5, 1, quality=turned))[0].embedded == 1
    assert Room(1, gate=Gate()).show(Face(5, 1, quality=turned))[0].embedded == 0


def test_whoever_stays_in_the_picture_is_decided_anew_when_a_recheck_begins() -> None:
    room = Room(1)
    room.show(Face(5, 1), Face(6, STRANGER), frames=40)
    assert outcomes(room.show(Face(5, 1), Face(6, STRANGER), frames=10)) == []

    room.recogniser.look_anew()
    again = room.show(Face(5, 1), Face(6, STRANGER), frames=10)

    assert outcomes(again) == [Outcome.ACCEPTED], "the stranger stays one"
    assert [one.student.student_id for analysis in again for one in analysis.decided if one.student] == [1]
