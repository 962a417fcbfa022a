"""This kiosk's side: one embedding, the stages of a frame, the whole loop. Child processes only."""

import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kiosk import bootstrap
from kiosk.bench.answers import EmbeddingAnswer, LoopAnswer, StagesAnswer
from kiosk.bench.chosen_frames import chosen_frames
from kiosk.bench.inputs import COMPARED, deepface_inputs, dlib_chips
from kiosk.bench.sides.enrolled_class import ACTOR, Model, open_copy
from kiosk.bench.stopwatch import least_ms
from kiosk.bootstrap.classes import Classes
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.faces.frames import Frame
from kiosk.domain.faces.recognition import BUILTIN_MODEL, Gallery, ModelInfo, Template
from kiosk.pipeline.class_run import ClassRun
from kiosk.pipeline.replay import EventLog, replay
from kiosk.services.events import Event
from kiosk.services.ports.sources import FrameSource, SourceInfo
from kiosk.settings import KioskSettings, Reach
from kiosk.vision.detection.reach import Reach as DetectorReach
from kiosk.vision.detection.reach import fit
from kiosk.vision.detection.tracker import IouTracker
from kiosk.vision.embedding.converted_network import open_installed
from kiosk.vision.embedding.onnx_session import open_session
from kiosk.vision.factory import build_attack_detector, build_quality_meter
from kiosk.vision.liveness.liveness_files import has_attack_detector
from kiosk.vision.models.manifest import read_manifest
from kiosk.vision.recognition_models import RecognitionModels

_TIMES: Final = 25
_SKIPPED: Final = 10
"""Frames at the beginning of the loop that are not counted: the models load beside them."""
_NEVER: Final = 1_000_000
_PEOPLE: Final = 30


@dataclass(frozen=True, slots=True)
class BuiltinEmbedding:
    """The built-in network on an aligned chip, against dlib's own call on the same one."""

    models_dir: Path
    crops: Path

    def rounds(self) -> Iterator[EmbeddingAnswer]:
        models = RecognitionModels(models_dir=self.models_dir, reach=Reach.NEAR, model=BUILTIN_MODEL)
        _, embedder = models.get()
        name = embedder.info.known_as
        session = open_session((self.models_dir / f"{name}.onnx").read_bytes(), name=name)
        entry = session.get_inputs()[0].name
        chips = np.stack(dlib_chips(self.crops))
        vectors = np.concatenate([session.run(None, {entry: chip[None]})[0] for chip in chips])
        while True:
            one = least_ms(partial(session.run, None, {entry: chips[:1]}), times=_TIMES)
            batch = least_ms(partial(session.run, None, {entry: chips[:COMPARED]}), times=_TIMES)
            yield EmbeddingAnswer(one, None, batch / COMPARED, vectors)


