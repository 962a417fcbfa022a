"""deepface called as its users call it: one embedding, and a loop over `DeepFace.find`. Child processes only.

The child's `DEEPFACE_HOME` is the bench's scratch folder, where `DeepfaceHome` puts what deepface would download.
"""

import os
import shutil
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np

from kiosk.bench.answers import EmbeddingAnswer, LoopAnswer
from kiosk.bench.chosen_frames import chosen_frames
from kiosk.bench.inputs import COMPARED, deepface_inputs
from kiosk.bench.stopwatch import least_ms
from kiosk.domain.faces.frames import BgrImage, Detection
from kiosk.translation import N_
from kiosk.vision.embedding.deepface_client import client_module, forward
from kiosk.vision.embedding.deepface_networks import network_named
from kiosk.vision.factory import build_detector, yunet_names
from kiosk.vision.models.manifest import read_manifest

YUNET: Final = "face_detection_yunet_2023mar.onnx"
"""The name under which deepface looks for YuNet. The newer file of another name gives the same faces in OpenCV 5."""
_TIMES: Final = 7
_NO_DETECTOR: Final = N_(
    "YuNet is not installed: faces are cut out for DeepFace.find beforehand, at no cost to it"
)


@dataclass(frozen=True, slots=True)
class DeepfaceEmbedding:
    """`client.forward` on prepared input, and `DeepFace.represent` on a cut-out head."""

    name: str
    crops: Path

    def rounds(self) -> Iterator[EmbeddingAnswer]:
        network = network_named(self.name)
        deepface = _deepface(self.name)
        client = deepface.build_model(task="facial_recognition", model_name=network.deepface_name)
        inputs = deepface_inputs(self.crops, network.side, COMPARED)
        head = np.asarray(np.load(self.crops)[0], np.uint8)
        vectors = np.concatenate([forward(client, one[None]) for one in inputs])
        while True:
            one = least_ms(partial(client.forward, inputs[:1]), times=_TIMES)
            batch = least_ms(partial(client.forward, inputs), times=2)
            whole = least_ms(
                partial(
                    deepface.represent,
                    img_path=head,
                    model_name=network.deepface_name,
                    detector_backend="skip",
                    enforce_detection=False,
                ),
                times=_TIMES,
            )
            yield EmbeddingAnswer(one, whole, batch / COMPARED, vectors)


@dataclass(frozen=True, slots=True)
class DeepfaceFindLoop:
    """A loop over `DeepFace.find` on each frame, as tutorials write it.

    Attributes:
        gallery: A folder with one portrait of each person.
        frames: How many frames of the video it looks at in a round.
        models_dir: For the faces that are cut out for it where YuNet is missing.
    """

    name: str
    video: Path
    gallery: Path
    frames: int
    with_yunet: bool
    models_dir: Path

    def rounds(self) -> Iterator[LoopAnswer]:
        deepface = _deepface(self.name)
        shots = list(chosen_frames(self.video, self.frames))
        pictures = [[image] for image, _ in shots] if self.with_yunet else self._cut_out(shots)
        decode_s = sum(seconds for _, seconds in shots)
        settings = {
            "db_path": str(self.gallery),
            "model_name": network_named(self.name).deepface_name,
            "detector_backend": "yunet" if self.with_yunet else "skip",
            "enforce_detection": False,
            "silent": True,
        }
        deepface.find(img_path=pictures[0][0], **settings)  # loads the models and enrols the gallery
        while True:
            faces, began = 0, time.perf_counter()
            for shown in pictures:
                faces += sum(len(deepface.find(img_path=picture, **settings)) for picture in shown)
            seconds = decode_s + time.perf_counter() - began
            note = "" if self.with_yunet else _NO_DETECTOR
            yield LoopAnswer(1000 * seconds / len(shots), None, faces / len(shots), note)

    def _cut_out(self, shots: Sequence[tuple[BgrImage, float]]) -> list[list[BgrImage]]:
        detector = build_detector(self.models_dir, reach="near").detector
        return [[_cut(image, face) for face in detector.detect(image)] for image, _ in shots]


@dataclass(frozen=True, slots=True)
class DeepfaceHome:
    """What deepface would load from the internet, put where it looks first.

    Attributes:
        folder: The child processes' scratch folder.
    """

    folder: Path

    def offer(self, file: Path, name: str) -> None:
        """Let deepface find a file under a name."""
        weights = self.folder / ".deepface" / "weights"
        weights.mkdir(parents=True, exist_ok=True)
        try:
            (weights / name).symlink_to(file.absolute())
        except OSError:  # Windows asks for a right to make links
            shutil.copyfile(file, weights / name)


def find_yunet(models_dir: Path) -> Path | None:
    """A YuNet for deepface: the kiosk's own where this OpenCV can run it, else one that deepface loaded before."""
    entries = read_manifest()
    for name in yunet_names(cv2.__version__):
        file = models_dir / entries[name].file
        if file.is_file():
            return file
    return users_weights(YUNET)


def users_weights(name: str) -> Path | None:
    """A weights file that a user of deepface on this PC has loaded before; None where there is none."""
    home = Path(os.environ.get("DEEPFACE_HOME") or Path.home())
    file = home / ".deepface" / "weights" / name
    return file if file.is_file() else None


def _deepface(name: str) -> Any:
    """The package as its users import it; TensorFlow comes with it."""
    client_module(network_named(name))  # says in words what is missing
    from deepface import DeepFace

    return DeepFace


def _cut(image: BgrImage, face: Detection) -> BgrImage:
    box = face.box
    top, left = max(0, round(box.y)), max(0, round(box.x))
    return np.ascontiguousarray(image[top : round(box.y + box.height), left : round(box.x + box.width)])
