"""Reading QR codes from frames, by a process that may die. Callable from any thread; one call at a time."""

import json
import logging
import multiprocessing
import threading
import time
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from multiprocessing.shared_memory import SharedMemory
from typing import Final

import cv2
import numpy as np

from kiosk.codes.reader_process import SIZE, Engine, serve
from kiosk.domain.faces.frames import BgrImage

MAX_PIXELS: Final = 3840 * 2160
"""Larger pictures are scaled down to 4K."""

START_S: Final = 5.0
"""Longest wait for the process to start; 0.3 s is usual. What stands still for longer than this, and `_STOP_S`, hangs."""

REST_S: Final = 30.0
"""After a start that failed, reading rests this long."""

_STOP_S: Final = 2.0
_ANSWER_BYTES: Final = 2_000_000

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Child:
    process: SpawnProcess
    connection: Connection


class PyzbarReader:
    """Reads QR codes, and nothing else, in a child process.

    The process starts with the first picture, and again after it died or took too long. zbar reads; where its
    library is missing, OpenCV does. Close the reader when it is no longer needed.
    """

    def __init__(self, *, engine: Engine | None = None) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._memory: SharedMemory | None = None
        self._child: _Child | None = None
        self._rest_until = float("-inf")
        self._closed = False
        self._running: str | None = None
        self._failures = 0

    @property
    def engine(self) -> str | None:
        """``zbar`` or ``opencv`` once the process has run, else None."""
        return self._running

    @property
    def pid(self) -> int | None:
        """Number of the child process, None while there is none."""
        child = self._child
        return None if child is None else child.process.pid

    @property
    def failures(self) -> int:
        return self._failures

    def read(self, image: BgrImage, *, timeout_s: float = 2.0) -> list[str]:
        """Texts of all QR codes in a BGR picture; each has at most 3000 characters and no control characters.

        Empty when there is none, the picture took longer than `timeout_s`, or the process died over it.
        """
        with self._lock:
            child = self._ready()
            self._failures += 1
            if child is None or self._memory is None:
                return []
            grey = _grey(image)
            height, width = grey.shape
            target = np.ndarray(grey.shape, np.uint8, buffer=self._memory.buf)
            np.copyto(target, grey)
            del target  # shared memory cannot be closed while an array looks at it
            answer = _ask(child, width, height, timeout_s)
            if answer is None:
                _log.warning("the code reader died or hung; it is started again")
                self._stop()
                return []
            self._failures = 0
            return answer

    def close(self) -> None:
        """Stop the process and give the shared memory back; afterwards `read` finds nothing."""
        with self._lock:
            self._closed = True
            self._stop()
            if self._memory is not None:
                self._memory.close()
                self._memory.unlink()
                self._memory = None

    def _ready(self) -> _Child | None:
        if self._closed:
            return None
        if self._child is not None and not self._child.process.is_alive():
            _log.warning("the code reader had died; it is started again")
            self._stop()
        if self._child is None and time.monotonic() >= self._rest_until:
            self._start()
        return self._child

    def _start(self) -> None:
        if self._memory is None:
            self._memory = SharedMemory(create=True, size=MAX_PIXELS)
        spawn = multiprocessing.get_context("spawn")
        ours, theirs = spawn.Pipe()
        process = spawn.Process(
            target=serve, args=(theirs, self._memory.name, self._engine), name="code-reader", daemon=True
        )
        process.start()
        theirs.close()
        self._child = _Child(process, ours)
        try:
            if ours.poll(START_S):
                self._running = ours.recv_bytes(64).decode()
                _log.info("the code reader started with %s", self._running)
                return
        except (EOFError, OSError):
            pass
        self._stop()
        self._rest_until = time.monotonic() + REST_S
        _log.warning("the code reader did not start; codes are not read for %.0f s", REST_S)

    def _stop(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        child.connection.close()
        child.process.kill()
        child.process.join(_STOP_S)
        if child.process.exitcode is not None:
            child.process.close()


def _grey(image: BgrImage) -> BgrImage:
    """(height, width) in grey, at most `MAX_PIXELS` large."""
    grey = np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), dtype=np.uint8)
    if grey.size > MAX_PIXELS:
        height, width = grey.shape
        factor = (MAX_PIXELS / grey.size) ** 0.5
        size = max(1, int(width * factor)), max(1, int(height * factor))
        grey = np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    return grey


def _ask(child: _Child, width: int, height: int, timeout_s: float) -> list[str] | None:
    """One question to the process; None when it died or did not answer in time."""
    try:
        child.connection.send_bytes(SIZE.pack(width, height))
        if not child.connection.poll(timeout_s):
            return None
        answer = json.loads(child.connection.recv_bytes(_ANSWER_BYTES))
    except (EOFError, OSError, ValueError):
        return None
    return [str(text) for text in answer]
