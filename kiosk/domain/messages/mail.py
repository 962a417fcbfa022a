"""The mail server of a school, a message, and whom it is for. Pure."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from kiosk.translation import N_

ADDRESS: Final = re.compile(r"[^\s@,;<>\"\x00-\x1f]+@[^\s@,;<>\"\x00-\x1f]+\.[^\s@,;<>\".\x00-\x1f]{2,}")
"""An address that a mail server may take; no line break can hide in it."""


class MailSecurity(StrEnum):
    """How the connection to the mail server is protected."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where and how e-mail is sent.

    Attributes:
        host: Name or address; empty: the school sends no e-mail.
        port: Of the server: 587 for STARTTLS, 465 for TLS from the start, 25 without.
        user: Empty where the server wants none.
        password: Kept sealed.
        sender: The address that messages come from and are answered to.
    """

    host: str = ""
    port: int = 587
    security: MailSecurity = MailSecurity.STARTTLS
    user: str = ""
    password: str = field(default="", repr=False)
    sender: str = ""

    @property
    def is_set(self) -> bool:
        """Whether anything can be sent."""
        return bool(self.host and self.sender)


@dataclass(frozen=True, slots=True)
class MailMessage:
    """One e-mail."""

    to: str
    subject: str
    text: str


class Recipient(StrEnum):
    """Whose address it is; the value is what the list says."""

    STUDENT = N_("student")
    GUARDIAN = N_("guardian")


class SendingOutcome(StrEnum):
    """What became of a message."""

    SENDING = "sending"
    """It was given to the server, whose answer is not known (yet): it may have been sent."""
    SENT = "sent"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class StudentContact:
    """How a student's people are reached.

    Attributes:
        guardian_email: Of a parent or guardian; empty: none is known.
        stopped_at: Since when no messages are wanted; None: they may be sent.
    """

    student_id: int
    guardian_email: str = ""
    stopped_at: datetime | None = None


def folded(address: str) -> str:
    """As addresses are compared. No server in use tells mailboxes apart by case, though RFC 5321 (2.4) lets it."""
    return address.strip().casefold()


@dataclass(frozen=True, slots=True)
class GivenMessage:
    """When a message was given to the server; doubtful: whether it arrived is not known."""

    at: datetime
    is_doubtful: bool


@dataclass(frozen=True, slots=True)
class SentMessage:
    """A line of the log of messages."""

    at: datetime
    student_id: int
    course_id: int | None
    to: str
    recipient: Recipient
    subject: str
    sent_by: str
    outcome: SendingOutcome
    detail: str = ""
