"""One run from drawing the people to the report. Runs on the command's main thread; everything measured is in children.

Writes into one temporary directory and, at most, the built-in model's file into the models directory; no network.
"""

import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from kiosk.bench.figures import least_cosine
from kiosk.bench.machine import describe_machine
from kiosk.bench.measurements import (
    BUILTIN,
    DEEPFACE,
    DLIB,
    FACE_RECOGNITION,
    FIND,
    FIVE,
    OURS,
    STRANGERS,
    Measurements,
)
from kiosk.bench.options import DEFAULT_MODEL, BenchOptions
from kiosk.bench.report import Report
from kiosk.bench.sides.child import BenchError, Task, once
from kiosk.bench.sides.deepface_side import (
    YUNET,
    DeepfaceEmbedding,
    DeepfaceFindLoop,
    DeepfaceHome,
    find_yunet,
    users_weights,
)
from kiosk.bench.sides.dlib_side import DlibEmbedding, FaceRecognitionLoop
from kiosk.bench.sides.enrolled_class import EnrolClass, Model
from kiosk.bench.sides.film import Film, FilmTask, queue_ways, student_number
from kiosk.bench.sides.gallery_search import GallerySearch
from kiosk.bench.sides.our_side import BuiltinEmbedding, ConvertedEmbedding, OurLoop, Stages
from kiosk.bench.sides.queue_side import Queue
from kiosk.bench.sides.running_kiosk import Running, Start
from kiosk.bench.sides.side import Answers, by_turns
from kiosk.bench.weights import SeedModel, installed_model, official_weights, scratch_models, weights_file
from kiosk.domain.faces.recognition import BUILTIN_MODEL
from kiosk.errors import KioskError
from kiosk.translation import _
from kiosk.vision.embedding.deepface_networks import NETWORKS
from kiosk.vision.models.manifest import read_manifest

R = TypeVar("R")
Say = Callable[[str], None]


def run_bench(options: BenchOptions, *, models_dir: Path, say: Say) -> Report:
    """Measure everything; takes minutes.

    Raises:
        NotFoundError: No such model.
        BenchError: The videos could not be made, or the model could not be made ready.
    """
    began = time.monotonic()
    installed = installed_model(options.model, models_dir)
    measured = Measurements(
        describe_machine(), options.model, official=installed is not None and installed.official
    )
    with tempfile.TemporaryDirectory(prefix="kiosk-bench-", ignore_cleanup_errors=True) as folder:
        _Run(options, models_dir, Path(folder), say, measured).run(installed)
    measured.seconds = time.monotonic() - began
    return Report(measured)


