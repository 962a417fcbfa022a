"""Small rounded buttons that stand in a row: filters, statuses, reasons. Main thread."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSizePolicy, QWidget

from kiosk.gui.style_sheet import FOCUS_PX
from kiosk.gui.theme import Theme, Tone
from kiosk.gui.widgets.access_keys import AccessButton


class Chip(AccessButton):
    """A checkable button; checked, it takes the colour of its tone. The words say the same as the colour."""

    def __init__(
        self,
        theme: Theme,
        text: str,
        *,
        tone: Tone = Tone.ACCENT,
        checkable: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._theme = theme
        self._tone = tone
        self.setCheckable(checkable)
        self.setAutoDefault(False)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self._restyle)
        self._restyle()

    def set_tone(self, tone: Tone) -> None:
        """Take another colour when checked."""
        self._tone = tone
        self._restyle()

    def _restyle(self) -> None:
        colours = self._theme.palette
        own = self._theme.colour(self._tone).name()
        tint = getattr(colours, f"tint_{self._tone.value}", colours.hover)
        px = self._theme.px
        self.setStyleSheet(
            f"""
            QPushButton {{
                background: {colours.card}; color: {colours.text}; border: 2px solid {colours.border};
                border-radius: {px(10)}px; padding: {px(5)}px {px(10)}px; min-height: {px(28)}px;
                font-size: {px(18)}px; font-weight: 600;
            }}
            QPushButton:hover {{ background: {colours.hover}; }}
            QPushButton:checked {{ background: {tint}; color: {own}; border-color: {own}; }}
            QPushButton:focus {{ border: {FOCUS_PX}px solid {colours.text}; padding: {px(5) - 1}px {px(10) - 1}px; }}
            QPushButton:disabled {{ color: {colours.muted}; background: {colours.background}; }}
            """
        )
