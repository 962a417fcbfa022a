"""Faces keep their tracks through movement, gaps and crossings, and lose them when somebody else could be meant."""

from collections.abc import Sequence

import numpy as np
import pytest

from kiosk.domain.faces.frames import Box, Detection
from kiosk.vision.detection.tracker import IouTracker

SIDE = 150.0


def face(x: float, y: float = 300.0, side: float = SIDE) -> Detection:
    """A detection with its centre at (x, y)."""
    return Detection(Box(x - side / 2, y - side / 2, side, side), 1.0)


def ids(tracker: IouTracker, time_s: float, *faces: Detection) -> list[int]:
    """Track numbers of this frame's faces, in the order of `faces`."""
    visible = tracker.update(time_s, faces).visible
    by_detection = {id(track.detection): track.track_id for track in visible}
    return [by_detection[id(detection)] for detection in faces]


def test_standing_face_keeps_its_track_and_its_first_time() -> None:
    tracker = IouTracker()
    for index in range(30):
        detection = face(400 + index % 3)
        (track,) = tracker.update(1.0 + index / 30, [detection]).visible
        assert track.track_id == 1
        assert track.first_seen_s == 1.0
        assert track.missed == 0
        assert track.detection is detection


@pytest.mark.parametrize("fps", [5, 10, 30])
@pytest.mark.parametrize("speed", [0.0, 300.0, 900.0])
def test_walking_face_keeps_its_track_at_any_frame_rate(fps: int, speed: float) -> None:
    tracker = IouTracker()
    seen = [ids(tracker, index / fps, face(100 + speed * index / fps))[0] for index in range(fps)]
    assert set(seen) == {1}


def test_face_that_comes_nearer_keeps_its_track() -> None:
    tracker = IouTracker()
    seen = [ids(tracker, index / 15, face(600, side=80 * 1.03**index))[0] for index in range(45)]
    assert set(seen) == {1}


def test_sizes_that_jump_as_hogs_do_keep_the_track() -> None:
    tracker = IouTracker()
    seen = [ids(tracker, index / 15, face(600, side=(150, 180, 216)[index % 3]))[0] for index in range(30)]
    assert set(seen) == {1}


def test_new_face_elsewhere_gets_a_new_track() -> None:
    tracker = IouTracker()
    assert ids(tracker, 0.0, face(200)) == [1]
    assert ids(tracker, 0.03, face(200), face(900)) == [1, 2]
    assert ids(tracker, 0.06, face(900), face(200)) == [2, 1]


def test_face_of_another_size_at_the_same_place_is_another_face() -> None:
    tracker = IouTracker()
    assert ids(tracker, 0.0, face(400, side=100)) == [1]
    assert ids(tracker, 0.03, face(400, side=250)) == [2]


@pytest.mark.parametrize("fps", [10, 15, 30])
def test_short_gap_is_bridged_and_not_reported_as_lost(fps: int) -> None:
    tracker = IouTracker()
    time_s = 0.0
    for index in range(fps):
        time_s = index / fps
        assert ids(tracker, time_s, face(200 + 200 * time_s)) == [1]
    missed = 0
    while (missed + 2) / fps <= 0.25:
        missed += 1
        update = tracker.update(time_s + missed / fps, [])
        assert (update.visible, update.lost) == ((), ())
    time_s += (missed + 1) / fps
    assert ids(tracker, time_s, face(200 + 200 * time_s)) == [1]


@pytest.mark.parametrize("fps", [4, 10, 30])
def test_next_person_in_the_same_place_does_not_inherit_the_track(fps: int) -> None:
    tracker = IouTracker()
    for index in range(fps):
        ids(tracker, index / fps, face(640))
    lost: list[int] = []
    for index in range(fps, fps + max(1, round(0.3 * fps))):
        lost += tracker.update(index / fps, []).lost
    later = 1.0 + max(0.3, 2 / fps)
    update = tracker.update(later, [face(640)])
    assert [track.track_id for track in update.visible] == [2]
    assert [*lost, *update.lost] == [1]


def test_track_is_reported_lost_once_and_never_comes_back() -> None:
    tracker = IouTracker(gap_s=0.2)
    tracker.update(0.0, [face(400)])
    updates = [tracker.update(index / 10, []) for index in range(1, 20)]
    assert [update.lost for update in updates if update.lost] == [(1,)]
    assert ids(tracker, 2.0, face(400)) == [2]


def test_everybody_is_lost_after_a_second_without_frames() -> None:
    tracker = IouTracker()
    tracker.update(0.0, [face(200), face(800)])
    update = tracker.update(1.1, [face(200), face(800)])
    assert update.lost == (1, 2)
    assert [track.track_id for track in update.visible] == [3, 4]


