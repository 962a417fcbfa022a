"""Addresses of parents and guardians in a class list. Inside the transaction of the import, on the store thread.

An empty cell and a bad address change nothing, and a stop that somebody said stands whatever the list says.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from kiosk.domain.courses.courses import RosterRow
from kiosk.domain.messages.mail import StudentContact, folded
from kiosk.domain.people.students import Student
from kiosk.services.messages.messages_store import message_queries
from kiosk.storage.store import Repositories


@dataclass(frozen=True, slots=True)
class NewGuardian:
    """Whose guardian's address is another one from now on: before (may be empty) and after."""

    student_no: str
    old: str
    new: str


class Guardians:
    """Takes them in, or says what that would change."""

    def __init__(self, repositories: Repositories, *, now: datetime, actor: str, dry_run: bool) -> None:
        self._repositories = repositories
        self._now = now
        self._actor = actor
        self._dry_run = dry_run

    def take_in(
        self, rows: Sequence[RosterRow], students: Sequence[Student | RosterRow]
    ) -> list[NewGuardian]:
        """`students` are those of the rows, in their order; a row itself stands for somebody new."""
        queries = message_queries(self._repositories)
        people = [(row, student) for row, student in zip(rows, students, strict=True) if row.guardian_email]
        before = queries.contacts([one.student_id for _row, one in people if isinstance(one, Student)])
        changed: list[NewGuardian] = []
        kept: list[StudentContact] = []
        for row, one in people:
            known = one if isinstance(one, Student) else self._added(one)
            contact = before.get(known.student_id) if known is not None else None
            contact = contact or StudentContact(known.student_id if known is not None else 0)
            if folded(contact.guardian_email) == folded(row.guardian_email):
                continue
            number = known.student_no if known is not None else one.student_no
            changed.append(NewGuardian(number, contact.guardian_email, row.guardian_email))
            kept.append(replace(contact, guardian_email=row.guardian_email))
        if not self._dry_run:
            queries.keep_contacts(kept)
            for new in changed:
                self._repositories.audit.add(self._now, self._actor, "guardian.changed", new.student_no)
        return changed

    def _added(self, row: RosterRow) -> Student | None:
        """Who was made of a row; None in a rehearsal."""
        return None if self._dry_run else self._repositories.students.by_no(row.student_no)
