import socket
from collections import deque
from contextlib import suppress

import cv2
import pytest

from kiosk.camera.stream import StreamSource, shown_address
from kiosk.errors import SourceError
from tests.fakes.camera.captures import FakeCapture, plain
from tests.fakes.camera.mjpeg_server import MjpegServer
from tests.fakes.clock import FakeClock


def test_motion_jpeg_over_http_is_read_until_the_connection_ends(capfd: pytest.CaptureFixture[str]) -> None:
    clock = FakeClock()
    with MjpegServer([plain(value, width=640, height=360) for value in (40, 120, 200)]) as server:
        source = StreamSource(f"http://127.0.0.1:{server.port}/video", timeout_s=60, clock=clock)
        info = source.open()
        frames = [source.read() for _ in range(3)]
        with pytest.raises(SourceError, match="was lost"):
            source.read()
        source.close()
    assert info.live
    assert (info.width, info.height) == (640, 360)
    assert [frame.index for frame in frames if frame] == [0, 1, 2]
    assert [round(float(frame.image.mean()), -1) for frame in frames if frame] == [40, 120, 200]
    assert {frame.time_s for frame in frames if frame} == {1000.0}
    assert capfd.readouterr().err == ""


def test_stream_that_stalls_is_lost_in_time() -> None:
    with MjpegServer([plain(90)] * 4, stalls=True) as server:
        source = StreamSource(f"http://127.0.0.1:{server.port}/video", timeout_s=0.5)
        open_at_last(source)
        with pytest.raises(SourceError, match="was lost"):
            deque(iter(source.read, None), maxlen=0)
        server.stop.set()
        source.close()


def open_at_last(source: StreamSource) -> None:
    """A limit that is short, because it is to be sat out, may be too short to open on a busy machine."""
    while True:
        with suppress(SourceError):
            source.open()
            return


def test_password_reaches_the_camera_but_neither_name_nor_error() -> None:
    with MjpegServer([plain(90)] * 3, login="teacher:hunter2") as server:
        source = StreamSource(f"http://teacher:hunter2@127.0.0.1:{server.port}/v?pwd=hunter2", timeout_s=60)
        info = source.open()
        source.close()
        wrong = StreamSource(f"http://teacher:secret9@127.0.0.1:{server.port}/v?pwd=secret9", timeout_s=60)
        with pytest.raises(SourceError) as caught:
            wrong.open()
    assert info.name == f"http://127.0.0.1:{server.port}/v"
    assert "secret9" not in str(caught.value)
    assert "teacher" not in str(caught.value)


def test_address_where_nobody_answers_is_refused() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(SourceError, match=f"No picture comes from rtsp://127.0.0.1:{port}/live"):
        StreamSource(f"rtsp://127.0.0.1:{port}/live", timeout_s=1).open()


def test_server_that_accepts_and_says_nothing_is_given_up_in_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute, pytest.raises(SourceError, match="No picture comes"):
        StreamSource(f"rtsp://127.0.0.1:{mute.getsockname()[1]}/live", timeout_s=0.5).open()


def test_opencv_is_told_the_limit_for_the_connection_and_for_each_picture(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: list[list[int]] = []

    def capture(_address: str, _backend: int, options: list[int]) -> FakeCapture:
        told.append(options)
        return FakeCapture([])

    monkeypatch.setattr(cv2, "VideoCapture", capture)
    StreamSource("rtsp://cam.school/live", timeout_s=0.5).open_capture()
    assert told == [[cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, 500, cv2.CAP_PROP_READ_TIMEOUT_MSEC, 500]]


@pytest.mark.parametrize(
    "address", ["rtsp://", "http:///path", "http://[::1", "http://host:99999/", "ftp://h/x"]
)
def test_address_that_names_no_camera_is_refused(address: str) -> None:
    with pytest.raises(SourceError, match="cannot be read"):
        StreamSource(address)


def test_shown_address_keeps_what_helps_and_nothing_secret() -> None:
    assert shown_address("RTSP://a:b@cam.school:554/ch1?token=x#y") == "rtsp://cam.school:554/ch1"
    assert shown_address("http://[::1]:8080/v") == "http://[::1]:8080/v"
