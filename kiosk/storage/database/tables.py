"""The tables as SQLModel classes; rows never leave storage and the queries of services.

Columns that end in ``_folded`` hold `kiosk.domain.people.students.fold` of their neighbour: uniqueness and order
without regard to case and accents, equal on SQLite and PostgreSQL. Used on every thread, holds no state.
The schema is made by the migrations, which a test keeps equal to this module: a table that
stands in another one is named in `ELSEWHERE`, so that none is forgotten.
"""

from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    MetaData,
    UniqueConstraint,
    false,
    text,
)
from sqlmodel import Field

from kiosk.domain.attendance.choices import LivenessMode, Method, ProofPolicy, Status
from kiosk.domain.attendance.claims import Awaited
from kiosk.domain.attendance.incidents import IncidentKind
from kiosk.domain.faces.lookalikes import PairOrigin
from kiosk.domain.faces.samples import SampleOrigin
from kiosk.domain.people.consents import AnsweredBy, ConsentKind
from kiosk.domain.people.staff import Role
from kiosk.domain.records.objections import ObjectionOutcome
from kiosk.storage.database.absence_tables import PlannedAbsenceRow
from kiosk.storage.database.check_out_tables import CheckOutRow
from kiosk.storage.database.columns import UtcDateTime, one_of
from kiosk.storage.database.course_tables import (
    CourseCalendarRow,
    CourseDateRow,
    CourseSlotRow,
    CourseTeacherRow,
    HolidayRow,
    TermRow,
)
from kiosk.storage.database.message_tables import MessageRow, StudentContactRow
from kiosk.storage.database.recheck_tables import RecheckRow, RecheckStudentRow
from kiosk.storage.database.row import Row
from kiosk.storage.database.status_tables import SchoolStatusRow
from kiosk.storage.database.view_tables import DefaultViewRow, SavedViewRow

ELSEWHERE: Final[tuple[type[Row], ...]] = (
    PlannedAbsenceRow,
    RecheckRow,
    RecheckStudentRow,
    CheckOutRow,
    SchoolStatusRow,
    CourseTeacherRow,
    TermRow,
    HolidayRow,
    CourseSlotRow,
    CourseDateRow,
    CourseCalendarRow,
    SavedViewRow,
    DefaultViewRow,
    StudentContactRow,
    MessageRow,
)
"""Tables that stand in modules of their subjects."""

METADATA: Final[MetaData] = Row.metadata
"""Of all tables: whoever takes it from here has made every one of them known."""


def _own_statuses(table: str) -> Index:
    """Of the few records that have a status of the school's own."""
    has_one = text("school_status_id IS NOT NULL")
    name = f"ix_{table}_school_status_id"
    return Index(name, "school_status_id", sqlite_where=has_one, postgresql_where=has_one)


class StudentRow(Row, table=True):
    """Everybody who can be marked; who is inactive, or was merged into somebody else, stands here and in no roster."""

    __tablename__ = "students"

    id: int = Field(default=None, primary_key=True)
    student_no: str = Field(max_length=32)
    student_no_folded: str = Field(max_length=64, unique=True)
    full_name: str
    full_name_folded: str = Field(index=True)
    email: str | None = None
    pin_hash: str | None = None
    deleted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    family_name: str = Field(default="", sa_column_kwargs={"server_default": ""})
    called: str = Field(default="", sa_column_kwargs={"server_default": ""})
    system_id: str = Field(default="", sa_column_kwargs={"server_default": ""})
    sort_name_folded: str = Field(default="", index=True, sa_column_kwargs={"server_default": ""})
    inactive_from: date | None = None
    merged_into_id: int | None = Field(default=None, index=True)


