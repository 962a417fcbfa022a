"""What waits for the teacher's answer in the roster: a title that counts, and a row for each. Main thread."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from kiosk.gui.theme import Theme
from kiosk.gui.widgets.layouts import vertical
from kiosk.gui.widgets.surfaces import Text


class WaitingSection(QFrame):
    """Hidden while nothing waits; more than fits is scrolled.

    Shown only where the roster is, that is to a teacher who gave the password: no screen before the class lists these people.
    """

    def __init__(self, theme: Theme, title: Text, *, surface: str, spacing: float) -> None:
        super().__init__()
        self._theme = theme
        self._title = title
        self._lines: tuple[str, ...] = ()
        self.setProperty("surface", surface)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setStyleSheet("QScrollArea, QScrollArea > QWidget > QWidget { background: transparent; }")
        inside = QWidget()
        self._rows = vertical(on=inside, edges=(0, 0, theme.space(1), 0), spacing=theme.space(spacing))
        self._area.setWidget(inside)
        edges = (theme.space(2), theme.space(1.25), theme.space(1), theme.space(1.25))
        vertical(title, self._area, on=self, edges=edges, spacing=theme.space(1))
        self.hide()

    @property
    def lines(self) -> tuple[str, ...]:
        """What it says about each."""
        return self._lines

    def _replace(self, title: str, rows: Sequence[tuple[str, QWidget]], *, height: int) -> None:
        """Show other rows, each with what it says, in so much height at 1080p."""
        while (item := self._rows.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._lines = tuple(words for words, _row in rows)
        for _words, row in rows:
            self._rows.addWidget(row)
        self._rows.addStretch(1)
        self._title.setText(title)
        self._area.setFixedHeight(self._theme.px(height))
        self.setVisible(bool(rows))
