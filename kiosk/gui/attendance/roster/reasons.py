"""Reasons for marks by hand that are offered again, latest first. Main thread."""

from collections.abc import Iterable
from typing import Final

from kiosk.domain.attendance.choices import Method
from kiosk.domain.attendance.record import AttendanceRecord
from kiosk.domain.people.students import clean_text, fold
from kiosk.translation import N_, _

USUAL: Final = (N_("Not recognised"), N_("Phone broken"), N_("Brought a note"), N_("Called in sick"))
"""Offered on the first day, when nobody has written a reason yet."""

UNDONE: Final = "undone"
"""The reason that undoing writes; it is not worth offering."""

OFFERED: Final = 4
"""How many are offered: as many as one hand finds on Alt+1 to Alt+4."""


class RecentReasons:
    """Remembers what was written, without doubles."""

    def __init__(self) -> None:
        self._latest: list[str] = []

    def remember(self, reason: str) -> None:
        """Put a reason in front of all others."""
        reason = clean_text(reason)
        if not reason or fold(reason) == UNDONE:
            return
        self._latest = [reason, *(one for one in self._latest if fold(one) != fold(reason))]

    def learn(self, records: Iterable[AttendanceRecord]) -> None:
        """Take over the reasons that a session's records carry, the latest in front."""
        written = [
            (evidence.at, evidence.reason)
            for record in records
            for evidence in record.evidence
            if evidence.method is Method.MANUAL and evidence.reason
        ]
        for _unused, reason in sorted(written):
            self.remember(reason)

    def offered(self) -> tuple[str, ...]:
        """At most `OFFERED` reasons, the latest first, filled up with usual ones."""
        known = {fold(reason) for reason in self._latest}
        usual = [reason for reason in map(_, USUAL) if fold(reason) not in known]
        return tuple([*self._latest, *usual][:OFFERED])
