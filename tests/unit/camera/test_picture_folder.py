import itertools
import math
from pathlib import Path

import cv2
import numpy as np
import pytest

from kiosk.camera.picture_folder import PictureFolderSource, fit
from kiosk.domain.faces.frames import Frame
from kiosk.errors import SourceError


def save(path: Path, value: int, size: tuple[int, int] = (64, 48)) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(cv2.imencode(".png", np.full((size[1], size[0], 3), value, np.uint8))[1].tobytes())


def frames_of(path: Path) -> list[Frame]:
    source = PictureFolderSource(path)
    source.open()
    frames = list(iter(source.read, None))
    source.close()
    return frames


def middle(frame: Frame) -> int:
    return int(frame.image[360, 640, 0])


def test_pictures_come_in_name_order_with_grey_between_and_folders_after_files(tmp_path: Path) -> None:
    save(tmp_path / "b.png", 20)
    save(tmp_path / "a.png", 10)
    save(tmp_path / "S002" / "1.png", 40)
    save(tmp_path / "S001" / "2.png", 30)
    frames = frames_of(tmp_path)
    values = [middle(frame) for frame in frames]
    assert values == [10] * 45 + [128] * 9 + [20] * 45 + [128] * 9 + [30] * 45 + [128] * 9 + [40] * 45


def test_a_picture_lasts_one_and_a_half_seconds_at_30_frames_a_second(tmp_path: Path) -> None:
    save(tmp_path / "a.png", 10)
    source = PictureFolderSource(tmp_path)
    info = source.open()
    frames = list(iter(source.read, None))
    assert (info.width, info.height, info.fps, info.live) == (1280, 720, 30.0, False)
    assert {frame.image.shape for frame in frames} == {(720, 1280, 3)}
    assert [frame.index for frame in frames] == list(range(45))
    assert [frame.time_s for frame in frames] == pytest.approx([index / 30 for index in range(45)])


def test_pictures_are_letterboxed_in_grey(tmp_path: Path) -> None:
    save(tmp_path / "tall.png", 10, (300, 600))
    first = frames_of(tmp_path)[0]
    assert int(first.image[360, 20, 0]) == 128
    assert int(first.image[1, 640, 0]) == 10
    assert int(first.image[718, 640, 0]) == 10


def test_the_camera_moves_a_little_and_always_the_same_way(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    noise = cv2.GaussianBlur(rng.integers(0, 255, (480, 640, 3)).astype(np.uint8), (0, 0), 4)
    (tmp_path / "a.png").write_bytes(cv2.imencode(".png", noise)[1].tobytes())
    one, two = frames_of(tmp_path), frames_of(tmp_path)
    assert all(np.array_equal(a.image, b.image) for a, b in zip(one, two, strict=True))
    cuts = [frame.image[200:500, 400:900, 0].astype(np.float64) for frame in one]
    steps = [cv2.phaseCorrelate(a, b)[0] for a, b in itertools.pairwise(cuts)]
    lengths = [math.hypot(right, down) for right, down in steps]
    assert 0.1 < max(lengths) < 3


def test_fit_fills_the_frame_whichever_side_is_longer() -> None:
    assert fit(np.zeros((100, 100, 3), np.uint8)).shape == (720, 720, 3)
    assert fit(np.zeros((100, 1000, 3), np.uint8)).shape == (128, 1280, 3)
    assert fit(np.zeros((3000, 4000, 3), np.uint8)).shape == (720, 960, 3)


@pytest.mark.logs_warnings
@pytest.mark.logs_warnings
def test_unreadable_pictures_are_skipped_counted_and_logged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    save(tmp_path / "b.png", 20)
    (tmp_path / "a.jpg").write_bytes(b"no picture")
    (tmp_path / "c.jpg").write_bytes(b"")
    source = PictureFolderSource(tmp_path)
    source.open()
    frames = list(iter(source.read, None))
    assert len(frames) == 45
    assert source.skipped == 2
    assert "a.jpg is not a picture" in caplog.text


def test_folder_without_pictures_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("nothing to see")
    (tmp_path / ".hidden.png").write_bytes(b"")
    with pytest.raises(SourceError, match="There is no picture in"):
        PictureFolderSource(tmp_path).open()


@pytest.mark.logs_warnings
@pytest.mark.logs_warnings
def test_folder_with_damaged_pictures_only_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"no picture")
    with pytest.raises(SourceError, match="The only picture"):
        PictureFolderSource(tmp_path).open()


def test_folder_that_is_gone_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="cannot be read"):
        PictureFolderSource(tmp_path / "gone").open()


def test_a_single_picture_file_plays_too(tmp_path: Path) -> None:
    save(tmp_path / "a.png", 10)
    assert len(frames_of(tmp_path / "a.png")) == 45


def test_links_in_a_circle_do_not_matter(tmp_path: Path) -> None:
    save(tmp_path / "a.png", 10)
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    assert len(frames_of(tmp_path)) == 45
