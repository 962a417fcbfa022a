"""Classes for the runtime's tests: what they are held with, and one that is open when a test says so."""

from collections.abc import Callable
from dataclasses import dataclass, field

from kiosk.domain.attendance.choices import LivenessMode
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.faces.recognition import VotingRule
from kiosk.domain.phones.codes import Rotation
from kiosk.errors import KioskError
from kiosk.pipeline.class_run import ClassRun
from kiosk.pipeline.vision_worker import DecisionTargets
from kiosk.services.attendance.awaited_faces import AwaitedFaces, AwaitedInSession
from kiosk.services.attendance.check_in import CheckIn
from kiosk.services.attendance.running_class import RunningClass
from kiosk.services.events import Events
from kiosk.services.faces.recognition.recogniser import Recogniser, Recognition, Sight
from kiosk.services.ports.sources import FrameSource
from tests.fakes.clock import FakeClock
from tests.fakes.vision.recognition import MODEL, FakeDetector, FakeEmbedder, FakeQualityMeter, FakeTracker
from tests.world.school import ZONE, SmallSchool


class FakeClasses:
    """`ClassBuilder` over a small school; `build` makes the camera and vision of a session."""

    def __init__(
        self,
        school: SmallSchool,
        build: Callable[[ClassSession], ClassRun],
        *,
        check: Callable[[LivenessMode], None] | None = None,
    ) -> None:
        self._school = school
        self._build = build
        self._check = check

    def check(self, liveness: LivenessMode) -> None:
        if self._check is not None:
            self._check(liveness)

    def model_name(self, course_id: int) -> str:
        return MODEL.name

    def build(self, session: ClassSession) -> ClassRun:
        return self._build(session)

    def load(self, session: ClassSession) -> Recognition:
        day = self._school.clock.now().date()
        return self._school.galleries.load(session.course_id, on=day, model=MODEL)


@dataclass(frozen=True, slots=True)
class FakeRuns:
    """Makes camera and vision of sessions in a small school; `Recognisers` as well.

    Attributes:
        events: Are told what camera and vision notice.
        checkin: Where decisions go.
        awaited: Says who is expected where a policy verifies claims.
        failure: Why recognition cannot begin.
    """

    school: SmallSchool
    source: FrameSource
    events: Events
    checkin: CheckIn
    detector: FakeDetector = field(default_factory=FakeDetector)
    embedder: FakeEmbedder = field(default_factory=FakeEmbedder)
    awaited: AwaitedFaces | None = None
    failure: KioskError | None = None

    def begin(self, session: ClassSession) -> Recogniser:
        if self.failure is not None:
            raise self.failure
        day = session.started_at.astimezone(ZONE).date()
        return Recogniser(
            sight=Sight(self.detector, FakeTracker(), self.embedder, FakeQualityMeter()),
            recognition=self.school.galleries.load(session.course_id, on=day, model=MODEL),
            rule=VotingRule(),
            expected=AwaitedInSession(self.awaited, session.session_id)
            if self.awaited is not None and session.policy.verifies_claims
            else None,
        )

    def abandon(self) -> None:
        pass

    def build(self, session: ClassSession) -> ClassRun:
        return ClassRun(
            session=session,
            source=self.source,
            recognisers=self,
            targets=DecisionTargets(self.checkin),
            clock=self.school.clock,
            events=self.events,
            every_frame=True,
        )


class FakeRecognisers:
    """`Recognisers` that gives what a test makes."""

    def __init__(self, make: Callable[[ClassSession], Recogniser]) -> None:
        self._make = make

    def begin(self, session: ClassSession) -> Recogniser:
        return self._make(session)

    def abandon(self) -> None:
        pass


class SwitchedClass(RunningClass):
    """A class that is open when a test says so."""

    def __init__(self, *, is_open: bool = False) -> None:
        super().__init__(clock=FakeClock(), rotation=Rotation(15))
        self.switched_on = is_open

    @property
    def is_open(self) -> bool:
        return self.switched_on
