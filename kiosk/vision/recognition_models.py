"""The detector and the embedder that a kiosk recognises with, loaded when first needed. From any thread.

Heavy libraries are imported by the calls that load.
"""

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from kiosk.domain.faces.recognition import BUILTIN_MODEL, BUILTIN_TEMPLATES, ModelInfo
from kiosk.errors import KioskError
from kiosk.services.ports.vision import Detector, Embedder
from kiosk.settings import Engine, ModelChoice, Reach
from kiosk.vision.embedding.deepface_networks import NETWORKS
from kiosk.vision.models.model_choice import (
    DetectorFiles,
    InstalledFiles,
    detector_files,
    installed_as,
    model_in_use,
    settled_model,
    wanted_model,
)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Shelved:
    """What a choice of model came to; `installed` tells whether it was installed again since."""

    model: str
    installed: InstalledFiles
    engine: Engine
    reach: Reach
    detectors: DetectorFiles
    detector: Detector
    embedder: Embedder
    warning: str


class RecognitionModels:
    """Detector and embedder, built on first use and shared by one thread at a time.

    A changed choice of model, or a model or face detector installed meanwhile (again), is taken up by the next `get`.
    """

    def __init__(
        self,
        *,
        models_dir: Path,
        reach: Reach,
        model: str = ModelChoice.AUTO.value,
        engine: Engine = Engine.LITERT,
        enrolled: Callable[[], Mapping[str, int]] = dict,
    ) -> None:
        """Load nothing yet; `enrolled` counts the stored templates by model, which `AUTO` stays with."""
        self._models_dir = models_dir
        self._reach = reach
        self._chosen = model, engine
        self._enrolled = enrolled
        self._settled: tuple[str, str] | None = None
        self._lock = threading.Lock()
        self._built: _Shelved | None = None

    def choose(self, *, model: str, engine: Engine, reach: Reach | None = None) -> None:
        """Use another model, run it another way, or look farther (None: as far as now), from the next `get` on."""
        self._chosen = model, engine
        self._reach = reach or self._reach

    def get(self) -> tuple[Detector, Embedder]:
        """The detector and the embedder for the vision thread.

        Raises:
            ModelError: Neither the chosen model nor the built-in one can be used.
        """
        with self._lock:
            built = self._built
            if built is None or not self._is_current(built):
                self._built = None  # two networks at once would take the memory of two
                self._built = built = self._build(self._reach)
            return built.detector, built.embedder

    def abandon(self) -> None:
        """Let go of what a thread that hangs may hold, also while it loads; the next `get` loads anew."""
        self._lock, self._built = threading.Lock(), None

    def info(self) -> ModelInfo:
        return self.get()[1].info

    def build(self, reach: Reach) -> tuple[Detector, Embedder]:
        """A pair of its own, for another thread."""
        built = self._build(reach)
        return built.detector, built.embedder

    def build_embedder(self, name: str) -> Embedder:
        """An embedder of exactly this model, named as commands or as templates do, for another thread.

        Raises:
            NotFoundError: No such recognition model.
            ModelError: It is not installed, damaged or swapped.
        """
        from kiosk.vision.factory import load_embedder

        # Templates by the plain name of a network of deepface's are those of its own way of feeding.
        by_deepface = self._by_deepface and name in NETWORKS
        return load_embedder(self._models_dir, name, engine="tensorflow" if by_deepface else "litert")

    def model_name(self) -> str:
        """The model that the next class is recognised with, as templates refer to it; quick, nothing is loaded."""
        built = self._built
        if built is not None and self._is_current(built):
            return built.embedder.info.name
        wanted = self.chosen()
        if self._by_deepface and wanted in NETWORKS:
            return wanted
        return model_in_use(self._models_dir, wanted)

    def chosen(self) -> str:
        """What the setting *Model* comes to, as commands and settings call it; quick, nothing is loaded.

        `AUTO` is looked up anew when another model is the best one installed, or the one that it came to is gone.
        """
        model = self._chosen[0]
        best = wanted_model(self._models_dir, model)
        if model != ModelChoice.AUTO.value:
            return best
        settled = self._settled
        if settled is not None and settled[0] == best and self._is_there(settled[1]):
            return settled[1]
        try:
            found = settled_model(self._models_dir, self._enrolled())
        except KioskError:
            log.warning("nobody can say which model knows the enrolled faces", exc_info=True)
            return settled[1] if settled is not None else best
        self._settled = best, found
        return found

    def _is_there(self, name: str) -> bool:
        return name == BUILTIN_MODEL or model_in_use(self._models_dir, name) != BUILTIN_TEMPLATES

    @property
    def _by_deepface(self) -> bool:
        return self._chosen[1] is Engine.TENSORFLOW

    @property
    def warning(self) -> str:
        """Why the chosen model is not used; empty when it is, or nothing is loaded."""
        built = self._built
        return built.warning if built is not None else ""

    def warm_up(self) -> None:
        """Load the models ahead of the first class."""
        self.get()

    def _is_current(self, built: _Shelved) -> bool:
        wanted, engine = self.chosen(), self._chosen[1]
        found = installed_as(self._models_dir, wanted), detector_files(self._models_dir)
        seen = built.installed, built.detectors
        chosen = wanted, engine, self._reach
        return (built.model, built.engine, built.reach) == chosen and seen == found

    def _build(self, reach: Reach) -> _Shelved:
        from kiosk.vision.factory import build_detector, build_embedder

        wanted, engine = self.chosen(), self._chosen[1]
        installed, detectors = installed_as(self._models_dir, wanted), detector_files(self._models_dir)
        found = build_detector(self._models_dir, reach=reach.value)
        chosen = build_embedder(self._models_dir, model=wanted, engine=engine.value)
        for warning in filter(None, (found.warning, chosen.warning)):
            log.warning("%s", warning)
        return _Shelved(
            wanted, installed, engine, reach, detectors, found.detector, chosen.embedder, chosen.warning
        )
