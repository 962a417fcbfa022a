"""Wires what a class is held with: model, gallery, tracker, liveness, and where decisions go.

`begin` runs on the vision thread of a class that begins, the rest on any.
"""

from datetime import date
from typing import Final

from kiosk.bootstrap.faces import Faces
from kiosk.bootstrap.models import ModelChanges
from kiosk.bootstrap.sources import ClassSource, open_code_reader
from kiosk.domain.attendance.choices import LivenessMode
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.faces.recognition import ModelInfo
from kiosk.domain.school.face_rule import STRICTEST_FIRST, FaceRule
from kiosk.pipeline.class_run import ClassRun, Means
from kiosk.pipeline.code_worker import CodeReading
from kiosk.pipeline.vision_worker import DecisionTargets
from kiosk.services.app import AttendanceCases
from kiosk.services.attendance.awaited_faces import AwaitedInSession, ClaimedHere
from kiosk.services.core import Core
from kiosk.services.events import FacesInClass, ModelReplaced
from kiosk.services.faces.recognition.embedding_budget import FixedBudget, MeasuredBudget
from kiosk.services.faces.recognition.recogniser import ExpectedFaces, Recogniser, Recognition, Sight
from kiosk.services.faces.recognition.recognition_rules import look_rule, voting_rule
from kiosk.services.faces.recognition.verifying import VerifyingRecogniser
from kiosk.services.phones.passes import Passes
from kiosk.services.ports.sources import FrameSource
from kiosk.services.ports.vision import Detector, Embedder
from kiosk.services.school.face_rules import FaceRules

NO_MODEL: Final = "none"
"""Of a class in which nothing looks at faces."""


class Classes:
    """Implements `ClassBuilder`. A class keeps its model to its end, whatever is chosen meanwhile."""

    def __init__(
        self,
        core: Core,
        *,
        attendance: AttendanceCases,
        faces: Faces,
        changes: ModelChanges,
        passes: Passes,
        rules: FaceRules,
        source: ClassSource,
    ) -> None:
        self._rules = rules
        self._rule = FaceRule.OFF
        self._core = core
        self._attendance = attendance
        self._faces = faces
        self._changes = changes
        self._passes = passes
        self._source = source
        self._at_work: ModelInfo | None = None

    def check(self, liveness: LivenessMode) -> None:
        if not self._rules.rule().uses_faces:
            return
        self._faces.cases.liveness.check(liveness)

    def model_name(self, course_id: int) -> str:
        if not self._rules.rule().uses_faces:
            return NO_MODEL
        chosen = self._changes.model_name()
        return self._changes.for_class(course_id, on=self._core.today(), chosen=chosen).name

    def over(self, frames: FrameSource, *, every_frame: bool) -> "Classes":
        """The same over a given source."""
        return Classes(
            self._core,
            attendance=self._attendance,
            faces=self._faces,
            changes=self._changes,
            passes=self._passes,
            rules=self._rules,
            source=ClassSource(str, frames, every_frame),
        )

    def build(self, session: ClassSession) -> ClassRun:
        every_frame = self._source.every_frame
        # A recording was refused, or not, before its class began.
        self._rule = FaceRule.WALK_PAST if session.is_replay else self._rules.rule()
        self._core.events.emit(FacesInClass(session.session_id, self._rule))
        means = self._means()
        return ClassRun(
            session=session,
            source=self._source.open(),
            recognisers=means.recognisers,
            targets=means.targets,
            clock=self._core.clock,
            events=self._core.events,
            every_frame=every_frame,
            # Passes live for seconds, so one in a recording is never good.
            code_reading=None if every_frame else lambda: CodeReading(open_code_reader(), self._passes),
        )

    def school_rule(self) -> FaceRule:
        return self._rules.rule()

    def follow(self, session: ClassSession, rule: FaceRule) -> Means | None:
        if session.is_replay or STRICTEST_FIRST.index(rule) >= STRICTEST_FIRST.index(self._rule):
            return None
        self._rule = rule
        if rule is FaceRule.OFF:
            self._changes.vision.abandon()
        self._core.events.emit(FacesInClass(session.session_id, rule))
        return self._means()

    def _means(self) -> Means:
        attendance, searches = self._attendance, self._rule is FaceRule.WALK_PAST
        return Means(
            self if self._rule.uses_faces else None,
            DecisionTargets(
                attendance.check_in,
                attendance.attacks,
                self._faces.memory if searches else None,
                self._faces.clear
                if searches and self._source.watches_people
                else None,  # not from a recording
            ),
        )

    def begin(self, session: ClassSession) -> Recogniser:
        """On the vision thread of a class that begins."""
        vision, emit = self._changes.vision, self._core.events.emit
        detector, embedder = vision.get()
        if vision.warning:
            emit(ModelReplaced(session.session_id, embedder.info.name, vision.warning))
        found = self._changes.for_class(
            session.course_id, on=self._day_of(session), chosen=embedder.info.name
        )
        if found.instead_of:
            embedder = vision.build_embedder(found.name)
            emit(ModelReplaced(session.session_id, found.name, found.words, preparing=True))
        self._at_work = embedder.info
        return self._recogniser(session, detector, embedder)

    def abandon(self) -> None:
        self._changes.vision.abandon()

    def load(self, session: ClassSession) -> Recognition:
        """The roster's gallery with the model of the class at work."""
        model = self._at_work or self._changes.vision.info()
        if self._rule is FaceRule.VERIFY_ONLY:
            return self._faces.galleries.verification(
                session.course_id, on=self._day_of(session), model=model
            )
        return self._faces.galleries.load(session.course_id, on=self._day_of(session), model=model)

    def _day_of(self, session: ClassSession) -> date:
        return session.started_at.astimezone(self._core.zone).date()

    def _recogniser(self, session: ClassSession, detector: Detector, embedder: Embedder) -> Recogniser:
        from kiosk.vision.detection.tracker import IouTracker
        from kiosk.vision.factory import build_quality_meter
        from kiosk.vision.liveness.gates import build_liveness_gate

        settings, models_dir = self._core.settings, self._core.directories.models
        chosen = settings.recognition
        measured = MeasuredBudget(share=chosen.share, clock=self._core.clock)
        attendance, session_id = self._attendance, session.session_id
        verifies = self._rule is FaceRule.VERIFY_ONLY
        expected: ExpectedFaces | None = None
        if verifies:
            expected = ClaimedHere(attendance.awaited, attendance.typed, session_id)
        elif session.policy.verifies_claims:
            expected = AwaitedInSession(attendance.awaited, session_id)
        kind = VerifyingRecogniser if verifies else Recogniser
        return kind(
            sight=Sight(detector, IouTracker(), embedder, build_quality_meter()),
            recognition=self.load(session),
            rule=voting_rule(chosen),
            look=look_rule(chosen),
            budget=FixedBudget() if self._source.every_frame else measured,
            gate=build_liveness_gate(
                session.liveness, models_dir, settings=settings.liveness, detector=detector.name
            ),
            expected=expected,
        )