def walk(
    *, speed: float, fps: int, hidden_px: float, seed: int, drop: float = 0.05, apart_px: float = 0.0
) -> tuple[list[int], list[int]]:
    """Two people walk past each other; one is hidden while they overlap. Their tracks before and after the meeting."""
    random = np.random.default_rng(seed)
    tracker = IouTracker()
    meeting = 500 / speed
    history: list[list[tuple[float, int]]] = [[], []]
    for index in range(int(2 * meeting * fps)):
        time_s = index / fps
        centres = (100 + speed * time_s, 1100 - speed * time_s)
        who = [
            person
            for person in (0, 1)
            if random.random() > drop
            and not (person == seed % 2 and abs(centres[0] - centres[1]) < hidden_px)
        ]
        faces = [
            face(
                centres[person] + random.normal() * 4,
                300 + person * apart_px + random.normal() * 4,
                SIDE * (1 + random.normal() * 0.03),
            )
            for person in who
        ]
        for person, track_id in zip(who, ids(tracker, time_s, *faces), strict=True):
            history[person].append((time_s, track_id))
    margin = 1.2 * SIDE / speed
    before = [[track for time_s, track in past if time_s < meeting - margin][-1] for past in history]
    after = [next(track for time_s, track in past if time_s > meeting + margin) for past in history]
    return before, after


@pytest.mark.parametrize("fps", [10, 15, 30])
@pytest.mark.parametrize("speed", [200.0, 400.0])
@pytest.mark.parametrize("hidden_px", [0.0, 60.0, 100.0])
def test_people_who_cross_do_not_exchange_their_tracks(fps: int, speed: float, hidden_px: float) -> None:
    for seed in range(6):
        before, after = walk(speed=speed, fps=fps, hidden_px=hidden_px, seed=seed)
        assert after[0] != before[1]
        assert after[1] != before[0]


@pytest.mark.parametrize("fps", [15, 30])
def test_person_hidden_for_less_than_half_a_second_keeps_the_track(fps: int) -> None:
    kept = 0
    for seed in range(6):
        before, after = walk(speed=200.0, fps=fps, hidden_px=90.0, seed=seed, drop=0.0)
        kept += before == after
    assert kept == 6


def test_seated_face_keeps_its_track_when_somebody_walks_in_front() -> None:
    tracker = IouTracker()
    seated: Sequence[Detection]
    numbers: list[int] = []
    for index in range(60):
        time_s = index / 30
        passing = 100 + 500 * time_s
        seated = [] if abs(passing - 600) < 110 else [face(600, side=140)]
        found = ids(tracker, time_s, face(passing, 320, 190), *seated)
        assert found[0] == 1
        numbers += found[1:]
    assert set(numbers) == {2}


def test_degenerate_boxes_are_no_crash() -> None:
    tracker = IouTracker()
    for index in range(5):
        update = tracker.update(index / 30, [face(100, side=0), face(300), Detection(Box(1, 1, -5, -5), 0.1)])
        assert len(update.visible) == 3


def test_many_faces_are_followed_each_by_its_own_track() -> None:
    tracker = IouTracker()
    places = [(x, y) for x in range(100, 1200, 120) for y in (100, 300, 500)]
    first = ids(tracker, 0.0, *(face(x, y, 80) for x, y in places))
    second = ids(tracker, 0.03, *(face(x + 10, y, 80) for x, y in reversed(places)))
    assert second == first[::-1]


# -- moments in which another person may have taken a track over


def switched(tracker: IouTracker, time_s: float, *faces: Detection) -> set[int]:
    """Numbers of the tracks that may be switched in this frame."""
    return {track.track_id for track in tracker.update(time_s, faces).visible if track.may_be_switched}


def test_a_face_alone_in_the_picture_is_never_taken_for_switched_however_it_moves() -> None:
    tracker = IouTracker()

    found = [switched(tracker, index / 30, face(100 + 20 * index, side=150 + index)) for index in range(50)]

    assert found == [set()] * 50


def test_a_blink_of_the_detector_is_no_reason_for_doubt_but_a_longer_gap_is() -> None:
    tracker = IouTracker()
    for index in range(10):
        switched(tracker, index / 30, face(400))

    tracker.update(10 / 30, [])
    assert switched(tracker, 11 / 30, face(400)) == set()
    for index in range(12, 16):
        tracker.update(index / 30, [])
    assert switched(tracker, 16 / 30, face(400)) == {1}
    assert switched(tracker, 17 / 30, face(400)) == set()


def test_after_a_stall_whoever_is_seen_may_be_switched() -> None:
    tracker = IouTracker()
    switched(tracker, 0.0, face(400))
    switched(tracker, 0.1, face(400))

    assert switched(tracker, 0.6, face(400)) == {1}


def test_people_who_met_may_be_switched_once_when_they_have_parted() -> None:
    tracker = IouTracker()
    found = []
    for index in range(60):
        left, right = face(200 + 12 * index, 300), face(900 - 12 * index, 330)
        together = left.box.intersection_over_union(right.box) >= 0.1
        now = switched(tracker, index / 30, left, right)
        assert not (together and now), "while they cover each other nobody can tell"
        found.append(now)

    assert [now for now in found if now] == [{1, 2}]


def test_a_face_that_was_hidden_may_be_switched_when_it_is_back() -> None:
    tracker = IouTracker()
    for index in range(10):
        switched(tracker, index / 30, face(600, side=140))
    back = []
    for index in range(10, 40):
        passing = face(300 + 25 * (index - 10), 320, 190)
        seated = [] if abs(passing.box.centre[0] - 600) < 110 else [face(600, side=140)]
        back.append(switched(tracker, index / 30, passing, *seated))

    assert back.count({1, 2}) == 1
    assert back.count(set()) == len(back) - 1
