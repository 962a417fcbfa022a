"""Everything that one run measured, before it is put into words. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from kiosk.bench.answers import QueueAnswer, RunningAnswer, SearchAnswer, StagesAnswer, StartAnswer
from kiosk.bench.sides.side import Answers

OURS: Final = "ours"
BUILTIN: Final = "builtin"
DLIB: Final = "dlib"
DEEPFACE: Final = "deepface"
FIND: Final = "deepface_find"
FACE_RECOGNITION: Final = "face_recognition"
STRANGERS: Final = "undecided"
FIVE: Final = "five"


@dataclass(slots=True)
class Measurements:
    """Filled step by step; what could not be measured stays empty and says why in `missing`.

    Attributes:
        machine: As `describe_machine` tells it.
        model: The recognition model under test.
        official: Whether it has its author's weights.
        embeddings: Sides `OURS`, `DEEPFACE`, `BUILTIN`, `DLIB`.
        loops: Sides `OURS`, `FIND`, `FACE_RECOGNITION`; `STRANGERS` and `FIVE` are ours on harder input.
        missing: By what was to be measured, why it was not.
        seconds: How long the run took.
    """

    machine: Mapping[str, Any]
    model: str
    official: bool
    embeddings: Answers = field(default_factory=Answers)
    loops: Answers = field(default_factory=Answers)
    stages: StagesAnswer | None = None
    search: SearchAnswer | None = None
    queue: QueueAnswer | None = None
    start: StartAnswer | None = None
    running: RunningAnswer | None = None
    cosine: float | None = None
    missing: dict[str, str] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0
