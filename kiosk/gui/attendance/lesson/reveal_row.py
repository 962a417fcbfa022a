"""*Show reasons*: what the class should not read stays out of the roster beside the kiosk screen until asked. Main thread."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from kiosk.gui.attendance.roster.state import RosterState
from kiosk.gui.theme import TextStyle, Theme, Tone
from kiosk.gui.widgets.buttons import SecondaryButton
from kiosk.gui.widgets.layouts import horizontal
from kiosk.gui.widgets.surfaces import Text
from kiosk.translation import _, ngettext


class RevealRow(QWidget):
    """Hidden where the roster stands on a display of the teacher's own.

    Signals:
        toggled: Reasons, messages and statuses are to be shown, or hidden again.
    """

    toggled = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words = Text(style=TextStyle.CAPTION, tone=Tone.MUTED, wrap=True)
        self.button = SecondaryButton("")
        self.button.setAutoDefault(True)
        self.button.clicked.connect(self.toggled)
        horizontal((self.words, 1), self.button, on=self, spacing=theme.space(1))
        self.hide()

    def show_state(self, state: RosterState) -> None:
        """Say what is hidden, and how much of it waits."""
        number = state.hidden_number
        if not state.is_discreet:
            self.words.setText(_("The class can read this."))
        elif number:
            self.words.setText(ngettext("{n} note is hidden.", "{n} notes are hidden.", number, n=number))
        else:
            self.words.setText(_("Names only: the class can see this screen."))
        self.button.setText(_("Show &reasons") if state.is_discreet else _("Hide &reasons"))
        self.setVisible(state.veils)