class StudentMergeRow(Row, table=True):
    """Two students who turned out to be one: what moved to the one who stays, so that it can be taken back."""

    __tablename__ = "student_merges"

    id: int = Field(default=None, primary_key=True)
    kept_id: int = Field(foreign_key="students.id", index=True)
    gone_id: int = Field(foreign_key="students.id", index=True)
    merged_at: datetime = Field(sa_type=UtcDateTime)
    merged_by: str
    moved: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    undone_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    undone_by: str | None = None


class CourseRow(Row, table=True):
    """What is taught."""

    __tablename__ = "courses"

    id: int = Field(default=None, primary_key=True)
    code: str = Field(max_length=32)
    code_folded: str = Field(max_length=128, unique=True)
    title: str
    room: str = ""
    term_id: int | None = Field(default=None, foreign_key="terms.id", index=True)
    archived_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    version: int = Field(default=1, sa_column_kwargs={"server_default": "1"})


class RegistrationRow(Row, table=True):
    """Who is in which course, from `since` (inclusive) until `until` (exclusive)."""

    __tablename__ = "registrations"
    __table_args__ = (
        UniqueConstraint("course_id", "student_id", "since"),
        CheckConstraint('"until" IS NULL OR "until" > since', name="period"),
    )

    id: int = Field(default=None, primary_key=True)
    course_id: int = Field(foreign_key="courses.id")
    student_id: int = Field(foreign_key="students.id", index=True)
    since: date
    until: date | None = None


class ClassSessionRow(Row, table=True):
    """One meeting of a course."""

    __tablename__ = "class_sessions"
    __table_args__ = (
        Index(None, "course_id", "started_at"),
        one_of("policy", ProofPolicy),
        one_of("liveness", LivenessMode),
        CheckConstraint("late_after_s >= 0", name="late_after_s"),
        CheckConstraint("headcount >= 0", name="headcount"),
    )

    id: int = Field(default=None, primary_key=True)
    course_id: int = Field(foreign_key="courses.id")
    started_at: datetime = Field(sa_type=UtcDateTime, index=True)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    late_after_s: float
    policy: str = Field(max_length=16)
    liveness: str = Field(max_length=16)
    started_by: str
    model: str
    code_key: bytes
    headcount: int | None = None
    clock_moved_s: float = Field(default=0.0, sa_column_kwargs={"server_default": "0"})
    is_replay: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    note: str = Field(default="", sa_column_kwargs={"server_default": ""})
    room: str = Field(default="", sa_column_kwargs={"server_default": ""})
    cancelled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    cancelled_by: str = Field(default="", sa_column_kwargs={"server_default": ""})
    cancel_reason: str = Field(default="", sa_column_kwargs={"server_default": ""})
    added_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    reopened_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    deleted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    deleted_by: str = Field(default="", sa_column_kwargs={"server_default": ""})
    check_out_since: datetime | None = Field(default=None, sa_type=UtcDateTime)


class SuspectedAttackRow(Row, table=True):
    """A picture that was held up instead of a face. Nobody's name, and no picture, stands here."""

    __tablename__ = "suspected_attacks"
    __table_args__ = (CheckConstraint("liveness >= 0 AND liveness <= 1", name="liveness"),)

    id: int = Field(default=None, primary_key=True)
    session_id: int = Field(foreign_key="class_sessions.id", index=True)
    at: datetime = Field(sa_type=UtcDateTime)
    liveness: float


class AttendanceRecordRow(Row, table=True):
    """One student in one class session, once: the database itself says so."""

    __tablename__ = "attendance_records"
    __table_args__ = (
        UniqueConstraint("session_id", "student_id"),
        Index(None, "student_id", "status", "session_id", "marked_at"),
        Index("ix_attendance_records_list", "session_id", "status", "method", "version", "student_id"),
        _own_statuses("attendance_records"),
        one_of("status", Status),
        one_of("method", Method),
        one_of("policy", ProofPolicy),
        CheckConstraint("version >= 1", name="version"),
    )

    id: int = Field(default=None, primary_key=True)
    session_id: int = Field(foreign_key="class_sessions.id")
    student_id: int = Field(foreign_key="students.id")
    status: str = Field(max_length=16)
    method: str | None = Field(default=None, max_length=16)
    marked_at: datetime = Field(sa_type=UtcDateTime)
    evidence: list[dict[str, Any]] = Field(sa_column=Column(JSON, nullable=False))
    version: int = 1
    policy: str = Field(max_length=16)
    school_status_id: int | None = Field(default=None, foreign_key="school_statuses.id")


