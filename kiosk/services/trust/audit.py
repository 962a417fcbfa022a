"""The log of who changed what: whether it is whole. Any thread."""

from kiosk.storage.store import Store


class Audit:
    """Proves the log."""

    def __init__(self, *, store: Store) -> None:
        self._store = store

    def verify(self) -> int | None:
        """The first entry that does not fit, or None when the log is whole."""
        return self._store.read(lambda repositories: repositories.audit.verify())
