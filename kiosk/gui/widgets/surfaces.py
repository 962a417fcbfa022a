"""Cards, lines and texts: the calm surfaces everything stands on."""

import re
from html import escape
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QVBoxLayout, QWidget

from kiosk.gui.theme import TextStyle, Theme, Tone

BREAK: Final = "\u200b"
"""Where a line may end within a word; nobody sees it."""

LONG_WORD: Final = 40
PIECE: Final = 10
"""Signs of a word from which it may be broken, and after how many."""


def breakable(text: str) -> str:
    """The same with places to break in very long words: a label breaks only between words and would be as wide as the word."""
    if len(text) <= LONG_WORD:
        return text
    return re.sub(rf"\S{{{LONG_WORD},}}", lambda word: _in_pieces(word.group()), text)


def _in_pieces(word: str) -> str:
    return BREAK.join(word[begin : begin + PIECE] for begin in range(0, len(word), PIECE))


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
        self.setWordWrap(wrap)
        self.setText(text)
        self.setProperty("text_style", style.value)
        self.setProperty("tone", tone.value)

    def setText(self, text: str, /) -> None:
        super().setText(breakable(text) if self.wordWrap() else text)

    def text(self) -> str:
        return super().text().replace(BREAK, "")

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
    """The one title of a page; a long name goes on in the next line, and a very long word is broken."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, TextStyle.TITLE, wrap=True, parent=parent)
        policy = self.sizePolicy()
        policy.setHorizontalPolicy(QSizePolicy.Policy.MinimumExpanding)
        self.setSizePolicy(policy)


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
