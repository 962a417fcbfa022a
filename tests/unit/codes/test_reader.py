import subprocess
import sys
from collections.abc import Iterator
from multiprocessing.shared_memory import SharedMemory
from typing import Final

import cv2
import numpy as np
import psutil
import pytest
import qrcode

from kiosk.codes.draw import QrCodeDrawer
from kiosk.codes.reader import PyzbarReader
from kiosk.codes.reader_process import Engine, tidy
from kiosk.domain.faces.frames import BgrImage

pytestmark = pytest.mark.usefixtures("patient")

LINK: Final = "HTTP://10.20.4.17:8080/S/ABCDEFGH"

EAN_LEFT: Final = (
    *("0001101", "0011001", "0010011", "0111101", "0100011"),
    *("0110001", "0101111", "0111011", "0110111", "0001011"),
)


@pytest.fixture(scope="module")
def reader() -> Iterator[PyzbarReader]:
    shared = PyzbarReader()
    yield shared
    shared.close()


def in_frame(*codes: BgrImage, width: int = 1280, height: int = 720) -> BgrImage:
    frame = np.full((height, width, 3), 120, np.uint8)
    for number, code in enumerate(codes):
        left = 60 + number * 500
        frame[100 : 100 + code.shape[0], left : left + code.shape[1]] = code
    return frame


def tilted(code: BgrImage) -> BgrImage:
    side = code.shape[0]
    corners = np.array([[0, 0], [side, 0], [side, side], [0, side]], np.float32)
    target = np.array([[420, 160], [760, 210], [700, 560], [380, 470]], np.float32)
    matrix = cv2.getPerspectiveTransform(corners, target)
    frame = cv2.warpPerspective(code, matrix, (1280, 720), borderValue=(120, 120, 120))
    noise = np.random.default_rng(1).normal(0, 8, frame.shape)
    noisy: BgrImage = np.clip(cv2.GaussianBlur(frame, (0, 0), 1.0) + noise, 0, 255).astype(np.uint8)
    return noisy


def of_bytes(content: bytes) -> BgrImage:
    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_L, border=4, box_size=1)
    code.add_data(qrcode.util.QRData(content, mode=4))
    code.make(fit=True)
    grey = np.where(np.array(code.get_matrix()), np.uint8(0), np.uint8(255)).repeat(4, 0).repeat(4, 1)
    return np.repeat(grey[:, :, None], 3, axis=2)


@pytest.mark.parametrize("engine", ["zbar", "opencv"])
def test_own_codes_are_read_with_either_engine(engine: Engine) -> None:
    drawer = QrCodeDrawer()
    reader = PyzbarReader(engine=engine)
    try:
        for module_px in (4, 6, 8):
            assert reader.read(in_frame(drawer.picture(LINK, module_px=module_px))) == [LINK]
        assert reader.engine == engine
    finally:
        reader.close()


def test_tilted_noisy_code_in_a_720p_frame_is_read(reader: PyzbarReader) -> None:
    assert reader.read(tilted(QrCodeDrawer().picture(LINK))) == [LINK]


def test_two_codes_in_one_frame_are_both_read(reader: PyzbarReader) -> None:
    drawer = QrCodeDrawer()
    found = reader.read(in_frame(drawer.picture("pass:a"), drawer.picture("pass:b")))
    assert sorted(found) == ["pass:a", "pass:b"]


def test_picture_without_a_code_gives_nothing(reader: PyzbarReader) -> None:
    assert reader.read(in_frame()) == []


def test_frame_beyond_4k_is_scaled_down_and_read(reader: PyzbarReader) -> None:
    code = QrCodeDrawer().picture(LINK, module_px=20)
    assert reader.read(in_frame(code, width=6000, height=4000)) == [LINK]


@pytest.mark.parametrize(
    "content",
    [
        b"ok\0hidden",
        b"\xff\xfe\xfd\x80\x81",
        bytes(range(256)),
        b"A" * 2900,
        b"\x1b]0;title\x07",
        b"\x00" * 50,
    ],
    ids=["nul", "no-utf8", "all-bytes", "2.9-kB", "escape", "only-nul"],
)
def test_hostile_contents_give_harmless_texts(reader: PyzbarReader, content: bytes) -> None:
    texts = reader.read(of_bytes(content))
    assert all(0 < len(text) <= 3000 for text in texts)
    assert all(text.isprintable() or "\ufffd" in text for text in texts)
    assert all("\0" not in text and "\x1b" not in text for text in texts)
    assert reader.read(in_frame(QrCodeDrawer().picture(LINK))) == [LINK]


