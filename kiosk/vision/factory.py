"""Makes detectors and embedders from what is installed; what `bootstrap` calls.

Called at start, from any thread.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import cv2

from kiosk.domain.faces.recognition import BUILTIN_MODEL, BUILTIN_TEMPLATES, ModelInfo
from kiosk.errors import KioskError, ModelError, NotFoundError
from kiosk.services.ports.vision import Detector, Embedder
from kiosk.translation import _
from kiosk.vision.detection.eyes_and_nose import EyesAndNose
from kiosk.vision.detection.hog_detector import HogDetector
from kiosk.vision.detection.quality import FaceQualityMeter
from kiosk.vision.detection.reach import Reach
from kiosk.vision.detection.yunet_detector import YunetDetector
from kiosk.vision.embedding.builtin_model import builtin_graph
from kiosk.vision.embedding.deepface_networks import fed_by_deepface, network_named
from kiosk.vision.embedding.dlib_resnet import DlibResNetEmbedder
from kiosk.vision.embedding.network_input import NetworkInput
from kiosk.vision.embedding.package_data import package_model
from kiosk.vision.liveness.liveness_files import ATTACK_DETECTORS
from kiosk.vision.liveness.minifasnet import MiniFasNet
from kiosk.vision.models.conversion_record import read_record, templates_of
from kiosk.vision.models.manifest import ModelEntry, entry_for, read_manifest
from kiosk.vision.models.model_choice import AUTO, kept_weights, wanted_model

EngineName = Literal["litert", "tensorflow"]

LANDMARKS: Final = "dlib-five-points"
YUNET_OPENCV5: Final = "yunet-2026may"
YUNET_OPENCV4: Final = "yunet-2023mar"
YUNET_OF_SET_UP: Final = "yunet-2023mar-int8bq"


@dataclass(frozen=True, slots=True)
class DetectorChoice:
    """The detector to use, and why it is not the better one.

    Attributes:
        detector: Ready for use.
        warning: A sentence and a hint for the operator when an installed detector cannot be used; empty otherwise.
    """

    detector: Detector
    warning: str = ""


@dataclass(frozen=True, slots=True)
class EmbedderChoice:
    """The embedder to use, and why it is not the one that was asked for.

    Attributes:
        embedder: Ready for use.
        warning: A sentence and a hint for the operator when the chosen model or engine cannot be used; empty otherwise.
    """

    embedder: Embedder
    warning: str = ""


def build_embedder(models_dir: Path, *, model: str = AUTO, engine: EngineName = "litert") -> EmbedderChoice:
    """The chosen model, or the built-in one with a warning.

    Args:
        models_dir: The model store; the built-in model is made in it at the first start.
        model: A recognition model's name, or `AUTO`: the best that is installed.
        engine: How deepface's networks are run. ``litert`` means the converted file, by LiteRT or, for VGG-Face, ncnn.
            ``tensorflow`` needs TensorFlow and the weights file in the store; where it cannot work, the other does.

    Raises:
        ModelError: The built-in model cannot be made either.
    """
    wanted = wanted_model(models_dir, model)
    if wanted == BUILTIN_MODEL:
        return EmbedderChoice(build_builtin_embedder(models_dir))
    engines: tuple[EngineName, ...] = ("litert",) if engine == "litert" else ("tensorflow", "litert")
    warnings: list[str] = []
    for one in engines:
        try:
            return EmbedderChoice(load_embedder(models_dir, wanted, engine=one), " ".join(warnings))
        except KioskError as error:
            warnings.append(str(error))
    warnings.append(_("The built-in model recognises instead."))
    return EmbedderChoice(build_builtin_embedder(models_dir), " ".join(warnings))


def load_embedder(models_dir: Path, name: str, *, engine: EngineName = "litert") -> Embedder:
    """An embedder of exactly this model.

    Raises:
        NotFoundError: No such recognition model.
        ModelError: It is not installed, damaged or swapped, or the engine cannot run it.
    """
    if name in {BUILTIN_MODEL, BUILTIN_TEMPLATES}:
        return build_builtin_embedder(models_dir)
    entry, info = _recognition_model(name)
    if entry.parts:
        return _joint_embedder(models_dir, entry, info, engine)
    if engine == "tensorflow":
        from kiosk.vision.embedding.deepface_embedder import DeepfaceEmbedder

        network = network_named(entry.name)
        weights = kept_weights(models_dir, entry)
        return DeepfaceEmbedder(
            weights=weights, network=network, info=fed_by_deepface(info), eyes=build_eyes()
        )
    from kiosk.vision.embedding.converted_embedder import ConvertedEmbedder
    from kiosk.vision.embedding.converted_network import open_installed
    from kiosk.vision.embedding.face_inputs import TrainedInputs

    inputs = TrainedInputs(_fed(entry), eyes=build_eyes())
    installed = open_installed(models_dir, entry.name)
    record = read_record(models_dir, entry)
    info = (templates_of(record, entry) if record is not None else None) or info
    return ConvertedEmbedder(network=installed, info=info, inputs=inputs)


def _joint_embedder(models_dir: Path, entry: ModelEntry, info: ModelInfo, engine: EngineName) -> Embedder:
    """All parts, each as it is by itself."""
    if engine == "tensorflow":
        raise ModelError(
            _("The engine tensorflow runs one network of deepface's at a time, not {name}.", name=entry.name),
            _("Choose one of its models."),
        )
    from kiosk.vision.embedding.joint_embedder import JointEmbedder

    embedders = [load_embedder(models_dir, part) for part in entry.parts]
    for part, embedder in zip(info.parts, embedders, strict=True):
        if embedder.info.name != part.name:
            raise ModelError(
                _("{name} was measured with other weights of {part}.", name=entry.name, part=part.model),
                _("Install it again: kiosk models install {name}", name=part.model),
            )
    return JointEmbedder(embedders, info=info)


def build_builtin_embedder(models_dir: Path) -> DlibResNetEmbedder:
    """The embedder that needs no download; its model file is made in `models_dir` at the first start.

    Raises:
        ModelError: The Python package with the weights is missing or damaged, or `models_dir` cannot be written.
    """
    entry, info = _recognition_model(BUILTIN_MODEL)
    graph = builtin_graph(models_dir, entry, package_model(entry.file))
    return DlibResNetEmbedder(graph=graph, info=info, landmarks=_landmarks())


def build_eyes() -> EyesAndNose:
    """Finds eyes and nose where a detector gives none.

    Raises:
        ModelError: The landmark model is missing or damaged.
    """
    return EyesAndNose(_landmarks())


def build_quality_meter() -> FaceQualityMeter:
    """A quality meter that knows the pose of every face.

    Raises:
        ModelError: The landmark model is missing or damaged.
    """
    return FaceQualityMeter(build_eyes())


def build_detector(models_dir: Path, *, reach: Literal["near", "far"]) -> DetectorChoice:
    """The best YuNet whose file is installed and whole, else dlib's HOG detector."""
    manifest = read_manifest()
    warnings = []
    for name in yunet_names(cv2.__version__):
        entry = manifest[name]
        path = models_dir / entry.file
        if not path.exists():
            continue
        try:
            detector = YunetDetector(path, entry=entry, reach=Reach(reach))
        except ModelError as error:
            warnings.append(str(error))
        else:
            return DetectorChoice(detector, " ".join(warnings))
    return DetectorChoice(HogDetector(reach=Reach(reach)), " ".join(warnings))


