"""Statuses of the school's own. Rows never leave storage and services' queries."""

from sqlalchemy import CheckConstraint
from sqlmodel import Field

from kiosk.domain.attendance.choices import Status
from kiosk.domain.attendance.school_status import StatusColour
from kiosk.storage.database.columns import one_of
from kiosk.storage.database.row import Row


class SchoolStatusRow(Row, table=True):
    """A status that refines one of the four, and how much it counts; without a percentage the class does not count."""

    __tablename__ = "school_statuses"
    __table_args__ = (
        one_of("base", Status),
        one_of("colour", StatusColour),
        CheckConstraint("percent >= 0 AND percent <= 100", name="percent"),
        CheckConstraint("version >= 1", name="version"),
    )

    id: int = Field(default=None, primary_key=True)
    name: str = Field(max_length=32)
    name_folded: str = Field(max_length=256, unique=True)
    letter: str = Field(max_length=16)
    letter_folded: str = Field(max_length=64, unique=True)
    colour: str = Field(max_length=16)
    base: str = Field(max_length=16)
    percent: int | None = None
    version: int = 1
    retired: bool = False
