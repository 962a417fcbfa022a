"""The figures that one run's measurements come to. Pure; None stands where something was not measured."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kiosk.bench.measurements import (
    BUILTIN,
    DEEPFACE,
    DLIB,
    FACE_RECOGNITION,
    FIND,
    FIVE,
    OURS,
    STRANGERS,
    Measurements,
)
from kiosk.bench.stopwatch import percentile
from kiosk.domain.faces.recognition import BUILTIN_MODEL


@dataclass(frozen=True, slots=True)
class Figures:
    """Arithmetic over `measured`. Times are the least of the rounds: a machine can only make one longer."""

    measured: Measurements

    def one_ms(self, side: str) -> float | None:
        """One face through a network, on its own, its input ready."""
        return self.measured.embeddings.least(side, "one_ms")

    def frame_ms(self, side: str) -> float | None:
        """One frame through a whole loop that looks at every frame."""
        return self.measured.loops.least(side, "frame_ms")

    def fps(self, side: str) -> float | None:
        """Frames a second of a whole loop."""
        return ratio(1000.0, self.frame_ms(side))

    def embedded_per_frame(self) -> dict[str, float | None]:
        """How many faces each loop embedded in a frame, on average."""
        sides = (OURS, STRANGERS, FIVE, FIND, FACE_RECOGNITION)
        return {side: self.measured.loops.least(side, "faces") for side in sides}

    def ours_ms(self) -> dict[str, float | None]:
        """This kiosk's times."""
        side = BUILTIN if self.measured.model == BUILTIN_MODEL else OURS
        return {
            "embedding": self.one_ms(side),
            "embedding_in_batch_of_8": self.measured.embeddings.least(side, "batch_ms"),
            "builtin_embedding": self.one_ms(BUILTIN),
            "frame": self.frame_ms(OURS),
        }

    def contenders_ms(self) -> dict[str, float | None]:
        """The others' times."""
        embeddings, loops = self.measured.embeddings, self.measured.loops
        return {
            "deepface_forward": self.one_ms(DEEPFACE),
            "deepface_represent": embeddings.least(DEEPFACE, "whole_ms"),
            "deepface_forward_in_batch_of_8": embeddings.least(DEEPFACE, "batch_ms"),
            "dlib_face_descriptor": self.one_ms(DLIB),
            "deepface_find_frame": self.frame_ms(FIND),
            "face_recognition_frame": self.frame_ms(FACE_RECOGNITION),
            "face_recognition_frame_every_other": loops.least(FACE_RECOGNITION, "published_ms"),
        }

    def ratios(self) -> dict[str, float | None]:
        """How many times as long the others take. `face_recognition`'s is of the frames that it looks at."""
        ours, theirs = self.frame_ms(OURS), self.contenders_ms()
        return {
            "embedding_vs_deepface": ratio(theirs["deepface_forward"], self.one_ms(OURS)),
            "embedding_vs_dlib": ratio(theirs["dlib_face_descriptor"], self.one_ms(BUILTIN)),
            "loop_vs_deepface_find": ratio(theirs["deepface_find_frame"], ours),
            "loop_vs_face_recognition": ratio(theirs["face_recognition_frame"], ours),
            "loop_vs_face_recognition_every_other": ratio(theirs["face_recognition_frame_every_other"], ours),
        }

    def latency_ms(self) -> dict[str, float | None]:
        """From the capture of the frame that completed the vote to the decision, of the class in single file."""
        queue = self.measured.queue
        return _percentiles(queue.decision_ms if queue else ())

    def first_sight_to_record_s(self) -> dict[str, float | None]:
        """From the capture of the first frame with the face to the record on disk."""
        queue = self.measured.queue
        return _percentiles(queue.record_s if queue else ())

    def marked_percent(self) -> float | None:
        """Of the class in single file."""
        queue = self.measured.queue
        return 100 * queue.marked / queue.students if queue else None

    def rss_mb(self) -> float | None:
        """Most memory of the running kiosk, with its window where there was one."""
        known = [one.rss_mb for one in (self.measured.start, self.measured.running) if one is not None]
        return max(known, default=None)

    def tensorflow_imported(self) -> bool | None:
        """Whether the running kiosk imported TensorFlow."""
        known = [one.tensorflow for one in (self.measured.start, self.measured.running) if one is not None]
        return any(known) if known else None


def ratio(slower: float | None, faster: float | None) -> float | None:
    """How many times as long the first takes; None where one of them is not known."""
    if slower is None or faster is None or faster <= 0:
        return None
    return slower / faster


def least_cosine(ours: NDArray[np.float32], theirs: NDArray[np.float32]) -> float:
    """The smallest cosine between the rows of two (n, dimensions); 1 is the same direction."""
    left, right = ours.astype(np.float64), theirs.astype(np.float64)
    lengths = np.linalg.norm(left, axis=1) * np.linalg.norm(right, axis=1)
    return float(np.min((left * right).sum(axis=1) / lengths))


def rounded(value: float | None) -> float | None:
    """Four figures are more than any of this is good for."""
    return None if value is None else float(f"{value:.4g}")


def rounded_all(values: Mapping[str, float | None]) -> dict[str, float | None]:
    """The same for each of them."""
    return {name: rounded(value) for name, value in values.items()}


def _percentiles(values: tuple[float, ...]) -> dict[str, float | None]:
    return {"p50": percentile(values, 50), "p95": percentile(values, 95)}
