"""Wires what a class is recognised with: model, gallery, tracker, liveness.

`ClassFaces.begin` runs on the vision thread of a class that begins, `load` and `model_name` on any.
"""

import time
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from kiosk.bootstrap.model_change import ModelChanges
from kiosk.domain.attendance.choices import LivenessMode
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.faces.recognition import ModelInfo
from kiosk.pipeline.clock import SystemClock
from kiosk.services.attendance.awaited_faces import AwaitedFaces
from kiosk.services.events import ModelReplaced, OnEvent
from kiosk.services.faces.galleries import Galleries
from kiosk.services.faces.recognition.embedding_budget import FixedBudget, MeasuredBudget
from kiosk.services.faces.recognition.recogniser import Recogniser, Recognition
from kiosk.services.faces.recognition.recognition_rules import look_rule, voting_rule
from kiosk.services.ports.vision import Detector, Embedder
from kiosk.settings import KioskSettings
from kiosk.vision.recognition_models import RecognitionModels


class ClassFaces:
    """What classes are recognised with. A class keeps its model to its end, whatever is chosen meanwhile."""

    def __init__(
        self,
        vision: RecognitionModels,
        changes: ModelChanges,
        galleries: Galleries,
        clock: SystemClock,
        zone: ZoneInfo,
        settings: KioskSettings,
        models_dir: Path,
        on_event: OnEvent,
        awaited: AwaitedFaces,
    ) -> None:
        self._vision = vision
        self._changes = changes
        self._galleries = galleries
        self._clock = clock
        self._zone = zone
        self._settings = settings
        self._models_dir = models_dir
        self._on_event = on_event
        self._awaited = awaited
        self._at_work: ModelInfo | None = None

    def begin(self, session: ClassSession, *, every_frame: bool) -> Recogniser:
        """On the vision thread of a class that begins."""
        detector, embedder = self._vision.get()
        if self._vision.warning:
            self._on_event(ModelReplaced(session.session_id, embedder.info.name, self._vision.warning))
        found = self._changes.for_class(
            session.course_id, on=self._day_of(session), chosen=embedder.info.name
        )
        if found.instead_of:
            embedder = self._vision.build_embedder(found.name)
            self._on_event(ModelReplaced(session.session_id, found.name, found.words, preparing=True))
        self._at_work = embedder.info
        recognition = self.load(session)
        verifies = session.policy.verifies_claims
        return _recogniser(
            detector,
            embedder,
            recognition,
            self._settings,
            session.liveness,
            self._models_dir,
            every_frame,
            partial(self._awaited.expected, session.session_id) if verifies else None,
        )

    def load(self, session: ClassSession) -> Recognition:
        """The roster's gallery with the model of the class at work; any thread."""
        model = self._at_work or self._vision.get()[1].info
        return self._galleries.load(session.course_id, on=self._day_of(session), model=model)

    def model_name(self, course_id: int) -> str:
        """The model of a class that is about to begin; nothing is loaded."""
        today = self._clock.now().astimezone(self._zone).date()
        return self._changes.for_class(course_id, on=today, chosen=self._vision.model_name()).name

    def _day_of(self, session: ClassSession) -> date:
        return session.started_at.astimezone(self._zone).date()


def _recogniser(
    detector: Detector,
    embedder: Embedder,
    recognition: Recognition,
    settings: KioskSettings,
    mode: LivenessMode,
    models_dir: Path,
    every_frame: bool,
    expected: Callable[[], frozenset[int]] | None,
) -> Recogniser:
    from kiosk.vision.detection.tracker import IouTracker
    from kiosk.vision.factory import build_quality_meter
    from kiosk.vision.liveness.gates import build_liveness_gate

    chosen = settings.recognition
    measured = MeasuredBudget(share=chosen.share, monotonic=time.monotonic)
    return Recogniser(
        detector=detector,
        tracker=IouTracker(),
        embedder=embedder,
        quality=build_quality_meter(),
        recognition=recognition,
        rule=voting_rule(chosen),
        look=look_rule(chosen),
        budget=FixedBudget() if every_frame else measured,
        gate=build_liveness_gate(mode, models_dir, settings=settings.liveness, detector=detector.name),
        expected=expected,
    )
