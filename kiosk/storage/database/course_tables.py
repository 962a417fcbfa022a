"""Tables about courses beside `CourseRow`: who teaches them, and when they meet. Rows never leave storage and services' queries."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, false
from sqlmodel import Field

from kiosk.domain.courses.meetings import DateOrigin
from kiosk.storage.database.columns import UtcDateTime, one_of
from kiosk.storage.database.row import Row


class CourseTeacherRow(Row, table=True):
    """An account that teaches a course."""

    __tablename__ = "course_teachers"
    __table_args__ = (UniqueConstraint("course_id", "user_id"),)

    id: int = Field(default=None, primary_key=True)
    course_id: int = Field(foreign_key="courses.id")
    user_id: int = Field(foreign_key="users.id", index=True)


class TermRow(Row, table=True):
    """A term of the school."""

    __tablename__ = "terms"
    __table_args__ = (CheckConstraint("last_day >= first_day", name="days"),)

    id: int = Field(default=None, primary_key=True)
    name: str = Field(max_length=64)
    name_folded: str = Field(max_length=256, unique=True)
    first_day: date
    last_day: date


class HolidayRow(Row, table=True):
    """Days on which no course of the school meets."""

    __tablename__ = "holidays"
    __table_args__ = (CheckConstraint("last_day >= first_day", name="days"),)

    id: int = Field(default=None, primary_key=True)
    name: str = Field(max_length=64)
    first_day: date
    last_day: date = Field(index=True)


class CourseSlotRow(Row, table=True):
    """A course meets each week on this weekday (0 is Monday), so many minutes after midnight of the school's clock."""

    __tablename__ = "course_slots"
    __table_args__ = (
        CheckConstraint("weekday >= 0 AND weekday <= 6", name="weekday"),
        CheckConstraint("begins >= 0 AND begins < 1440", name="begins"),
        CheckConstraint("minutes > 0 AND minutes < 1440", name="minutes"),
    )

    id: int = Field(default=None, primary_key=True)
    course_id: int = Field(foreign_key="courses.id", index=True)
    weekday: int = Field(index=True)
    begins: int
    minutes: int
    room: str = ""


class CourseDateRow(Row, table=True):
    """A course meets at this moment, or does not although the week says so."""

    __tablename__ = "course_dates"
    __table_args__ = (
        UniqueConstraint("course_id", "begins_at", "origin"),
        Index(None, "begins_at"),
        one_of("origin", DateOrigin),
        CheckConstraint("minutes > 0 AND minutes < 1440", name="minutes"),
    )

    id: int = Field(default=None, primary_key=True)
    course_id: int = Field(foreign_key="courses.id")
    begins_at: datetime = Field(sa_type=UtcDateTime)
    minutes: int
    room: str = ""
    origin: str = Field(max_length=16)
    uid: str = ""
    called_off: bool = Field(default=False, sa_column_kwargs={"server_default": false()})


class CourseCalendarRow(Row, table=True):
    """Where the calendar of a course is read each night, and what came of the newest reading.

    `agreed_at` is when somebody looked at what it says and took it; before that nothing of it is written.
    """

    __tablename__ = "course_calendars"

    id: int = Field(default=None, primary_key=True)
    course_id: int = Field(foreign_key="courses.id", unique=True)
    address: str
    agreed_at: datetime = Field(sa_type=UtcDateTime)
    agreed_by: str
    read_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    problem: str = ""
    waits: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
