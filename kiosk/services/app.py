"""Everything that a screen can use, handed in by `bootstrap` as one value."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from kiosk.services.accounts import Accounts
from kiosk.services.enrolment import Enrolment
from kiosk.services.exports import Exports
from kiosk.services.live import Live
from kiosk.services.people import People
from kiosk.services.pins import Pins
from kiosk.services.ports.clock import Clock
from kiosk.services.ports.outputs import PinSlipWriter, QrDrawer
from kiosk.services.runtime import KioskRuntime
from kiosk.services.school import School
from kiosk.services.sessions import Sessions
from kiosk.settings import KioskSettings


@dataclass(frozen=True, slots=True)
class KioskApp:
    """The use cases of one running kiosk.

    Attributes:
        settings: As they were at start.
        save_settings: Writes changed settings; they take effect at the next start (look: at once).
        recovery_passphrase: Shown once at the very first start, then None for ever.
        zone: The school's time zone, in which every time is shown.
        enrolment: Builds models at its first call, which takes a second or two.
    """

    settings: KioskSettings
    save_settings: Callable[[KioskSettings], None]
    recovery_passphrase: str | None
    data_dir: Path
    zone: ZoneInfo
    clock: Clock
    accounts: Accounts
    pins: Pins
    people: People
    sessions: Sessions
    school: School
    exports: Exports
    enrolment: Callable[[], Enrolment]
    live: Live
    qr: QrDrawer
    write_pin_slips: PinSlipWriter
    runtime: KioskRuntime

    def today(self) -> date:
        """The day in the school's zone."""
        return self.clock.now().astimezone(self.zone).date()
