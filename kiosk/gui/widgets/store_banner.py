"""A red strip while nothing can be saved, which goes by itself. Main thread."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from kiosk.errors import KioskError
from kiosk.gui.bridge import Bridge
from kiosk.gui.theme import Theme
from kiosk.gui.widgets.banner import Banner
from kiosk.services.events import Event, StoreStateChanged
from kiosk.storage.store import Store


class StoreBanner(Banner):
    """Follows what the store says of itself; without a bridge, whenever it is asked.

    Signals:
        over: Saving works again.
    """

    over = Signal()

    def __init__(
        self, theme: Theme, store: Store, bridge: Bridge | None, parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, parent)
        self._store = store
        self._said = ""
        if bridge is not None:
            bridge.arrived.connect(self._on_event)
        self.look()

    def look(self) -> None:
        """Say what is wrong now, or go."""
        trouble = self._store.trouble
        text = str(trouble or "")
        if text == self._said:
            return
        self._said = text
        if trouble is not None:
            self.show_error(trouble)
        else:
            self.clear()
            self.over.emit()

    def says(self, error: KioskError) -> bool:
        """Whether a failure is what it says, so that nobody needs to say it once more."""
        self.look()
        return bool(self._said) and str(error) == self._said

    def _on_event(self, event: Event) -> None:
        if isinstance(event, StoreStateChanged):
            self.look()
