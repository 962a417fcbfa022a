"""What the REST API answers with. Times are UTC (RFC 3339); no PIN, face, distance, key or device is in any of it."""

from datetime import datetime
from typing import Any, Self

from pydantic import BaseModel, Field

from kiosk.domain.attendance.choices import Method, ProofPolicy, Status
from kiosk.domain.attendance.record import AttendanceRecord, Correction, Evidence
from kiosk.domain.attendance.school_status import own_of
from kiosk.domain.courses.courses import Course
from kiosk.domain.people.students import Student
from kiosk.domain.records.filters import ListedRecord
from kiosk.services.records.reading import SessionOfCourse


class CourseOut(BaseModel):
    """Something taught."""

    id: int = Field(examples=[3])
    code: str = Field(examples=["CS 101"])
    title: str = Field(examples=["Algorithms"])
    room: str = Field(description="May be empty.", examples=["4.12"])

    @classmethod
    def of(cls, course: Course) -> Self:
        return cls(id=course.course_id, code=course.code, title=course.title, room=course.room)


class StudentOut(BaseModel):
    """Somebody who can be marked."""

    id: int = Field(examples=[41])
    student_no: str = Field(description="The school's own number.", examples=["S2041"])
    full_name: str = Field(examples=["Anita Rao"])

    @classmethod
    def of(cls, student: Student) -> Self:
        return cls(id=student.student_id, student_no=student.student_no, full_name=student.full_name)


class SessionOut(BaseModel):
    """One meeting of a course."""

    id: int = Field(examples=[12])
    course_id: int = Field(examples=[3])
    course_code: str = Field(examples=["CS 101"])
    started_at: datetime = Field(description="UTC.", examples=["2026-03-02T08:00:00Z"])
    ended_at: datetime | None = Field(description="UTC; null while it is open.", examples=[None])
    late_from: datetime = Field(
        description="First moment that counts as late; UTC.", examples=["2026-03-02T08:10:00Z"]
    )
    policy: ProofPolicy = Field(description="What a student has to show.", examples=["either"])
    open: bool = Field(description="Whether students can still be marked.", examples=[True])
    room: str = Field(description="Where it was held, if not in the course's own room.", examples=[""])
    note: str = Field(description="What tells it from others of the day.", examples=["Group B"])
    added_afterwards: bool = Field(description="Whether it was held without the kiosk.", examples=[False])
    cancelled: bool = Field(
        description="Whether it does not count; its records are not listed then.", examples=[False]
    )
    cancel_reason: str | None = Field(description="Why it does not count.", examples=[None])

    @classmethod
    def of(cls, one: SessionOfCourse) -> Self:
        session = one.session
        return cls(
            id=session.session_id,
            course_id=session.course_id,
            course_code=one.course.code,
            started_at=session.started_at,
            ended_at=session.ended_at,
            late_from=session.late_from,
            policy=session.policy,
            open=session.is_open,
            room=session.room,
            note=session.note,
            added_afterwards=session.added_at is not None,
            cancelled=not session.counts,
            cancel_reason=session.cancelled.reason if session.cancelled else None,
        )


class SchoolStatusOut(BaseModel):
    """A status of the school's own, which says more exactly what `status` says."""

    name: str = Field(examples=["school trip"])
    letter: str = Field(description="As registers show it.", examples=["T"])
    counts_percent: int | None = Field(
        description="How much of a class counts as attended; null: the class does not count.", examples=[100]
    )

    @classmethod
    def of(cls, record: AttendanceRecord) -> Self | None:
        own = own_of(record.shown)
        return cls(name=own.name, letter=own.letter, counts_percent=own.percent) if own is not None else None


class RecordOut(BaseModel):
    """One student in one class session."""

    id: int = Field(examples=[1207])
    session_id: int = Field(examples=[12])
    student: StudentOut
    status: Status = Field(examples=["present"])
    method: Method | None = Field(
        description="The proof that completed the record; null: none.", examples=["phone"]
    )
    marked_at: datetime = Field(description="UTC.", examples=["2026-03-02T08:02:11Z"])
    policy: ProofPolicy = Field(
        description="What the session demanded when the record was made.", examples=["either"]
    )
    version: int = Field(ge=1, description="1, and one more with each correction.", examples=[1])
    school_status: SchoolStatusOut | None = Field(
        description="What the school calls it more exactly than `status`; null: nothing.", examples=[None]
    )

    @classmethod
    def of(cls, listed: ListedRecord) -> Self:
        return cls(**_record(listed))


class ProofOut(BaseModel):
    """One thing that stood behind a record."""

    method: Method = Field(examples=["manual"])
    at: datetime = Field(description="UTC.", examples=["2026-03-02T08:05:00Z"])
    actor: str | None = Field(description="For marks by hand: who made it.", examples=["Tom"])
    reason: str | None = Field(description="For marks by hand: why.", examples=["Came with a note"])

    @classmethod
    def of(cls, evidence: Evidence) -> Self:
        return cls(
            method=evidence.method,
            at=evidence.at,
            actor=evidence.actor or None,
            reason=evidence.reason or None,
        )


class CorrectionOut(BaseModel):
    """A record as it stood before somebody changed it."""

    version: int = Field(ge=1, examples=[1])
    status: Status = Field(examples=["absent"])
    method: Method | None = Field(examples=[None])
    marked_at: datetime = Field(description="UTC.", examples=["2026-03-02T08:02:11Z"])
    corrected_at: datetime = Field(description="UTC.", examples=["2026-03-02T09:00:00Z"])
    actor: str = Field(description="Who changed it.", examples=["Tom"])
    reason: str = Field(examples=["Came with a note"])
    school_status: SchoolStatusOut | None = Field(
        description="What the school called it more exactly; null: nothing.", examples=[None]
    )

    @classmethod
    def of(cls, correction: Correction) -> Self:
        before = correction.before
        return cls(
            version=before.version,
            status=before.status,
            method=before.method,
            marked_at=before.marked_at,
            corrected_at=correction.corrected_at,
            actor=correction.actor,
            reason=correction.reason,
            school_status=SchoolStatusOut.of(before),
        )


class RecordWithHistory(RecordOut):
    """A record with what stood behind it and what it was before."""

    proofs: list[ProofOut] = Field(description="Oldest first.")
    history: list[CorrectionOut] = Field(description="Oldest first; empty when it was never corrected.")

    @classmethod
    def with_history(cls, listed: ListedRecord, history: list[Correction]) -> Self:
        return cls(
            **_record(listed),
            proofs=[ProofOut.of(evidence) for evidence in listed.record.evidence],
            history=[CorrectionOut.of(correction) for correction in history],
        )


def _record(listed: ListedRecord) -> dict[str, Any]:
    record: AttendanceRecord = listed.record
    return {
        "id": record.record_id,
        "session_id": record.session_id,
        "student": StudentOut.of(listed.student),
        "status": record.status,
        "method": record.method,
        "marked_at": record.marked_at,
        "policy": record.policy,
        "version": record.version,
        "school_status": SchoolStatusOut.of(record),
    }
