"""A thread that gives or takes the frames of a class, from start to stop."""

import logging
import threading

from kiosk.domain.faces.frames import Frame
from kiosk.services.events import Events, WorkerFailed
from kiosk.services.faces.recognition.slots import Slot
from kiosk.translation import _

log = logging.getLogger(__name__)


class FrameWorker:
    """One thread beside one slot of frames.

    Args:
        name: Of the thread, and in `WorkerFailed`.
        frames: Closed when the worker is stopped, so that nobody waits at it.
        trouble: What to say when the thread met something unforeseen: a sentence and a hint, marked for translation.
    """

    def __init__(self, *, name: str, frames: Slot[Frame], events: Events, trouble: tuple[str, str]) -> None:
        self._name = name
        self._frames = frames
        self._events = events
        self._trouble = trouble
        self._stop = threading.Event()
        self.ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Start the thread; loading and opening is the first thing it does."""
        self._thread.start()

    def stop(self, timeout_s: float) -> bool:
        """Finish the frame under way and end; False when the thread did not end in time."""
        self._stop.set()
        self._frames.close()
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _work(self) -> None:
        """Run until stopped, on the thread."""
        raise NotImplementedError

    def _after_failure(self) -> None:
        """What is still to do when the work failed."""

    def _finish(self) -> None:
        """What is to do at the end, whatever happened."""

    def _run(self) -> None:
        try:
            self._work()
        except Exception:  # the top of a thread
            log.exception("the thread %s met something unforeseen", self._name)
            text, hint = self._trouble
            self._events.emit(WorkerFailed(self._name, _(text), _(hint)))
            self._after_failure()
        finally:
            self._finish()
            self.ended.set()
