"""Embeds a folder of people once for the scripts that choose thresholds and measures, and keeps the result in a file.

A file in the cache folder belongs to one model, one detector and one number of pictures; delete it to embed anew. Beside each
picture's vector stands that of its mirror image, what its quality is measured by, and, where they are asked for, *walks* of
some people: a dozen pictures made from one by small changes of place, size, angle, light, blur and noise that grow out of
each other, as frames of a person do who walks past. They show how alike frames are, not how a face moves.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Self

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.domain.faces.face_quality import Quality, fitness
from kiosk.domain.faces.frames import BgrImage, Detection
from kiosk.domain.faces.recognition import BUILTIN_MODEL, Metric, ModelInfo
from kiosk.services.faces.evaluation.central_faces import central_face
from kiosk.services.faces.evaluation.labelled_pictures import LabelledPicture, pictures_of_people
from kiosk.services.ports.vision import Detector, Embedder
from kiosk.vision.factory import build_detector, build_quality_meter, load_detector, load_embedder
from kiosk.vision.pictures import read_picture

SHARED: Final = Path(os.environ.get("KIOSK_SHARED_DIR", Path(__file__).parents[3] / "shared"))
WALK_FRAMES: Final = 12
WALKERS: Final = 160
"""People of whom one picture walks, chosen evenly over all."""

MEASURES: Final = (
    "fitness",
    "size",
    "sharpness",
    "light",
    "turn",
    "detector",
    "norm",
    "mirrored",
)
"""What may say how good a picture is; more is better for each."""


@dataclass(frozen=True, slots=True, eq=False)
class EmbeddedPeople:
    """One face of each picture in which one was found.

    Attributes:
        model: Whose vectors these are.
        metric: How its distances are measured.
        thresholds: (3,) its accept, reject and margin.
        names: (pictures,) as reports call them.
        people: (pictures,) numbered from 0 in the order of their names.
        vectors: (pictures, dimensions).
        mirrored: (pictures, dimensions) of the mirror image; not a number where it was not looked at.
        measures: (pictures, measures) in the order of `MEASURES`.
        walks: (walkers, frames, dimensions); not a number where the face was not found.
        walkers: (walkers,) the picture that each walk was made from.
    """

    model: str
    metric: Metric
    thresholds: NDArray[np.float64]
    names: NDArray[np.str_]
    people: NDArray[np.int64]
    vectors: NDArray[np.float32]
    mirrored: NDArray[np.float32]
    measures: NDArray[np.float32]
    walks: NDArray[np.float32]
    walkers: NDArray[np.int64]

    @classmethod
    def read(cls, path: Path) -> Self:
        with np.load(path) as kept:
            return cls(
                model=str(kept["model"]),
                metric=Metric(str(kept["metric"])),
                **{name: kept[name] for name in _ARRAYS},
            )

    def write(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        arrays = {name: getattr(self, name) for name in _ARRAYS}
        np.savez(path, model=np.array(self.model), metric=np.array(self.metric.value), **arrays)


_ARRAYS: Final = ("thresholds", "names", "people", "vectors", "mirrored", "measures", "walks", "walkers")


def embedded_people(
    folder: Path,
    *,
    models_dir: Path,
    cache: Path,
    model: str = BUILTIN_MODEL,
    detector: str | None = None,
    walks: bool = False,
) -> EmbeddedPeople:
    """From the cache, or embedded now, which takes minutes."""
    pictures = pictures_of_people(folder)
    finder = find_detector(models_dir, detector)
    if not (path := place(cache, model, finder, len(pictures))).exists():
        embed(pictures, finder, [load_embedder(models_dir, model)], cache=cache)
    found = EmbeddedPeople.read(path)
    if walks and not len(found.walkers):
        found = _with_walks(found, folder, finder, load_embedder(models_dir, model))
        found.write(path)
    return found


def find_detector(models_dir: Path, name: str | None) -> Detector:
    """The best one in the store, or the one that was asked for."""
    if name is None:
        return build_detector(models_dir, reach="far").detector
    return load_detector(models_dir, name, reach="far")


def place(cache: Path, model: str, detector: Detector, pictures: int) -> Path:
    """The file in which a model's embeddings are kept."""
    return cache / f"{model}-{detector.name}-{pictures}.npz"


def arguments(about: str | None) -> argparse.ArgumentParser:
    """The options that every such script has."""
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--people", type=Path, default=SHARED / "lfw" / "people", help="one folder of pictures a person"
    )
    parser.add_argument("--models", type=Path, required=True, help="the model store")
    parser.add_argument("--cache", type=Path, required=True, help="where embeddings are kept")
    parser.add_argument("--model", default=BUILTIN_MODEL)
    parser.add_argument("--detector", help="instead of the best one in the store")
    parser.add_argument("--walks", action="store_true", help="also walks, to judge the vote")
    return parser


def embed(
    pictures: Sequence[LabelledPicture],
    detector: Detector,
    embedders: Sequence[Embedder],
    *,
    cache: Path,
    mirrored: bool = True,
) -> None:
    """Look at each picture once for several models, and keep what each makes of it."""
    meter = build_quality_meter()
    kept: list[LabelledPicture] = []
    rows: list[list[_Row]] = [[] for _unused in embedders]
    for number, picture in enumerate(pictures, start=1):
        print(f"\r{number} of {len(pictures)}", end="", file=sys.stderr)
        image = read_picture(picture.path.read_bytes())
        face = central_face(image, detector.detect(image))
        if face is None:
            continue
        kept.append(picture)
        quality = meter.measure(image, face)
        for embedder, theirs in zip(embedders, rows, strict=True):
            theirs.append(_row(embedder, image, face, quality, mirrored))
    print(file=sys.stderr)
    for embedder, theirs in zip(embedders, rows, strict=True):
        found = _collected(embedder.info, kept, theirs)
        found.write(place(cache, embedder.info.known_as, detector, len(pictures)))


