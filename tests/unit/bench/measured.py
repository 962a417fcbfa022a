"""Invented measurements for the tests of figures and report."""

import numpy as np

from kiosk.bench.answers import (
    EmbeddingAnswer,
    LoopAnswer,
    QueueAnswer,
    RunningAnswer,
    SearchAnswer,
    StagesAnswer,
    StartAnswer,
)
from kiosk.bench.measurements import Measurements
from kiosk.bench.sides.side import Answers

MACHINE = {"processor": "A processor", "cores": 4, "cores_used": 2, "load_at_start": 0.1}
_NONE = np.zeros((1, 2), np.float32)


def _face(one_ms: float, whole_ms: float | None = None, batch_ms: float | None = None) -> EmbeddingAnswer:
    return EmbeddingAnswer(one_ms, whole_ms, batch_ms, _NONE)


def nothing() -> Measurements:
    """A run in which nothing could be measured."""
    return Measurements(MACHINE, "facenet512", official=False)


def everything() -> Measurements:
    """A run in which everything was; rounds differ, as they do."""
    return Measurements(
        MACHINE,
        "facenet512",
        official=False,
        embeddings=Answers(
            {
                "ours": [_face(12, batch_ms=8), _face(10, batch_ms=9)],
                "deepface": [_face(200, 230, 11), _face(260, 240, 12)],
                "builtin": [_face(2)],
                "dlib": [_face(60), _face(70)],
            }
        ),
        loops=Answers(
            {
                "ours": [LoopAnswer(25, None, 0.3), LoopAnswer(20, None, 0.3)],
                "undecided": [LoopAnswer(40, None, 2.9)],
                "five": [LoopAnswer(25, None, 0.4)],
                "deepface_find": [LoopAnswer(500, None, 3.0)],
                "face_recognition": [LoopAnswer(200, 100, 3.0)],
            }
        ),
        stages=StagesAnswer({"detect": 7.0, "embed": 24.0}, 2.9, "yunet-2026may"),
        search=SearchAnswer(0.1, 15.0),
        queue=QueueAnswer(
            30, 30, 0, tuple(float(n) for n in range(1, 101)), tuple(n / 100 for n in range(1, 91)), (900, 3)
        ),
        start=StartAnswer(0.1, 1.5, 300.0, tensorflow=False),
        running=RunningAnswer(29.5, 28.0, 400.0, tensorflow=False),
        cosine=0.99999994,
        seconds=200.0,
    )
