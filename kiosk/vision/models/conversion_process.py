"""Converts one network with TensorFlow, or checks its published graph, in a process of its own that ends afterwards.

TensorFlow never enters the kiosk's process: importing it takes 6 to 9 s and half a gigabyte, and reading
the weights of VGG-Face 3 GB at its peak. `kiosk.vision.models.conversion` starts this and reads its messages.
"""

import importlib.metadata
import os
import shutil
import traceback
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kiosk.domain.faces.frames import BgrImage
from kiosk.errors import KioskError, ModelError
from kiosk.translation import _
from kiosk.vision.embedding.converted_network import ConvertedNetwork, open_converted, open_network
from kiosk.vision.embedding.deepface_client import DeepfaceClient, client_module, forward, load_client
from kiosk.vision.embedding.deepface_networks import NETWORKS, DeepfaceNetwork, network_named
from kiosk.vision.embedding.face_crop import upright_square
from kiosk.vision.embedding.float_graph import float_graph, runnable_graph
from kiosk.vision.embedding.ncnn_file import VGG_FACE, write_weights
from kiosk.vision.embedding.onnx_session import VERSION, open_session
from kiosk.vision.embedding.sketched_faces import sketch_face
from kiosk.vision.models.manifest import ModelEntry, read_manifest

AGREEMENT: Final = 0.9999
"""Smallest cosine between an embedding of deepface's and the converted network's own that is accepted."""

CHECKED_FACES: Final = 8

ONNX_GB: Final = 0.5
"""Memory that turning a published graph into plain numbers takes."""


@dataclass(frozen=True, slots=True)
class Job:
    """What to convert: network, its weights, and where the file (its ending says for what) and everything said go."""

    name: str
    weights: Path
    graph: Path
    said: Path


@dataclass(frozen=True, slots=True)
class Step:
    """How far it is: a share from 0 to 1."""

    share: float


@dataclass(frozen=True, slots=True)
class Finished:
    """The file is written; the smallest cosine seen, and what made it."""

    cosine: float
    made_with: str


@dataclass(frozen=True, slots=True)
class Refused:
    """It did not work: a sentence and a hint for who waits."""

    user_text: str
    hint: str


Message = Step | Finished | Refused


def convert_in_process(job: Job, answers: Connection) -> None:
    """The whole life of the process; sends `Step`s, then `Finished` or `Refused`."""
    _say_to(job.said)
    if hasattr(os, "nice"):
        os.nice(5)  # a class may be going on
    try:
        answers.send(_convert(job, answers))
    except KioskError as error:
        answers.send(Refused(error.user_text, error.hint))
    except MemoryError:
        answers.send(Refused(*out_of_memory(job)))
    except Exception:  # noqa: BLE001 - the top of a process
        traceback.print_exc()
        answers.send(
            Refused(
                _("The model {name} could not be converted.", name=job.name),
                _("The log of the kiosk says why."),
            )
        )


def memory_gb(name: str, ending: str) -> float:
    """Memory that making a network's file takes at its peak; the ending says what for."""
    network = NETWORKS.get(name)
    if network is None:
        return ONNX_GB
    return network.graph_gb if ending == ".onnx" else network.conversion_gb


def out_of_memory(job: Job) -> tuple[str, str]:
    """What to tell who waits when memory was too small."""
    return (
        _("Converting {name} was cut off, most likely because memory ran out.", name=job.name),
        _(
            "It takes {needed:g} GB for half a minute: close other programs, or bring a file converted on a larger PC.",
            needed=memory_gb(job.name, job.graph.suffix),
        ),
    )


def _convert(job: Job, answers: Connection) -> Finished:
    if job.graph.suffix == ".onnx":
        return _take_graph(job, answers) if job.name in NETWORKS else _make_float(job, answers)
    network = network_named(job.name)
    answers.send(Step(0.0))
    client_module(network)
    answers.send(Step(0.2))
    client = load_client(network, job.weights)
    answers.send(Step(0.35))
    try:
        convert(client, job.graph)
    except OSError as error:
        raise _cannot_write(job, error) from error
    answers.send(Step(0.85))
    return Finished(check_against_deepface(job.graph, client, network), _made_with())


def _make_float(job: Job, answers: Connection) -> Finished:
    """Turn a published graph with weights of 8 bits into one of plain numbers, and compare both."""
    answers.send(Step(0.1))
    published = job.weights.read_bytes()
    made = float_graph(published, name=job.name)
    _write(job, made)
    answers.send(Step(0.5))
    entry = read_manifest()[job.name]
    faces = fed_faces(entry)
    ours = open_converted(job.graph, entry).run(faces)
    session = open_session(runnable_graph(published), name=job.name)
    given = session.get_inputs()[0].name
    theirs = [session.run(None, {given: face.transpose(2, 0, 1)[None]})[0] for face in faces]
    return Finished(least_cosine(job.name, ours, np.concatenate(theirs)), _made_with(("onnx", "onnxruntime")))


def _take_graph(job: Job, answers: Connection) -> Finished:
    """Take a graph as it is published, when it is that network and `check_alone` finds nothing wrong with it."""
    answers.send(Step(0.1))
    try:
        shutil.copyfile(job.weights, job.graph)
    except OSError as error:
        raise _cannot_write(job, error) from error
    answers.send(Step(0.3))
    entry = read_manifest()[job.name]
    try:
        network = open_converted(job.graph, entry)
    except ModelError as error:
        raise ModelError(
            _("The file {file} is damaged or no graph of {name}.", file=job.weights.name, name=job.name),
            _("Delete it and install the model again."),
        ) from error
    answers.send(Step(0.6))
    # The packaged app has no metadata of packages to look the version up in.
    return Finished(check_alone(network, entry), f"onnxruntime {VERSION}")


