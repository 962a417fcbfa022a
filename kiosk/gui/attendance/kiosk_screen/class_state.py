"""What the kiosk screen knows about its class, gathered from events, without Qt. Main thread only."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from operator import attrgetter

from kiosk.domain.attendance.choices import Method
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.attendance.class_tally import ClassTally, standing
from kiosk.domain.attendance.incidents import Incident, IncidentKind
from kiosk.domain.attendance.record import AttendanceRecord
from kiosk.domain.courses.courses import Course
from kiosk.domain.people.students import Student
from kiosk.domain.school.face_rule import FaceRule
from kiosk.services.attendance.sessions import RosterEntry
from kiosk.services.events import (
    CameraState,
    CameraStateChanged,
    CheckInResult,
    CheckOutChanged,
    ClaimsDelivered,
    Event,
    FacesInClass,
    HeadcountChanged,
    IncidentNoted,
    ModelReplaced,
    RecognitionReady,
    RecordCorrected,
    SessionStarted,
    StoreStateChanged,
    WebStateChanged,
    WorkerFailed,
)
from kiosk.translation import _
from kiosk.wording.kept_claims import kept_words


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody who came."""

    student: Student
    record: AttendanceRecord


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that does not work, in a sentence, and what to do."""

    sentence: str
    hint: str


@dataclass(frozen=True, slots=True)
class ClassState:
    """The class that is shown, as one value; `after` makes the next one.

    Attributes:
        enrolled: How many people recognition knows; None while it loads.
        faces: How the class uses them.
        model_trouble: Why another model than the chosen one recognises.
        clock_moved: How far the PC's clock was set forward since the class began.
        trouble: Recognition has stopped, and what to do.
        pass_trouble: The camera reads no passes.
        store_trouble: Nothing can be saved, and what to do.
        is_keeping: Whether claims are kept on this PC meanwhile.
        kept: Students whose claims wait to be delivered.
        roster: Ids of everybody in the class.
        records: The newest record that was heard of, by student's id.
    """

    session: ClassSession | None = None
    course: Course | None = None
    camera: CameraState = CameraState.CLOSED
    camera_trouble: Trouble | None = None
    enrolled: int | None = None
    faces: FaceRule = FaceRule.WALK_PAST
    model_trouble: Trouble | None = None
    clock_moved: timedelta = timedelta()
    trouble: Trouble | None = None
    pass_trouble: Trouble | None = None
    store_trouble: Trouble | None = None
    is_keeping: bool = False
    kept: frozenset[int] = frozenset()
    phones: bool = False
    base_url: str = ""
    phone_trouble: Trouble | None = None
    arrivals: tuple[Arrival, ...] = ()
    roster: frozenset[int] = frozenset()
    records: tuple[tuple[int, AttendanceRecord], ...] = ()

    @property
    def takes_numbers(self) -> bool:
        """Whether a number and the face that follows it mark a student."""
        session = self.session
        return (
            session is not None and self.faces is FaceRule.VERIFY_ONLY and session.policy.accepts(Method.FACE)
        )

    @property
    def counts(self) -> ClassTally:
        """How many are here, and how many are not yet."""
        known = {
            student_id: record
            for student_id, record in self.records
            if standing(record, is_open=True) is not None
        }
        kept = len((self.roster - known.keys()) & self.kept)
        return ClassTally.of((known.get(student_id) for student_id in self.roster), is_open=True, kept=kept)

    def with_roster(self, entries: Sequence[RosterEntry]) -> "ClassState":
        """The same class with its roster as the store has it now; what events have said since is kept.

        Who was registered meanwhile is in it, and who was taken out without a record is not.
        """
        told = dict(self.records)
        roster = frozenset(entry.student.student_id for entry in entries) | told.keys()
        full = self if roster == self.roster else replace(self, roster=roster)
        for entry in entries:
            before = told.get(entry.student.student_id)
            if entry.record is not None and (before is None or before.version < entry.record.version):
                full = full._with_record(entry.student, entry.record)
        return full

    @property
    def store_line(self) -> Trouble | None:
        """What the red line says: why nothing can be saved, and what happens to who comes meanwhile."""
        trouble = self.store_trouble
        if trouble is None or not self.is_keeping:
            return trouble
        return Trouble(trouble.sentence, kept_words(len(self.kept)))

    def with_kept(self, students: frozenset[int]) -> "ClassState":
        """The same class while these students' claims wait to be delivered."""
        return self if students == self.kept else replace(self, kept=students)

    def reachable_at(self, base_url: str) -> "ClassState":
        """The same class while phones reach the kiosk at `base_url` (empty: nowhere)."""
        if base_url == self.base_url and self.phones == bool(base_url):
            return self
        return replace(self, phones=bool(base_url), base_url=base_url)

    def on_event(self, event: Event) -> "ClassState":
        """The state once `event` has happened; the same object when it changes nothing."""
        match event:
            case SessionStarted():
                return ClassState(
                    session=event.session,
                    course=event.course,
                    clock_moved=event.session.clock_moved,
                    camera=CameraState.OPENING,
                    phones=self.phones,
                    base_url=self.base_url,
                    phone_trouble=self.phone_trouble,
                    store_trouble=self.store_trouble,
                    is_keeping=self.is_keeping,
                )
            case CameraStateChanged():
                return replace(self, camera=event.state, camera_trouble=_trouble(event))
            case WebStateChanged():
                phones, trouble = event.running, _trouble(event)
                return replace(self, phones=phones, base_url=event.base_url, phone_trouble=trouble)
            case RecognitionReady() if self._is_mine(event.session_id):
                return replace(self, enrolled=event.people, trouble=_trouble(event))
            case FacesInClass() if self._is_mine(event.session_id):
                return replace(self, faces=event.rule)
            case ModelReplaced() if self._is_mine(event.session_id):
                return replace(self, model_trouble=_model_trouble(event))
            case IncidentNoted(incident=Incident(kind=IncidentKind.CLOCK_MOVED) as incident) if self._is_mine(
                incident.session_id
            ):
                return replace(self, clock_moved=incident.moved)
            case WorkerFailed():
                return self._after_failure(event)
            case StoreStateChanged():
                state = self._with_store_trouble(event.user_text, event.hint)
                is_same = state is self and event.is_keeping == self.is_keeping
                return state if is_same else replace(state, is_keeping=event.is_keeping)
            case HeadcountChanged() | CheckOutChanged() if self._is_mine(event.session.session_id):
                return replace(self, session=event.session)
            case CheckInResult() | ClaimsDelivered() | RecordCorrected():
                return self._after_records(event)
        return self

    def _after_records(self, event: CheckInResult | ClaimsDelivered | RecordCorrected) -> "ClassState":
        state = self
        match event:
            case CheckInResult(is_from_memory=True):
                pass  # nothing was saved
            case CheckInResult() if self._is_mine(event.session_id) and event.record is not None:
                state = self._with_store_trouble("", "")._with_record(event.student, event.record)
            case ClaimsDelivered():
                for result in event.results:
                    if result.record is not None and self._is_mine(result.session_id):
                        state = state._with_record(result.student, result.record)
            case RecordCorrected() if self._is_mine(event.record.session_id):
                state = self._with_record(event.student, event.record)
        return state

    def _after_failure(self, event: WorkerFailed) -> "ClassState":
        trouble = _trouble(event)
        if event.worker == "camera":
            return replace(self, camera=CameraState.LOST, camera_trouble=trouble)
        if self.session is None:
            return self
        match event.worker:
            case "vision":
                return replace(self, trouble=Trouble(event.user_text, _("Please scan the code.")))
            case "codes":
                scan = Trouble(event.user_text, _("Please scan the code.")) if trouble else None
                return replace(self, pass_trouble=scan)
            case "store" if self.store_trouble is None:
                return replace(self, store_trouble=trouble)
        return self

    def _with_store_trouble(self, sentence: str, hint: str) -> "ClassState":
        trouble = Trouble(sentence, hint) if sentence else None
        return self if trouble == self.store_trouble else replace(self, store_trouble=trouble)

    def _is_mine(self, session_id: int) -> bool:
        return self.session is not None and self.session.session_id == session_id

    def _with_record(self, student: Student, record: AttendanceRecord) -> "ClassState":
        known = dict(self.records)
        before = next((one for one in self.arrivals if one.student.student_id == student.student_id), None)
        if known.get(student.student_id) == record and before is not None and before.record == record:
            return self
        known[student.student_id] = record
        others = tuple(one for one in self.arrivals if one.student.student_id != student.student_id)
        arrivals = (Arrival(student, record), *others) if record.status.attended else others
        ordered = sorted(arrivals, key=attrgetter("record.marked_at"), reverse=True)
        return replace(
            self,
            records=tuple(known.items()),
            arrivals=tuple(ordered),
            roster=self.roster | {student.student_id},
        )


def _trouble(event: CameraStateChanged | WebStateChanged | RecognitionReady | WorkerFailed) -> Trouble | None:
    return Trouble(event.user_text, event.hint) if event.user_text else None


def _model_trouble(event: ModelReplaced) -> Trouble:
    """In front of students only that; who looks after the kiosk reads the rest on Today and in the log."""
    words = (
        _("The chosen model is still being prepared; {model} recognises.", model=event.model)
        if event.preparing
        else _("The chosen model fails; {model} recognises.", model=event.model)
    )
    return Trouble(words, "")
