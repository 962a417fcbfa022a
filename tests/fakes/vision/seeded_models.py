"""deepface's networks with seeded weights, converted once a test run, and what deepface itself makes of some faces.

TensorFlow runs in child processes only.
"""

from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kiosk.domain.faces.frames import BgrImage, Detection
from kiosk.vision.detection.reach import Reach
from kiosk.vision.detection.yunet_detector import YunetDetector
from kiosk.vision.embedding.deepface_networks import NETWORKS
from kiosk.vision.models.conversion import DeepfaceConversions
from kiosk.vision.models.conversion_record import ConversionRecord
from kiosk.vision.models.manifest import read_manifest
from kiosk.vision.pictures import read_picture
from tests.fakes.child import run_child
from tests.fakes.models.onlooker import Onlooker
from tests.fakes.vision.conversions import copies_graph
from tests.fakes.vision.faces_in_pictures import face_cases

BY_DEEPFACE = """
import json, os, sys
from pathlib import Path
import numpy as np

name, home, shared = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
os.environ["DEEPFACE_HOME"] = str(home)
from kiosk.vision.models.conversion_process import check_against_deepface, convert
from kiosk.vision.embedding.deepface_embedder import DeepfaceEmbedder
from kiosk.vision.embedding.deepface_networks import NETWORKS
from kiosk.vision.factory import build_eyes
from kiosk.vision.models.manifest import read_manifest
from kiosk.vision.embedding.seeded_weights import write_seeded_weights
from tests.fakes.vision.deepface_detector import tell_deepface
from tests.fakes.vision.keras_graphs import onnx_of
from tests.fakes.vision.seeded_models import IN_A_PROCESS_OF_ITS_OWN, WRITTEN_AS_GRAPH, compared_faces

network = NETWORKS[name]
weights = home / ".deepface" / "weights" / network.weights_file
write_seeded_weights(name, weights)
from deepface import DeepFace

faces = compared_faces(shared)
theirs = []
for _, image, face in faces:
    tell_deepface([face])
    (found,) = DeepFace.represent(image, network.deepface_name, detector_backend="yunet")
    theirs.append(found["embedding"])
info = read_manifest()[name].recognition
engine = DeepfaceEmbedder(weights=weights, network=network, info=info, eyes=build_eyes())
ours = [engine.embed(image, [face])[0] for _, image, face in faces[:4]]
_, image, face = faces[0]
pair = engine.embed(image, [face, faces[1][2]])
np.savez(home / "deepface.npz", theirs=np.array(theirs), engine=np.array(ours), pair=pair)
if name in WRITTEN_AS_GRAPH:
    (home / "published.onnx").write_bytes(onnx_of(engine._client.model))
cosine = 1.0
if name not in IN_A_PROCESS_OF_ITS_OWN:
    graph = home / read_manifest()[name].converted
    convert(engine._client, graph)
    cosine = check_against_deepface(graph, engine._client, network)
print(json.dumps(cosine))
"""

IN_A_PROCESS_OF_ITS_OWN = ("facenet512",)
"""Converted as a kiosk does it; the others by the same functions where their weights are loaded already, to save time."""

WRITTEN_AS_GRAPH = ("facenet128",)
"""Of these there is a graph, too, as deepface would publish it."""

_PHOTOGRAPHS = 4


@dataclass(frozen=True, slots=True)
class SeededModel:
    """One network, installed with seeded weights.

    Attributes:
        graph: The same weights as an ONNX graph, for those `WRITTEN_AS_GRAPH`.
        theirs: (faces, dimensions) of `DeepFace.represent` for `compared_faces`.
        engine: The same for the first four, by the engine ``tensorflow``.
        pair: By that engine, two boxes of the first picture in one call.
    """

    name: str
    models_dir: Path
    weights: Path
    graph: Path
    record: ConversionRecord
    steps: tuple[int, ...]
    theirs: NDArray[np.float32]
    engine: NDArray[np.float32]
    pair: NDArray[np.float32]


def make_seeded_model(name: str, folder: Path, shared: Path) -> SeededModel:
    """Seed, let deepface represent the faces, convert; half a minute."""
    cosine = run_child(BY_DEEPFACE, name, folder, shared)
    weights = folder / ".deepface" / "weights" / NETWORKS[name].weights_file
    onlooker = Onlooker()
    models_dir = folder / "models"
    entry = read_manifest()[name]
    if name in IN_A_PROCESS_OF_ITS_OWN:
        record = DeepfaceConversions().convert(
            entry, weights, models_dir, weights_from="seed 1", watcher=onlooker
        )
    else:
        copies = partial(copies_graph, graph=folder / entry.converted, cosine=cosine)
        record = DeepfaceConversions(copies).convert(entry, weights, models_dir, weights_from="seed 1")
    with np.load(folder / "deepface.npz") as made:
        theirs, engine, pair = (made[key].astype(np.float32) for key in ("theirs", "engine", "pair"))
    return SeededModel(
        name,
        models_dir,
        weights,
        folder / "published.onnx",
        record,
        tuple(dict.fromkeys(each.done for each in onlooker.seen)),
        theirs,
        engine,
        pair,
    )


def compared_faces(shared: Path) -> list[tuple[str, BgrImage, Detection]]:
    """Sketched faces in all places, and a few photographs where they are at hand."""
    faces = list(face_cases())
    photographs = sorted((shared / "faces" / "people").glob("*/*.jpg"))[::9][:_PHOTOGRAPHS]
    if photographs:
        entry = read_manifest()["yunet-2026may"]
        detector = YunetDetector(shared / "models" / entry.file, entry=entry, reach=Reach.NEAR)
        for path in photographs:
            image = read_picture(path.read_bytes())
            faces.extend((path.stem, image, face) for face in detector.detect(image)[:1])
    return faces
