"""What happened, as small frozen values: the only thing that workers tell the rest of the program.

Whoever does something emits it to the kiosk's `Events` from its own thread; whoever wants to know subscribes by kind. The
window turns events into queued Qt signals, the command line into log lines, tests into a list.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import Any, TypeVar

from kiosk.domain.attendance.choices import CheckInOutcome, Method
from kiosk.domain.attendance.claims import PendingClaim
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.attendance.class_tally import ClassTally
from kiosk.domain.attendance.incidents import Incident
from kiosk.domain.attendance.kept import RefusedClaim
from kiosk.domain.attendance.rechecks import Recheck
from kiosk.domain.attendance.record import AttendanceRecord
from kiosk.domain.courses.courses import Course
from kiosk.domain.faces.frames import Box
from kiosk.domain.faces.liveness import SuspectedAttack
from kiosk.domain.faces.recognition import Outcome
from kiosk.domain.people.students import Student
from kiosk.domain.records.objections import Objection
from kiosk.domain.school.face_rule import FaceRule
from kiosk.settings import KioskSettings


@dataclass(frozen=True, slots=True)
class Event:
    """Base of all events."""


NOBODY_CAME = ClassTally()


class CameraState(StrEnum):
    """How the camera is doing."""

    OPENING = "opening"
    RUNNING = "running"
    LOST = "lost"
    ENDED = "ended"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class CameraStateChanged(Event):
    """The camera came, went or ended. `user_text` and `hint` say why it is lost."""

    state: CameraState
    user_text: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class RecognitionReady(Event):
    """The models are loaded and the gallery stands; from now on faces are recognised.

    `user_text` and `hint` say what the teacher must know, when faces cannot be checked against pictures.
    """

    session_id: int
    model: str
    detector: str
    people: int
    templates: int
    user_text: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class ModelReplaced(Event):
    """The chosen model cannot be used in this class; another one recognises instead. Comes before `RecognitionReady`.

    Attributes:
        model: The one at work.
        detail: What is wrong with the chosen one and what to do, for who looks after the kiosk.
        preparing: Nothing is wrong: the chosen one's templates are still being made.
    """

    session_id: int
    model: str
    detail: str
    preparing: bool = False


@dataclass(frozen=True, slots=True)
class FaceDecided(Event):
    """A track was decided. `student` is set for accepted faces only: a guess is never shown.

    `box` is where the face was in the deciding frame, in that frame's pixels.
    """

    session_id: int
    track_id: int
    outcome: Outcome
    student: Student | None
    first_seen_s: float
    decided_s: float
    distance: float | None
    margin: float | None
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class AttackRecorded(Event):
    """A picture was held up instead of a face, and that was written down; emitted after the commit. It accuses nobody."""

    attack: SuspectedAttack


@dataclass(frozen=True, slots=True)
class IncidentNoted(Event):
    """Something that the teacher should know beside the records; emitted after the commit."""

    incident: Incident


@dataclass(frozen=True, slots=True)
class PassExpired(Event):
    """The camera saw a pass that the kiosk had made, but whose time is over. Nobody is named: it may be a photograph."""

    session_id: int


@dataclass(frozen=True, slots=True)
class SessionStarted(Event):
    """A class session is open."""

    session: ClassSession
    course: Course
    students: int


@dataclass(frozen=True, slots=True)
class HeadcountChanged(Event):
    """A teacher counted the people in the room, or took the number back; emitted after the commit."""

    session: ClassSession


@dataclass(frozen=True, slots=True)
class SessionEnded(Event):
    """A class session was ended and the missing were written down as absent; `tally` is what it came to."""

    session_id: int
    ended_at: datetime
    tally: ClassTally = NOBODY_CAME

    @property
    def absent(self) -> int:
        """Whom the class missed, at its end or by hand."""
        return self.tally.absent


@dataclass(frozen=True, slots=True)
class ClassSessionChanged(Event):
    """A class session was added, described, cancelled, moved, deleted, put back or opened again; emitted after the commit."""

    session_id: int
    course_id: int


@dataclass(frozen=True, slots=True)
class RecheckChanged(Event):
    """A re-check in mid-class began, was disturbed, judged or taken back; emitted after the commit.

    Attributes:
        asked: Ids of the students whom it asks to show up.
        shown: Of those who did.
    """

    recheck: Recheck
    asked: frozenset[int]
    shown: frozenset[int]


@dataclass(frozen=True, slots=True)
class CheckOutChanged(Event):
    """Students of a class may check out, or not any more, or minutes were corrected; emitted after the commit."""

    session: ClassSession


@dataclass(frozen=True, slots=True)
class CheckInResult(Event):
    """The answer of the one door: exactly what a screen should show; emitted after the commit.

    Attributes:
        method: Of this claim; the record's own may differ when it was marked before.
        record: The student's one record, or None when refused.
        at: Time of this claim, aware UTC.
        claim: What waits for a second proof, where something does.
        incident: What the teacher should know about it, where there is something.
        is_from_memory: Whether the database was away, and this is what this PC knows by itself.
    """

    outcome: CheckInOutcome
    session_id: int
    student: Student
    method: Method
    record: AttendanceRecord | None
    at: datetime
    claim: PendingClaim | None = None
    incident: Incident | None = None
    is_from_memory: bool = False


@dataclass(frozen=True, slots=True)
class ClaimsDelivered(Event):
    """Claims that this PC kept while the database server was away were judged there; emitted after the commits.

    Attributes:
        results: What came of each, in the order of keeping.
        refused: Those that made no record of somebody who was there.
        left: How many students' claims wait still.
    """

    results: tuple[CheckInResult, ...]
    refused: tuple[RefusedClaim, ...]
    left: int


@dataclass(frozen=True, slots=True)
class RecordCorrected(Event):
    """A teacher or admin changed a record by hand."""

    student: Student
    record: AttendanceRecord


@dataclass(frozen=True, slots=True)
class ScanWaitsAgain(Event):
    """A mark by hand was taken back that had ended a scan which waited for its second proof; follows `RecordCorrected`."""

    student: Student
    claim: PendingClaim


@dataclass(frozen=True, slots=True)
class ObjectionMade(Event):
    """A student says that an own record is wrong; emitted after the commit."""

    session_id: int
    student_id: int
    objection: Objection


@dataclass(frozen=True, slots=True)
class SignInResting(Event):
    """Wrong PINs make a student's number rest; emitted at each wrong one from then on."""

    student: Student


