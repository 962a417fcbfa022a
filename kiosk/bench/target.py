"""The figures that are wanted, and whether they were reached. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from kiosk.bench.figures import Figures, rounded

ONE_EMBEDDING: Final[Mapping[str, float]] = {"facenet512": 10.0, "facenet128": 10.0, "vggface": 2.0}
"""How many times faster than deepface's client each of its networks has to be."""


@dataclass(frozen=True, slots=True)
class Target:
    """One figure beside the one that is wanted.

    Attributes:
        name: Key in the JSON.
        text: What it is, for people.
        value: What was measured; None when it was not.
        bound: What is wanted.
        at_least: Whether more is better.
        unit: Written behind both.
    """

    name: str
    text: str
    value: float | None
    bound: float
    at_least: bool
    unit: str

    @property
    def holds(self) -> bool | None:
        """Whether it was reached; None when it was not measured."""
        if self.value is None:
            return None
        return self.value >= self.bound if self.at_least else self.value <= self.bound

    def as_json(self) -> dict[str, Any]:
        """As the command prints it."""
        return {
            "name": self.name,
            "value": rounded(self.value),
            "wanted": f"{'>=' if self.at_least else '<='} {self.bound:g}",
            "unit": self.unit,
            "holds": self.holds,
        }


def targets(figures: Figures) -> list[Target]:
    """Every figure that is wanted, with what was measured."""
    measured = figures.measured
    ratios, search, running = figures.ratios(), measured.search, measured.running
    model = measured.model
    found = [
        _most(
            "embedding_vs_dlib",
            "One face, built-in model, against dlib's own call",
            ratios["embedding_vs_dlib"],
            15,
            "×",
        ),
        _most(
            "loop_vs_deepface_find",
            "Whole loop, three faces, against DeepFace.find",
            ratios["loop_vs_deepface_find"],
            20,
            "×",
        ),
        _most(
            "loop_vs_face_recognition",
            "Whole loop, three faces, against face_recognition",
            ratios["loop_vs_face_recognition"],
            4,
            "×",
        ),
        _most(
            "shown_fps_five_faces",
            "Pictures shown with five faces",
            running.shown_fps if running else None,
            25,
            "/s",
        ),
        _least(
            "decision_p95_ms", "Deciding frame to decision, 95 of 100", figures.latency_ms()["p95"], 150, "ms"
        ),
        _least(
            "first_sight_to_record_p95_s",
            "First sight to record, 95 of 100",
            figures.first_sight_to_record_s()["p95"],
            1,
            "s",
        ),
        _most(
            "queue_marked_percent",
            "Marked of a class in single file, one a second",
            figures.marked_percent(),
            100,
            "%",
        ),
        _least(
            "search_300_people_ms", "Search among 300 people", search.small_ms if search else None, 0.2, "ms"
        ),
        _least(
            "search_100000_templates_ms",
            "Search among 100,000 templates",
            search.large_ms if search else None,
            20,
            "ms",
        ),
        _least(
            "start_s",
            "Start to recognising",
            measured.start.recognising_s if measured.start else None,
            4,
            "s",
        ),
        _least("rss_mb", "Memory of the running kiosk", figures.rss_mb(), 700, "MB"),
    ]
    if model in ONE_EMBEDDING:
        text = f"One face, {model}, against deepface's client"
        value = ratios["embedding_vs_deepface"]
        found.insert(0, _most("embedding_vs_deepface", text, value, ONE_EMBEDDING[model], "×"))
    return found


def _most(name: str, text: str, value: float | None, bound: float, unit: str) -> Target:
    return Target(name, text, value, bound, True, unit)


def _least(name: str, text: str, value: float | None, bound: float, unit: str) -> Target:
    return Target(name, text, value, bound, False, unit)
