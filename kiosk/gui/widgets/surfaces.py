"""Cards, lines and texts: the calm surfaces everything stands on."""

from html import escape

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from kiosk.gui.theme import TextStyle, Theme, Tone


class Text(QLabel):
    """A label of the type scale. Its text is never taken for HTML."""

    def __init__(
        self,
        text: str = "",
        style: TextStyle = TextStyle.BODY,
        tone: Tone = Tone.TEXT,
        *,
        wrap: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)
        self.setWordWrap(wrap)
        self.setProperty("text_style", style.value)
        self.setProperty("tone", tone.value)

    def show_if_any(self, text: str) -> None:
        """Say it, or take no room where there is nothing to say."""
        self.setText(text)
        self.setVisible(bool(text))

    def set_tone(self, tone: Tone) -> None:
        """Change what the colour says."""
        if self.property("tone") != tone.value:
            self.setProperty("tone", tone.value)
            restyle(self)


def tool_tip(text: str) -> str:
    """A tool tip that shows `text` as it is: Qt takes for HTML what looks like it, such as a name with a tag in it."""
    return f"<p style='white-space: pre-wrap'>{escape(text)}</p>" if "<" in text or "&" in text else text


class PageTitle(Text):
    """The one title of a page."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, TextStyle.TITLE, parent=parent)


class Card(QFrame):
    """A rounded surface; put widgets into `body`, a vertical layout."""

    def __init__(self, theme: Theme, parent: QWidget | None = None, *, padding: float = 3) -> None:
        super().__init__(parent)
        self.setProperty("surface", "card")
        self.body = QVBoxLayout(self)
        edge = theme.space(padding)
        self.body.setContentsMargins(edge, edge, edge, edge)
        self.body.setSpacing(theme.space(2))


class Line(QFrame):
    """A hairline between things."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "line")


def restyle(widget: QWidget) -> None:
    """Let the style sheet look at changed dynamic properties again."""
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()
