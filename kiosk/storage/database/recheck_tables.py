"""Re-checks in mid-class. Rows never leave storage and services' queries."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, UniqueConstraint
from sqlmodel import Field

from kiosk.domain.attendance.rechecks import RecheckMeaning
from kiosk.storage.database.columns import UtcDateTime, one_of
from kiosk.storage.database.row import Row


class RecheckRow(Row, table=True):
    """A window of a class session in which students show up once more."""

    __tablename__ = "rechecks"
    __table_args__ = (one_of("meaning", RecheckMeaning),)

    id: int = Field(default=None, primary_key=True)
    session_id: int = Field(foreign_key="class_sessions.id", index=True)
    due_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    began_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    closes_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    meaning: str = Field(max_length=16)
    started_by: str
    disturbance: str = ""
    taken_back_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    taken_back_by: str = ""


class RecheckStudentRow(Row, table=True):
    """A student whom such a window asks, and the proof where the student showed up."""

    __tablename__ = "recheck_students"
    __table_args__ = (UniqueConstraint("recheck_id", "student_id"),)

    id: int = Field(default=None, primary_key=True)
    recheck_id: int = Field(foreign_key="rechecks.id")
    student_id: int = Field(foreign_key="students.id", index=True)
    shown_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    method: str | None = Field(default=None, max_length=16)
    evidence: list[dict[str, Any]] = Field(sa_column=Column(JSON, nullable=False))
    set_version: int | None = None