class PendingClaimRow(Row, table=True):
    """One student's first proof in one class session, waiting for the second."""

    __tablename__ = "pending_claims"
    __table_args__ = (UniqueConstraint("session_id", "student_id"), one_of("awaits", Awaited))

    id: int = Field(default=None, primary_key=True)
    session_id: int = Field(foreign_key="class_sessions.id")
    student_id: int = Field(foreign_key="students.id", index=True)
    evidence: list[dict[str, Any]] = Field(sa_column=Column(JSON, nullable=False))
    awaits: str = Field(max_length=16)
    made_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class DeviceUseRow(Row, table=True):
    """A browser that checked a student in."""

    __tablename__ = "device_uses"
    __table_args__ = (UniqueConstraint("session_id", "device", "student_id"),)

    id: int = Field(default=None, primary_key=True)
    session_id: int = Field(foreign_key="class_sessions.id")
    student_id: int = Field(foreign_key="students.id", index=True)
    device: str = Field(max_length=64, index=True)
    address: str | None = Field(default=None, max_length=64, index=True)
    agent: str | None = Field(default=None, max_length=32)
    at: datetime = Field(sa_type=UtcDateTime)
    scanned_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class EnrolledPhoneRow(Row, table=True):
    """A phone that was enrolled at the kiosk for one student; of its secret only the hash is kept, of its key only what is public."""

    __tablename__ = "enrolled_phones"

    id: int = Field(default=None, primary_key=True)
    student_id: int = Field(foreign_key="students.id", index=True)
    secret_hash: str = Field(max_length=64, unique=True)
    kind: str = Field(max_length=16)
    enrolled_at: datetime = Field(sa_type=UtcDateTime)
    enrolled_by: str
    credential_id: bytes | None = Field(default=None)
    public_key: bytes | None = Field(default=None)
    sign_count: int | None = Field(default=None, sa_type=BigInteger)


class IncidentRow(Row, table=True):
    """What a teacher should know about a class session; the same thing again counts up."""

    __tablename__ = "incidents"
    __table_args__ = (one_of("kind", IncidentKind), CheckConstraint("times >= 1", name="times"))

    id: int = Field(default=None, primary_key=True)
    session_id: int = Field(foreign_key="class_sessions.id", index=True)
    kind: str = Field(max_length=32)
    student_id: int | None = Field(default=None, foreign_key="students.id", index=True)
    other_id: int | None = Field(default=None, foreign_key="students.id")
    at: datetime = Field(sa_type=UtcDateTime)
    times: int = 1


class RecordHistoryRow(Row, table=True):
    """A record as it stood before somebody changed it."""

    __tablename__ = "record_history"
    __table_args__ = (
        UniqueConstraint("record_id", "version"),
        _own_statuses("record_history"),
        one_of("status", Status),
        one_of("method", Method),
    )

    id: int = Field(default=None, primary_key=True)
    record_id: int = Field(foreign_key="attendance_records.id")
    version: int
    status: str = Field(max_length=16)
    method: str | None = Field(default=None, max_length=16)
    marked_at: datetime = Field(sa_type=UtcDateTime)
    evidence: list[dict[str, Any]] = Field(sa_column=Column(JSON, nullable=False))
    corrected_at: datetime = Field(sa_type=UtcDateTime)
    actor: str
    reason: str
    school_status_id: int | None = Field(default=None, foreign_key="school_statuses.id")


