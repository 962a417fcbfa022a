"""The code-reading process: everything that touches zbar runs here, because zbar can abort on a hostile picture.

It is started with multiprocessing's *spawn*, takes grey pictures from shared memory, and answers with JSON rather
than pickles, so that even a captured reader can only hand over texts. It imports as little as it can.
"""

import json
import signal
import struct
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.shared_memory import SharedMemory
from typing import Final, Literal

Engine = Literal["zbar", "opencv"]
Decode = Callable[[bytes, int, int], list[str]]
"""From grey pixels, width and height to the texts of all QR codes."""

SIZE: Final = struct.Struct("<II")
"""A request: width and height of the picture that lies in the shared memory."""

MAX_CHARACTERS: Final = 3000
"""Longer texts are dropped: nothing of ours is that long, and a QR code with bytes holds at most 2953."""

MAX_CODES: Final = 32


def serve(connection: Connection, memory_name: str, engine: Engine | None) -> None:
    """Answer requests until the other side closes the pipe.

    Args:
        connection: Carries `SIZE` requests in, JSON lists of texts out; the first message out names the engine.
        memory_name: Shared memory with the pixels, one byte each, row by row.
        engine: What reads; None takes zbar, or OpenCV where the zbar library is missing.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    name, decode = choose(engine)
    memory = SharedMemory(memory_name)
    pixels = memory.buf
    assert pixels is not None  # noqa: S101 - it is None after closing only
    try:
        connection.send_bytes(name.encode())
        while True:
            width, height = SIZE.unpack(connection.recv_bytes(SIZE.size))
            texts = decode(bytes(pixels[: width * height]), width, height)
            connection.send_bytes(json.dumps(tidy(texts)).encode())
    except (EOFError, OSError):
        pass  # the kiosk closed the pipe, or is gone
    finally:
        del pixels
        memory.close()


def tidy(texts: list[str]) -> list[str]:
    """Make hostile contents harmless: no control characters, no lone surrogates, nothing endless, no repeats."""
    kept: dict[str, None] = {}
    for text in texts:
        if 0 < len(text) <= MAX_CHARACTERS:
            clean = text.encode(errors="replace").decode()
            kept["".join(letter if letter.isprintable() else "\ufffd" for letter in clean)] = None
    return list(kept)[:MAX_CODES]


def choose(engine: Engine | None) -> tuple[Engine, Decode]:
    """Load the reading library: zbar where it is there, else OpenCV."""
    if engine != "opencv":
        try:
            return "zbar", _zbar()
        except (ImportError, OSError):
            if engine == "zbar":
                raise
    return "opencv", _opencv()


def _zbar() -> Decode:
    from pyzbar.pyzbar import ZBarSymbol, decode

    def read(pixels: bytes, width: int, height: int) -> list[str]:
        found = decode((pixels, width, height), symbols=[ZBarSymbol.QRCODE])
        return [symbol.data.decode("utf-8", errors="replace") for symbol in found]

    return read


def _opencv() -> Decode:
    import cv2
    import numpy as np

    # The plain detector of OpenCV 5 misses clean codes that this one reads.
    detector = cv2.QRCodeDetectorAruco()

    def read(pixels: bytes, width: int, height: int) -> list[str]:
        image = np.frombuffer(pixels, np.uint8).reshape(height, width)
        try:
            _, texts, _, _ = detector.detectAndDecodeMulti(image)
        except (cv2.error, UnicodeDecodeError):
            return []
        return list(texts)

    return read
