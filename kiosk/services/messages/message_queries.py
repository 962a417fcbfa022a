"""Addresses, stops and the log of messages in the database. Runs inside the caller's transaction."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlmodel import col, select

from kiosk.domain.messages.mail import (
    GivenMessage,
    MailMessage,
    Recipient,
    SendingOutcome,
    SentMessage,
    StudentContact,
    folded,
)
from kiosk.domain.messages.warnings import BELOW_LIMIT, Addressee
from kiosk.domain.reports.reports import Contact
from kiosk.services.messages.messages_store import Given
from kiosk.storage.database.message_tables import MessageRow, StudentContactRow
from kiosk.storage.repositories.repository import Repository

AT_ONCE: Final = 400
"""So many students are asked for in one query."""


class MessageQueries(Repository):
    """Rows of messages are never changed but for what became of them."""

    def contacts(self, ids: Sequence[int]) -> dict[int, StudentContact]:
        """What is known of some students; those of whom nothing is are missing."""
        found = {}
        for start in range(0, len(ids), AT_ONCE):
            some = select(StudentContactRow).where(
                col(StudentContactRow.student_id).in_(ids[start : start + AT_ONCE])
            )
            for row in self._db_session.exec(some):
                found[row.student_id] = StudentContact(row.student_id, row.guardian_email, row.stopped_at)
        return found

    def keep_contact(self, contact: StudentContact) -> None:
        """Keep a guardian's address and the stop."""
        self.keep_contacts([contact])

    def keep_contacts(self, contacts: Sequence[StudentContact]) -> None:
        """The same of many at once."""
        for start in range(0, len(contacts), AT_ONCE):
            some = {one.student_id: one for one in contacts[start : start + AT_ONCE]}
            wanted = select(StudentContactRow).where(col(StudentContactRow.student_id).in_(some))
            rows = {row.student_id: row for row in self._db_session.exec(wanted)}
            for student_id, contact in some.items():
                row = rows.get(student_id) or StudentContactRow(student_id=student_id)
                row.guardian_email, row.stopped_at = contact.guardian_email, contact.stopped_at
                self._db_session.add(row)
        self._db_session.flush()

    def newest(self, ids: Sequence[int], *, reason: str = BELOW_LIMIT) -> dict[tuple[int, int], Contact]:
        """The last message of a reason by student and course; those that the server refused do not count."""
        found: dict[tuple[int, int], Contact] = {}
        for start in range(0, len(ids), AT_ONCE):
            wanted = (
                select(MessageRow)
                .where(
                    col(MessageRow.student_id).in_(ids[start : start + AT_ONCE]),
                    MessageRow.reason == reason,
                    MessageRow.outcome != SendingOutcome.REFUSED.value,
                )
                .order_by(col(MessageRow.at))
            )
            for row in self._db_session.exec(wanted):
                if row.course_id is not None:
                    found[row.student_id, row.course_id] = Contact(row.at, row.address)
        return found

    def lately(self, ids: Sequence[int], since: datetime, *, reason: str = BELOW_LIMIT) -> Given:
        """Messages of a reason since a moment that the server did not refuse; one that it took counts more than a doubtful one."""
        found: dict[tuple[int, int], dict[str, GivenMessage]] = {}
        for start in range(0, len(ids), AT_ONCE):
            wanted = (
                select(MessageRow)
                .where(
                    col(MessageRow.student_id).in_(ids[start : start + AT_ONCE]),
                    MessageRow.reason == reason,
                    MessageRow.at >= since,
                    MessageRow.outcome != SendingOutcome.REFUSED.value,
                )
                .order_by(col(MessageRow.at), col(MessageRow.id))
            )
            for row in self._db_session.exec(wanted):
                if row.course_id is None:
                    continue
                given = GivenMessage(row.at, row.outcome == SendingOutcome.SENDING.value)
                by_address = found.setdefault((row.student_id, row.course_id), {})
                before = by_address.get(folded(row.address))
                if before is None or before.is_doubtful:
                    by_address[folded(row.address)] = given
        return found

    def begin(
        self, one: Addressee, message: MailMessage, *, at: datetime, by: str, reason: str = BELOW_LIMIT
    ) -> int:
        """Write down that a message is given to the server now; returns its id."""
        row = MessageRow(
            student_id=one.student.student_id,
            course_id=one.course_id,
            reason=reason,
            recipient=one.recipient.name.lower(),
            address=message.to,
            subject=message.subject,
            text=message.text,
            at=at,
            sent_by=by,
            outcome=SendingOutcome.SENDING.value,
        )
        self._insert(row)
        return row.id

    def end(self, message_id: int, outcome: SendingOutcome, detail: str = "") -> None:
        """Write down what became of it. Raises NotFoundError for an unknown id."""
        row = self._db_session.get_one(MessageRow, message_id)
        row.outcome, row.detail = outcome.value, detail
        self._db_session.flush()

    def forget(self, message_id: int) -> None:
        """Take out one that the server never had."""
        self._db_session.delete(self._db_session.get_one(MessageRow, message_id))
        self._db_session.flush()

    def of_student(self, student_id: int) -> list[SentMessage]:
        """The log of one student, newest first."""
        wanted = (
            select(MessageRow)
            .where(MessageRow.student_id == student_id)
            .order_by(col(MessageRow.at).desc(), col(MessageRow.id).desc())
        )
        return [
            SentMessage(
                row.at,
                row.student_id,
                row.course_id,
                row.address,
                Recipient[row.recipient.upper()],
                row.subject,
                row.sent_by,
                SendingOutcome(row.outcome),
                row.detail,
            )
            for row in self._db_session.exec(wanted)
        ]
