"""What a kiosk keeps about people, line by line: how much, how long, and what goes next. Pure."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class KeptKind(StrEnum):
    """What is kept; in the order of the page."""

    FACES = "faces"
    TRACES = "traces"
    PHONES = "phones"
    INCIDENTS = "incidents"
    EVENTS = "events"
    FAILURES = "failures"
    CODES = "codes"
    MESSAGES = "messages"
    EXPORTS = "exports"
    COPIES = "copies"
    BACKUPS = "backups"
    CONSENTS = "consents"
    RECORDS = "records"
    LOG = "log"


@dataclass(frozen=True, slots=True)
class KeptLine:
    """One kind.

    Attributes:
        number: How many there are.
        term: How long each is kept, in days; of faces in months after they were needed last, of backups how many are kept;
            0: there is no end.
        next_number: How many go next.
        next_on: When; None: nothing goes by itself.
    """

    kind: KeptKind
    number: int
    term: int = 0
    next_number: int = 0
    next_on: date | None = None