def test_other_kinds_of_codes_are_not_read(reader: PyzbarReader) -> None:
    # EAN-13 of 4006381333931, drawn by its published patterns.
    left = {"L": list(EAN_LEFT)}
    left["G"] = ["".join("10"[int(bit)] for bit in code)[::-1] for code in left["L"]]
    digits = "4006381333931"
    bars = "101"
    bars += "".join(left[kind][int(digit)] for kind, digit in zip("LGLLGG", digits[1:7], strict=True))
    bars += "01010"
    bars += "".join("".join("10"[int(bit)] for bit in left["L"][int(digit)]) for digit in digits[7:])
    bars += "101"
    row = np.array([0 if bar == "1" else 255 for bar in bars], np.uint8).repeat(4)
    frame = np.full((720, 1280, 3), 255, np.uint8)
    frame[200:400, 300 : 300 + row.size] = row[None, :, None]
    from pyzbar.pyzbar import decode

    assert [symbol.type for symbol in decode(frame)] == ["EAN13"]
    assert reader.read(frame) == []


@pytest.mark.logs_warnings
def test_killed_process_is_started_again(caplog: pytest.LogCaptureFixture) -> None:
    frame = in_frame(QrCodeDrawer().picture(LINK))
    reader = PyzbarReader()
    try:
        assert reader.read(frame) == [LINK]
        first = reader.pid
        assert first is not None
        psutil.Process(first).kill()
        texts = reader.read(frame) or reader.read(frame)
        assert texts == [LINK]
        assert reader.pid != first
    finally:
        reader.close()
    assert "it is started again" in caplog.text


@pytest.mark.logs_warnings
def test_process_that_does_not_answer_in_time_is_replaced(caplog: pytest.LogCaptureFixture) -> None:
    frame = in_frame(QrCodeDrawer().picture(LINK))
    reader = PyzbarReader()
    try:
        reader.read(frame)
        hung = reader.pid
        assert hung is not None
        psutil.Process(hung).suspend()
        assert reader.read(frame, timeout_s=0.2) == []
        assert not psutil.pid_exists(hung)
        assert reader.failures == 1
        assert reader.read(frame) == [LINK]
        assert reader.failures == 0
    finally:
        reader.close()
    assert "died or hung" in caplog.text


def test_closing_leaves_neither_process_nor_shared_memory() -> None:
    reader = PyzbarReader()
    reader.read(in_frame())
    pid = reader.pid
    assert pid is not None
    memory = reader._memory
    assert memory is not None
    name = memory.name
    reader.close()
    reader.close()
    assert not psutil.pid_exists(pid)
    with pytest.raises(FileNotFoundError):
        SharedMemory(name)
    assert reader.read(in_frame()) == []


def test_process_imports_no_more_than_it_needs() -> None:
    reader = PyzbarReader()
    try:
        reader.read(in_frame())
        assert reader.pid is not None
        maps = psutil.Process(reader.pid).memory_maps() if hasattr(psutil.Process, "memory_maps") else []
    finally:
        reader.close()
    assert not [entry.path for entry in maps if "cv2" in entry.path or "PySide6" in entry.path]


def test_a_whole_program_that_reads_a_code_says_nothing_on_stderr_and_leaves_nothing() -> None:
    program = """
from kiosk.codes.draw import QrCodeDrawer
from kiosk.codes.reader import PyzbarReader

reader = PyzbarReader()
print(reader.read(QrCodeDrawer().picture("hello"), timeout_s=60), reader.pid)
reader.close()
"""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stderr == ""
    texts, _, pid = done.stdout.strip().rpartition(" ")
    assert texts == "['hello']"
    assert not psutil.pid_exists(int(pid))


def test_process_ends_by_itself_when_the_kiosk_is_killed() -> None:
    program = """
import psutil
from kiosk.codes.draw import QrCodeDrawer
from kiosk.codes.reader import PyzbarReader

reader = PyzbarReader()
reader.read(QrCodeDrawer().picture("hello"), timeout_s=60)
print(reader.pid, flush=True)
psutil.Process().kill()
"""
    # The reading process holds the other end of the pipe too: `run` returns only when it is gone as well.
    done = subprocess.run(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False
    )
    assert done.returncode != 0
    assert int(done.stdout) > 0


def test_texts_are_tidied() -> None:
    assert tidy(["a\nb", "x" * 3001, "", "ok", "ok", "\udc80"]) == ["a\ufffdb", "ok", "?"]
    assert len(tidy([str(number) for number in range(100)])) == 32