@dataclass(frozen=True, slots=True, eq=False)
class _Row:
    vector: NDArray[np.float32]
    mirrored: NDArray[np.float32]
    measures: tuple[float, ...]


def _row(embedder: Embedder, image: BgrImage, face: Detection, quality: Quality, mirrored: bool) -> _Row:
    vector = embedder.embed(image, [face])[0]
    other = np.full_like(vector, np.nan)
    if mirrored:
        other = embedder.embed(np.ascontiguousarray(image[:, ::-1]), [face.mirrored(image.shape[1])])[0]
    norm = float(np.linalg.norm(vector))
    measures = (
        fitness(quality),
        quality.face_px,
        quality.sharpness,
        -abs(quality.brightness - 130.0),
        -abs(quality.turn or 0.0),
        face.score,
        norm,
        float(vector @ other / (norm * np.linalg.norm(other))),
    )
    return _Row(vector, other, measures)


def _collected(info: ModelInfo, kept: Sequence[LabelledPicture], rows: Sequence[_Row]) -> EmbeddedPeople:
    limits = info.thresholds
    return EmbeddedPeople(
        model=info.known_as,
        metric=info.metric,
        thresholds=np.array([limits.accept, limits.reject, limits.margin]),
        names=np.array([one.name for one in kept]),
        people=np.unique([one.person for one in kept], return_inverse=True)[1].astype(np.int64),
        vectors=np.array([row.vector for row in rows], np.float32),
        mirrored=np.array([row.mirrored for row in rows], np.float32),
        measures=np.array([row.measures for row in rows], np.float32),
        walks=np.empty((0, WALK_FRAMES, info.dimensions), np.float32),
        walkers=np.empty(0, np.int64),
    )


def _with_walks(
    found: EmbeddedPeople, folder: Path, detector: Detector, embedder: Embedder
) -> EmbeddedPeople:
    walkers = np.unique(found.people, return_index=True)[1]
    walkers = walkers[np.linspace(0, len(walkers) - 1, min(WALKERS, len(walkers))).astype(int)]
    walks = [_walk(folder / str(found.names[row]), int(row), detector, embedder) for row in walkers]
    return replace(found, walks=np.stack(walks), walkers=walkers)


def _walk(picture: Path, seed: int, detector: Detector, embedder: Embedder) -> NDArray[np.float32]:
    print(f"\rwalk from picture {seed}   ", end="", file=sys.stderr)
    image = read_picture(picture.read_bytes())
    frames = []
    for frame in walking_frames(image, seed):
        face = central_face(frame, detector.detect(frame))
        missing = np.full(embedder.info.dimensions, np.nan, np.float32)
        frames.append(missing if face is None else embedder.embed(frame, [face])[0])
    return np.stack(frames)


def walking_frames(image: BgrImage, seed: int) -> list[BgrImage]:
    """Frames a tenth of a second apart that differ from the picture by what grows out of the frame before.

    Standard deviations: place 2 % of the side, size 4 %, angle 3°, light 8 %, blur 0.6 pixels; noise of 3 grey levels is new
    in each frame. What changes keeps 0.8 of itself from frame to frame.
    """
    drawn = np.random.default_rng(seed)
    height, width = image.shape[:2]
    spread = np.array([0.02 * width, 0.02 * height, 0.04, 3.0, 0.08, 0.6])
    state = drawn.normal(size=6)
    frames = []
    for _unused in range(WALK_FRAMES):
        x, y, size, angle, light, blur = state * spread
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), float(angle), float(1 + size))
        turn[:, 2] += (x, y)
        moved = cv2.warpAffine(image, turn, (width, height), borderMode=cv2.BORDER_REPLICATE)
        moved = cv2.GaussianBlur(moved, (0, 0), sigmaX=max(0.05, abs(float(blur))))
        noisy = moved * (1 + light) + drawn.normal(scale=3.0, size=moved.shape)
        frames.append(np.clip(noisy, 0, 255).astype(np.uint8))
        state = 0.8 * state + 0.6 * drawn.normal(size=6)
    return frames


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--also", action="append", default=[], help="another model, in the same pass")
    parser.add_argument("--plain", action="store_true", help="without mirror images, in half the time")
    given = parser.parse_args()
    finder = find_detector(given.models, given.detector)
    pictures = pictures_of_people(given.people)
    models = [
        model
        for model in (given.model, *given.also)
        if not place(given.cache, model, finder, len(pictures)).exists()
    ]
    if models:
        embedders = [load_embedder(given.models, model) for model in models]
        embed(pictures, finder, embedders, cache=given.cache, mirrored=not given.plain)
    for model in (given.model, *given.also):
        found = embedded_people(
            given.people,
            models_dir=given.models,
            cache=given.cache,
            model=model,
            detector=given.detector,
            walks=given.walks,
        )
        print(f"{len(found.names)} faces of {len(np.unique(found.people))} people by {found.model}")


if __name__ == "__main__":
    main()
