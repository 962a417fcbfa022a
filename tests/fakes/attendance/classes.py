"""Classes for the runtime's tests: what they are held with, and one that is open when a test says so."""

from collections.abc import Callable

from kiosk.domain.attendance.choices import LivenessMode
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.phones.codes import Rotation
from kiosk.pipeline.class_run import ClassRun
from kiosk.services.attendance.running_class import RunningClass
from kiosk.services.faces.recognition.recogniser import Recogniser, Recognition
from tests.fakes.clock import FakeClock
from tests.fakes.vision.recognition import MODEL
from tests.world.school import FakeSchool


class FakeClasses:
    """`ClassBuilder` over a fake school; `build` makes the camera and vision of a session."""

    def __init__(
        self,
        school: FakeSchool,
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


class FakeRecognisers:
    """`Recognisers` that gives what a test makes."""

    def __init__(self, make: Callable[[ClassSession], Recogniser]) -> None:
        self._make = make

    def begin(self, session: ClassSession) -> Recogniser:
        return self._make(session)


class SwitchedClass(RunningClass):
    """A class that is open when a test says so."""

    def __init__(self, *, is_open: bool = False) -> None:
        super().__init__(clock=FakeClock(), rotation=Rotation(15))
        self.switched_on = is_open

    @property
    def is_open(self) -> bool:
        return self.switched_on
