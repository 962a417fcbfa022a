"""Warnings by e-mail to students below the limit and their guardians: shown first, sent to whom somebody chose, each written down.

Sending waits for the network: call from a worker thread.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from kiosk.domain.messages.mail import ADDRESS, GivenMessage, Recipient, StudentContact, folded
from kiosk.domain.messages.warnings import PLACES, Addressee, LeftOut, WarningText, unknown_places
from kiosk.domain.records.filters import ReportFilter
from kiosk.domain.reports.kinds import ReportQuestion
from kiosk.domain.reports.reports import BelowLimit, StudentBelow
from kiosk.domain.trust.rights import Actor, Right
from kiosk.errors import ConflictError
from kiosk.services.core import Core
from kiosk.services.messages.delivery import Delivery, SendingReport
from kiosk.services.messages.mail_servers import MailServers
from kiosk.services.messages.messages_store import Given, message_queries
from kiosk.services.ports.mail import Mailer
from kiosk.services.ports.progress import UNWATCHED, Progress
from kiosk.services.reports.attendance_reports import AttendanceReports
from kiosk.services.reports.scope import to_take_along
from kiosk.services.school.school_settings import School
from kiosk.services.trust.rights import require
from kiosk.storage.store import Repositories
from kiosk.translation import N_, _
from kiosk.wording.attendance import credited
from kiosk.wording.reports import percent

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
                _("The school has set no mail server."),
                _("An admin can set one (Settings → School and late rule → Mail server…)."),
            )
        report = self._reports.below_limit(question, actor=actor)
        ids = sorted({one.student.student_id for one in report.students})
        contacts, given, archived = self._core.store.read(partial(_known, ids=ids, since=self._since()))
        addressees: list[Addressee] = []
        left_out: list[LeftOut] = []
        for one in report.students:
            contact = contacts.get(one.student.student_id, StudentContact(one.student.student_id))
            found = _addressees(one, contact, report)
            before = given.get((one.student.student_id, one.course_id), {})
            if one.course_id in archived:
                left_out.append(_left_out(one, _("the course is archived")))
            elif contact.stopped_at is not None:
                left_out.append(_left_out(one, _("wants no messages")))
            elif not found:
                left_out.append(_left_out(one, _("has no e-mail address")))
            elif not (to_write := _not_written_to(found, before)):
                left_out.append(_left_out(one, _("was written to lately")))
            else:
                addressees += to_write
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
        delivery = Delivery(self._core, actor=actor, since=self._since())
        with self._mailer(self._servers.server()) as connection:
            return delivery.run(connection, text, addressees, progress)

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


def _known(
    repositories: Repositories, *, ids: Sequence[int], since: datetime
) -> tuple[dict[int, StudentContact], Given, set[int]]:
    """What is known of some students: contacts, what was given to the server lately, and which courses are archived."""
    queries = message_queries(repositories)
    archived = {one.course_id for one in repositories.courses.all() if one.is_archived}
    return queries.contacts(ids), queries.lately(ids, since), archived


def _not_written_to(found: Sequence[Addressee], before: Mapping[str, GivenMessage]) -> list[Addressee]:
    """Those who had no such message lately, each address once; who may have had it says since when."""
    wanted: dict[str, Addressee] = {}
    for one in found:
        given = before.get(folded(one.address))
        if given is None:
            wanted.setdefault(folded(one.address), one)
        elif given.is_doubtful:
            wanted.setdefault(folded(one.address), replace(one, doubtful_since=given.at))
    return list(wanted.values())


def _left_out(one: StudentBelow, why: str) -> LeftOut:
    return LeftOut(one.student, one.course_label, why)


def _addressees(one: StudentBelow, contact: StudentContact, report: BelowLimit) -> list[Addressee]:
    values = {
        "name": one.student.full_name,
        "number": one.student.student_no,
        "course": one.course_label,
        "share": percent(one.count),
        "attended": credited(one.count),
        "expected": str(one.count.counting),
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
