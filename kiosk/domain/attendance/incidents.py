"""What a teacher should know about a class session beside its records: signs of proxies and of guessing. Pure.

An incident accuses nobody: it says what the kiosk saw and how often, and the teacher decides.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class IncidentKind(StrEnum):
    """What was seen."""

    SECOND_DEVICE_REFUSED = "second_device_refused"
    """A phone that had marked another student tried to mark this one, and was refused."""
    SECOND_DEVICE_FLAGGED = "second_device_flagged"
    """The same, but the school's rule lets it count."""
    SAME_ADDRESS = "same_address"
    """A new browser of the same kind came from the address of another student's: a hint, no more."""
    SIGN_IN_RESTS = "sign_in_rests"
    """So many wrong PINs were tried on a student's number that it rests."""
    OUTSIDE_NETWORK = "outside_network"
    """A phone outside of the allowed networks asked."""
    EXPIRED_CODES = "expired_codes"
    """Many scans of codes whose time was over: pictures of the screen that are passed on."""
    FOREIGN_CODES = "foreign_codes"
    """Many scans of codes that this class never showed: forged ones, or of another session."""
    MISTYPED_CODES = "mistyped_codes"
    """Many wrong codes were typed: guesses."""
    CLOCK_MOVED = "clock_moved"
    """The PC's clock leapt, which this class does not follow."""
    MANY_SCANS = "many_scans"
    """So many scans came from one place that they crowded out its own: somebody scans in a loop."""
    GUESSED_PINS = "guessed_pins"
    """So many wrong PINs were tried from one place that it rests, whatever number they were for."""
    PHONE_NOT_ENROLLED = "phone_not_enrolled"
    """A phone that is not enrolled for this student tried to mark this one, and was refused."""
    NEW_BROWSERS = "new_browsers"
    """Browsers that nobody ever used marked one student after the other from one address, whatever kinds they said they were."""


@dataclass(frozen=True, slots=True)
class Incident:
    """One kind of thing about one student (or nobody known) in one class session.

    Attributes:
        student_id: Who was to be marked, or whose number was tried; None when nobody is known.
        other_id: For phones: who had been marked with it.
        at: When it was seen last, aware UTC.
        times: How often it was seen; the same thing again makes no second incident.
        moved: For the clock: how far it stands ahead of the time of the class now.
    """

    session_id: int
    kind: IncidentKind
    student_id: int | None
    other_id: int | None
    at: datetime
    times: int = 1
    moved: timedelta = timedelta()


@dataclass(frozen=True, slots=True)
class DeviceUse:
    """A browser that checked a student in, or tried to.

    Attributes:
        device: Random identifier of the browser.
        address: Network address; None when unknown.
        agent: Short digest of what the browser says it is; None when it says nothing.
        scanned_at: When it scanned the code; None for passes and where it is not known. Aware UTC.
    """

    session_id: int
    student_id: int
    device: str
    address: str | None
    agent: str | None
    at: datetime
    scanned_at: datetime | None = None


def looks_like(use: DeviceUse, earlier: DeviceUse) -> bool:
    """Whether one phone could stand behind two browsers: same address, same kind of browser, another student.

    True also for two students with equal phones behind one address translator, so it is a hint only.
    """
    return (
        use.student_id != earlier.student_id
        and use.device != earlier.device
        and use.address is not None
        and use.agent is not None
        and (use.address, use.agent) == (earlier.address, earlier.agent)
    )
