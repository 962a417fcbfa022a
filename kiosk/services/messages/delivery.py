"""Giving messages to the mail server one by one: whom they must not go to any more, and what became of each. Waits for the network.

A message is written down before the server gets it. Where the server went away before it said whether it takes it, it stays written
down as given: nobody knows whether it arrived, so it is not sent again unless a person says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from kiosk.domain.messages.mail import MailMessage, Recipient, SendingOutcome, StudentContact, folded
from kiosk.domain.messages.warnings import Addressee, LeftOut, WarningText
from kiosk.domain.trust.rights import Actor
from kiosk.errors import NotFoundError
from kiosk.services.core import Core
from kiosk.services.messages.messages_store import message_queries
from kiosk.services.ports.mail import (
    AddressRefusedError,
    MailConnection,
    MailServerError,
    NoAnswerError,
    ServerRefusedError,
)
from kiosk.services.ports.progress import Progress
from kiosk.storage.store import Repositories
from kiosk.translation import _


@dataclass(slots=True)
class SendingReport:
    """What became of some messages.

    Attributes:
        sent: Given to the server, which took them.
        refused: Address and why, in words; by an answer of the server.
        unknown: Addresses of which nobody knows whether the message arrived: the server went away before it answered.
        passed_over: Who got none, because something changed since somebody looked, and what.
        stopped_by: Why the rest was not sent; None where all were tried.
        left: How many were not tried.
    """

    sent: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    passed_over: list[LeftOut] = field(default_factory=list)
    stopped_by: MailServerError | None = None
    left: int = 0


class Delivery:
    """One sending; `since` is from when on nobody is written to again."""

    def __init__(self, core: Core, *, actor: Actor, since: datetime) -> None:
        self._core = core
        self._actor = actor
        self._since = since
        self._report = SendingReport()

    def run(
        self,
        connection: MailConnection,
        text: WarningText,
        addressees: Sequence[Addressee],
        progress: Progress,
    ) -> SendingReport:
        """Send to each, until the server is gone; the log says how many went."""
        report = self._report
        for number, one in enumerate(addressees):
            progress.report(number, len(addressees))
            report.stopped_by = self._send(connection, one, one.message(text))
            if report.stopped_by is not None:
                report.left = len(addressees) - number - bool(report.unknown)
                break
        detail = f"below the limit, {len(report.refused)} refused, {report.left} not tried"
        if report.unknown:
            detail += f", {len(report.unknown)} without an answer"
        self._core.store.write(
            lambda repositories: repositories.audit.add(
                self._core.clock.now(), self._actor.name, "messages.sent", f"{report.sent} messages", detail
            )
        )
        return report

    def _send(
        self, connection: MailConnection, one: Addressee, message: MailMessage
    ) -> MailServerError | None:
        """Send one message; returns why no other can be sent either."""
        begun = self._core.store.write(lambda repositories: self._begin(repositories, one, message))
        if isinstance(begun, str):
            self._report.passed_over.append(LeftOut(one.student, one.values.get("course", ""), begun))
            return None
        try:
            connection.send(message)
        except AddressRefusedError as error:
            self._report.refused.append((one.address, str(error)))
            self._end(begun, SendingOutcome.REFUSED, error.hint or error.user_text)
            return None
        except ServerRefusedError as error:
            self._end(begun, SendingOutcome.REFUSED, error.hint or error.user_text)
            return error
        except NoAnswerError as error:
            self._report.unknown.append(one.address)
            self._end(begun, SendingOutcome.SENDING, error.user_text)
            return error
        except MailServerError as error:
            # The server never had it, so there is nothing to say of it.
            self._core.store.write(lambda repositories: message_queries(repositories).forget(begun))
            return error
        self._report.sent += 1
        self._end(begun, SendingOutcome.SENT)
        return None

    def _end(self, message_id: int, outcome: SendingOutcome, detail: str = "") -> None:
        self._core.store.write(
            lambda repositories: message_queries(repositories).end(message_id, outcome, detail)
        )

    def _begin(self, repositories: Repositories, one: Addressee, message: MailMessage) -> int | str:
        """Write down that it is sent now, so that a program that dies here never sends it again; or why it must not be, in words."""
        why = self._why_not(repositories, one)
        if why:
            return why
        return message_queries(repositories).begin(
            one, message, at=self._core.clock.now(), by=self._actor.name
        )

    def _why_not(self, repositories: Repositories, one: Addressee) -> str:
        """What changed since somebody looked; empty: nothing that matters."""
        student_id, queries = one.student.student_id, message_queries(repositories)
        try:
            student = repositories.students.present(student_id)
        except NotFoundError:
            return _("is not in the list any more")
        since = repositories.students.inactive_from(student_id)
        if since is not None and since <= self._core.today():
            return _("is inactive")
        course = repositories.courses.get(one.course_id)
        if course is None or course.is_archived:
            return _("the course is archived")
        contact = queries.contacts([student_id]).get(student_id, StudentContact(student_id))
        if contact.stopped_at is not None:
            return _("wants no messages")
        is_students = one.recipient is Recipient.STUDENT
        address = (student.email or "") if is_students else contact.guardian_email
        if folded(address) != folded(one.address):
            return _("has another address by now")
        known = queries.lately([student_id], self._since).get((student_id, one.course_id), {})
        before = known.get(folded(one.address))
        if before is not None and not (before.is_doubtful and before.at == one.doubtful_since):
            return _("had this message meanwhile")
        return ""
