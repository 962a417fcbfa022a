"""Official weights where they are installed, seeded ones where not: right architecture and time, no skill.

Seeded models live in the bench's scratch folder and are gone with it; the model store never sees them.
"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kiosk.bench.sides.enrolled_class import Model
from kiosk.domain.faces.recognition import BUILTIN_MODEL
from kiosk.errors import ModelError, NotFoundError
from kiosk.translation import _
from kiosk.vision.embedding.deepface_networks import network_named
from kiosk.vision.embedding.seeded_weights import write_seeded_weights
from kiosk.vision.models.conversion import DeepfaceConversions
from kiosk.vision.models.conversion_record import converted_model, is_of_known_training, read_record
from kiosk.vision.models.manifest import read_manifest
from kiosk.vision.models.model_choice import kept_weights


@dataclass(frozen=True, slots=True)
class SeedModel:
    """Makes seeded weights for one of deepface's networks, and installs them into a scratch models directory.

    Attributes:
        weights: The `.h5` file to write.
        models_dir: Where the converted model goes; None when only deepface needs the weights.
    """

    name: str
    weights: Path
    models_dir: Path | None

    def rounds(self) -> Iterator[float | None]:
        """One round: the smallest cosine of the conversion's own check."""
        write_seeded_weights(self.name, self.weights)
        if self.models_dir is None:
            yield None
            return
        entry = read_manifest()[self.name]
        conversions = DeepfaceConversions()
        yield conversions.convert(
            entry, self.weights, self.models_dir, weights_from="seeded random numbers"
        ).cosine


def known_models() -> tuple[str, ...]:
    """Names of all recognition models."""
    return tuple(entry.name for entry in read_manifest().values() if entry.recognition is not None)


def installed_model(name: str, models_dir: Path) -> Model | None:
    """The model, and whether it has its author's weights; None when it is not installed, or damaged.

    Raises:
        NotFoundError: No such model.
    """
    if name not in known_models():
        raise NotFoundError(
            _("There is no recognition model {name}.", name=name),
            _("Known: {known}.", known=", ".join(known_models())),
        )
    if name == BUILTIN_MODEL:
        return Model(name, models_dir, official=True)
    manifest = read_manifest()
    official = []
    try:
        for entry in (manifest[part] for part in manifest[name].parts or (name,)):
            converted_model(models_dir, entry)
            record = read_record(models_dir, entry)
            official.append(record is not None and is_of_known_training(record, entry))
    except ModelError:
        return None
    return Model(name, models_dir, official=all(official))


def official_weights(name: str, models_dir: Path) -> Path | None:
    """The weights that an installed model was converted from, where they were kept."""
    try:
        return kept_weights(models_dir, read_manifest()[name])
    except ModelError:
        return None


def scratch_models(models_dir: Path, folder: Path) -> Path:
    """A models directory to experiment in, with links to nothing: detectors and the built-in model are copied."""
    folder.mkdir()
    for file in models_dir.glob("*.onnx*"):
        shutil.copyfile(file, folder / file.name)
    return folder


def weights_file(name: str) -> str:
    """What deepface calls the weights of a network."""
    return network_named(name).weights_file
