"""Wires enrolled faces and what recognition makes of them. Making it reads nothing."""

from dataclasses import dataclass

from kiosk.bootstrap.evaluation import draw_distances
from kiosk.bootstrap.sources import ClassSource
from kiosk.domain.attendance.choices import LivenessMode
from kiosk.domain.faces.frames import BgrImage
from kiosk.errors import KioskError
from kiosk.pipeline.enrolment_run import EnrolmentRun
from kiosk.pipeline.enrolment_sittings import EnrolmentSittings
from kiosk.pipeline.learning_worker import LearningWorker
from kiosk.services.app import AttendanceCases, FaceCases
from kiosk.services.attendance.running_class import RunningClass
from kiosk.services.core import Core
from kiosk.services.events import Event, SessionEnded
from kiosk.services.faces.ambiguous_faces import AmbiguousFaces
from kiosk.services.faces.ambiguous_memory import AmbiguousMemory
from kiosk.services.faces.calibration import Calibrating
from kiosk.services.faces.clear_faces import ClearFaces
from kiosk.services.faces.corrections import Corrections
from kiosk.services.faces.enrolment import Enrolment
from kiosk.services.faces.galleries import Galleries
from kiosk.services.faces.guided_enrolment import GuidedSitting, consenting_student
from kiosk.services.faces.learning import Learning
from kiosk.services.faces.lookalikes import Lookalikes
from kiosk.services.faces.recognition.liveness_choice import LivenessChoice
from kiosk.services.school.face_rules import FaceRules
from kiosk.services.school.school_settings import School
from kiosk.settings import Reach
from kiosk.vision.models.manifest import read_manifest
from kiosk.vision.recognition_models import RecognitionModels


@dataclass(frozen=True, slots=True)
class Faces:
    """The use cases, and what only classes use beside them."""

    cases: FaceCases
    galleries: Galleries
    memory: AmbiguousMemory
    clear: ClearFaces
    learning: LearningWorker
    sittings: EnrolmentSittings


@dataclass(frozen=True, slots=True)
class ModelEnrolments:
    """`Enrolments` over the models of recognition."""

    core: Core
    vision: RecognitionModels
    lookalikes: Lookalikes
    source: ClassSource
    rules: FaceRules

    def build(self, reach: Reach = Reach.FAR) -> Enrolment:
        self.rules.require_use()
        from kiosk.vision.factory import build_quality_meter
        from kiosk.vision.pictures import read_picture, write_picture

        detector, embedder = self.vision.build(reach)
        return Enrolment(
            store=self.core.store,
            clock=self.core.clock,
            detector=detector,
            embedder=embedder,
            quality=build_quality_meter(),
            read_picture=read_picture,
            write_picture=write_picture,
            lookalikes=self.lookalikes,
        )

    def sitting(self, student_id: int) -> GuidedSitting:
        """A guided one, whose student sits near."""
        return GuidedSitting(
            student_id=student_id, store=self.core.store, enrolment=self.build(reach=Reach.NEAR)
        )

    def run(self, student_id: int) -> EnrolmentRun:
        """A guided one with its camera, not started yet."""
        self.rules.require_use()
        return EnrolmentRun(
            student=consenting_student(self.core.store, student_id),
            source=self.source.open(),
            guides=self,
            every_frame=self.source.every_frame,
        )


def build_faces(
    core: Core,
    school: School,
    rules: FaceRules,
    attendance: AttendanceCases,
    vision: RecognitionModels,
    source: ClassSource,
) -> Faces:
    """Wire it over a store."""
    store, clock = core.store, core.clock
    memory = AmbiguousMemory(clock=clock, write_picture=_write_picture)
    core.events.subscribe(Event, memory.on_event)
    lookalikes = Lookalikes(store=store, clock=clock, school=school, events=core.events, model=vision.info)
    galleries = Galleries(store=store, school=school, lookalikes=lookalikes, zone=core.zone)
    enrolments = ModelEnrolments(core, vision, lookalikes, source, rules)
    clear = ClearFaces(write_picture=_write_picture)
    core.events.subscribe(Event, clear.on_event)
    learning = _build_learning(core, galleries, clear, enrolments, attendance.running)
    core.events.subscribe(SessionEnded, learning.on_event)
    sittings = EnrolmentSittings(runs=enrolments, running=attendance.running)
    cases = FaceCases(
        enrolments=enrolments,
        guided=sittings,
        lookalikes=lookalikes,
        corrections=Corrections(store=store, clock=clock, events=core.events),
        ambiguous=AmbiguousFaces(
            store=store,
            clock=clock,
            sessions=attendance.sessions,
            marks=attendance.marks,
            faces=memory,
            enrolments=enrolments,
        ),
        calibrating=Calibrating(
            galleries=galleries,
            school=school,
            lookalikes=lookalikes,
            clock=clock,
            zone=core.zone,
            model=vision,
            known={one.recognition.name for one in read_manifest().values() if one.recognition is not None},
            draw=draw_distances,
        ),
        liveness=LivenessChoice(
            store=store,
            school=school,
            networks=LivenessNetworks(core),
            watches_people=lambda: source.watches_people,
        ),
    )
    return Faces(cases, galleries, memory, clear, learning, sittings)


def _build_learning(
    core: Core, galleries: Galleries, clear: ClearFaces, enrolments: ModelEnrolments, running: RunningClass
) -> LearningWorker:
    """What keeps the clear faces of a class once it is over."""
    return LearningWorker(
        faces=clear,
        learning=Learning(
            store=core.store,
            clock=core.clock,
            zone=core.zone,
            events=core.events,
            galleries=galleries,
            read_picture=_read_picture,
        ),
        enrolments=enrolments,
        running=running,
    )


@dataclass(frozen=True, slots=True)
class LivenessNetworks:
    """Implements the port of that name."""

    core: Core

    def problem(self, mode: LivenessMode) -> KioskError | None:
        """Why a check cannot be made here; may read files."""
        from kiosk.vision.liveness.liveness_files import liveness_problem

        return liveness_problem(mode, self.core.directories.models)

    def are_installed(self) -> bool:
        """Whether those of the passive check are there; quick."""
        from kiosk.vision.liveness.liveness_files import has_attack_detector

        return has_attack_detector(self.core.directories.models)


def _read_picture(data: bytes) -> BgrImage:
    from kiosk.vision.pictures import read_picture

    return read_picture(data)


def _write_picture(image: BgrImage) -> bytes:
    from kiosk.vision.pictures import write_picture

    return write_picture(image)
