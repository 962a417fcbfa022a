"""What a run found, as one JSON object and as a table beside the figures that are wanted. Pure."""

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from kiosk.bench.figures import Figures, rounded, rounded_all
from kiosk.bench.measurements import FACE_RECOGNITION, FIND, FIVE, OURS, STRANGERS, Measurements
from kiosk.bench.target import Target, targets
from kiosk.translation import N_, _

MACHINE: Final = {
    True: N_(
        "{model}, official weights; {processor}, {cores_used} of {cores} cores, load {load} at the start; {seconds:.0f} s."
    ),
    False: N_(
        "{model}, seeded weights; {processor}, {cores_used} of {cores} cores, load {load} at the start; {seconds:.0f} s."
    ),
}
"""Whether the model has its author's weights."""


@dataclass(frozen=True, slots=True)
class Report:
    """A finished run."""

    measured: Measurements

    def as_json(self) -> dict[str, Any]:
        """As ``kiosk bench --json`` prints it; None stands where something was not measured, `missing` says why."""
        measured, figures = self.measured, Figures(self.measured)
        stages, search, start, running = measured.stages, measured.search, measured.start, measured.running
        return {
            "machine": dict(measured.machine),
            "model": measured.model,
            "weights": self._weights,
            "detector": stages.detector if stages else None,
            "faces_per_frame": rounded(stages.faces) if stages else None,
            "stages_ms": rounded_all(dict(stages.stages_ms)) if stages else {},
            "fps": rounded(figures.fps(OURS)),
            "fps_nobody_decided": rounded(figures.fps(STRANGERS)),
            "fps_five_faces": rounded(figures.fps(FIVE)),
            "embedded_per_frame": rounded_all(figures.embedded_per_frame()),
            "latency_ms": rounded_all(figures.latency_ms()),
            "first_sight_to_record_s": rounded_all(figures.first_sight_to_record_s()),
            "queue": self._queue(),
            "ours_ms": rounded_all(figures.ours_ms()),
            "contenders_ms": rounded_all(figures.contenders_ms()),
            "ratio": rounded_all(figures.ratios()),
            "cosine_vs_deepface": None if measured.cosine is None else round(measured.cosine, 8),
            "search_ms": _figures_of(search),
            "start": _figures_of(start),
            "window": _figures_of(running),
            "rss_mb": rounded(figures.rss_mb()),
            "tensorflow_imported": figures.tensorflow_imported(),
            "targets": [target.as_json() for target in targets(figures)],
            "missing": dict(measured.missing),
            "notes": dict(measured.notes),
            "seconds": round(measured.seconds, 1),
        }

    def as_text(self) -> str:
        """For people."""
        return "\n".join(self._lines())

    @property
    def _weights(self) -> str:
        return "official" if self.measured.official else "seeded"

    def _queue(self) -> dict[str, int] | None:
        queue = self.measured.queue
        if queue is None:
            return None
        looked_at, dropped = queue.frames
        return {
            "students": queue.students,
            "marked": queue.marked,
            "mistaken": queue.mistaken,
            "frames": looked_at,
            "dropped": dropped,
        }

    def _lines(self) -> Iterator[str]:
        measured, figures = self.measured, Figures(self.measured)
        machine = measured.machine
        yield _(
            MACHINE[measured.official],
            model=measured.model,
            processor=machine["processor"],
            cores_used=machine["cores_used"],
            cores=machine["cores"],
            load=machine["load_at_start"],
            seconds=measured.seconds,
        )
        if not measured.official:
            yield _(
                "Seeded weights have the network's time and memory, and no skill: whom they recognise means nothing."
            )
        yield ""
        yield from (_row(target) for target in targets(figures))
        if measured.cosine is not None:
            cosine = _("Cosine to deepface's own embedding: {cosine:.8f}", cosine=measured.cosine)
            yield f"  {cosine}"
        if (imported := figures.tensorflow_imported()) is not None:
            yield (
                "✗ " + _("The running kiosk imports TensorFlow")
                if imported
                else "✓ " + _("The running kiosk does not import TensorFlow")
            )
        yield ""
        yield from self._times(figures)
        memory = _("Memory of the running kiosk, most, MB")
        yield f"{memory:54} {_shown(figures.rss_mb()):>8}"
        if measured.missing:
            yield ""
            for name, reason in measured.missing.items():
                yield _("Not measured: {name}. {reason}", name=name, reason=reason)
        yield from (f"{name}: {note}." for name, note in measured.notes.items())

    def _times(self, figures: Figures) -> Iterator[str]:
        ours, theirs, stages = figures.ours_ms(), figures.contenders_ms(), self.measured.stages
        search = self.measured.search
        yield _("Milliseconds")
        for words, value in {
            _("one face, this kiosk"): ours["embedding"],
            _("one face, deepface's forward"): theirs["deepface_forward"],
            _("one face, DeepFace.represent without detector"): theirs["deepface_represent"],
            _("one face of eight at once, this kiosk"): ours["embedding_in_batch_of_8"],
            _("one face of eight at once, deepface"): theirs["deepface_forward_in_batch_of_8"],
            _("one face, built-in model"): ours["builtin_embedding"],
            _("one face, dlib's own call"): theirs["dlib_face_descriptor"],
            _("search among 300 people"): search.small_ms if search else None,
            _("search among 100,000 templates"): search.large_ms if search else None,
        }.items():
            yield f"  {words:52} {_shown(value):>8}"
        if stages is not None:
            yield _(
                "A frame's stages with {faces:.1f} faces, all embedded ({detector}), milliseconds",
                faces=stages.faces,
                detector=stages.detector,
            )
            yield "  " + ", ".join(f"{name} {_shown(value)}" for name, value in stages.stages_ms.items())
        yield _("Frames a second (faces embedded in a frame), 720p, detector on every frame")
        every_other = theirs["face_recognition_frame_every_other"]
        embedded = figures.embedded_per_frame()
        for words, side in {
            _("this kiosk, three faces"): OURS,
            _("this kiosk, three faces that are never decided"): STRANGERS,
            _("this kiosk, five faces"): FIVE,
            "DeepFace.find": FIND,
            _("face_recognition's webcam example"): FACE_RECOGNITION,
        }.items():
            yield f"  {words:52} {_shown(figures.fps(side)):>8}   ({_shown(embedded[side])})"
        if every_other:
            words = _("the same, leaving out every other frame")
            yield f"  {words:52} {_shown(1000 / every_other):>8}"


def _row(target: Target) -> str:
    sign = {True: "✓", False: "✗", None: "–"}[target.holds]
    value = _("not measured") if target.value is None else f"{_shown(target.value)} {target.unit}"
    bound = f"{'≥' if target.at_least else '≤'} {target.bound:g} {target.unit}"
    wanted = _("wanted {bound}", bound=bound)
    return f"{sign} {target.text:52} {value:>14}   {wanted}"


def _shown(value: float | None) -> str:
    """Three figures for people."""
    if value is None:
        return "–"
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _figures_of(answer: object) -> dict[str, float | None] | None:
    """The numbers of an answer, by name."""
    if answer is None or not dataclasses.is_dataclass(answer) or isinstance(answer, type):
        return None
    values = dataclasses.asdict(answer)
    return rounded_all({name: value for name, value in values.items() if isinstance(value, float)})
