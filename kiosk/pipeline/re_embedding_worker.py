"""The re-embedding thread: prepares stored pictures for a model in the background, one model at a time.

Owns the thread ``re-embedding`` while there is something to do. It loads a detector and an embedder of its own, gives way
to a class that is open, and can be stopped after any picture.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from kiosk.domain.trust.rights import Actor
from kiosk.errors import KioskError
from kiosk.services.attendance.running_class import RunningClass
from kiosk.services.events import Events, ReEmbeddingProgress, WorkerFailed
from kiosk.services.models.re_embedding import ReEmbedding
from kiosk.services.ports.progress import Progress
from kiosk.services.ports.vision import Detector, Embedder
from kiosk.translation import _

ACTOR: Final = "kiosk"
GIVE_WAY_S: Final = 0.1
"""Pause after each picture while a class is open: it needs the processor more."""

STEPS: Final = 100
"""At most so many events a run."""

log = logging.getLogger(__name__)

BuildPair = Callable[[str], tuple[Detector, Embedder]]
"""Loads a detector and the embedder of a model, for the calling thread."""


class ReEmbeddingWorker:
    """Runs `ReEmbedding` in the background."""

    def __init__(
        self,
        *,
        re_embedding: ReEmbedding,
        build: BuildPair,
        running: RunningClass,
        events: Events,
        give_way_s: float = GIVE_WAY_S,
    ) -> None:
        self._re_embedding = re_embedding
        self._build = build
        self._running = running
        self._events = events
        self._followed = ""
        self._give_way_s = give_way_s
        self._lock = threading.Lock()
        self._closed = False
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._model = ""
        self._next = ""
        self._newest: ReEmbeddingProgress | None = None

    @property
    def newest(self) -> ReEmbeddingProgress | None:
        """How far it is; None when nothing was ever to do."""
        return self._newest

    def follow(self, model: str) -> None:
        """Start when the model in use is another one than at the last call; quick, for housekeeping."""
        if model != self._followed:
            self._followed = model
            self.start(model)

    def start(self, model: str) -> None:
        """Prepare a model's templates; another model that is being prepared is put off. Returns at once."""
        with self._lock:
            if self._closed:
                return
            if self._thread is not None:
                if model != self._model:
                    self._next = model
                    self._stop.set()
                return
            self._begin(model)

    def stop(self, timeout_s: float) -> bool:
        """End after the picture under way; False when that took longer."""
        with self._lock:
            self._closed = True
            self._next = ""
            self._stop.set()
            thread = self._thread
        if thread is None:
            return True
        thread.join(timeout_s)
        return not thread.is_alive()

    def _begin(self, model: str) -> None:
        self._stop.clear()
        self._model = model
        self._thread = threading.Thread(target=self._run, args=(model,), name="re-embedding", daemon=True)
        self._thread.start()

    def _run(self, model: str) -> None:
        try:
            if self._re_embedding.outstanding(model):
                self._prepare(model)
        except KioskError as error:
            log.warning("the pictures could not be prepared for %s: %s", model, error.user_text)
            self._events.emit(WorkerFailed("re-embedding", error.user_text, error.hint))
        except Exception:  # the top of a thread
            log.exception("the re-embedding thread met something unforeseen")
            self._events.emit(
                WorkerFailed(
                    "re-embedding",
                    _("The stored pictures could not be prepared for {model}.", model=model),
                    _("Classes go on with the model before; see the log."),
                )
            )
        finally:
            with self._lock:
                self._thread = None
                following, self._next = self._next, ""
                if following and not self._closed:
                    self._begin(following)

    def _prepare(self, model: str) -> None:
        detector, embedder = self._build(model)
        report = self._re_embedding.run(
            detector, embedder, actor=Actor.system(ACTOR), progress=_Told(self, model)
        )
        lost = tuple(one.student_no for one in report.lost if one.all_of_them)
        before = self._newest
        done, of = (before.done, before.of) if before is not None else (0, 0)
        self._newest = ReEmbeddingProgress(model, done, of, stopped=not report.complete, lost=lost)
        self._events.emit(self._newest)

    def gives_way(self) -> bool:
        """Pause while a class is open; True: end."""
        if self._running.is_open:
            self._stop.wait(self._give_way_s)
        return self._stop.is_set()

    def tell(self, model: str, done: int, of: int) -> None:
        """Keep how far it is, and emit some of it."""
        progress = ReEmbeddingProgress(model, done, of)
        self._newest = progress
        if done < of and done % max(1, of // STEPS) == 0:
            self._events.emit(progress)


@dataclass(frozen=True, slots=True)
class _Told(Progress):
    """Passes the progress of one model on to its worker."""

    worker: ReEmbeddingWorker
    model: str

    def report(self, done: int, total: int) -> None:
        self.worker.tell(self.model, done, total)

    def is_cancelled(self) -> bool:
        return self.worker.gives_way()
