"""Warnings by e-mail to students below the limit and their guardians: shown first, sent to whom somebody chose, each written down.

Sending waits for the network: call from a worker thread.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from kiosk.domain.messages.mail import (
    ADDRESS,
    MailMessage,
    Recipient,
    SendingOutcome,
    StudentContact,
)
from kiosk.domain.messages.warnings import PLACES, Addressee, LeftOut, WarningText, unknown_places
from kiosk.domain.records.filters import ReportFilter
from kiosk.domain.reports.kinds import ReportQuestion
from kiosk.domain.reports.reports import BelowLimit, StudentBelow
from kiosk.domain.trust.rights import Actor, Right
from kiosk.errors import ConflictError
from kiosk.services.core import Core
from kiosk.services.messages.mail_servers import MailServers
from kiosk.services.ports.mail import AddressRefusedError, MailConnection, Mailer, MailServerError
from kiosk.services.ports.progress import UNWATCHED, Progress
from kiosk.services.reports.attendance_reports import AttendanceReports
from kiosk.services.reports.scope import to_take_along
from kiosk.services.school.school_settings import School
from kiosk.services.trust.rights import require
from kiosk.storage.store import Repositories
from kiosk.translation import N_, _
from kiosk.wording.reports import percent

if TYPE_CHECKING:
    from kiosk.services.messages.message_queries import MessageQueries

SUBJECT: Final = N_("Attendance of {name} in {course}")
TEXT: Final = N_(
    "{name} came to {attended} of {expected} classes of {course} so far: {share}. The school expects at least {limit} %.\n"
    "\n"
    "If something keeps {name} from coming, please tell us by answering this message.\n"
    "\n"
    "{school}\n"
    "\n"
    "Answer STOP, and no more messages of this kind are sent."
)


@dataclass(frozen=True, slots=True)
class PreparedWarnings:
    """What could be sent, to whom, and who gets nothing."""

    text: WarningText
    addressees: tuple[Addressee, ...]
    left_out: tuple[LeftOut, ...]


@dataclass(slots=True)
class SendingReport:
    """What became of some messages.

    Attributes:
        sent: Given to the server, which took them.
        refused: Address and why, in words.
        passed_over: Addresses that had this message meanwhile, or that want none any more.
        stopped_by: Why the rest was not sent; None where all were tried.
        left: How many were not tried.
    """

    sent: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)
    passed_over: list[str] = field(default_factory=list)
    stopped_by: MailServerError | None = None
    left: int = 0


class Warnings:
    """Prepares and sends them."""

    def __init__(
        self,
        core: Core,
        *,
        reports: AttendanceReports,
        school: School,
        servers: MailServers,
        mailer: Mailer,
    ) -> None:
        self._core = core
        self._reports = reports
        self._school = school
        self._servers = servers
        self._mailer = mailer

    def prepare(self, question: ReportQuestion, *, actor: Actor) -> PreparedWarnings:
        """Who is below the limit and can be written to, with a text to change.

        Raises:
            ConflictError: The school has set no mail server.
            ForbiddenError: The actor is a teacher and does not teach the course, or none.
            KioskError: As `AttendanceReports.below_limit`.
        """
        require(self._core.store, actor, Right.EXPORT)
        self._core.store.read(
            lambda repositories: to_take_along(repositories, actor, ReportFilter(question.course_id))
        )
        if not self._servers.is_set:
            raise ConflictError(
                _("The school has set no mail server."), _("An admin can set one: Settings → Mail server.")
            )
        report = self._reports.below_limit(question, actor=actor)
        ids = sorted({one.student.student_id for one in report.students})
        contacts = self._core.store.read(lambda repositories: message_queries(repositories).contacts(ids))
        since = self._since()
        addressees: list[Addressee] = []
        left_out: list[LeftOut] = []
        for one in report.students:
            contact = contacts.get(one.student.student_id, StudentContact(one.student.student_id))
            found = _addressees(one, contact, report)
            if contact.stopped_at is not None:
                left_out.append(_left_out(one, _("wants no messages")))
            elif not found:
                left_out.append(_left_out(one, _("has no e-mail address")))
            elif one.last_contact is not None and one.last_contact.at >= since:
                left_out.append(_left_out(one, _("was written to lately")))
            else:
                addressees += found
        return PreparedWarnings(WarningText(_(SUBJECT), _(TEXT)), tuple(addressees), tuple(left_out))

    def send(
        self,
        text: WarningText,
        addressees: Sequence[Addressee],
        *,
        actor: Actor,
        progress: Progress = UNWATCHED,
    ) -> SendingReport:
        """Send a text to addressees whom somebody has seen; nobody gets it twice within the school's time.

        Raises:
            ConflictError: The text is empty or names a place that there is not; nothing was sent.
            MailServerError: No connection to the server; nothing was sent.
            ForbiddenError: The actor is a teacher and does not teach one of the courses.
        """
        require(self._core.store, actor, Right.EXPORT)
        courses = sorted({one.course_id for one in addressees})
        self._core.store.read(
            lambda repositories: [
                to_take_along(repositories, actor, ReportFilter(course_id)) for course_id in courses
            ]
        )
        check_text(text)
        report = SendingReport()
        with self._mailer(self._servers.server()) as connection:
            for number, one in enumerate(addressees):
                progress.report(number, len(addressees))
                report.stopped_by = self._send_one(connection, one, one.message(text), report, actor)
                if report.stopped_by is not None:
                    report.left = len(addressees) - number
                    break
        self._core.store.write(
            lambda repositories: repositories.audit.add(
                self._core.clock.now(),
                actor.name,
                "messages.sent",
                f"{report.sent} messages",
                f"below the limit, {len(report.refused)} refused, {report.left} not tried",
            )
        )
        return report

    def _send_one(
        self,
        connection: MailConnection,
        one: Addressee,
        message: MailMessage,
        report: SendingReport,
        actor: Actor,
    ) -> MailServerError | None:
        """Send one message; returns why no other can be sent either."""
        begun = self._core.store.write(lambda repositories: self._begin(repositories, one, message, actor))
        if begun is None:
            report.passed_over.append(one.address)
            return None
        outcome, detail, stopped_by = SendingOutcome.SENT, "", None
        try:
            connection.send(message)
            report.sent += 1
        except AddressRefusedError as error:
            outcome, detail = SendingOutcome.REFUSED, error.hint or error.user_text
            report.refused.append((one.address, str(error)))
        except MailServerError as error:
            outcome, detail, stopped_by = SendingOutcome.REFUSED, error.user_text, error
        self._core.store.write(lambda repositories: message_queries(repositories).end(begun, outcome, detail))
        return stopped_by

    def _begin(
        self, repositories: Repositories, one: Addressee, message: MailMessage, actor: Actor
    ) -> int | None:
        """Write down that it is sent now, so that a program that dies here never sends it again; None: it must not be."""
        queries = message_queries(repositories)
        contact = queries.contacts([one.student.student_id]).get(one.student.student_id)
        if contact is not None and contact.stopped_at is not None:
            return None
        if queries.was_written_since(one, self._since()):
            return None
        return queries.begin(one, message, at=self._core.clock.now(), by=actor.name)

    def _since(self) -> datetime:
        return self._core.clock.now() - timedelta(days=self._school.rules().warn_again_days)


def check_text(text: WarningText) -> None:
    """Refuse a text that cannot be filled in. Raises ConflictError: it says what is wrong."""
    if not text.subject.strip() or not text.text.strip():
        raise ConflictError(_("The message has no subject or no text."))
    unknown = unknown_places(text)
    if unknown is None:
        raise ConflictError(
            _("A brace in the text stands alone."), _("Write {{name}} with both braces, or none.")
        )
    if unknown:
        raise ConflictError(
            _("Nothing is known for “{place}” in the text.", place=unknown[0]),
            _("There are: {places}.", places=", ".join(PLACES)),
        )


def message_queries(repositories: Repositories) -> "MessageQueries":
    """The queries of this subject."""
    from kiosk.services.messages.message_queries import MessageQueries

    return MessageQueries(db_session=repositories.db_session)


def _left_out(one: StudentBelow, why: str) -> LeftOut:
    return LeftOut(one.student, one.course_label, why)


def _addressees(one: StudentBelow, contact: StudentContact, report: BelowLimit) -> list[Addressee]:
    values = {
        "name": one.student.full_name,
        "number": one.student.student_no,
        "course": one.course_label,
        "share": percent(one.count),
        "attended": str(one.count.attended),
        "expected": str(one.count.expected),
        "limit": str(report.head.limit_percent),
        "school": report.head.school,
        "missed": str(one.missed_lately),
    }
    addresses = ((Recipient.STUDENT, one.student.email or ""), (Recipient.GUARDIAN, contact.guardian_email))
    return [
        Addressee(one.student, one.course_id, recipient, address, values)
        for recipient, address in addresses
        if ADDRESS.fullmatch(address)
    ]
