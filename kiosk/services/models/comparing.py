"""Measuring all installed models on the school's people, in the background. One measurement at a time, on a thread of its own.

Each model embeds the same enrolled pictures anew, with one detector; nothing of that is stored. Learned pictures are left out: they were
chosen by the model in use, which would look better than it is. It gives way to a class that is
open, and may be stopped after any picture. What is kept is the outcome, rates and a day.
"""

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from zoneinfo import ZoneInfo

from kiosk.domain.faces.calibration import MIN_PEOPLE
from kiosk.domain.faces.recognition import Gallery, Template
from kiosk.domain.models.model_comparison import ModelComparison, ModelOnPeople, compare, look_at
from kiosk.domain.people.consents import ConsentKind
from kiosk.domain.trust.rights import Actor, Right
from kiosk.errors import ConflictError, FileFormatError, KioskError
from kiosk.services.attendance.running_class import RunningClass
from kiosk.services.core import Core
from kiosk.services.models.re_embedding import template_of
from kiosk.services.people.consents import consents
from kiosk.services.ports.progress import UNWATCHED, Counter, Progress
from kiosk.services.ports.vision import Detector, Embedder, PictureReader
from kiosk.services.school.school_settings import School
from kiosk.services.trust.rights import require
from kiosk.storage.kept_comparison import load_comparison, save_comparison
from kiosk.storage.store import Repositories
from kiosk.translation import _

MOST_PEOPLE: Final = 300
"""Those with most pictures; a class has no more, and more would only take longer."""
GIVE_WAY_S: Final = 0.1
"""Pause after each picture while a class is open: it needs the processor more."""
CLOSE_S: Final = 5.0
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ComparisonJob:
    """A measurement, running or over.

    Attributes:
        done: Pictures that were looked at.
        of: How many there are for all models together.
        running: Whether it goes on.
        found: What came of it; None while it runs and when it failed or was stopped.
        error: Why it failed.
    """

    done: int = 0
    of: int = 0
    running: bool = True
    found: ModelComparison | None = None
    error: KioskError | None = None


class _StoppedError(Exception):
    """Somebody stopped it."""


class ComparingModels(Progress):
    """Compares the installed models; screens look at `job` a few times a second."""

    def __init__(
        self,
        *,
        core: Core,
        school: School,
        running: RunningClass,
        installed: Callable[[], Sequence[str]],
        load: Callable[[str], tuple[Detector, Embedder]],
        read_picture: PictureReader,
    ) -> None:
        """Look at nothing yet.

        Args:
            core: Where pictures and the outcome are kept.
            school: Whose thresholds are in force.
            running: The class that is given way to.
            installed: Names of the models that are there.
            load: Loads a detector and a model for the calling thread.
            read_picture: Reads a kept picture.
        """
        self._core = core
        self._school = school
        self._running = running
        self._installed = installed
        self._load = load
        self._read_picture = read_picture
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self.job: ComparisonJob | None = None

    @property
    def zone(self) -> ZoneInfo:
        """In which days are told."""
        return self._core.zone

    def newest(self) -> ModelComparison | None:
        """The last measurement; reads a file."""
        return load_comparison(self._core.directories.data)

    def start(self, *, actor: Actor) -> None:
        """Begin to measure in the background. Raises ConflictError: that goes on already."""
        require(self._core.store, actor, Right.ADMINISTER)
        with self._lock:
            if self.job is not None and self.job.running:
                raise ConflictError(_("The models are being measured."), _("Wait until that is done."))
            self._stop.clear()
            self.job = ComparisonJob()
            self._thread = threading.Thread(
                target=self._run, args=(actor,), name="model-comparison", daemon=True
            )
            self._thread.start()

    def stop(self) -> None:
        """Stop after the picture under way; what was kept before stays."""
        self._stop.set()

    def close(self) -> None:
        """Stop it and wait a little."""
        self.stop()
        if self._thread is not None:
            self._thread.join(CLOSE_S)

    def measure(self, *, actor: Actor, progress: Progress = UNWATCHED) -> ModelComparison | None:
        """Measure in the calling thread and keep the outcome; None where `progress` cancelled it.

        Raises:
            ModelError: A model that is installed is damaged.
            StorageError: A picture cannot be decrypted, or the outcome cannot be written.
        """
        require(self._core.store, actor, Right.ADMINISTER)
        people, pictures = self._core.store.read(_people)
        models = self._installed() if len(people) >= MIN_PEOPLE else ()
        meter = _Meter(len(models) * pictures, progress)
        progress.report(0, len(models) * pictures)
        try:
            looked = [self._look(model, people, meter) for model in models]
        except _StoppedError:
            return None
        now = self._core.clock.now()
        found = compare(looked, measured_at=now, people=len(people), pictures=pictures)
        save_comparison(self._core.directories.data, found)
        return found

    # -- as the progress of its own thread ---------------------------------------------------------------------------

    def report(self, done: int, total: int) -> None:
        self._change(done=done, of=total)

    def is_cancelled(self) -> bool:
        if self._running.is_open:
            self._stop.wait(GIVE_WAY_S)
        return self._stop.is_set()

    # -- inside ------------------------------------------------------------------------------------------------------

    def _run(self, actor: Actor) -> None:
        try:
            self._change(running=False, found=self.measure(actor=actor, progress=self))
        except KioskError as error:
            self._change(running=False, error=error)
        except Exception:  # the top of a thread
            log.exception("measuring the models met something unforeseen")
            self._change(
                running=False,
                error=KioskError(
                    _("The models could not be measured."), _("The log of the program says why.")
                ),
            )

    def _change(self, **changes: Any) -> None:
        if self.job is not None:
            self.job = replace(self.job, **changes)

    def _look(self, model: str, people: Sequence[int], meter: "_Meter") -> ModelOnPeople:
        detector, embedder = self._load(model)
        templates: list[Template] = []
        for student_id in people:
            templates += self._templates(student_id, detector, embedder, meter)
        gallery = Gallery.of(embedder.info, templates, zone=self._core.zone)
        limits = self._school.thresholds(embedder.info, people=gallery.people).thresholds
        return replace(look_at(gallery, limits), model=model)

    def _templates(
        self, student_id: int, detector: Detector, embedder: Embedder, meter: "_Meter"
    ) -> list[Template]:
        found = []
        samples = self._core.store.read(
            lambda repositories: (
                repositories.faces.samples(student_id) if consents(repositories, student_id) else []
            )
        )
        for sample in samples:
            if sample.origin.is_learned:
                continue
            meter.next()
            try:
                image = self._read_picture(sample.picture)
            except FileFormatError:
                continue
            template = template_of(sample, image, detector, embedder)
            if template is not None:
                found.append(template)
        return found


class _Meter(Counter):
    """Counts pictures and asks before each whether to go on."""

    def next(self) -> None:
        """Raises _StoppedError: somebody stopped it."""
        if self._progress.is_cancelled():
            raise _StoppedError
        self.add()


def _people(repositories: Repositories) -> tuple[list[int], int]:
    """Students who consent and have pictures, at most so many, and how many pictures they have together."""
    learned = repositories.faces.learned_counts()
    counts = {one: n - learned.get(one, 0) for one, n in repositories.faces.sample_counts().items()}
    willing = repositories.consents.given_by(counts, ConsentKind.FACE_RECOGNITION)
    people = sorted(willing, key=lambda one: (-counts[one], one))[:MOST_PEOPLE]
    return people, sum(counts[one] for one in people)
