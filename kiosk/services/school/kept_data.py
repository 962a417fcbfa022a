"""What is kept about people, why and how long, and what goes next; and deleting what is kept by its age alone.

Any thread but the window's.
"""

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from kiosk.domain.attendance.class_session import SESSIONS_KEPT_DAYS
from kiosk.domain.school.kept_lines import KeptKind, KeptLine
from kiosk.domain.trust.backups import BackupState
from kiosk.domain.trust.rights import Actor, Right
from kiosk.errors import KioskError
from kiosk.services.core import Core
from kiosk.services.people.consent_letters import CODE_DAYS
from kiosk.services.school.left_overs import LeftOvers
from kiosk.services.school.retention import Retention
from kiosk.services.trust.backups import Backups
from kiosk.services.trust.rights import require
from kiosk.settings import SchoolRules
from kiosk.storage.backup.left_overs import LeftOverKind
from kiosk.storage.store import Repositories

if TYPE_CHECKING:
    from kiosk.services.school.kept_queries import KeptQueries

UNENDING: Final = (KeptKind.PHONES, KeptKind.CONSENTS, KeptKind.RECORDS, KeptKind.LOG)
"""Without an end of its own: it goes when the student is deleted, and the log never."""


class KeptData:
    """Reads the lines of the page, and makes the round for those that have no other."""

    def __init__(self, core: Core, *, retention: Retention, left_overs: LeftOvers, backups: Backups) -> None:
        self._core = core
        self._retention = retention
        self._left_overs = left_overs
        self._backups = backups

    def lines(self, *, actor: Actor) -> list[KeptLine]:
        """Every kind, in the page's order."""
        require(self._core.store, actor, Right.ADMINISTER)
        found = {
            line.kind: line
            for line in (
                *self._core.store.read(self._by_age),
                self._faces(),
                self._copies(),
                self._kept_backups(actor),
            )
        }
        return [found[kind] for kind in KeptKind]

    def remove_old(self, *, actor: Actor) -> int:
        """Delete events, counts of wrong sign-ins, codes of letters, sent e-mails and deleted class sessions whose time is over; returns how many."""
        require(self._core.store, actor, Right.DELETE_FACES)
        now = self._core.clock.now()

        def work(repositories: Repositories) -> int:
            rules, queries = _rules(repositories), _queries(repositories)
            events, failures = rules.events_kept_days, rules.failures_kept_days
            messages = _messages_kept_days(rules)
            gone = {
                "events": queries.forget_events(now - timedelta(days=events)) if events else 0,
                "sign-in failures": queries.forget_failures(now - timedelta(days=failures))
                if failures
                else 0,
                "e-mails": queries.forget_messages(now - timedelta(days=messages)) if messages else 0,
                "codes": repositories.consent_codes.remove_over(now),
                "deleted class sessions": _forget_sessions(repositories, now),
            }
            number = sum(gone.values())
            if number:
                detail = ", ".join(f"{count} {name}" for name, count in gone.items() if count)
                repositories.audit.add(now, actor.name, "kept.expired", "by age", detail)
            return number

        return self._core.store.write(work)

    def _by_age(self, repositories: Repositories) -> list[KeptLine]:
        rules, queries = _rules(repositories), _queries(repositories)
        terms = {
            KeptKind.TRACES: rules.traces_kept_days,
            KeptKind.INCIDENTS: rules.traces_kept_days,
            KeptKind.EVENTS: rules.events_kept_days,
            KeptKind.FAILURES: rules.failures_kept_days,
            KeptKind.MESSAGES: _messages_kept_days(rules),
            KeptKind.EXPORTS: rules.exports_kept_days,
            **dict.fromkeys(UNENDING, 0),
        }
        return [
            *(self._line(queries, kind, term) for kind, term in terms.items()),
            KeptLine(KeptKind.CODES, repositories.consent_codes.count(), CODE_DAYS),
        ]

    def _line(self, queries: "KeptQueries", kind: KeptKind, term: int) -> KeptLine:
        number, oldest = queries.count(kind)
        if not term or oldest is None:
            return KeptLine(kind, number, term)
        first = self._day(oldest)
        end = datetime.combine(first + timedelta(days=1), time(), self._core.zone)
        goes = max(first + timedelta(days=term), self._core.today())
        return KeptLine(kind, number, term, queries.count(kind, before=end)[0], goes)

    def _faces(self) -> KeptLine:
        terms, months = self._retention.terms()
        days = [one.until for one in terms if one.until is not None]
        if not days:
            return KeptLine(KeptKind.FACES, len(terms), months)
        first = max(min(days), self._core.today())
        return KeptLine(KeptKind.FACES, len(terms), months, sum(day <= first for day in days), first)

    def _copies(self) -> KeptLine:
        found = [one for one in self._left_overs.found() if one.kind is not LeftOverKind.KEY]
        term = self._left_overs.kept_days()
        days = [self._day(datetime.fromtimestamp(one.at_s, self._core.zone)) for one in found]
        if not days:
            return KeptLine(KeptKind.COPIES, 0, term)
        goes = max(min(days) + timedelta(days=term), self._core.today())
        going = sum(day + timedelta(days=term) <= goes for day in days)
        return KeptLine(KeptKind.COPIES, len(found), term, going, goes)

    def _kept_backups(self, actor: Actor) -> KeptLine:
        keep = self._backups.kept()
        try:
            listed = self._backups.overview(actor=actor).backups
        except KioskError:
            return KeptLine(KeptKind.BACKUPS, 0, keep)
        return KeptLine(KeptKind.BACKUPS, sum(one.file.state is BackupState.OURS for one in listed), keep)

    def _day(self, moment: datetime) -> date:
        return moment.astimezone(self._core.zone).date()


def _rules(repositories: Repositories) -> SchoolRules:
    return SchoolRules.from_texts(repositories.school_settings.all())


def _messages_kept_days(rules: SchoolRules) -> int:
    """What was sent is known for as long as nobody may be written to again; 0: for ever."""
    return max(rules.messages_kept_days, rules.warn_again_days) if rules.messages_kept_days else 0


def _forget_sessions(repositories: Repositories, now: datetime) -> int:
    """Remove class sessions for good that were deleted long enough ago, with all that stands under them."""
    before = now - timedelta(days=SESSIONS_KEPT_DAYS)
    over = repositories.class_sessions.deleted(before=before)
    for one in over:
        repositories.class_sessions.remove(one.session.session_id)
    return len(over)


def _queries(repositories: Repositories) -> "KeptQueries":
    from kiosk.services.school.kept_queries import KeptQueries

    return KeptQueries(db_session=repositories.db_session)