def load_detector(models_dir: Path, name: str, *, reach: Literal["near", "far"]) -> Detector:
    """A detector of exactly this name.

    Raises:
        NotFoundError: No such face detector.
        ModelError: It is not installed, damaged, or not made for this OpenCV.
    """
    if name == HogDetector.name:
        return HogDetector(reach=Reach(reach))
    entries = {entry.name: entry for entry in read_manifest().values() if entry.task == "detection"}
    if name not in entries:
        known = ", ".join([HogDetector.name, *entries])
        raise NotFoundError(
            _("There is no face detector {name}.", name=name), _("Known: {known}.", known=known)
        )
    return YunetDetector(models_dir / entries[name].file, entry=entries[name], reach=Reach(reach))


def build_attack_detector(models_dir: Path) -> MiniFasNet:
    """Passive liveness: both MiniFASNets. Raises ModelError: one of them is not installed, or damaged."""
    manifest = read_manifest()
    narrow, wide = (manifest[name] for name in ATTACK_DETECTORS)
    return MiniFasNet(models_dir, narrow=narrow, wide=wide)


def yunet_names(opencv_version: str) -> tuple[str, ...]:
    """The YuNets in the order in which to try them, the one that an admin can install first.

    2026may has sizes that only OpenCV 5 follows; the one that set-up brings is that of March 2023 with weights of 8 bits, and both give
    boxes within a pixel of each other.
    """
    if int(opencv_version.split(".", maxsplit=1)[0]) >= 5:
        return YUNET_OPENCV5, YUNET_OPENCV4, YUNET_OF_SET_UP
    return YUNET_OPENCV4, YUNET_OF_SET_UP, YUNET_OPENCV5


def _landmarks() -> Path:
    return package_model(read_manifest()[LANDMARKS].file)


def _fed(entry: ModelEntry) -> NetworkInput:
    """How faces are fed to it. Raises ModelError: it is no recognition model."""
    if entry.fed is None:
        raise ModelError(_("{name} is no recognition model.", name=entry.name))
    return entry.fed


def _recognition_model(name: str) -> tuple[ModelEntry, ModelInfo]:
    manifest = read_manifest()
    entry = entry_for(name, manifest)
    if entry is None or entry.recognition is None:
        known = ", ".join(one.name for one in manifest.values() if one.recognition is not None)
        raise NotFoundError(
            _("There is no recognition model {name}.", name=name), _("Known: {known}.", known=known)
        )
    return entry, entry.recognition
