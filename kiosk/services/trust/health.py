"""What works on this PC and what to do about the rest, for an admin at the screen. Any thread but the window's."""

from collections.abc import Sequence

from kiosk.domain.trust.rights import Actor, Right
from kiosk.services.ports.health import Check, HealthChecks
from kiosk.services.trust.rights import require
from kiosk.storage.store import Store


class Health:
    """Looks at one thing after the other."""

    def __init__(self, *, store: Store, checks: HealthChecks) -> None:
        self._store = store
        self._checks = checks

    def names(self) -> Sequence[str]:
        """What can be looked at, in order."""
        return self._checks.names()

    def look(self, name: str, *, actor: Actor) -> Check:
        """Look at one thing; takes up to some seconds."""
        require(self._store, actor, Right.ADMINISTER)
        return self._checks.look(name)
