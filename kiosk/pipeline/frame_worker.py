"""A thread that gives or takes the frames of a class, from start to stop."""

import logging
import sys
import threading
import traceback
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from kiosk.domain.faces.frames import Frame
from kiosk.services.events import Events, WorkerFailed
from kiosk.services.faces.recognition.slots import Slot
from kiosk.translation import _

STEP_S: Final = 8.0
"""A step that takes longer hangs: faces of one frame take a second on a slow PC."""

log = logging.getLogger(__name__)


class FrameWorker(ABC):
    """One thread beside one slot of frames.

    Args:
        name: Of the thread, and in `WorkerFailed`.
        frames: Closed when the worker is stopped, so that nobody waits at it.
        trouble: What to say when the thread met something unforeseen: a sentence and a hint, marked for translation.

    Attributes:
        steps: Counts up at the beginning and the end of each step, so a number that stays odd is a step that hangs.
        patience_s: How long the step under way may take.
    """

    def __init__(self, *, name: str, frames: Slot[Frame], events: Events, trouble: tuple[str, str]) -> None:
        self._name = name
        self._frames = frames
        self._events = events
        self._trouble = trouble
        self._stop = threading.Event()
        self._abandoned = False
        self.steps = 0
        self.patience_s = STEP_S
        self.ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Start the thread; loading and opening is the first thing it does."""
        self._thread.start()

    def stop(self, timeout_s: float) -> bool:
        """Finish the frame under way and end; False when the thread did not end in time."""
        self._stop.set()
        self._frames.close()
        if self._abandoned:
            return True
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    @property
    def is_at_step(self) -> bool:
        """Whether a step is under way, and somebody waits for it."""
        return self.steps % 2 == 1 and not self._abandoned

    def retire(self) -> None:
        """Let it end, because another worker takes its place at the same slot; what it is at now is told to nobody."""
        self._abandoned = True
        self._stop.set()

    def abandon(self) -> None:
        """Wait for the thread no more: it hangs. When it comes back it ends, and what it brings is ignored."""
        self.retire()
        log.critical("the thread %s hangs:\n%s", self._name, stack_of(self._thread))

    @contextmanager
    def _step(self, patience_s: float = STEP_S) -> Iterator[None]:
        """Work that should not take longer; on the thread."""
        self.patience_s = patience_s
        self.steps += 1
        try:
            yield
        finally:
            self.steps += 1

    @abstractmethod
    def _work(self) -> None:
        """Run until stopped, on the thread."""

    def _after_failure(self) -> None:  # noqa: B027 - nothing, for most
        """What is still to do when the work failed."""

    def _finish(self) -> None:  # noqa: B027 - nothing, for some
        """What is to do at the end, whatever happened."""

    def _run(self) -> None:
        try:
            self._work()
        except Exception:  # the top of a thread
            log.exception("the thread %s met something unforeseen", self._name)
            if not self._abandoned:
                text, hint = self._trouble
                self._events.emit(WorkerFailed(self._name, _(text), _(hint)))
                self._after_failure()
        finally:
            self._finish()
            self.ended.set()


def stack_of(thread: threading.Thread) -> str:
    """Where a thread is now; empty for one that does not run."""
    frame = sys._current_frames().get(thread.ident or 0)
    return "".join(traceback.format_stack(frame)) if frame is not None else ""
