"""The notice about face recognition: which one is answered, publishing a new one, and the day from which old answers end.

Any thread but the window's.
"""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from kiosk.domain.people.consents import FIRST_NOTICE
from kiosk.domain.people.notices import Notice, usable_text
from kiosk.domain.trust.rights import Actor, Right
from kiosk.errors import ConflictError
from kiosk.services.events import Events, GalleryChanged
from kiosk.services.ports.clock import Clock
from kiosk.services.trust.rights import require
from kiosk.settings import SchoolRules
from kiosk.storage.store import Repositories, Store
from kiosk.translation import N_, _

if TYPE_CHECKING:
    from kiosk.services.people.notice_queries import NoticeQueries

ACTOR: Final = "the kiosk"

OWN_TEXT: Final = N_(
    "If you consent, pictures of your face are taken at the desk and, where the school has switched that on, in your "
    "classes, and kept encrypted on this school’s kiosk, to recognise you in your classes. You can withdraw at any time, "
    "and need not consent: the code works as well."
)
"""The first notice, until the school publishes its own."""


class Notices:
    """Reads and publishes notices."""

    def __init__(self, *, store: Store, clock: Clock, zone: ZoneInfo, events: Events) -> None:
        self._store = store
        self._clock = clock
        self._zone = zone
        self._events = events
        self._looked_on: date | None = None

    def current(self) -> Notice:
        """The newest one."""
        return self._store.read(current_notice)

    def publish(self, text: str, *, actor: Actor) -> Notice:
        """Put a new notice into force; answers to older ones are used until the school's days for renewal are over.

        Raises:
            ConflictError: The text is empty, too long, not printable, or that of the notice in force.
        """
        require(self._store, actor, Right.ADMINISTER)
        text = usable_text(text)
        now = self._clock.now()

        def work(repositories: Repositories) -> Notice:
            before = current_notice(repositories)
            if before.text == text:
                raise ConflictError(
                    _("This is the notice that is in force."), _("Change its text to publish a new version.")
                )
            days = SchoolRules.from_texts(repositories.school_settings.all()).consent_renewal_days
            renew_by = self._today() + timedelta(days=days)
            notice = Notice(before.version + 1, text, now, actor.name, renew_by)
            _queries(repositories).add(notice, published_at=now, renew_by=renew_by)
            repositories.audit.add(
                now,
                actor.name,
                "notice.published",
                f"version {notice.version}",
                f"sha256 {notice.hash}, renew by {renew_by.isoformat()}",
            )
            return notice

        notice = self._store.write(work)
        self._looked_on = None
        return notice

    def tick(self) -> None:
        """From the day that the school set, let answers to older notices be used no more. Cheap where it was done today."""
        today = self._today()
        if self._looked_on == today:
            return
        now = self._clock.now()
        ended = 0
        if self._store.read(lambda repositories: bool(_queries(repositories).due(today))):
            ended = self._store.write(lambda repositories: end_old_answers(repositories, today, now))
        self._looked_on = today
        if ended:
            self._events.emit(GalleryChanged())

    def _today(self) -> date:
        return self._clock.now().astimezone(self._zone).date()


def current_notice(repositories: Repositories) -> Notice:
    """The newest notice of a transaction."""
    return _queries(repositories).newest() or Notice(FIRST_NOTICE, _(OWN_TEXT))


def end_old_answers(repositories: Repositories, today: date, now: datetime) -> int:
    """Let answers to notices whose time for renewal is over be used no more; returns for how many newer ones that began.

    Called at each start of a class and by the housekeeping: the repositories know no clock.
    """
    versions = _queries(repositories).enforce(today)
    for version in versions:
        words = "answers to older notices are not used any more"
        repositories.audit.add(now, ACTOR, "notice.enforced", f"version {version}", words)
    return len(versions)


def _queries(repositories: Repositories) -> "NoticeQueries":
    from kiosk.services.people.notice_queries import NoticeQueries

    return NoticeQueries(db_session=repositories.db_session)
