"""Wires models: installing them, preparing stored pictures for another one, and what classes use meanwhile."""

from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from kiosk.domain.faces.frames import BgrImage
from kiosk.domain.faces.recognition import BUILTIN_TEMPLATES, ModelInfo
from kiosk.domain.trust.rights import Actor
from kiosk.pipeline.re_embedding_worker import ReEmbeddingWorker
from kiosk.services.app import AttendanceCases, ModelCases
from kiosk.services.core import Core
from kiosk.services.events import ReEmbeddingProgress
from kiosk.services.faces.lookalikes import Lookalikes
from kiosk.services.models.comparing import ComparingModels
from kiosk.services.models.installation import Models
from kiosk.services.models.model_change import ModelChange, ModelForClass
from kiosk.services.models.re_embedding import ReEmbedding, ReEmbeddingReport
from kiosk.services.ports.model_store import ModelStore
from kiosk.services.ports.progress import UNWATCHED, Progress
from kiosk.services.ports.settings import StoredSettings
from kiosk.services.ports.vision import Detector, Embedder
from kiosk.services.school.face_rules import FaceRules
from kiosk.services.school.school_settings import School
from kiosk.settings import Reach
from kiosk.storage.kept_comparison import load_comparison
from kiosk.vision.recognition_models import RecognitionModels


@dataclass(frozen=True, slots=True)
class Networks:
    """Loads detectors and embedders for threads of their own."""

    vision: RecognitionModels
    models_dir: Path
    rules: FaceRules

    def load(self, model: str) -> tuple[Detector, Embedder]:
        """A pair for stored pictures.

        Raises:
            ModelError: The model is not installed, or damaged.
            NotFoundError: There is no such model.
            ConflictError: The school uses no faces.
        """
        from kiosk.vision.factory import build_detector

        self.rules.require_use()

        embedder = self.vision.build_embedder(model)
        # A face fills half of a stored picture: looking farther only takes longer.
        return build_detector(self.models_dir, reach=Reach.NEAR.value).detector, embedder


@dataclass(frozen=True, slots=True)
class ModelChanges:
    """The model in use, and preparing pictures for another one: in the background or right here. Implements `ModelInUse`."""

    vision: RecognitionModels
    re_embedding: ReEmbedding
    worker: ReEmbeddingWorker
    _change: ModelChange
    networks: Networks

    def model_name(self) -> str:
        return self.vision.model_name()

    @property
    def warning(self) -> str:
        """Why the chosen model is not used; empty when it is, or nothing is loaded."""
        return self.vision.warning

    @property
    def preparing(self) -> ReEmbeddingProgress | None:
        return self.worker.newest

    def follow(self) -> None:
        """Prepare pictures for the model in use where it is another one than before; quick."""
        self.worker.follow(self.vision.model_name())

    def run(self, model: str, *, actor: Actor, progress: Progress = UNWATCHED) -> ReEmbeddingReport:
        """Prepare a model's templates in the calling thread.

        Raises:
            ModelError: The model is not installed, or damaged.
            NotFoundError: There is no such model.
        """
        detector, embedder = self.networks.load(model)
        return self.re_embedding.run(detector, embedder, actor=actor, progress=progress)

    def for_class(self, course_id: int, *, on: date, chosen: str) -> ModelForClass:
        """The model that a class is recognised with; nothing is loaded."""
        return self._change.for_class(
            course_id, on=on, chosen=chosen, usable=_installed(self.networks.models_dir, chosen)
        )


def build_model_changes(
    core: Core,
    rules: FaceRules,
    attendance: AttendanceCases,
    vision: RecognitionModels,
    lookalikes: Lookalikes,
) -> ModelChanges:
    """Wire it; nothing runs yet."""
    networks = Networks(vision, core.directories.models, rules)
    re_embedding = ReEmbedding(
        store=core.store, clock=core.clock, read_picture=_read_picture, lookalikes=lookalikes
    )
    worker = ReEmbeddingWorker(
        re_embedding=re_embedding, build=networks.load, running=attendance.running, events=core.events
    )
    return ModelChanges(vision, re_embedding, worker, ModelChange(store=core.store), networks)


def build_models(
    core: Core, school: School, attendance: AttendanceCases, settings: StoredSettings, changes: ModelChanges
) -> ModelCases:
    """Wire installing and choosing; looks at nothing yet."""
    installing = Models(
        open_store=partial(open_model_store, core.directories.models),
        store=core.store,
        clock=core.clock,
        settings=settings,
        chosen=changes.vision.chosen,
        measured=partial(load_comparison, core.directories.data),
    )
    comparing = ComparingModels(
        core=core,
        school=school,
        running=attendance.running,
        installed=partial(_names_of_installed, core.directories.models),
        load=changes.networks.load,
        read_picture=_read_picture,
    )
    return ModelCases(installing=installing, comparing=comparing, in_use=changes)


def open_model_store(models_dir: Path) -> ModelStore:
    """The model store over a directory; looks at nothing yet."""
    from kiosk.vision.models.conversion import DeepfaceConversions
    from kiosk.vision.models.installer import LocalModelStore

    return LocalModelStore(models_dir=models_dir, conversions=DeepfaceConversions())


def _installed(models_dir: Path, chosen: str) -> tuple[str, ...]:
    """Recognition models that seem to be there, besides the chosen one; no file is read."""
    from kiosk.vision.models.manifest import read_manifest
    from kiosk.vision.models.model_choice import model_in_use

    known: list[ModelInfo] = [entry.recognition for entry in read_manifest().values() if entry.recognition]
    names = [info.name for info in known if info.name != chosen]
    return tuple(name for name in names if model_in_use(models_dir, name) == name)


def _names_of_installed(models_dir: Path) -> tuple[str, ...]:
    """Recognition models that seem to be there, as commands call them; no file is read."""
    from kiosk.vision.models.manifest import read_manifest
    from kiosk.vision.models.model_choice import model_in_use

    return tuple(
        name
        for name, entry in read_manifest().items()
        if entry.recognition is not None
        and (entry.builtin or model_in_use(models_dir, name) != BUILTIN_TEMPLATES)
    )


def _read_picture(data: bytes) -> BgrImage:
    from kiosk.vision.pictures import read_picture

    return read_picture(data)
