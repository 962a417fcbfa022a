"""Colours of drawn reports in the look in force. Main thread."""

from typing import Final

from PySide6.QtGui import QColor

from kiosk.gui.theme import Theme
from kiosk.services.reports.pictures.picture import Ink

_NAMES: Final[dict[Ink, str]] = {
    Ink.TEXT: "text",
    Ink.MUTED: "muted",
    Ink.LINE: "line",
    Ink.ACCENT: "accent",
    Ink.PRESENT: "present",
    Ink.LATE: "late",
    Ink.EXCUSED: "muted",
    Ink.ABSENT: "refused",
    Ink.SOFT_ACCENT: "tint_accent",
    Ink.SOFT_PRESENT: "tint_present",
    Ink.SOFT_LATE: "tint_late",
    Ink.SOFT_EXCUSED: "track",
    Ink.SOFT_ABSENT: "tint_refused",
    Ink.FACE: "accent",
    Ink.PHONE: "present",
    Ink.MANUAL: "late",
}
"""Which colour of the palette an ink is."""

_PASS: Final = {False: "#7a4bb0", True: "#c9a2f2"}
"""Light and dark; no other thing of the window is violet."""


def colours(theme: Theme) -> dict[Ink, QColor]:
    """A colour for each ink."""
    palette = theme.palette
    found = {ink: QColor(str(getattr(palette, name))) for ink, name in _NAMES.items()}
    found[Ink.PASS] = QColor(_PASS[theme.is_dark])
    return found
