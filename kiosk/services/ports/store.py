"""The store as the use cases see it: transactions, and repositories of domain values."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol, TypeVar

from kiosk.domain.api_tokens import ApiToken, Scope
from kiosk.domain.attendance import (
    AttendanceCount,
    AttendanceRecord,
    ClassSession,
    Evidence,
    LivenessMode,
    Method,
    ProofPolicy,
    Status,
)
from kiosk.domain.claims import PendingClaim
from kiosk.domain.incidents import DeviceUse, Incident
from kiosk.domain.liveness import SuspectedAttack
from kiosk.domain.lookalikes import FacePair, PairOrigin
from kiosk.domain.people import Consent, ConsentKind, Course, Role, Student, User
from kiosk.domain.recognition import Template
from kiosk.domain.throttle import FailureCount
from kiosk.services.ports.objections import ObjectionStore
from kiosk.services.ports.own_place import OwnPlace
from kiosk.services.ports.retention import RetentionStore

T = TypeVar("T")


class Students(Protocol):
    """Everybody who can be marked. Student numbers are compared without regard to case."""

    def get(self, student_id: int) -> Student | None: ...
    def by_no(self, student_no: str) -> Student | None: ...
    def all(self) -> list[Student]: ...
    def add(self, *, student_no: str, full_name: str, email: str | None) -> Student:
        """Raises ConflictError when the number exists."""
        ...

    def update(self, student: Student) -> None: ...
    def pin_hash(self, student_id: int) -> str | None: ...
    def pin_hashes(self) -> dict[int, str]:
        """Of everybody who has a PIN, by student id."""
        ...

    def set_pin_hash(self, student_id: int, pin_hash: str | None) -> None: ...


class Courses(Protocol):
    """Courses and who is registered in them. Codes are compared without regard to case."""

    def get(self, course_id: int) -> Course | None: ...
    def by_code(self, code: str) -> Course | None: ...
    def all(self) -> list[Course]: ...
    def add(self, *, code: str, title: str, room: str = "") -> Course:
        """Raises ConflictError when the code exists."""
        ...

    def update(self, course: Course) -> None: ...
    def roster(self, course_id: int, on: date) -> list[Student]:
        """Students registered on that day, by full name."""
        ...

    def is_registered(self, course_id: int, student_id: int, on: date) -> bool:
        """Whether `roster` has this student."""
        ...

    def register(self, course_id: int, student_id: int, since: date) -> bool:
        """Register a student; False (and no change) when already registered on `since`."""
        ...

    def unregister(self, course_id: int, student_id: int, until: date) -> bool:
        """End a registration; False when there was none on `until`."""
        ...


class ClassSessions(Protocol):
    """Meetings of courses."""

    def get(self, session_id: int) -> ClassSession | None: ...
    def open_ones(self) -> list[ClassSession]: ...
    def of_course(self, course_id: int) -> list[ClassSession]:
        """Newest first."""
        ...

    def latest(self, since: datetime) -> list[ClassSession]:
        """Sessions of all courses started at or after `since`, newest first."""
        ...

    def add(
        self,
        *,
        course_id: int,
        started_at: datetime,
        late_after: timedelta,
        policy: ProofPolicy,
        liveness: LivenessMode,
        started_by: str,
        model: str,
        code_key: bytes,
    ) -> ClassSession: ...
    def end(self, session_id: int, ended_at: datetime) -> None: ...
    def set_headcount(self, session_id: int, headcount: int | None) -> ClassSession:
        """Raises NotFoundError for an unknown session."""
        ...


class Records(Protocol):
    """Attendance records. `UNIQUE(session, student)` stands in the database itself."""

    def find(self, session_id: int, student_id: int) -> AttendanceRecord | None: ...
    def of_session(self, session_id: int) -> list[AttendanceRecord]:
        """By marked_at, oldest first."""
        ...

    def add(
        self,
        *,
        session_id: int,
        student_id: int,
        status: Status,
        method: Method | None,
        marked_at: datetime,
        evidence: Sequence[Evidence],
    ) -> AttendanceRecord:
        """Raises ConflictError when the student already has a record in that session.

        What the session demands is written down with it.
        """
        ...

    def correct(
        self,
        record: AttendanceRecord,
        *,
        corrected_at: datetime,
        actor: str,
        reason: str,
    ) -> AttendanceRecord:
        """Replace the stored record of the same id, keep the old one in the history, count the version up.

        Raises ConflictError when `record.version` is not the stored one (somebody else was faster).
        """
        ...

    def history(self, record_id: int) -> list["Correction"]:
        """What the record was before each correction, oldest first."""
        ...

    def count(self, course_id: int, student_id: int) -> AttendanceCount: ...


class Claims(Protocol):
    """First proofs that wait for a second one; at most one for each student and session."""

    def find(self, session_id: int, student_id: int) -> PendingClaim | None: ...
    def of_session(self, session_id: int) -> list[PendingClaim]:
        """Those that have expired, too; oldest first."""
        ...

    def put(self, claim: PendingClaim) -> None:
        """Write a claim, in place of the student's former one in that session.

        Raises NotFoundError when the session or the student does not exist.
        """
        ...

    def remove(self, session_id: int, student_id: int) -> bool:
        """False when there was none."""
        ...

    def clear(self, session_id: int) -> int:
        """Remove all of a session; returns how many there were."""
        ...


@dataclass(frozen=True, slots=True)
class Correction:
    """A record as it stood before somebody changed it."""

    before: AttendanceRecord
    corrected_at: datetime
    actor: str
    reason: str


@dataclass(frozen=True, slots=True)
class ReportFilter:
    """What an export covers; None means everything. Dates are days in the school's zone."""

    course_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    """Exclusive."""


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One record with what a reader needs beside it."""

    course: Course
    session: ClassSession
    student: Student
    record: AttendanceRecord


class Reports(Protocol):
    """Read-only queries for exports; rows are streamed, not collected."""

    def sessions(self, chosen: ReportFilter) -> list[ClassSession]:
        """By course code, then start."""
        ...

    def students(self, chosen: ReportFilter) -> list[Student]:
        """Everybody registered in or recorded for the chosen sessions, by name."""
        ...

    def rows(self, chosen: ReportFilter) -> Iterator[ReportRow]:
        """By course code, session start, student name."""
        ...


@dataclass(frozen=True, slots=True)
class RecordFilter:
    """Which records a listing covers; None means everything."""

    sessions: ReportFilter = ReportFilter()
    session_id: int | None = None
    student_id: int | None = None
    status: Status | None = None


@dataclass(frozen=True, slots=True)
class ListedRecord:
    """A record with the student it is about."""

    record: AttendanceRecord
    student: Student


class Listings(Protocol):
    """Read-only slices, by id: at most `limit` of those that come after `after_id`."""

    def sessions(
        self, chosen: ReportFilter, *, is_open: bool | None, after_id: int, limit: int
    ) -> list[ClassSession]: ...
    def records(self, chosen: RecordFilter, *, after_id: int, limit: int) -> list[ListedRecord]: ...
    def record(self, record_id: int) -> ListedRecord | None: ...


class Users(Protocol):
    """Teachers and admins. Names are compared without regard to case."""

    def by_name(self, name: str) -> User | None: ...
    def all(self) -> list[User]: ...
    def add(self, *, name: str, role: Role, password_hash: str) -> User:
        """Raises ConflictError when the name exists."""
        ...

    def password_hash(self, user_id: int) -> str: ...
    def set_password_hash(self, user_id: int, password_hash: str) -> None: ...
    def set_active(self, user_id: int, active: bool) -> None: ...


class Failures(Protocol):
    """Wrong tries per account; `account` is ``user:<folded name>`` or ``student:<folded number>``."""

    def get(self, account: str) -> FailureCount: ...
    def put(self, account: str, count: FailureCount) -> None: ...


class Consents(Protocol):
    """What students allowed; the newest word counts."""

    def newest(self, student_id: int, kind: ConsentKind) -> Consent | None: ...
    def given_by(self, student_ids: Iterable[int], kind: ConsentKind) -> set[int]:
        """Those of `student_ids` whose newest word is yes."""
        ...

    def newest_words(self, kind: ConsentKind) -> dict[int, bool]:
        """The newest word of everybody who ever gave one, by student id."""
        ...

    def add(self, consent: Consent) -> None: ...


@dataclass(frozen=True, slots=True, eq=False)
class FaceSample:
    """An enrolled picture of a face with some surroundings, kept to embed it again with another model."""

    sample_id: int
    student_id: int
    picture: bytes
    """JPEG, decrypted."""
    digest: str
    """Keyed hash of the file it came from; tells a picture that was imported before, and nothing else."""
    captured_at: datetime


@dataclass(frozen=True, slots=True)
class SampleKey:
    """Which sample, and whose: all that can be said of it without opening it."""

    sample_id: int
    student_id: int


class Faces(Protocol):
    """Samples and templates, sealed with each student's own data key (AES-256-GCM)."""

    def add_sample(
        self, *, student_id: int, picture: bytes, source: bytes, captured_at: datetime
    ) -> FaceSample | None:
        """Keep a sample; None (and no change) when the student has one of the same source bytes already.

        Raises ConflictError when another student has it.
        """
        ...

    def owner_of(self, source: bytes) -> int | None:
        """The student who has a sample of the same source bytes."""
        ...

    def samples(self, student_id: int) -> list[FaceSample]: ...
    def remove_sample(self, *, student_id: int, source: bytes) -> bool:
        """Delete the sample of these source bytes and its templates; False when the student has none."""
        ...

    def sample(self, sample_id: int) -> FaceSample | None:
        """One sample, decrypted; None when it is gone."""
        ...

    def samples_without(self, model: str) -> list[SampleKey]:
        """Samples that have no template of a model, by student, oldest first; none is opened."""
        ...

    def lacks_template(self, sample_id: int, model: str) -> bool:
        """Whether a sample is there and has no template of a model."""
        ...

    def sample_counts(self) -> dict[int, int]:
        """Number of samples per student id."""
        ...

    def add_template(self, *, sample_id: int, template: Template) -> Template: ...
    def templates(self, student_ids: Iterable[int], model: str) -> list[Template]: ...
    def enrolled(self, model: str) -> dict[int, int]:
        """Number of templates per student id."""
        ...

    def forget(self, student_id: int) -> int:
        """Delete all samples and templates and the student's data key; returns how many samples there were.

        The student's look-alike pairs go with them, and the distances of corrections: they were measured on the face.
        Corrections themselves stay, because they are about a mistake of the camera.
        """
        ...


