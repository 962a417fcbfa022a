import itertools
from pathlib import Path

import cv2
import numpy as np
import pytest

from kiosk.camera.video_file import VideoFileSource
from kiosk.errors import SourceError


@pytest.fixture
def video(tmp_path: Path) -> Path:
    path = tmp_path / "lesson.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 25, (320, 240))
    for value in range(30):
        writer.write(np.full((240, 320, 3), value * 8, np.uint8))
    writer.release()
    return path


def test_every_frame_comes_with_its_position_in_the_recording(video: Path) -> None:
    source = VideoFileSource(video)
    info = source.open()
    frames = list(iter(source.read, None))
    source.close()
    assert (info.name, info.width, info.height, info.fps, info.live) == ("lesson.avi", 320, 240, 25.0, False)
    assert [frame.index for frame in frames] == list(range(30))
    assert [frame.time_s for frame in frames] == pytest.approx([index / 25 for index in range(30)])
    assert abs(float(frames[10].image.mean()) - 80) < 3


def test_a_video_can_be_opened_again_from_its_start(video: Path) -> None:
    source = VideoFileSource(video)
    for _ in range(2):
        source.open()
        first = source.read()
        assert first is not None
        assert (first.index, first.time_s) == (0, 0.0)
    source.close()
    assert source.read() is None


def test_times_are_counted_on_where_the_container_has_none(tmp_path: Path) -> None:
    path = tmp_path / "raw.mjpeg"
    pictures = (cv2.imencode(".jpg", np.full((48, 64, 3), value, np.uint8))[1] for value in range(0, 250, 50))
    path.write_bytes(b"".join(picture.tobytes() for picture in pictures))
    source = VideoFileSource(path)
    source.open()
    times = [frame.time_s for frame in iter(source.read, None)]
    assert len(times) == 5
    assert times[0] == 0
    assert all(later > earlier for earlier, later in itertools.pairwise(times))


@pytest.mark.logs_warnings
def test_cut_off_video_ends_where_it_ends_and_says_so(video: Path, caplog: pytest.LogCaptureFixture) -> None:
    data = video.read_bytes()
    video.write_bytes(data[: len(data) // 2])
    source = VideoFileSource(video)
    source.open()
    frames = list(iter(source.read, None))
    assert 0 < len(frames) < 30
    assert "lesson.avi is damaged" in caplog.text


@pytest.mark.parametrize("content", [b"", b"this is a letter, not a video\n" * 200, bytes(4096)])
def test_file_without_video_is_refused(
    tmp_path: Path, content: bytes, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "broken.mp4"
    path.write_bytes(content)
    with pytest.raises(SourceError, match=r"broken\.mp4 holds no video"):
        VideoFileSource(path).open()
    assert capfd.readouterr().err == ""


def test_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="cannot be opened"):
        VideoFileSource(tmp_path / "gone.mp4").open()