def check_alone(network: ConvertedNetwork, entry: ModelEntry) -> float:
    """Let a network without an original look at faces, one by one and all at once; the smallest cosine between both.

    Raises:
        ModelError: It is below `AGREEMENT`, or not a number, or all faces are the same to it.
    """
    faces = fed_faces(entry)
    together = network.run(faces)
    cosine = _least(together, np.concatenate([network.run(face[None]) for face in faces]))
    if not cosine >= AGREEMENT or _least(together, np.roll(together, 1, axis=0)) >= AGREEMENT:
        raise ModelError(
            _("The graph of {name} cannot tell faces apart, or not twice in the same way.", name=entry.name),
            _("The file may be damaged: delete it and install the model again."),
        )
    return min(1.0, cosine)


def fed_faces(entry: ModelEntry) -> NDArray[np.float32]:
    """(faces, side, side, 3): sketched faces, as the manifest says that a model is fed.

    Raises:
        ModelError: It is no recognition model.
    """
    if entry.fed is None:
        raise ModelError(_("{name} is no recognition model.", name=entry.name))
    return np.stack([entry.fed.fed(face) for face in sketched_crops(entry.fed.side)])


def _write(job: Job, data: bytes) -> None:
    try:
        job.graph.write_bytes(data)
    except OSError as error:
        raise _cannot_write(job, error) from error


def _cannot_write(job: Job, error: OSError) -> ModelError:
    return ModelError(
        _(
            "The converted model cannot be written to {parent} ({strerror}).",
            parent=job.graph.parent,
            strerror=error.strerror,
        ),
        _(
            "Check rights and free space: {st_size} MB are needed.",
            st_size=job.weights.stat().st_size // 1_000_000 + 1,
        ),
    )


def convert(client: DeepfaceClient, graph: Path) -> None:
    """Write the client's network, of 32-bit numbers, for what the ending of `graph` says: LiteRT or ncnn.

    Raises:
        ModelError: ncnn runs VGG-Face only, and the network is another one.
        OSError: The file cannot be written.
    """
    if graph.suffix == ".ncnn":
        write_weights(client.model, VGG_FACE, graph)
    else:
        graph.write_bytes(_for_litert(client.model))


def _for_litert(model: Any) -> bytes:
    """A FaceNet has 500 layers: its frozen graph takes 6 s, the SavedModel of `from_keras_model` 30 s more."""
    import tensorflow as tf

    shape = tf.TensorSpec([None, *model.input_shape[1:]], tf.float32)
    frozen = tf.function(lambda faces: model(faces, training=False)).get_concrete_function(shape)
    converter = tf.lite.TFLiteConverter.from_concrete_functions([frozen], model)
    converter.experimental_lower_to_saved_model = False
    return bytes(converter.convert())


def check_against_deepface(graph: Path, client: DeepfaceClient, network: DeepfaceNetwork) -> float:
    """Run both on aligned faces and return the smallest cosine between their embeddings.

    Raises:
        ModelError: It is below `AGREEMENT`, or not a number.
    """
    inputs = check_inputs(network)
    ours = open_network(graph, network).run(inputs)
    theirs = forward(client, inputs)
    return least_cosine(network.name, ours, theirs)


def least_cosine(name: str, ours: NDArray[np.float32], theirs: NDArray[np.float32]) -> float:
    """The smallest cosine between embeddings of a converted network and of the original, row by row.

    Raises:
        ModelError: It is below `AGREEMENT`, or not a number.
    """
    cosine = _least(ours, theirs)
    if not cosine >= AGREEMENT:
        raise ModelError(
            _(
                "The converted {name} does not compute what the original computes (cosine {cosine:.6f}).",
                name=name,
                cosine=cosine,
            ),
            _("The weights file may be damaged: delete it and install the model again."),
        )
    return min(1.0, cosine)


def _least(ours: NDArray[np.float32], theirs: NDArray[np.float32]) -> float:
    """The smallest cosine, row by row; not a number where a row has none."""
    with np.errstate(invalid="ignore", over="ignore"):
        lengths = np.linalg.norm(ours, axis=1) * np.linalg.norm(theirs, axis=1)
        return float(((ours * theirs).sum(axis=1, dtype=np.float64) / lengths).min())


def check_inputs(network: DeepfaceNetwork) -> NDArray[np.float32]:
    """(faces, side, side, 3): sketched faces, aligned as the kiosk aligns them."""
    from kiosk.vision.embedding.deepface_alignment import fitted, upright_crop

    crops = []
    for number in range(CHECKED_FACES):
        image, face = sketch_face(number)
        crops.append(fitted(upright_crop(image, face, face.landmarks), network.side))
    return np.stack(crops)


def sketched_crops(side: int) -> list[BgrImage]:
    """Sketched faces as squares of (side, side, 3), BGR."""
    crops = []
    for number in range(CHECKED_FACES):
        image, face = sketch_face(number)
        crops.append(upright_square(image, face.box, face.landmarks, side=side, margin=0.0))
    return crops


def _made_with(packages: tuple[str, ...] = ("deepface", "tensorflow-cpu", "tensorflow", "tf-keras")) -> str:
    found = []
    for package in packages:
        try:
            found.append(f"{package} {importlib.metadata.version(package)}")
        except importlib.metadata.PackageNotFoundError:
            continue
    return ", ".join(found)


def _say_to(path: Path) -> None:
    """TensorFlow and its parts talk a lot on standard error; the parent looks there when something went wrong."""
    target = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(target, 2)
    os.close(target)