@dataclass(frozen=True, slots=True)
class ConvertedEmbedding:
    """A converted network as the kiosk runs it, on the input that deepface's `forward` gets; several one after the other."""

    model: Model
    crops: Path

    def rounds(self) -> Iterator[EmbeddingAnswer]:
        manifest = read_manifest()
        networks = []
        for name in manifest[self.model.name].parts or (self.model.name,):
            fed = manifest[name].fed
            inputs = deepface_inputs(self.crops, fed.side if fed is not None else 0, COMPARED)
            networks.append((open_installed(self.model.models_dir, name), inputs))

        def run(faces: slice) -> NDArray[np.float32]:
            return np.concatenate([network.run(inputs[faces]) for network, inputs in networks], axis=1)

        vectors = np.concatenate([run(slice(one, one + 1)) for one in range(COMPARED)])
        while True:
            one = least_ms(partial(run, slice(1)), times=_TIMES)
            batch = least_ms(partial(run, slice(COMPARED)), times=_TIMES // COMPARED)
            yield EmbeddingAnswer(one, None, batch / COMPARED, vectors)


@dataclass(slots=True)
class _Spent:
    """Milliseconds by stage."""

    by_stage: dict[str, list[float]] = field(default_factory=dict)

    @contextmanager
    def on(self, stage: str) -> Iterator[None]:
        """Account what the block takes to a stage."""
        began = time.perf_counter()
        yield
        self.add(stage, time.perf_counter() - began)

    def add(self, stage: str, seconds: float) -> None:
        """Note a time."""
        self.by_stage.setdefault(stage, []).append(1000 * seconds)

    def medians(self) -> dict[str, float]:
        """By stage, in the order in which they came."""
        return {stage: statistics.median(found) for stage, found in self.by_stage.items()}


@dataclass(frozen=True, slots=True)
class Stages:
    """Takes one frame's way apart."""

    model: Model
    video: Path
    frames: int

    def rounds(self) -> Iterator[StagesAnswer]:
        models = RecognitionModels(models_dir=self.model.models_dir, reach=Reach.NEAR, model=self.model.name)
        detector, embedder = models.get()
        quality, tracker = build_quality_meter(), IouTracker()
        models_dir = self.model.models_dir
        attacks = build_attack_detector(models_dir) if has_attack_detector(models_dir) else None
        frames = list(chosen_frames(self.video, self.frames))
        gallery = _gallery(embedder.info)
        for count in range(1, 4):
            embedder.embed(frames[0][0], detector.detect(frames[0][0])[:count])
        at_s = 0.0
        while True:
            spent, faces = _Spent(), 0
            for image, decode_s in frames:
                at_s += 1 / 30
                spent.add("decode", decode_s)
                with spent.on("shrink"):
                    fit(image, DetectorReach.NEAR)
                with spent.on("detect"):
                    found = detector.detect(image)
                with spent.on("track"):
                    tracker.update(at_s, found)
                with spent.on("quality"):
                    for face in found:
                        quality.measure(image, face)
                if attacks is not None:
                    with spent.on("liveness"):
                        attacks.scores(image, found)
                with spent.on("embed"):
                    vectors = embedder.embed(image, found)
                with spent.on("search"):
                    for vector in vectors:
                        gallery.search(vector)
                faces += len(found)
            yield StagesAnswer(spent.medians(), faces / len(frames), detector.name)


@dataclass(frozen=True, slots=True)
class OurLoop:
    """The whole pipeline on a recording, every frame, as fast as it goes.

    Attributes:
        folder: The enrolled class.
        undecided: Never decide: every face is embedded in every frame (as many as the pipeline ever takes from one),
            which is what a crowd of strangers costs.
    """

    folder: Path
    model: Model
    video: Path
    undecided: bool

    def rounds(self) -> Iterator[LoopAnswer]:
        log = EventLog()
        settings = _never_deciding() if self.undecided else None
        with open_copy(self.folder, self.model, settings=settings) as (kiosk, course):
            kiosk.events.subscribe(Event, log.on_event)
            kiosk.vision.warm_up()
            while True:
                source = _Timed(bootstrap.open_recording(str(self.video)))
                replay(
                    course,
                    replayed=kiosk.app.attendance.replayed,
                    classes=_Watched(kiosk.classes, source),
                    model=self.model.name,
                    log=log,
                    actor=ACTOR,
                )
                yield LoopAnswer(source.frame_ms, None, source.embedded)


@dataclass(frozen=True, slots=True)
class _Watched:
    """Builds a class over a source that looks at its analyses."""

    classes: Classes
    source: "_Timed"

    def build(self, session: ClassSession) -> ClassRun:
        self.source.run = self.classes.over(self.source, every_frame=True).build(session)
        return self.source.run


def _never_deciding() -> KioskSettings:
    settings = KioskSettings()
    # `model_copy` does not ask whether a person could set this; a person cannot.
    patient = {"frames": _NEVER, "unsure_after_s": float(_NEVER)}
    return settings.model_copy(update={"recognition": settings.recognition.model_copy(update=patient)})


class _Timed:
    """A source that knows how long its frames took, from the first one that counts to the last, and what they cost."""

    def __init__(self, inner: FrameSource) -> None:
        self.run: ClassRun | None = None
        self._inner = inner
        self._reads: list[float] = []
        self._embedded: dict[int, int] = {}

    @property
    def embedded(self) -> float:
        """Faces that were embedded in a frame, on average over the analyses that were seen here."""
        return statistics.fmean(self._embedded.values()) if self._embedded else 0.0

    @property
    def frame_ms(self) -> float:
        counted: Sequence[float] = self._reads[_SKIPPED:]
        return 1000 * (counted[-1] - counted[0]) / (len(counted) - 1)

    def open(self) -> SourceInfo:
        return self._inner.open()

    def read(self) -> Frame | None:
        # The camera thread reads on only when recognition has taken the frame before.
        self._reads.append(time.perf_counter())
        analysis = self.run.analysis() if self.run is not None else None
        if analysis is not None:
            self._embedded[analysis.frame_index] = analysis.embedded
        return self._inner.read()

    def close(self) -> None:
        self._inner.close()


def _gallery(info: ModelInfo) -> Gallery:
    random = np.random.default_rng(7)
    vectors = random.standard_normal((_PEOPLE, info.dimensions), dtype=np.float32)
    return Gallery.of(
        info, [Template(number, number, info.name, vector, 1.0) for number, vector in enumerate(vectors)]
    )
