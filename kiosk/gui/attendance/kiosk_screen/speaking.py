"""Says to screen readers what the kiosk screen paints. Main thread only."""

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget


def sentences(*parts: str) -> str:
    """Everything that is said, one after the other, each with its stop."""
    return " ".join(part if part[-1] in ".…?!:" else f"{part}." for part in parts if part)


def describe(widget: QWidget, name: str, description: str = "") -> None:
    """Keep what is read of a painted widget true; what has not changed is not told again."""
    if widget.accessibleName() != name:
        widget.setAccessibleName(name)
    if widget.accessibleDescription() != description:
        widget.setAccessibleDescription(description)


def announce(widget: QWidget, words: str) -> None:
    """Have something read out now, wherever the reader is."""
    QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, words))
