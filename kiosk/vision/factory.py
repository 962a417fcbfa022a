"""Makes the detectors and the built-in embedder from what is installed; what `bootstrap` calls.

Called at start, from any thread.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import cv2

from kiosk.errors import ModelError
from kiosk.services.ports.vision import Detector
from kiosk.vision.builtin_model import builtin_graph
from kiosk.vision.dlib_resnet import DlibResNetEmbedder
from kiosk.vision.eyes_and_nose import EyesAndNose
from kiosk.vision.hog_detector import HogDetector
from kiosk.vision.liveness_files import ATTACK_DETECTORS
from kiosk.vision.manifest import read_manifest
from kiosk.vision.minifasnet import MiniFasNet
from kiosk.vision.package_data import package_model
from kiosk.vision.quality import FaceQualityMeter
from kiosk.vision.reach import Reach
from kiosk.vision.yunet_detector import YunetDetector

BUILTIN_EMBEDDER: Final = "dlib-resnet-v1"
LANDMARKS: Final = "dlib-five-points"
YUNET_OPENCV5: Final = "yunet-2026may"
YUNET_OPENCV4: Final = "yunet-2023mar"


@dataclass(frozen=True, slots=True)
class DetectorChoice:
    """The detector to use, and why it is not the better one.

    Attributes:
        detector: Ready for use.
        warning: A sentence and a hint for the operator when an installed detector cannot be used; empty otherwise.
    """

    detector: Detector
    warning: str = ""


def build_builtin_embedder(models_dir: Path) -> DlibResNetEmbedder:
    """The embedder that needs no download; its model file is made in `models_dir` at the first start.

    Raises:
        ModelError: The Python package with the weights is missing or damaged, or `models_dir` cannot be written.
    """
    manifest = read_manifest()
    network, landmarks = manifest[BUILTIN_EMBEDDER], manifest[LANDMARKS]
    if network.recognition is None:
        raise ModelError("The list of models says nothing about the built-in one.", "Reinstall the kiosk.")
    graph = builtin_graph(models_dir, network, package_model(network.file))
    return DlibResNetEmbedder(graph=graph, info=network.recognition, landmarks=package_model(landmarks.file))


def build_quality_meter() -> FaceQualityMeter:
    """A quality meter that knows the pose of every face.

    Raises:
        ModelError: The landmark model is missing or damaged.
    """
    return FaceQualityMeter(EyesAndNose(package_model(read_manifest()[LANDMARKS].file)))


def build_detector(models_dir: Path, *, reach: Literal["near", "far"]) -> DetectorChoice:
    """The YuNet made for this OpenCV when its file is installed and whole, then the other, then dlib's HOG detector."""
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


def build_attack_detector(models_dir: Path) -> MiniFasNet:
    """Passive liveness: both MiniFASNets.

    Raises:
        ModelError: One of them is not installed, or damaged.
    """
    manifest = read_manifest()
    narrow, wide = (manifest[name] for name in ATTACK_DETECTORS)
    return MiniFasNet(models_dir, narrow=narrow, wide=wide)


def yunet_names(opencv_version: str) -> tuple[str, str]:
    """The YuNets in the order in which to try them: 2026may has sizes that only OpenCV 5 follows."""
    names = (YUNET_OPENCV5, YUNET_OPENCV4)
    return names if int(opencv_version.split(".", maxsplit=1)[0]) >= 5 else (names[1], names[0])
