"""The audit log as a list that an admin reads. Any thread but the window's."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.domain.trust.audit import AuditLine, AuditQuestion
from kiosk.domain.trust.rights import Actor, Right
from kiosk.services.core import Core
from kiosk.services.trust.rights import require
from kiosk.storage.store import Repositories

if TYPE_CHECKING:
    from kiosk.services.trust.audit_list_queries import AuditListQueries


@dataclass(frozen=True, slots=True)
class AuditOutline:
    """Which entries were asked for, newest first, as it was when they were counted."""

    ids: Sequence[int]

    @property
    def total(self) -> int:
        """How many they are."""
        return len(self.ids)


class AuditList:
    """Counts entries and reads pages of them."""

    def __init__(self, core: Core) -> None:
        self._store = core.store
        self._zone = core.zone

    def outline(self, asked: AuditQuestion, *, actor: Actor) -> AuditOutline:
        """Which entries are asked for.

        Raises:
            ConflictError: The days that are asked for end before they begin.
        """
        require(self._store, actor, Right.ADMINISTER)
        asked.require_days_in_order()
        return AuditOutline(self._store.read(lambda repositories: self._queries(repositories).ids(asked)))

    def page(self, outline: AuditOutline, first: int, most: int, *, actor: Actor) -> list[AuditLine]:
        """The entries from `first` (0 is the newest) on, at most so many."""
        require(self._store, actor, Right.ADMINISTER)
        ids = outline.ids[max(0, first) : max(0, first) + most]
        return self._store.read(lambda repositories: self._queries(repositories).page(ids)) if ids else []

    def actors(self, *, actor: Actor) -> list[str]:
        """Everybody who stands in the log, by name."""
        require(self._store, actor, Right.ADMINISTER)
        return self._store.read(lambda repositories: self._queries(repositories).actors())

    def _queries(self, repositories: Repositories) -> "AuditListQueries":
        from kiosk.services.trust.audit_list_queries import AuditListQueries

        return AuditListQueries(db_session=repositories.db_session, zone=self._zone)
