"""What has become old, in the database. Runs inside the caller's transaction; portable between SQLite and PostgreSQL."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import delete, func
from sqlmodel import col, select

from kiosk.domain.school.kept_data import EnrolledCourse, EnrolledFace, PhoneTraces
from kiosk.storage.database.evidence import TRACES
from kiosk.storage.database.tables import (
    AttendanceRecordRow,
    ClassSessionRow,
    DeviceUseRow,
    FaceSampleRow,
    IncidentRow,
    RecordHistoryRow,
    RegistrationRow,
    StudentRow,
)
from kiosk.storage.repositories.class_sessions import is_there
from kiosk.storage.repositories.repository import Repository
from kiosk.storage.repositories.students import student_of


class RetentionQueries(Repository):
    """Old faces and traces."""

    def enrolled(self, student_id: int | None = None) -> Sequence[EnrolledFace]:
        """Everybody who has pictures, or one of them, by student number; no picture is opened."""
        wanted = (
            select(StudentRow, func.count(col(FaceSampleRow.id)), func.max(col(FaceSampleRow.captured_at)))
            .join(FaceSampleRow, col(FaceSampleRow.student_id) == StudentRow.id)
            .group_by(*StudentRow.__table__.columns)  # type: ignore[attr-defined]  # SQLModel declares no __table__
            .order_by(col(StudentRow.student_no_folded))
        )
        if student_id is not None:
            wanted = wanted.where(StudentRow.id == student_id)
        found = self._db_session.exec(wanted).all()
        courses = self._courses({row.id for row, _number, _newest in found})
        return [
            EnrolledFace(student_of(row), number, newest.astimezone(UTC), tuple(courses.get(row.id, ())))
            for row, number, newest in found
        ]

    def traces(self, before: datetime) -> PhoneTraces:
        """How many are older than a moment."""
        uses = select(func.count()).select_from(DeviceUseRow).where(col(DeviceUseRow.at) < before)
        incidents = select(func.count()).select_from(IncidentRow).where(col(IncidentRow.at) < before)
        return PhoneTraces(self._db_session.exec(uses).one(), self._db_session.exec(incidents).one())

    def forget_traces(self, before: datetime, *, limit: int) -> PhoneTraces:
        """Delete the oldest `limit` device uses and all incidents from before a moment.

        Browser, address and kind of browser go out of the evidence of the records, too, and out of their history.
        """
        wanted = select(DeviceUseRow).where(col(DeviceUseRow.at) < before)
        uses = self._db_session.exec(wanted.order_by(col(DeviceUseRow.id)).limit(limit)).all()
        for use in uses:
            self._clean_evidence(use.session_id, use.student_id)
            self._db_session.delete(use)
        gone = self._db_session.exec(delete(IncidentRow).where(col(IncidentRow.at) < before)).rowcount
        self._db_session.flush()
        return PhoneTraces(len(uses), gone)

    def _courses(self, student_ids: set[int]) -> Mapping[int, list[EnrolledCourse]]:
        newest = (
            select(ClassSessionRow.course_id, func.max(col(ClassSessionRow.started_at)).label("at"))
            .where(is_there())
            .group_by(col(ClassSessionRow.course_id))
            .subquery()
        )
        wanted = (
            select(RegistrationRow, newest.c.at)
            .outerjoin(newest, newest.c.course_id == RegistrationRow.course_id)
            .where(col(RegistrationRow.student_id).in_(student_ids))
        )
        courses: dict[int, list[EnrolledCourse]] = {}
        for row, at in self._db_session.exec(wanted):
            last = at.astimezone(UTC) if at is not None else None
            courses.setdefault(row.student_id, []).append(EnrolledCourse(row.since, row.until, last))
        return courses

    def _clean_evidence(self, session_id: int, student_id: int) -> None:
        record = self._db_session.exec(
            select(AttendanceRecordRow).where(
                AttendanceRecordRow.session_id == session_id, AttendanceRecordRow.student_id == student_id
            )
        ).one_or_none()
        if record is None:
            return
        record.evidence = _without_traces(record.evidence)
        earlier = select(RecordHistoryRow).where(RecordHistoryRow.record_id == record.id)
        for row in self._db_session.exec(earlier):
            row.evidence = _without_traces(row.evidence)


def _without_traces(evidence: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{name: value for name, value in one.items() if name not in TRACES} for one in evidence]
