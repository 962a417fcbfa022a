"""Which of this PC's networks phones are sent to: what there is, what is chosen, choosing another. Any thread.

It also holds the settings for phones that are in force, because the address is read anew from them all the time.

A choice is an adapter's name, so that it is followed when the adapter gets another address. It takes effect within
seconds, without a restart.
"""

import threading
from collections.abc import Callable

from kiosk.domain.trust.rights import Actor, Right
from kiosk.services.ports.clock import Clock
from kiosk.services.ports.settings import StoredSettings
from kiosk.services.ports.web import AdapterLine
from kiosk.services.school.changed_settings import note_changed_settings
from kiosk.services.trust.rights import require
from kiosk.settings import WebSettings
from kiosk.storage.store import Store


class ShownAddress:
    """The settings for phones as they are in force."""

    def __init__(
        self,
        *,
        store: Store,
        clock: Clock,
        web: WebSettings,
        read_adapters: Callable[[], list[AdapterLine]],
        settings: StoredSettings,
    ) -> None:
        """Begin with `web`; saving `settings` tells `follow`."""
        self._store = store
        self._clock = clock
        self._lock = threading.Lock()
        self._web = web
        self._read_adapters = read_adapters
        self._settings = settings

    @property
    def web(self) -> WebSettings:
        with self._lock:
            return self._web

    def follow(self, before: WebSettings, after: WebSettings) -> None:
        """Take what was changed in the stored settings.

        What is in force may differ from what is stored, as with ``kiosk serve --port``: the rest stays.
        """
        changed = {name: value for name, value in after if value != getattr(before, name)}
        with self._lock:
            self._web = self._web.model_copy(update=changed)

    def adapters(self) -> list[AdapterLine]:
        """This PC's networks, the recommended one first; takes some milliseconds."""
        return self._read_adapters()

    def choose(self, adapter: str, *, actor: Actor) -> None:
        """Send phones to an adapter (empty: to the recommended one, whichever it is).

        Raises:
            CertificateError: The certificate does not name the address there; nothing was changed.
            SettingsError: The settings cannot be written.
        """
        require(self._store, actor, Right.ADMINISTER)
        stored = self._settings.load()
        web = stored.web.model_copy(update={"address": "", "adapter": adapter})
        changed = stored.model_copy(update={"web": web})
        self._settings.save(changed)
        note_changed_settings(self._store, self._clock, stored, changed, actor=actor)
