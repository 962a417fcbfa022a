"""When students left classes. Rows never leave storage and services' queries."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Column, UniqueConstraint
from sqlmodel import Field

from kiosk.storage.database.columns import UtcDateTime
from kiosk.storage.database.row import Row


class CheckOutRow(Row, table=True):
    """One student's leaving of one class session, and the minutes that a teacher typed instead."""

    __tablename__ = "check_outs"
    __table_args__ = (
        UniqueConstraint("session_id", "student_id"),
        CheckConstraint("minutes >= 0", name="minutes"),
    )

    id: int = Field(default=None, primary_key=True)
    session_id: int = Field(foreign_key="class_sessions.id")
    student_id: int = Field(foreign_key="students.id", index=True)
    left_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    method: str | None = Field(default=None, max_length=16)
    evidence: list[dict[str, Any]] = Field(sa_column=Column(JSON, nullable=False))
    minutes: int | None = None
    entered_by: str = ""
    reason: str = ""
    set_version: int | None = None
