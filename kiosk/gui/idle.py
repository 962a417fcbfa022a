"""Notices that somebody uses keyboard, mouse or touch, and when that was. Main thread only."""

from typing import Final

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Signal

from kiosk.services.ports.clock import Clock

_TOUCHES: Final = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.TouchBegin,
        QEvent.Type.Wheel,
    }
)


class IdleWatch(QObject):
    """Emits `touched` with every key, press, movement, touch and turn of the wheel in the program."""

    touched = Signal()

    def __init__(self, clock: Clock, parent: QObject) -> None:
        super().__init__(parent)
        self._clock = clock
        self.touch()
        application = QCoreApplication.instance()
        if application is not None:
            application.installEventFilter(self)

    @property
    def idle_s(self) -> float:
        """Seconds since somebody touched anything."""
        return self._clock.monotonic() - self._touched_s

    def touch(self) -> None:
        """Count from now."""
        self._touched_s = self._clock.monotonic()
        self.touched.emit()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() in _TOUCHES:
            self.touch()
        return False
