"""Wires what prepares stored pictures for another model, and what chooses a class's model meanwhile."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from kiosk.domain.faces.frames import BgrImage
from kiosk.domain.faces.recognition import ModelInfo
from kiosk.domain.trust.rights import Actor
from kiosk.pipeline.re_embedding_worker import ReEmbeddingWorker
from kiosk.services.events import OnEvent
from kiosk.services.faces.lookalikes import Lookalikes
from kiosk.services.models.model_change import ModelChange, ModelForClass
from kiosk.services.models.re_embedding import OnProgress, ReEmbedding, ReEmbeddingReport
from kiosk.services.ports.clock import Clock
from kiosk.services.ports.vision import Detector, Embedder
from kiosk.settings import Reach
from kiosk.storage.store import Store
from kiosk.vision.recognition_models import RecognitionModels


@dataclass(frozen=True, slots=True)
class ModelChanges:
    """Preparing pictures for a model, in the background or right here, and what classes use meanwhile."""

    re_embedding: ReEmbedding
    worker: ReEmbeddingWorker
    _change: ModelChange
    _models_dir: Path
    _load: Callable[[str], tuple[Detector, Embedder]]

    def run(self, model: str, *, actor: Actor, progress: OnProgress | None = None) -> ReEmbeddingReport:
        """Prepare a model's templates in the calling thread.

        Raises:
            ModelError: The model is not installed, or damaged.
            NotFoundError: There is no such model.
        """
        detector, embedder = self._load(model)
        return self.re_embedding.run(detector, embedder, actor=actor, progress=progress)

    def for_class(self, course_id: int, *, on: date, chosen: str) -> ModelForClass:
        """The model that a class is recognised with; nothing is loaded."""
        return self._change.for_class(
            course_id, on=on, chosen=chosen, usable=_installed(self._models_dir, chosen)
        )


def build_model_changes(
    *,
    vision: RecognitionModels,
    models_dir: Path,
    store: Store,
    clock: Clock,
    lookalikes: Lookalikes,
    class_is_open: Callable[[], bool],
    on_event: OnEvent,
) -> ModelChanges:
    """Wire it; nothing runs yet."""

    def load(model: str) -> tuple[Detector, Embedder]:
        from kiosk.vision.factory import build_detector

        embedder = vision.build_embedder(model)
        # A face fills half of a stored picture: looking farther only takes longer.
        return build_detector(models_dir, reach=Reach.NEAR.value).detector, embedder

    re_embedding = ReEmbedding(store=store, clock=clock, read_picture=_read_picture, lookalikes=lookalikes)
    worker = ReEmbeddingWorker(
        re_embedding=re_embedding, build=load, class_is_open=class_is_open, on_event=on_event
    )
    return ModelChanges(re_embedding, worker, ModelChange(store=store), models_dir, load)


def _installed(models_dir: Path, chosen: str) -> tuple[str, ...]:
    """Recognition models that seem to be there, besides the chosen one; no file is read."""
    from kiosk.vision.models.manifest import read_manifest
    from kiosk.vision.models.model_choice import model_in_use

    known: list[ModelInfo] = [entry.recognition for entry in read_manifest().values() if entry.recognition]
    names = [info.name for info in known if info.name != chosen]
    return tuple(name for name in names if model_in_use(models_dir, name) == name)


def _read_picture(data: bytes) -> BgrImage:
    from kiosk.vision.pictures import read_picture

    return read_picture(data)
