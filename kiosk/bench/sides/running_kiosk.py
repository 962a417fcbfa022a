"""The kiosk as it runs in a classroom: how soon it recognises, what its window shows, what it holds in memory.

Child processes only; the window is the real one, drawn offscreen on the child's main thread.
"""

import json
import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import psutil

from kiosk import bootstrap
from kiosk.bench.answers import RunningAnswer, StartAnswer
from kiosk.bench.sides.enrolled_class import ACTOR, Model, open_copy
from kiosk.domain.people.staff import Role
from kiosk.errors import ModelError
from kiosk.services.events import RecognitionReady
from kiosk.translation import _

if TYPE_CHECKING:
    from kiosk.gui.automation import WindowHandle

_READY_S: Final = 60.0
_POLL_S: Final = 0.002
_SAMPLE_S: Final = 0.2
_SETTLE_S: Final = 2.0
_SCREEN: Final = (1920, 1080)


@dataclass(frozen=True, slots=True)
class Start:
    """Presses Start in a process that has nothing loaded yet."""

    folder: Path
    model: Model
    video: Path

    def rounds(self) -> Iterator[StartAnswer]:
        """One round: a process starts only once."""
        ready = threading.Event()
        camera = bootstrap.open_source(str(self.video))

        def on_event(_event: RecognitionReady) -> None:
            ready.set()

        with open_copy(self.folder, self.model, source=camera) as (kiosk, course):
            kiosk.events.subscribe(RecognitionReady, on_event)
            runtime = kiosk.app.runtime
            began = time.monotonic()
            runtime.start_class(course.course_id, actor=ACTOR)
            while runtime.preview.frame() is None and time.monotonic() - began < _READY_S:
                time.sleep(_POLL_S)
            picture_s = time.monotonic() - began
            if not ready.wait(_READY_S):
                raise ModelError(_("Recognition did not start."))
            recognising_s = time.monotonic() - began
            with _Memory() as memory:
                time.sleep(_SETTLE_S)
            runtime.end_class(actor=ACTOR)
        yield StartAnswer(picture_s, recognising_s, memory.most_mb, _has_tensorflow())


@dataclass(frozen=True, slots=True)
class Running:
    """Shows the whole window while a video is recognised in real time.

    Attributes:
        folder: The enrolled class.
        video: Played as a camera would, over and over.
        seconds: For how long it is watched.
    """

    folder: Path
    model: Model
    video: Path
    seconds: float

    def rounds(self) -> Iterator[RunningAnswer]:
        from kiosk.camera.paced import PacedSource
        from kiosk.gui.application import AutoStart, run_window

        _offscreen(self.folder.parent / "screen.json")
        camera = PacedSource(bootstrap.open_recording(str(self.video)), loop=True)
        ready = threading.Event()

        def on_event(_event: RecognitionReady) -> None:
            ready.set()

        with (
            open_copy(self.folder, self.model, source=camera, for_window=True) as (kiosk, course),
            _Shown() as shown,
        ):
            kiosk.events.subscribe(RecognitionReady, on_event)
            found: list[RunningAnswer] = []

            def watch(window: "WindowHandle") -> None:
                try:
                    if ready.wait(_READY_S):
                        time.sleep(_SETTLE_S)
                        found.append(self._watch(kiosk, shown))
                finally:
                    window.close_window()

            password = "of the bench alone"  # noqa: S105 - a throw-away database
            teacher = kiosk.app.people.accounts.add(
                name="Bench", role=Role.TEACHER, password=password, actor=ACTOR
            )
            auto = AutoStart(
                user=teacher,
                course_id=course.course_id,
                locked=False,
                on_shown=lambda window: threading.Thread(target=watch, args=(window,), name="bench").start(),
            )
            run_window(nullcontext(kiosk.app), windowed=False, auto=auto)
        if not found:
            raise ModelError(_("Recognition did not start beside the window."))
        yield found[0]

    def _watch(self, kiosk: bootstrap.Kiosk, shown: "_Shown") -> RunningAnswer:
        run = kiosk.runtime.run
        if run is None:
            raise ModelError(_("The class ended before it was watched."))
        began, pictures, looked = time.monotonic(), shown.pictures, run.vision.frames_seen
        with _Memory() as memory:
            time.sleep(self.seconds)
        seconds = time.monotonic() - began
        return RunningAnswer(
            (shown.pictures - pictures) / seconds,
            (run.vision.frames_seen - looked) / seconds,
            memory.most_mb,
            _has_tensorflow(),
        )


class _Shown:
    """Counts the different camera pictures that the window paints."""

    def __init__(self) -> None:
        self.pictures = 0

    def __enter__(self) -> "_Shown":
        from kiosk.gui.attendance.kiosk_screen.camera_view import CameraView

        paint, poll = CameraView.paintEvent, CameraView.poll
        newest = painted = -1

        def polled(view: CameraView, frame: Any, *others: Any) -> None:
            nonlocal newest
            newest = newest if frame is None else frame.index
            poll(view, frame, *others)

        def paints(view: CameraView, event: Any) -> None:
            nonlocal painted
            paint(view, event)
            if newest != painted:
                painted = newest
                self.pictures += 1

        for name, own in {"poll": polled, "paintEvent": paints}.items():
            setattr(CameraView, name, own)
        return self

    def __exit__(self, *_: object) -> None:
        """The process ends with it."""


class _Memory:
    """The most memory this process held while it was watched."""

    def __init__(self) -> None:
        self.most_mb = 0.0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._look, name="memory")

    def __enter__(self) -> "_Memory":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _look(self) -> None:
        process = psutil.Process()
        while True:
            self.most_mb = max(self.most_mb, process.memory_info().rss / 1024**2)
            if self._stop.wait(_SAMPLE_S):
                return


def _has_tensorflow() -> bool:
    return "tensorflow" in sys.modules


def _offscreen(path: Path) -> None:
    """A screen of 1080p that nobody sees; Qt's own is 800×800."""
    width, height = _SCREEN
    screen = {
        "name": "bench",
        "x": 0,
        "y": 0,
        "width": width,
        "height": height,
        "logicalDpi": 96,
        "logicalBaseDpi": 96,
        "dpr": 1,
    }
    path.write_text(json.dumps({"screens": [screen]}), encoding="utf-8")
    os.environ["QT_QPA_PLATFORM"] = f"offscreen:configfile={path}"
