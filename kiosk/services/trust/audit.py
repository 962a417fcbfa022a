"""The log of who changed what: whether it is whole. Any thread."""

from dataclasses import dataclass

from kiosk.domain.trust.rights import Actor, Right
from kiosk.services.trust.rights import require
from kiosk.storage.store import Store


@dataclass(frozen=True, slots=True)
class CheckedRecords:
    """What was found of the records.

    Attributes:
        changed: Ids of classes whose records are not those that the log knows.
        uncovered: How many classes ended before the log knew of records.
    """

    changed: tuple[int, ...]
    uncovered: int


class Audit:
    """Proves the log, and the records by it."""

    def __init__(self, *, store: Store) -> None:
        self._store = store

    def verify_records(self, *, actor: Actor) -> CheckedRecords:
        """Compare the records of all ended classes with what the log says of them; takes about a millisecond a class."""
        require(self._store, actor, Right.ADMINISTER)
        return self._store.read(
            lambda repositories: CheckedRecords(
                tuple(repositories.record_seals.faults()), repositories.record_seals.uncovered()
            )
        )

    def verify(self, *, actor: Actor) -> int | None:
        """The first entry that does not fit, or None when the log is whole."""
        require(self._store, actor, Right.ADMINISTER)
        return self._store.read(lambda repositories: repositories.audit.verify())
