"""A coloured strip with icon, one sentence and what to do."""

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QWidget

from kiosk.errors import KioskError
from kiosk.gui.icons import pixmap
from kiosk.gui.theme import TextStyle, Theme, Tone
from kiosk.gui.widgets.layouts import horizontal, vertical
from kiosk.gui.widgets.surfaces import Text, restyle

ICON_OF: Final = {
    Tone.ACCENT: "info",
    Tone.PRESENT: "check-circle",
    Tone.LATE: "alert",
    Tone.REFUSED: "alert",
}


class Banner(QFrame):
    """Hidden until something is to be said; `clear` hides it again."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._tone = Tone.ACCENT
        self._icon = QLabel()
        self._sentence = Text(style=TextStyle.STRONG, wrap=True)
        self._hint = Text(wrap=True)
        texts = vertical(self._sentence, self._hint, spacing=theme.space(0.25))
        horizontal(
            (self._icon, 0, Qt.AlignmentFlag.AlignTop),
            (texts, 1),
            on=self,
            edges=(theme.space(2), theme.space(1.5), theme.space(2), theme.space(1.5)),
            spacing=theme.space(1.5),
        )
        theme.changed.connect(self._redraw)
        self.clear()

    @property
    def text(self) -> str:
        """What it says now; empty while it is hidden."""
        return "" if self.isHidden() else f"{self._sentence.text()} {self._hint.text()}".strip()

    def show_error(self, error: KioskError) -> None:
        """Say what happened and what to do."""
        self.say(error.user_text, error.hint, Tone.REFUSED)

    def say(self, sentence: str, hint: str = "", tone: Tone = Tone.ACCENT) -> None:
        """Say anything else."""
        self._tone = tone
        self._sentence.setText(sentence)
        self._hint.setText(hint)
        self._hint.setVisible(bool(hint))
        self.setProperty("surface", f"banner-{tone.value}")
        restyle(self)
        self._redraw()
        self.show()

    def clear(self) -> None:
        """Say nothing."""
        self.hide()

    def _redraw(self) -> None:
        name = ICON_OF.get(self._tone, "info")
        self._icon.setPixmap(pixmap(name, self._theme.colour(self._tone), self._theme.px(26)))