@dataclass(frozen=True, slots=True)
class PinsGuessed(Event):
    """Wrong PINs of many students came from one place, which has to rest; emitted at each wrong one from then on."""


@dataclass(frozen=True, slots=True)
class PinReplaced(Event):
    """A student has another PIN; emitted after the commit."""

    student_id: int


@dataclass(frozen=True, slots=True)
class ConsentWithdrawn(Event):
    """A student's faces were deleted, because they may not be recognised any more; emitted after the commit."""

    student_id: int


@dataclass(frozen=True, slots=True)
class GalleryChanged(Event):
    """What a class is recognised with is other: faces, pairs or thresholds; emitted after the commit."""


@dataclass(frozen=True, slots=True)
class FaceRuleChanged(Event):
    """An admin chose how the school uses faces; emitted after the commit."""

    rule: FaceRule


@dataclass(frozen=True, slots=True)
class FacesInClass(Event):
    """How the class that is shown here uses faces; comes right after its `SessionStarted`."""

    session_id: int
    rule: FaceRule


@dataclass(frozen=True, slots=True)
class SettingsChanged(Event):
    """The settings of this kiosk are others, and in force."""

    settings: KioskSettings


@dataclass(frozen=True, slots=True)
class WebStateChanged(Event):
    """Whether phones can connect, and where. `base_url` such as ``http://10.20.4.17:8080``."""

    running: bool
    base_url: str = ""
    user_text: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class StoreStateChanged(Event):
    """Writing to the database fails, and why; or it works again, and both texts are empty.

    `is_keeping` says that claims are kept on this PC meanwhile.
    """

    user_text: str = ""
    hint: str = ""
    is_keeping: bool = False


@dataclass(frozen=True, slots=True)
class ReEmbeddingProgress(Event):
    """Stored pictures are being prepared for a model: so many of so many. The last one has `done == of`, or `stopped`."""

    model: str
    done: int
    of: int
    stopped: bool = False
    lost: tuple[str, ...] = ()
    """At the end: numbers of students of whom no picture can be used with this model."""


@dataclass(frozen=True, slots=True)
class WorkerFailed(Event):
    """A thread met something unforeseen, or hangs, and the log has the traceback; with empty texts: it works again."""

    worker: str
    user_text: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class RestoreAsked(Event):
    """An admin wants a backup restored: the kiosk has to stop, and starts anew with it."""


@dataclass(frozen=True, slots=True)
class RestartAsked(Event):
    """An admin wants what was changed to take effect: the kiosk has to stop and start again."""


@dataclass(frozen=True, slots=True)
class RuntimeStopped(Event):
    """Everything was closed; `stuck` names threads that did not end in time."""

    stuck: tuple[str, ...] = ()


E = TypeVar("E", bound=Event)


@dataclass(frozen=True, slots=True, eq=False)
class _Subscription:
    kind: type[Event]
    on_event: Callable[[Any], None]


class Events:
    """The one place that tells what happened to whoever wants to know. Any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._subscriptions: tuple[_Subscription, ...] = ()

    def subscribe(self, kind: type[E], on_event: Callable[[E], None]) -> Callable[[], None]:
        """Call `on_event` with each event of a kind from now on, on the thread that emits it; it must return at once.

        Returns:
            What ends that; calling it twice does nothing more.
        """
        subscription = _Subscription(kind, on_event)
        with self._lock:
            self._subscriptions = (*self._subscriptions, subscription)
        return partial(self._end, subscription)

    def emit(self, event: Event) -> None:
        """Tell everybody who subscribed to this kind or to one above it, the first subscriber first."""
        for one in self._subscriptions:
            if isinstance(event, one.kind):
                one.on_event(event)

    def _end(self, subscription: _Subscription) -> None:
        with self._lock:
            self._subscriptions = tuple(one for one in self._subscriptions if one is not subscription)
