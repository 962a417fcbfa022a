"""Brings events from worker threads to the window.

The bridge hears events on any thread and returns at once; `Bridge.arrived` is emitted on the main thread, in their order. Events are small frozen values; frames never travel this way.
"""

from PySide6.QtCore import QObject, Qt, Signal

from kiosk.services.events import Event, Events


class Bridge(QObject):
    """Turns all events into queued signals.

    Needs PySide6 below 6.12: on Python 3.11, 6.12.0 loses a reference to ``True`` at each emit.
    """

    arrived = Signal(Event)
    """Emitted on the main thread with each `kiosk.services.events.Event`."""

    _queued = Signal(object)

    def __init__(self, events: Events, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._open = True
        self._queued.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._unsubscribe = events.subscribe(Event, self.on_event)

    def on_event(self, event: Event) -> None:
        """Queue an event for the main thread; does nothing once closed."""
        if self._open:
            self._queued.emit(event)

    def close(self) -> None:
        """Deliver nothing any more, not even what is queued."""
        self._open = False
        self._unsubscribe()

    def _deliver(self, event: Event) -> None:
        if self._open:
            self.arrived.emit(event)
