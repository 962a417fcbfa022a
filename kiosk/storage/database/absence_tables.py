"""Absences that somebody announced beforehand. Rows never leave storage and services' queries."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field

from kiosk.storage.database.columns import UtcDateTime
from kiosk.storage.database.row import Row


class PlannedAbsenceRow(Row, table=True):
    """A student who will not come on some days, both inclusive, and why."""

    __tablename__ = "planned_absences"
    __table_args__ = (CheckConstraint("last_day >= first_day", name="days"),)

    id: int = Field(default=None, primary_key=True)
    student_id: int = Field(foreign_key="students.id", index=True)
    first_day: date
    last_day: date = Field(index=True)
    reason: str
    made_at: datetime = Field(sa_type=UtcDateTime)
    made_by: str
