"""What was just done, with a way back. Main thread."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QFrame, QWidget

from kiosk.gui.attendance.roster.state import RosterState
from kiosk.gui.theme import Theme
from kiosk.gui.widgets.access_keys import AccessButton
from kiosk.gui.widgets.layouts import horizontal
from kiosk.gui.widgets.surfaces import Text
from kiosk.translation import _


class UndoBar(QFrame):
    """One sentence and *Undo* (Ctrl+Z).

    Signals:
        undo_wanted: The way back is taken.
    """

    undo_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setProperty("surface", "toast")
        self._text = Text(wrap=True)
        self.button = AccessButton(_("Undo"))
        self.button.setCursor(Qt.CursorShape.PointingHandCursor)
        self.button.setShortcut(QKeySequence(QKeySequence.StandardKey.Undo))
        self.button.setAccessibleName(_("Undo the last mark"))
        self.button.clicked.connect(self.undo_wanted)
        horizontal(
            (self._text, 1),
            self.button,
            on=self,
            edges=(theme.space(2), theme.space(1), theme.space(1), theme.space(1)),
        )
        theme.changed.connect(self._restyle)
        self._restyle()
        self.hide()

    @property
    def text(self) -> str:
        """What it says now; empty while it is hidden."""
        return "" if self.isHidden() else self._text.text()

    def say(self, text: str, *, undoable: bool = True) -> None:
        """Say what was done; nothing to say hides it."""
        self._text.setText(text)
        self.button.setVisible(undoable)
        self.setVisible(bool(text))

    def show_state(self, state: RosterState) -> None:
        """Say what was done last, for as long as it is offered."""
        offer = state.offer
        if offer is None:
            self.say("")
        else:
            self.say(offer.text, undoable=offer.undo is not None)

    def _restyle(self) -> None:
        ground, ink = self._theme.palette.background, self._theme.palette.text
        self.button.setStyleSheet(
            f"QPushButton {{ background: {ground}; color: {ink}; border: 2px solid {ground}; }}"
            f"QPushButton:focus, QPushButton:hover {{ border-color: {self._theme.palette.accent}; }}"
        )