class FacePairs(Protocol):
    """Pairs between whom the face alone does not decide: look-alikes, and corrections by a teacher."""

    def get(self, pair_id: int) -> FacePair | None: ...
    def all(self) -> list[FacePair]:
        """The closest first, those without a distance last."""
        ...

    def of(self, student_ids: Iterable[int]) -> list[FacePair]:
        """Pairs in which at least one of these stands on either side, as in `all`."""
        ...

    def between(self, student_ids: Iterable[int]) -> list[FacePair]:
        """Pairs of two of these, or of one of these and somebody unknown, as in `all`."""
        ...

    def add(
        self,
        *,
        student_id: int,
        other_id: int | None,
        origin: PairOrigin,
        model: str,
        distance: float | None,
        same_person: bool,
        found_at: datetime,
        found_by: str,
    ) -> FacePair:
        """Raises ConflictError when there is this very pair already, NotFoundError for an unknown student."""
        ...

    def update(self, pair: FacePair) -> None:
        """Write distance, `same_person`, when and by whom it was found, and who lifted it.

        Raises NotFoundError for an unknown id.
        """
        ...

    def remove(self, pair_id: int) -> bool:
        """False when there was none."""
        ...


class Attacks(Protocol):
    """Pictures held up instead of faces; only ever added to. No name and no picture is kept."""

    def add(self, attack: SuspectedAttack) -> None:
        """Raises NotFoundError when the session does not exist."""
        ...

    def of_session(self, session_id: int) -> list[SuspectedAttack]:
        """Oldest first."""
        ...


