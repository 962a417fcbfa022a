"""The log of who changed what: whether it is whole. Any thread."""

from dataclasses import dataclass

from kiosk.domain.trust.rights import Actor, Right
from kiosk.errors import KioskError
from kiosk.services.ports.progress import UNWATCHED, Progress
from kiosk.services.trust.rights import require
from kiosk.storage.store import Repositories, Store
from kiosk.translation import _


@dataclass(frozen=True, slots=True)
class CheckedRecords:
    """What was found of the records.

    Attributes:
        changed: Ids of classes whose records are not those that the log knows.
        uncovered: How many classes ended before the log knew of records.
    """

    changed: tuple[int, ...]
    uncovered: int


@dataclass(frozen=True, slots=True)
class CheckedLog:
    """What was found of the log and of the records.

    Attributes:
        first_broken: The first entry that does not fit; None when the log is whole.
    """

    first_broken: int | None
    records: CheckedRecords

    @property
    def is_whole(self) -> bool:
        """Whether nothing was changed beside the program."""
        return self.first_broken is None and not self.records.changed


class Audit:
    """Proves the log, and the records by it."""

    def __init__(self, *, store: Store) -> None:
        self._store = store

    def verify_records(self, *, actor: Actor) -> CheckedRecords:
        """Compare the records of all ended classes with what the log says of them; takes about a millisecond a class."""
        require(self._store, actor, Right.ADMINISTER)
        return self._store.read(lambda repositories: _records(repositories, UNWATCHED))

    def verify(self, *, actor: Actor) -> int | None:
        """The first entry that does not fit, or None when the log is whole."""
        require(self._store, actor, Right.ADMINISTER)
        return self._store.read(lambda repositories: repositories.audit.verify())

    def check(self, progress: Progress, *, actor: Actor) -> CheckedLog:
        """Both, told to `progress`: first the entries, then the classes.

        Raises:
            KioskError: `progress` ended it.
        """
        require(self._store, actor, Right.ADMINISTER)

        def query(repositories: Repositories) -> CheckedLog:
            entries = (repositories.audit.head() or (0, ""))[0]
            broken = repositories.audit.verify(lambda done: _tell(progress, done, entries))
            return CheckedLog(broken, _records(repositories, progress))

        return self._store.read(query)


def _records(repositories: Repositories, progress: Progress) -> CheckedRecords:
    seals = repositories.record_seals
    changed = seals.faults(lambda done, of: _tell(progress, done, of))
    return CheckedRecords(tuple(changed), seals.uncovered())


def _tell(progress: Progress, done: int, of: int) -> None:
    progress.report(done, of)
    if progress.is_cancelled():
        raise KioskError(_("The check was stopped before its end."), _("Nothing is known of the rest."))
