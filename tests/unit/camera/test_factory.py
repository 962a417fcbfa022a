from pathlib import Path

import pytest

from kiosk.camera.device import DeviceSource
from kiosk.camera.factory import open_source
from kiosk.camera.picture_folder import PictureFolderSource
from kiosk.camera.stream import StreamSource
from kiosk.camera.video_file import VideoFileSource
from kiosk.errors import SourceError


def test_each_text_names_its_kind_of_source(tmp_path: Path) -> None:
    video, picture = tmp_path / "a.mp4", tmp_path / "b.JPG"
    video.touch()
    picture.touch()
    assert isinstance(open_source("0"), DeviceSource)
    assert isinstance(open_source(" 12 "), DeviceSource)
    assert isinstance(open_source(str(tmp_path)), PictureFolderSource)
    assert isinstance(open_source(str(picture)), PictureFolderSource)
    assert isinstance(open_source(str(video)), VideoFileSource)
    assert isinstance(open_source("rtsp://cam/1"), StreamSource)
    assert isinstance(open_source("HTTPS://cam/1"), StreamSource)


@pytest.mark.parametrize("text", ["", "-1", "1000", "nowhere.mp4", "ftp://cam/1", "a\0b"])
def test_text_that_names_nothing_is_refused_with_what_to_write(text: str) -> None:
    with pytest.raises(SourceError) as caught:
        open_source(text)
    assert "camera index such as 0" in caught.value.hint


def test_misspelt_address_with_a_password_is_not_repeated() -> None:
    with pytest.raises(SourceError) as caught:
        open_source("rstp://teacher:hunter2@cam/1")
    assert "hunter2" not in str(caught.value)
