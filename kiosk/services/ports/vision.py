"""Finding, following, judging and embedding faces. All calls come from one thread at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from kiosk.domain.faces.face_quality import Quality
from kiosk.domain.faces.frames import BgrImage, Detection, Frame
from kiosk.domain.faces.head_turn import Request
from kiosk.domain.faces.recognition import Liveness, ModelInfo, Track, Vote
from kiosk.errors import KioskError


class Detector(Protocol):
    """Finds faces in a picture."""

    @property
    def name(self) -> str:
        """Stable identifier, such as ``yunet-2026may`` or ``dlib-hog``."""

    def detect(self, image: BgrImage) -> list[Detection]:
        """All faces, in the pixels of `image`, best score first; empty when there is none."""


class Embedder(Protocol):
    """Turns faces into vectors: alignment, pre-processing and the network in one call."""

    @property
    def info(self) -> ModelInfo:
        """The model, as templates refer to it."""

    def embed(self, image: BgrImage, faces: Sequence[Detection]) -> NDArray[np.float32]:
        """One embedding a face, as (faces, dimensions) float32, in the order given."""


class LoadedModel(Protocol):
    """The recognition model that is in use."""

    def info(self) -> ModelInfo:
        """What it is; the first call loads it, which may take a second.

        Raises:
            ModelError: It cannot be loaded.
        """


class QualityMeter(Protocol):
    """Measures a face's fitness."""

    def measure(self, image: BgrImage, face: Detection) -> Quality:
        """Measure one face of `image`."""


@dataclass(frozen=True, slots=True)
class TrackUpdate:
    """What the tracker made of one frame.

    Attributes:
        visible: Tracks seen in this frame, `missed == 0`, each with this frame's detection.
        lost: Numbers of tracks given up in this frame; they never come back.
    """

    visible: tuple[Track, ...]
    lost: tuple[int, ...]


class Tracker(Protocol):
    """Follows faces from frame to frame."""

    def update(self, time_s: float, detections: Sequence[Detection]) -> TrackUpdate:
        """Take in one frame's detections; `time_s` grows from call to call."""


class AttackDetector(Protocol):
    """Tells faces from pictures of faces, one frame at a time: passive presentation attack detection (PAD)."""

    @property
    def name(self) -> str:
        """Stable identifier, such as ``minifasnet``."""

    def scores(self, image: BgrImage, faces: Sequence[Detection]) -> list[float]:
        """How live each face looks, 0 (a picture of one) to 1, in the order given."""


@dataclass(frozen=True, slots=True)
class LifeSign:
    """What a liveness gate knows of one track.

    Attributes:
        request: What the person is asked to do now.
        liveness: The newest median of the passive scores, 0 (a picture) to 1; None without one.
    """

    request: Request | None = None
    liveness: float | None = None


class LivenessGate(Protocol):
    """Stands between recognition and a mark: keeps its own votes for each track."""

    @property
    def trouble(self) -> KioskError | None:
        """Why it cannot do all that the class asks of it, for the teacher."""

    def look(self, frame: Frame, tracks: Sequence[Track]) -> Mapping[int, Liveness]:
        """Take in one frame of the tracks that may still be marked, and say what is known of each by number.

        Called once a frame with every visible track that is not decided for good, whether it is embedded in this frame
        or not. A track that is left out of the answer counts as `Liveness.PENDING`.
        """

    def hear_vote(self, track_id: int, vote: Vote) -> None:
        """Take in whom recognition saw in the newest frame of a track; comes after `look` at the same frame."""

    def sign(self, track_id: int) -> LifeSign:
        """What is known of a track, for screens and records."""

    def forget(self, track_id: int) -> None:
        """The track is lost, or another person took it over: its votes count no more."""


class PictureReader(Protocol):
    """Reads a picture file that a person handed in."""

    def __call__(self, data: bytes) -> BgrImage:
        """Decode JPEG, PNG and whatever OpenCV reads, upright (EXIF) and in BGR.

        Raises:
            FileFormatError: The data is no picture, or one with more pixels than can be read.
        """


class PictureWriter(Protocol):
    """Encodes a picture for the encrypted sample store."""

    def __call__(self, image: BgrImage) -> bytes:
        """JPEG at a quality that keeps embeddings stable (95)."""