class _Run:
    """The steps of a run, in order."""

    def __init__(
        self, options: BenchOptions, models_dir: Path, scratch: Path, say: Say, measured: Measurements
    ) -> None:
        self._options = options
        self._models_dir = models_dir
        self._scratch = scratch
        self._say = say
        self._measured = measured
        self._home = DeepfaceHome(scratch)
        self._with_yunet = False
        self._same_weights = True

    def run(self, installed: Model | None) -> None:
        options, measured = self._options, self._measured
        self._say(_("Drawing the class and filming it"))
        film = once(FilmTask(self._scratch / "film", options.film_s, options.people), self._scratch)
        model = self._ready(installed)
        builtin = Model(BUILTIN_MODEL, self._models_dir, official=True)
        self._say(_("Enrolling the class"))
        folder = self._enrol(model, film)
        decided = folder if model.name == BUILTIN_MODEL else self._enrol(builtin, film)
        self._say(_("One face, by turns"))
        measured.embeddings = self._by_turns(self._embeddings(model, film))
        measured.cosine = self._cosine()
        self._say(_("Whole loops, by turns"))
        measured.loops = self._by_turns(self._loops(model, folder, film))
        self._say(_("A frame's stages, and the gallery"))
        measured.stages = self._try("stages_ms", Stages(model, film.crowd, 4 * options.frames))
        info = read_manifest()[model.name].recognition
        if info is not None:
            measured.search = self._try("search_ms", GallerySearch(info.dimensions, info.metric))
        self._say(_("The class in single file"))
        measured.queue = self._try("queue", self._queue(builtin, decided, film))
        self._say(_("Start, and the window"))
        measured.start = self._try("start", Start(folder, model, film.crowd))
        measured.running = self._try("window", Running(folder, model, film.five, options.watched_s))

    # -- making ready ----------------------------------------------------------------------------------------------

    def _ready(self, installed: Model | None) -> Model:
        """The model under test; and, where deepface runs beside it, what deepface would load from the internet."""
        if installed is not None and not self._options.contenders:
            return installed
        self._offer_yunet()
        if installed is None:
            name = self._options.model
            if name not in NETWORKS:
                raise BenchError(
                    _("{name} is not installed, and there are no weights to measure it without.", name=name),
                    _("Install it: kiosk models install {name}", name=name),
                )
            self._say(_("{name} is not installed: making it with seeded weights", name=name))
            models_dir = scratch_models(self._models_dir, self._scratch / "models")
            seeded = self._scratch / weights_file(name)
            once(SeedModel(name, seeded, models_dir), self._scratch)
            self._home.offer(seeded, weights_file(name))
            return Model(name, models_dir, official=False)
        self._offer_weights(self._network)
        return installed

    def _offer_weights(self, name: str) -> None:
        """The user's own weights for deepface, else seeded ones, which take the same time."""
        file = official_weights(name, self._models_dir) or users_weights(weights_file(name))
        if file is None:
            self._say(_("Making seeded weights of {name} for deepface", name=name))
            file = self._scratch / weights_file(name)
            self._try(DEEPFACE, SeedModel(name, file, None))
            self._measured.notes[DEEPFACE] = _(
                "its {name} ran on seeded weights, which take the same time", name=name
            )
            self._same_weights = False
        if file.is_file():
            self._home.offer(file, weights_file(name))

    def _offer_yunet(self) -> None:
        file = find_yunet(self._models_dir)
        self._with_yunet = file is not None
        if file is not None:
            self._home.offer(file, YUNET)

    def _enrol(self, model: Model, film: Film) -> Path:
        folder = self._scratch / f"class-{model.name}"
        once(EnrolClass(folder, model, film.portraits), self._scratch)
        return folder

    # -- the sides -------------------------------------------------------------------------------------------------

    @property
    def _network(self) -> str:
        """Which of deepface's networks stands against ours."""
        names = read_manifest()[self._options.model].parts or (self._options.model,)
        return next((name for name in names if name in NETWORKS), DEFAULT_MODEL)

    def _embeddings(self, model: Model, film: Film) -> dict[str, Task[Any]]:
        sides: dict[str, Task[Any]] = {}
        if model.name != BUILTIN_MODEL:
            sides[OURS] = ConvertedEmbedding(model, film.crops)
        sides[BUILTIN] = BuiltinEmbedding(self._models_dir, film.crops)
        if self._options.contenders:
            sides[DLIB] = DlibEmbedding(film.crops)
            if model.name not in NETWORKS:
                self._measured.missing[DEEPFACE] = (
                    _("deepface has this network from dlib: its time is dlib's own.")
                    if model.name == BUILTIN_MODEL
                    else _("deepface runs this network as this kiosk does: its time was not measured.")
                )
            else:
                sides[DEEPFACE] = DeepfaceEmbedding(model.name, film.crops)
        return sides

    def _loops(self, model: Model, folder: Path, film: Film) -> dict[str, Task[Any]]:
        sides: dict[str, Task[Any]] = {
            OURS: OurLoop(folder, model, film.crowd, undecided=False),
            STRANGERS: OurLoop(folder, model, film.crowd, undecided=True),
            FIVE: OurLoop(folder, model, film.five, undecided=False),
        }
        if self._options.contenders:
            frames = self._options.frames
            sides[FACE_RECOGNITION] = FaceRecognitionLoop(film.crowd, film.gallery, frames)
            sides[FIND] = DeepfaceFindLoop(
                self._network, film.crowd, film.gallery, frames, self._with_yunet, self._models_dir
            )
        return sides

    def _queue(self, model: Model, folder: Path, film: Film) -> Queue:
        people = self._options.people
        numbers = tuple(student_number(place) for place in range(people))
        return Queue(folder, model, film.queue, numbers, queue_ways(people))

    # -- asking ----------------------------------------------------------------------------------------------------

    def _by_turns(self, sides: Mapping[str, Task[Any]]) -> Answers:
        answers = by_turns(sides, self._scratch, rounds=self._options.rounds)
        self._measured.missing.update(answers.missing)
        for side, found in answers.rounds.items():
            note = getattr(found[0], "note", "")
            if note:
                self._measured.notes[side] = _(note)
        return answers

    def _try(self, what: str, task: Task[R]) -> R | None:
        """One round; what cannot be measured on this machine is said, and the rest goes on."""
        try:
            return once(task, self._scratch)
        except KioskError as error:
            self._measured.missing[what] = str(error)
            return None

    def _cosine(self) -> float | None:
        """The smallest cosine between our embeddings and deepface's of the same inputs, from the same weights."""
        rounds = self._measured.embeddings.rounds
        if not self._same_weights or not rounds.get(OURS) or not rounds.get(DEEPFACE):
            return None
        return least_cosine(rounds[OURS][0].vectors, rounds[DEEPFACE][0].vectors)
