"""How the drawn people walk past the camera."""

from collections.abc import Sequence
from itertools import pairwise

from kiosk.bench.passing import Passing, crowd, single_file
from kiosk.demo.walks import FRAME_WIDTH

KEYS = [f"p{number}" for number in range(10)]


def in_picture(ways: Sequence[Passing], at_s: float) -> int:
    places = [way.at(at_s) for way in ways]
    return sum(place is not None and 0 <= place.x <= FRAME_WIDTH for place in places)


def test_people_in_single_file_pass_the_middle_one_after_the_other() -> None:
    ways = single_file(KEYS, every_s=1.0, speed=900, scale=1.0)
    passed = []
    for way in ways:
        times = [
            tick / 30
            for tick in range(30 * 15)
            if (place := way.at(tick / 30)) and place.x >= FRAME_WIDTH / 2
        ]
        passed.append(times[0])
    assert [round(later - earlier, 1) for earlier, later in pairwise(passed)] == [1.0] * 9
    assert max(in_picture(ways, tick / 30) for tick in range(400)) <= 2


def test_crowd_keeps_its_number_of_faces_from_the_first_frame_to_the_last() -> None:
    for faces, speed in ((3, 300.0), (5, 250.0)):
        ways = crowd(KEYS, faces=faces, seconds=6, speed=speed, scale=0.9)
        counts = [in_picture(ways, tick / 30) for tick in range(180)]
        assert set(counts) <= {faces, faces + 1}


def test_nobody_is_in_the_picture_twice() -> None:
    ways = crowd(KEYS, faces=5, seconds=6, speed=250, scale=0.8)
    for tick in range(0, 180, 10):
        keys = [way.key for way in ways if way.at(tick / 30) is not None]
        assert len(keys) == len(set(keys))


def test_who_passes_looks_towards_the_middle() -> None:
    way = single_file(["p"], every_s=1, speed=100, scale=1)[0]
    early, late = way.at(3.0), way.at(15.0)
    assert early is not None
    assert late is not None
    assert early.facing > 0 > late.facing
