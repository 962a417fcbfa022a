"""Reasons for marks by hand that are offered again, each on a number of its own. Main thread."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from kiosk.domain.attendance.choices import Method
from kiosk.domain.attendance.record import AttendanceRecord
from kiosk.domain.people.students import clean_text, fold
from kiosk.services.attendance import check_in, claims, marks_by_hand
from kiosk.services.faces import ambiguous_faces, corrections
from kiosk.services.records import objections
from kiosk.translation import _
from kiosk.wording.attendance import USUAL_REASONS

USUAL: Final = USUAL_REASONS
"""Offered on the first day, when nobody has written a reason yet; as many as one hand finds on Alt+1 to Alt+4."""

OF_THE_PROGRAM: Final = frozenset(
    fold(reason)
    for reason in (
        marks_by_hand.UNDONE,
        claims.CONFIRMED,
        check_in.UNDONE,
        check_in.DELIVERED,
        ambiguous_faces.CONFIRMED,
        corrections.NOT_THIS_PERSON,
        objections.CORRECTED,
    )
)
"""What the program itself writes as a reason; nobody means that by hand."""


class RecentReasons:
    """Offers what was written; a reason keeps its number, and a new one takes that of the one unused for longest."""

    def __init__(self) -> None:
        self._offered = list(USUAL)
        self._last_used = dict.fromkeys(range(len(USUAL)), 0)
        self._uses = 0
        self._learned: set[tuple[datetime, str]] = set()

    def remember(self, reason: str) -> None:
        """Take up a reason that was used."""
        reason = clean_text(reason)
        if not reason or fold(reason) in OF_THE_PROGRAM:
            return
        number = next((place for place, one in enumerate(self.offered()) if fold(one) == fold(reason)), None)
        if number is None:
            number = min(self._last_used, key=lambda place: (self._last_used[place], -place))
            self._offered[number] = reason
        self._uses += 1
        self._last_used[number] = self._uses

    def learn(self, records: Iterable[AttendanceRecord]) -> None:
        """Take over the reasons that a session's records carry, the latest as the last used."""
        written = [
            (evidence.at, evidence.reason)
            for record in records
            for evidence in record.evidence
            if evidence.method is Method.MANUAL and evidence.reason
        ]
        for at, reason in sorted(set(written) - self._learned):
            self._learned.add((at, reason))
            self.remember(reason)

    def offered(self) -> tuple[str, ...]:
        """The reasons by their numbers; the usual ones in the reader's language."""
        return tuple(_(one) if one in USUAL else one for one in self._offered)