class Devices(Protocol):
    """Which browser checked whom in."""

    def of_device(self, session_id: int, device: str) -> list[DeviceUse]:
        """Oldest first."""
        ...

    def of_address(self, session_id: int, address: str) -> list[DeviceUse]:
        """Oldest first."""
        ...

    def add(self, use: DeviceUse) -> None:
        """Once for each session, device and student."""
        ...


class Incidents(Protocol):
    """What a teacher should know about a class session."""

    def note(self, incident: Incident) -> Incident:
        """Keep an incident; the same kind about the same people counts up instead. Returns it as it stands then.

        Raises NotFoundError when the session does not exist.
        """
        ...

    def of_session(self, session_id: int) -> list[Incident]:
        """Those seen longest ago first."""
        ...


class SchoolSettings(Protocol):
    """Settings of the school, as text under dotted names."""

    def get(self, name: str) -> str | None: ...
    def put(self, name: str, value: str) -> None: ...
    def remove(self, name: str) -> None:
        """Does nothing when there is none of that name."""
        ...

    def all(self) -> dict[str, str]: ...


class ApiTokens(Protocol):
    """Tokens of the REST API; of a secret only the SHA-256 hash is kept, in hexadecimal digits."""

    def get(self, token_id: int) -> ApiToken | None: ...
    def secret_hash(self, token_id: int) -> str | None: ...
    def all(self) -> list[ApiToken]:
        """Newest first."""
        ...

    def add(
        self,
        *,
        name: str,
        scopes: Iterable[Scope],
        secret_hash: str,
        created_at: datetime,
        created_by: str,
        expires_at: datetime | None,
    ) -> ApiToken: ...
    def used(self, token_id: int, at: datetime) -> None: ...
    def revoke(self, token_id: int, at: datetime) -> None: ...


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Who did what, when; chained by hashes so that a removed or changed entry shows."""

    entry_id: int
    at: datetime
    actor: str
    action: str
    subject: str
    detail: str


class Audit(Protocol):
    """The chained log of what people changed. No face, vector, PIN or code is ever in it."""

    def add(self, *, at: datetime, actor: str, action: str, subject: str, detail: str = "") -> None: ...
    def entries(self, limit: int = 1000) -> list[AuditEntry]:
        """Newest first."""
        ...

    def verify(self) -> int | None:
        """Walk the chain; the first entry id that does not fit, or None when all do."""
        ...


class Repositories(Protocol):
    """Everything one transaction can reach."""

    @property
    def students(self) -> Students: ...
    @property
    def courses(self) -> Courses: ...
    @property
    def class_sessions(self) -> ClassSessions: ...
    @property
    def records(self) -> Records: ...
    @property
    def claims(self) -> Claims: ...
    @property
    def reports(self) -> Reports: ...
    @property
    def listings(self) -> Listings: ...
    @property
    def users(self) -> Users: ...
    @property
    def failures(self) -> Failures: ...
    @property
    def consents(self) -> Consents: ...
    @property
    def faces(self) -> Faces: ...
    @property
    def school_settings(self) -> SchoolSettings: ...
    @property
    def attacks(self) -> Attacks: ...
    @property
    def devices(self) -> Devices: ...
    @property
    def incidents(self) -> Incidents: ...
    @property
    def face_pairs(self) -> FacePairs: ...
    @property
    def api_tokens(self) -> ApiTokens: ...
    @property
    def objections(self) -> ObjectionStore: ...
    @property
    def own_place(self) -> OwnPlace: ...
    @property
    def retention(self) -> RetentionStore: ...
    @property
    def audit(self) -> Audit: ...


class Database(Protocol):
    """The storage adapter. Both context managers may be used from any thread, several at a time for reads."""

    def transaction(self) -> AbstractContextManager[Repositories]:
        """One write transaction: commits when the block ends, rolls back when it raises.

        Raises:
            StorageError: The disk is full, the file is not writable, the server is gone.
        """
        ...

    def batch(self) -> "AbstractContextManager[Callable[[], AbstractContextManager[Repositories]]]":
        """One write transaction of several parts, committed together when the block ends.

        Each call of what it gives is one part, one after the other; a part that raises rolls back alone.

        Raises:
            StorageError: As `transaction`; then no part was written.
        """
        ...

    def snapshot(self) -> AbstractContextManager[Repositories]:
        """One consistent reading view; nothing is written."""
        ...

    def close(self) -> None: ...


class Store(Protocol):
    """What services call: every write runs in the store thread, one at a time, and is never dropped."""

    def write(self, work: Callable[[Repositories], T]) -> "Future[T]":
        """Run `work` in the store thread; the future is done after the commit returned.

        All of it is written or none, whether it is committed alone or together with others that waited. `work` must not wait for another write. Exceptions of `work` and of the commit come out of the future.
        """
        ...

    def read(self, query: Callable[[Repositories], T]) -> T:
        """Run `query` in the calling thread on a consistent view."""
        ...