class ObjectionRow(Row, table=True):
    """What a student says about an own record, and the teacher's answer; one that waits for each record."""

    __tablename__ = "objections"
    __table_args__ = (
        Index(
            "uq_objections_open",
            "record_id",
            unique=True,
            sqlite_where=text("outcome IS NULL"),
            postgresql_where=text("outcome IS NULL"),
        ),
        one_of("outcome", ObjectionOutcome),
    )

    id: int = Field(default=None, primary_key=True)
    record_id: int = Field(foreign_key="attendance_records.id", index=True)
    reason: str
    made_at: datetime = Field(sa_type=UtcDateTime)
    outcome: str | None = Field(default=None, max_length=16)
    answer: str = ""
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    answered_by: str | None = None


class UserRow(Row, table=True):
    """Teachers and admins; `was_assigned`: teaches a course, or did once."""

    __tablename__ = "users"
    __table_args__ = (one_of("role", Role),)

    id: int = Field(default=None, primary_key=True)
    name: str
    name_folded: str = Field(unique=True)
    role: str = Field(max_length=16)
    password_hash: str
    active: bool = True
    was_assigned: bool = Field(default=False, sa_column_kwargs={"server_default": false()})


class LoginFailureRow(Row, table=True):
    """Wrong tries in a row on one account."""

    __tablename__ = "login_failures"
    __table_args__ = (CheckConstraint("failures >= 0", name="failures"),)

    account: str = Field(primary_key=True)
    failures: int
    last_failure_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class ConsentRow(Row, table=True):
    """What a student allowed or withdrew; never changed, only added to."""

    __tablename__ = "consents"
    __table_args__ = (
        Index(None, "student_id", "kind", "recorded_at"),
        one_of("kind", ConsentKind),
        one_of("answered_by", AnsweredBy),
        CheckConstraint("notice_version >= 1", name="notice_version"),
    )

    id: int = Field(default=None, primary_key=True)
    student_id: int = Field(foreign_key="students.id")
    kind: str = Field(max_length=32)
    given: bool
    recorded_at: datetime = Field(sa_type=UtcDateTime)
    recorded_by: str
    answered_by: str | None = Field(default=None, max_length=16)
    answered_name: str = Field(default="", sa_column_kwargs={"server_default": ""})
    answered_name_folded: str = Field(default="", sa_column_kwargs={"server_default": ""})
    notice_version: int = Field(default=1, sa_column_kwargs={"server_default": "1"})
    notice_hash: str = Field(default="", max_length=64, sa_column_kwargs={"server_default": ""})
    answered_on: date | None = None


class ConsentNoticeRow(Row, table=True):
    """A notice that students and guardians answer, from the second version on; the first is the program's own text."""

    __tablename__ = "consent_notices"
    __table_args__ = (CheckConstraint("version >= 2", name="version"),)

    version: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    text: str
    hash: str = Field(max_length=64)
    published_at: datetime = Field(sa_type=UtcDateTime)
    published_by: str
    renew_by: date
    is_enforced: bool = Field(default=False, sa_column_kwargs={"server_default": false()})


class ConsentCodeRow(Row, table=True):
    """A code of a printed letter, with which its question is answered once; only a keyed hash of it is kept."""

    __tablename__ = "consent_codes"

    id: int = Field(default=None, primary_key=True)
    student_id: int = Field(foreign_key="students.id", index=True)
    code_hash: str = Field(max_length=64, unique=True)
    made_at: datetime = Field(sa_type=UtcDateTime)
    made_by: str
    expires_at: datetime = Field(sa_type=UtcDateTime)


class StudentKeyRow(Row, table=True):
    """A student's data key, wrapped by the school key. Without this row the student's face is unreadable."""

    __tablename__ = "student_keys"

    student_id: int = Field(foreign_key="students.id", primary_key=True)
    key_id: str = Field(max_length=32, unique=True)
    wrapped_key: bytes


