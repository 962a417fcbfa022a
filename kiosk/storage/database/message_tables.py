"""Tables about messages to students and guardians. Rows never leave storage and services' queries."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field

from kiosk.domain.messages.mail import Recipient, SendingOutcome
from kiosk.storage.database.columns import UtcDateTime, one_of
from kiosk.storage.database.row import Row


class StudentContactRow(Row, table=True):
    """A guardian's address, and whether messages are wanted; no row: neither is known."""

    __tablename__ = "student_contacts"

    student_id: int = Field(
        primary_key=True, foreign_key="students.id", sa_column_kwargs={"autoincrement": False}
    )
    guardian_email: str = ""
    stopped_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class MessageRow(Row, table=True):
    """An e-mail that was sent, or tried."""

    __tablename__ = "messages"
    __table_args__ = (
        Index(None, "student_id", "course_id", "reason", "at"),
        one_of("recipient", Recipient),
        one_of("outcome", SendingOutcome),
    )

    id: int = Field(default=None, primary_key=True)
    student_id: int = Field(foreign_key="students.id")
    course_id: int | None = Field(default=None, foreign_key="courses.id")
    reason: str = Field(max_length=32)
    recipient: str = Field(max_length=16)
    address: str
    subject: str
    text: str
    at: datetime = Field(sa_type=UtcDateTime)
    sent_by: str
    outcome: str = Field(max_length=16)
    detail: str = ""
