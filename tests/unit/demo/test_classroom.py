"""The drawn camera keeps the port's promises, as a recording and in real time."""

import numpy as np
import pytest

from kiosk.demo.cast import ENROLMENT_POSES, WALKING_POSES, enrolment_pictures, render_cast
from kiosk.demo.classroom import ClassroomCamera
from kiosk.demo.drawing import Sprite
from kiosk.demo.pool import pool
from kiosk.demo.walks import FPS, FRAME_HEIGHT, FRAME_WIDTH, Walk
from kiosk.errors import SourceError
from kiosk.vision.detection.hog_detector import HogDetector
from kiosk.vision.detection.reach import Reach
from tests.fakes.clock import FakeClock

PERSON = pool()[0]
WALK = Walk(PERSON.key, 0.2, 640.0, 300.0, 1)


@pytest.fixture(scope="module")
def cast() -> dict[str, tuple[Sprite, ...]]:
    return render_cast([PERSON], workers=1)


def test_recording_delivers_every_frame_and_ends(cast: dict[str, tuple[Sprite, ...]]) -> None:
    camera = ClassroomCamera(walks=[WALK], cast=cast)
    info = camera.open()
    assert (info.width, info.height, info.fps, info.live) == (FRAME_WIDTH, FRAME_HEIGHT, FPS, False)
    frames = []
    while (frame := camera.read()) is not None:
        frames.append((frame.index, frame.time_s))
        assert frame.image.shape == (FRAME_HEIGHT, FRAME_WIDTH, 3)
    assert frames == [(i, i / FPS) for i in range(len(frames))]
    assert frames[-1][1] >= WALK.end_s
    assert camera.read() is None
    camera.close()


def test_opening_again_starts_from_the_beginning(cast: dict[str, tuple[Sprite, ...]]) -> None:
    camera = ClassroomCamera(walks=[WALK], cast=cast)
    pictures = []
    for _ in range(2):
        camera.open()
        frames = [camera.read() for _ in range(40)]
        pictures.append(frames[-1])
        camera.close()
    first, second = pictures
    assert first is not None
    assert second is not None
    assert first.index == second.index == 39
    assert np.array_equal(first.image, second.image)


def test_closing_is_safe_at_any_time_and_ends_reading(cast: dict[str, tuple[Sprite, ...]]) -> None:
    camera = ClassroomCamera(walks=[WALK], cast=cast)
    camera.close()
    camera.open()
    camera.close()
    camera.close()
    with pytest.raises(SourceError):
        camera.read()
    with pytest.raises(SourceError):
        camera.compose(0.0)


def test_live_camera_waits_for_the_time_of_each_frame(cast: dict[str, tuple[Sprite, ...]]) -> None:
    clock = FakeClock()
    camera = ClassroomCamera(walks=[WALK], cast=cast, realtime=True, clock=clock)
    assert camera.open().live
    frames = [camera.read() for _ in range(7)]
    assert [frame.index for frame in frames if frame] == list(range(7))
    assert [frame.time_s for frame in frames if frame] == pytest.approx([1000 + i / FPS for i in range(7)])
    assert sum(clock.slept) == pytest.approx(6 / FPS)


def test_live_camera_leaves_out_what_nobody_read_but_counts_without_gaps(
    cast: dict[str, tuple[Sprite, ...]],
) -> None:
    clock = FakeClock()
    camera = ClassroomCamera(walks=[WALK], cast=cast, realtime=True, clock=clock)
    camera.open()
    first = camera.read()
    clock.advance(2.01)
    late = camera.read()
    assert first is not None
    assert late is not None
    assert late.index == first.index + 1
    assert late.time_s == pytest.approx(1002.0)
    assert late.time_s <= clock.monotonic()


def test_live_camera_shows_an_empty_room_when_everybody_left(cast: dict[str, tuple[Sprite, ...]]) -> None:
    clock = FakeClock()
    camera = ClassroomCamera(walks=[WALK], cast=cast, realtime=True, clock=clock)
    camera.open()
    before = camera.compose(0.0).astype(int)
    clock.advance(WALK.end_s + 60)
    after = camera.read()
    assert after is not None
    assert np.abs(before - after.image).max() < 40
    assert np.abs(before - camera.compose(WALK.arrive_s)).max() > 60


def test_whoever_stands_is_found_once_and_large_by_the_builtin_detector(
    cast: dict[str, tuple[Sprite, ...]],
) -> None:
    camera = ClassroomCamera(walks=[WALK], cast=cast)
    camera.open()
    middle = (WALK.arrive_s + WALK.leave_s) / 2
    faces = HogDetector().detect(camera.compose(middle))
    place = WALK.at(middle)
    camera.close()
    assert place is not None
    assert len(faces) == 1
    assert faces[0].box.height >= 190
    assert abs(faces[0].box.centre[0] - place.x) < 30


def test_empty_room_holds_no_face(cast: dict[str, tuple[Sprite, ...]]) -> None:
    camera = ClassroomCamera(walks=[WALK], cast=cast)
    camera.open()
    assert HogDetector(reach=Reach.FAR).detect(camera.compose(0.0)) == []
    camera.close()


def test_noise_changes_from_frame_to_frame_in_an_empty_room(cast: dict[str, tuple[Sprite, ...]]) -> None:
    camera = ClassroomCamera(walks=[WALK], cast=cast)
    camera.open()
    one, two = camera.compose(0.0).astype(int), camera.compose(1 / FPS).astype(int)
    assert 1 < (one - two).std() < 6
    camera.close()


def test_walker_without_sprites_is_a_mistake() -> None:
    with pytest.raises(ValueError, match=PERSON.key):
        ClassroomCamera(walks=[WALK], cast={})


def test_rendering_equals_itself_in_other_processes() -> None:
    people = pool()[:2]
    spawned = render_cast(people, workers=2)
    here = render_cast(people[:1], workers=1)
    assert np.array_equal(spawned[people[0].key][3], here[people[0].key][3])
    assert len(here[people[0].key]) == len(WALKING_POSES)


def test_enrolment_pictures_differ_and_use_no_walking_pose() -> None:
    pictures = enrolment_pictures(PERSON, 2)
    assert [picture.shape for picture in pictures] == [(720, 960, 3)] * 2
    assert np.abs(pictures[0].astype(int) - pictures[1]).mean() > 1
    assert not set(ENROLMENT_POSES) & set(WALKING_POSES)


@pytest.mark.parametrize("n", [0, 6])
def test_there_are_one_to_five_enrolment_pictures(n: int) -> None:
    with pytest.raises(ValueError, match=f"not {n}"):
        enrolment_pictures(PERSON, n)