class ErasedKeyRow(Row, table=True):
    """Data keys that were deleted, so that restoring an older backup does not bring a face back."""

    __tablename__ = "erased_keys"

    key_id: str = Field(max_length=32, primary_key=True)


class FaceSampleRow(Row, table=True):
    """An enrolled picture, sealed."""

    __tablename__ = "face_samples"
    __table_args__ = (UniqueConstraint("id", "student_id"), one_of("origin", SampleOrigin))

    id: int = Field(default=None, primary_key=True)
    student_id: int = Field(foreign_key="student_keys.student_id", index=True)
    digest: str = Field(max_length=64, unique=True)
    sealed_picture: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    captured_at: datetime = Field(sa_type=UtcDateTime)
    origin: str = Field(
        default=SampleOrigin.ENROLLED.value,
        max_length=16,
        sa_column_kwargs={"server_default": SampleOrigin.ENROLLED.value},
    )


class FaceTemplateRow(Row, table=True):
    """A vector made from a sample of the same student, sealed."""

    __tablename__ = "face_templates"
    __table_args__ = (
        ForeignKeyConstraint(
            ["sample_id", "student_id"],
            ["face_samples.id", "face_samples.student_id"],
            ondelete="CASCADE",
        ),
        Index(None, "model", "student_id"),
        CheckConstraint("quality >= 0 AND quality <= 1", name="quality"),
    )

    id: int = Field(default=None, primary_key=True)
    sample_id: int = Field(index=True)
    student_id: int
    model: str
    sealed_vector: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    quality: float


class FacePairRow(Row, table=True):
    """Two people, or one and somebody unknown, between whom the face alone does not decide."""

    __tablename__ = "face_pairs"
    __table_args__ = (
        UniqueConstraint("student_id", "other_id", "origin", "model"),
        one_of("origin", PairOrigin),
        CheckConstraint("other_id <> student_id", name="other_id"),
        CheckConstraint("distance >= 0", name="distance"),
    )

    id: int = Field(default=None, primary_key=True)
    student_id: int = Field(foreign_key="students.id")
    other_id: int | None = Field(default=None, foreign_key="students.id", index=True)
    origin: str = Field(max_length=16)
    model: str
    distance: float | None = None
    same_person: bool
    found_at: datetime = Field(sa_type=UtcDateTime)
    found_by: str
    lifted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    lifted_by: str | None = None


class ApiTokenRow(Row, table=True):
    """What lets another program read by the REST API; only the hash of its secret is kept."""

    __tablename__ = "api_tokens"
    __table_args__ = (CheckConstraint("scopes <> ''", name="scopes"),)

    id: int = Field(default=None, primary_key=True)
    name: str = Field(max_length=64)
    scopes: str
    secret_hash: str = Field(max_length=64, unique=True)
    created_at: datetime = Field(sa_type=UtcDateTime)
    created_by: str
    expires_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    last_used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class SchoolSettingRow(Row, table=True):
    """Settings of the school, as text under dotted names."""

    __tablename__ = "school_settings"

    name: str = Field(primary_key=True)
    value: str


class AuditRow(Row, table=True):
    """Who did what; each entry's hash covers the one before it. Ids count up without gaps."""

    __tablename__ = "audit"
    __table_args__ = (Index(None, "action", "subject"),)

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: datetime = Field(sa_type=UtcDateTime)
    actor: str
    action: str
    subject: str
    detail: str
    previous_hash: str = Field(max_length=64)
    hash: str = Field(max_length=64)


class AuditHeadRow(Row, table=True):
    """The newest audit entry, sealed with the school key: shows when entries are cut off at the end."""

    __tablename__ = "audit_head"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    entry_id: int
    hash: str = Field(max_length=64)
    seal: str = Field(max_length=64)


class StoreFactRow(Row, table=True):
    """What the store knows of itself, such as the check value of its school key."""

    __tablename__ = "store_facts"

    name: str = Field(primary_key=True)
    value: str
