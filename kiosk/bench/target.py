"""The figures that are wanted, and whether they were reached. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from kiosk.bench.figures import Figures, rounded
from kiosk.translation import _

ONE_EMBEDDING: Final[Mapping[str, float]] = {"facenet512": 10.0, "facenet128": 10.0, "vggface": 2.0}
"""How many times faster than deepface's client each of its networks has to be."""

NOT_WANTED: Final[Mapping[str, frozenset[str]]] = {
    "vggface": frozenset({"loop_vs_deepface_find", "rss_mb", "search_100000_templates_ms"})
}
"""Figures that are wanted of the built-in model and the FaceNets only; they are measured and told all the same. 100,000
templates are wanted within 20 ms of models of up to 512 numbers a face: VGG-Face's 4,096 make 1.6 GB of them, and merely
reading that once takes two cores 21 ms and more, whatever a program does with it."""


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
    """Every figure that is wanted of the model, with what was measured."""
    unbound = NOT_WANTED.get(figures.measured.model, frozenset())
    found = [*_against_others(figures), *_of_a_class(figures), *_of_the_program(figures)]
    return [target for target in found if target.name not in unbound]


def _against_others(figures: Figures) -> list[Target]:
    ratios, model = figures.ratios(), figures.measured.model
    rows = {
        "embedding_vs_dlib": (_("One face, built-in model, against dlib's own call"), 15.0),
        "loop_vs_deepface_find": (_("Whole loop, three faces, against DeepFace.find"), 20.0),
        "loop_vs_face_recognition": (_("Whole loop, three faces, against face_recognition"), 4.0),
    }
    if model in ONE_EMBEDDING:
        text = _("One face, {model}, against deepface's client", model=model)
        rows = {"embedding_vs_deepface": (text, ONE_EMBEDDING[model])} | rows
    return [_most(name, text, ratios[name], bound, "×") for name, (text, bound) in rows.items()]


def _of_a_class(figures: Figures) -> list[Target]:
    running = figures.measured.running
    shown = running.shown_fps if running else None
    decision, sight = figures.latency_ms()["p95"], figures.first_sight_to_record_s()["p95"]
    marked = _("Marked of a class in single file, one a second")
    return [
        _most("shown_fps_five_faces", _("Pictures shown with five faces"), shown, 25, "/s"),
        _least("decision_p95_ms", _("Deciding frame to decision, 95 of 100"), decision, 150, "ms"),
        _least("first_sight_to_record_p95_s", _("First sight to record, 95 of 100"), sight, 1, "s"),
        _most("queue_marked_percent", marked, figures.marked_percent(), 100, "%"),
    ]


def _of_the_program(figures: Figures) -> list[Target]:
    search, start = figures.measured.search, figures.measured.start
    small, large = (search.small_ms, search.large_ms) if search else (None, None)
    recognising = start.recognising_s if start else None
    return [
        _least("search_300_people_ms", _("Search among 300 people"), small, 0.2, "ms"),
        _least("search_100000_templates_ms", _("Search among 100,000 templates"), large, 20, "ms"),
        _least("start_s", _("Start to recognising"), recognising, 4, "s"),
        _least("rss_mb", _("Memory of the running kiosk"), figures.rss_mb(), 700, "MB"),
    ]


def _most(name: str, text: str, value: float | None, bound: float, unit: str) -> Target:
    return Target(name, text, value, bound, True, unit)


def _least(name: str, text: str, value: float | None, bound: float, unit: str) -> Target:
    return Target(name, text, value, bound, False, unit)
