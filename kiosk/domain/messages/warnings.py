"""The text of a warning about attendance, with places that are filled for each student. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from string import Formatter
from typing import Final

from kiosk.domain.messages.mail import MailMessage, Recipient
from kiosk.domain.people.students import Student

PLACES: Final = ("name", "number", "course", "share", "attended", "expected", "limit", "school", "missed")
"""What stands between braces in a text is filled in for each student."""

BELOW_LIMIT: Final = "below_limit"
"""The reason of these messages, as the log of messages keeps it."""


@dataclass(frozen=True, slots=True)
class WarningText:
    """What is written to everybody, with places such as ``{name}``."""

    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Addressee:
    """One message that could be sent.

    Attributes:
        student: Whom it is about.
        course_id: In which course.
        recipient: Whose address it is.
        address: Where it goes.
        values: What is filled into the text.
        doubtful_since: When it was given to the server, which went away before it answered; None: it was not.
    """

    student: Student
    course_id: int
    recipient: Recipient
    address: str
    values: Mapping[str, str]
    doubtful_since: datetime | None = None

    def message(self, text: WarningText) -> MailMessage:
        """The message, filled in. Raises ValueError: see `fault_of`."""
        return MailMessage(self.address, _filled(text.subject, self.values), _filled(text.text, self.values))


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A student who gets no message, and why, in words."""

    student: Student
    course_label: str
    why: str


def unknown_places(text: WarningText) -> list[str] | None:
    """Places in a text that nothing is known for; None: a brace is open or stands alone."""
    try:
        names = [
            name for part in (text.subject, text.text) for _lit, name, _spec, _conv in Formatter().parse(part)
        ]
    except ValueError:
        return None
    return [name for name in names if name is not None and name not in PLACES]


def _filled(text: str, values: Mapping[str, str]) -> str:
    parts = []
    for literal, name, _spec, _conversion in Formatter().parse(text):
        parts.append(literal)
        if name is not None:
            parts.append(values[name])
    return "".join(parts)
