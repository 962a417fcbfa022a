"""The learning thread: after a class, keeps the best pictures of students whom the camera surely named.

Owns the thread ``learning`` while there is something to do. It loads models of its own, gives way to a class that is open,
and can be stopped before any picture. Whatever fails, nothing is learned from that class and nobody is bothered.
"""

import logging
import threading
from collections import deque
from dataclasses import dataclass
from typing import Final

from kiosk.domain.trust.rights import Actor
from kiosk.errors import KioskError
from kiosk.services.attendance.running_class import RunningClass
from kiosk.services.events import SessionEnded
from kiosk.services.faces.clear_faces import ClearFace, ClearFaces
from kiosk.services.faces.enrolment import Enrolments
from kiosk.services.faces.learning import Learning
from kiosk.services.ports.progress import Progress

ACTOR: Final = "kiosk"
GIVE_WAY_S: Final = 0.1
"""Pause before each picture while a class is open: it needs the processor more."""

log = logging.getLogger(__name__)


class LearningWorker:
    """Runs `Learning` in the background, one class after the other."""

    def __init__(
        self,
        *,
        faces: ClearFaces,
        learning: Learning,
        enrolments: Enrolments,
        running: RunningClass,
        give_way_s: float = GIVE_WAY_S,
    ) -> None:
        self._faces = faces
        self._learning = learning
        self._enrolments = enrolments
        self._running = running
        self._give_way_s = give_way_s
        self._lock = threading.Lock()
        self._waiting: deque[tuple[int, tuple[ClearFace, ...]]] = deque()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def on_event(self, event: SessionEnded) -> None:
        """Begin with a class that ended; returns at once."""
        faces = self._faces.end(event.session_id)
        with self._lock:
            if not faces or self._stop.is_set():
                return
            self._waiting.append((event.session_id, faces))
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="learning", daemon=True)
                self._thread.start()

    def stop(self, timeout_s: float) -> bool:
        """End before the next picture, and learn no more; False when that took longer."""
        with self._lock:
            self._stop.set()
            self._waiting.clear()
            thread = self._thread
        if thread is None:
            return True
        thread.join(timeout_s)
        return not thread.is_alive()

    def gives_way(self) -> bool:
        """Pause while a class is open; True: end."""
        if self._running.is_open:
            self._stop.wait(self._give_way_s)
        return self._stop.is_set()

    def _run(self) -> None:
        while True:
            with self._lock:
                if not self._waiting:
                    self._thread = None
                    return
                session_id, faces = self._waiting.popleft()
            try:
                self._learning.learn(
                    session_id,
                    faces,
                    enrolment=self._enrolments.build(),
                    actor=Actor.system(ACTOR),
                    progress=_GivesWay(self),
                )
            except KioskError as error:
                log.info("nothing was learned from class %s: %s", session_id, error)
            except Exception:  # the top of a thread
                log.exception("the learning thread met something unforeseen")


@dataclass(frozen=True, slots=True)
class _GivesWay(Progress):
    """Lets the worker pause or end between pictures."""

    worker: LearningWorker

    def is_cancelled(self) -> bool:
        return self.worker.gives_way()
