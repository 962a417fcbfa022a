"""What the children measured, as values that travel through a pipe."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class EmbeddingAnswer:
    """One side's time for one face.

    Attributes:
        one_ms: The network alone, its input ready.
        whole_ms: The call as people make it, from a cut-out face, where that is another one.
        batch_ms: For each face of a batch of eight, where there are batches.
        vectors: (n, dimensions), one for each of the inputs.
    """

    one_ms: float
    whole_ms: float | None
    batch_ms: float | None
    vectors: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class LoopAnswer:
    """One side's time for a whole frame, from the encoded frame to the names.

    Attributes:
        frame_ms: For each frame that is looked at; the detector looks at every one of them.
        published_ms: For each frame shown where a published example leaves frames out; None elsewhere.
        faces: Embedded in a frame, on average: every face, but for this kiosk, which embeds a face until it knows whose it is.
        note: What differs from the usual way, for people; empty when nothing does.
    """

    frame_ms: float
    published_ms: float | None
    faces: float
    note: str = ""


@dataclass(frozen=True, slots=True)
class StagesAnswer:
    """Where the time of one frame goes.

    Attributes:
        stages_ms: Median milliseconds by stage, on frames with about three faces, all of which are embedded.
        faces: In a frame, on average.
        detector: Which one found them.
    """

    stages_ms: Mapping[str, float]
    faces: float
    detector: str


@dataclass(frozen=True, slots=True)
class SearchAnswer:
    """Milliseconds for one probe.

    Attributes:
        small_ms: In a gallery of 300 people.
        large_ms: In one of 100,000 templates.
    """

    small_ms: float
    large_ms: float


@dataclass(frozen=True, slots=True)
class QueueAnswer:
    """How a class in single file went, in real time.

    Attributes:
        students: How many came.
        marked: How many of them were marked.
        mistaken: How many faces were taken for somebody who was not there.
        decision_ms: For each student: from the capture of the frame that completed the vote to the decision.
        record_s: For each student: from the capture of the first frame with the face to the stored record.
        frames: How many frames recognition looked at, and how many it had to drop.
    """

    students: int
    marked: int
    mistaken: int
    decision_ms: tuple[float, ...]
    record_s: tuple[float, ...]
    frames: tuple[int, int]


@dataclass(frozen=True, slots=True)
class RunningAnswer:
    """The running kiosk with its window.

    Attributes:
        shown_fps: Different camera pictures that the window painted in a second.
        looked_at_fps: Frames that recognition looked at in a second, beside that.
        rss_mb: Most memory that it held.
        tensorflow: Whether TensorFlow was imported.
    """

    shown_fps: float
    looked_at_fps: float
    rss_mb: float
    tensorflow: bool


@dataclass(frozen=True, slots=True)
class StartAnswer:
    """From Start with nothing loaded ahead.

    Attributes:
        picture_s: To the live picture.
        recognising_s: To recognising.
        rss_mb: Most memory, without a window.
        tensorflow: Whether TensorFlow was imported.
    """

    picture_s: float
    recognising_s: float
    rss_mb: float
    tensorflow: bool
