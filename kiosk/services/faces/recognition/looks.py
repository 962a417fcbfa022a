"""Chooses whose face is embedded in a frame: only who needs it, only fit frames, no more than the budget allows.

Runs on the vision thread. Those whose quality was measured longest ago are measured first, and of those that are fit the
ones that were embedded longest ago are embedded first, the fitter ones before the others.
"""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kiosk.domain.faces.best_frame import LookRule, live_fitness
from kiosk.domain.faces.face_quality import Flaw, flaw_of
from kiosk.domain.faces.frames import Frame
from kiosk.domain.faces.recognition import Track
from kiosk.services.faces.recognition.embedding_budget import EmbeddingBudget
from kiosk.services.faces.recognition.track_memory import TrackMemory
from kiosk.services.ports.vision import QualityMeter

MAX_MEASURED: Final = 12
"""Faces whose quality is measured in one frame (0.1 to 0.3 ms each); the others are measured in the next ones."""


@dataclass(frozen=True, slots=True)
class Look:
    """One face that is worth an embedding in this frame, and how fit it is for one."""

    track: Track
    fitness: float


class Looks:
    """Chooses from frame to frame."""

    def __init__(
        self, *, quality: QualityMeter, rule: LookRule, budget: EmbeddingBudget, every_s: float
    ) -> None:
        self._quality = quality
        self._rule = rule
        self.budget = budget
        self._every_s = every_s

    def choose(
        self,
        frame: Frame,
        tracks: Sequence[Track],
        memories: Mapping[int, TrackMemory],
        asked: Container[int],
    ) -> list[Look]:
        """Who is to be embedded in this frame.

        Args:
            frame: With the faces.
            tracks: Those in view.
            memories: What is known of each, by number.
            asked: Ids of tracks that were asked to turn the head: that pose is then no flaw.
        """
        allowed = self.budget.allowed(frame.time_s)
        if allowed < 1:
            return []
        wanting = [
            track for track in tracks if memories[track.track_id].wants_look(frame.time_s, self._every_s)
        ]
        wanting.sort(key=lambda track: memories[track.track_id].measured_s)
        fit: list[Look] = []
        for track in wanting[:MAX_MEASURED]:
            memory = memories[track.track_id]
            memory.measured_s = frame.time_s
            quality = self._quality.measure(frame.image, track.detection)
            flaw = flaw_of(quality, self._rule.limits)
            if flaw is not None and not (flaw is Flaw.TURNED_AWAY and track.track_id in asked):
                continue
            look = Look(track, live_fitness(quality))
            if memory.deserves_look(look.fitness, self._rule.better):
                fit.append(look)
        fit.sort(key=lambda look: (memories[look.track.track_id].embedded_s, -look.fitness))
        return fit[:allowed]
