"""The log of who changed what: whether it is whole. Any thread."""

from kiosk.domain.trust.rights import Actor, Right
from kiosk.services.trust.rights import require
from kiosk.storage.store import Store


class Audit:
    """Proves the log."""

    def __init__(self, *, store: Store) -> None:
        self._store = store

    def verify(self, *, actor: Actor) -> int | None:
        """The first entry that does not fit, or None when the log is whole."""
        require(self._store, actor, Right.ADMINISTER)
        return self._store.read(lambda repositories: repositories.audit.verify())
