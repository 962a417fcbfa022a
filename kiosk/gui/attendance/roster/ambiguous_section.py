"""Ambiguous faces in the roster: a line that says how many, and the pane to settle them. Main thread.

Pictures are shown only while the roster is, that is to a teacher who gave the password; hiding it lets go of them.
"""

from zoneinfo import ZoneInfo

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QWidget

from kiosk.errors import KioskError
from kiosk.gui.attendance.roster.ambiguous_pane import AmbiguousPane
from kiosk.gui.attendance.roster.state import NO_FACES, Question, RosterState
from kiosk.gui.theme import Theme, Tone
from kiosk.gui.widgets.buttons import SecondaryButton
from kiosk.gui.widgets.layouts import horizontal, vertical
from kiosk.gui.widgets.surfaces import Text
from kiosk.translation import _, ngettext
from kiosk.wording.dates import clock_time


class AmbiguousSection(QWidget):
    """Says how many faces are ambiguous and lets a teacher name them.

    Signals:
        look_wanted: Somebody wants to see them.
        closed: Later.
        name_wanted: Number of the face, id of the student, whether to learn the picture.
        dismiss_wanted: Number of a face that is nobody of this class.
    """

    look_wanted = Signal()
    closed = Signal()
    name_wanted = Signal(int, int, bool)
    dismiss_wanted = Signal(int)

    def __init__(self, theme: Theme, zone: ZoneInfo, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = NO_FACES
        self._text = Text(tone=Tone.LATE, wrap=True)
        self.look_button = SecondaryButton(_("Look…"))
        self.look_button.clicked.connect(self.look_wanted)
        self.line = QFrame()
        self.line.setProperty("surface", "banner-late")
        horizontal(
            (self._text, 1),
            self.look_button,
            on=self.line,
            edges=(theme.space(2), theme.space(0.75), theme.space(0.75), theme.space(0.75)),
        )
        self.pane = AmbiguousPane(theme, zone)
        self.pane.closed.connect(self.closed)
        self.pane.confirmed.connect(self._confirm)
        self.pane.dismissed.connect(self.dismiss_wanted)
        vertical(self.line, self.pane, on=self)
        self.hide()

    @property
    def text(self) -> str:
        """What the line says; empty while no face is ambiguous."""
        return "" if self.isHidden() else self._text.text()

    def show_state(self, state: RosterState) -> None:
        """How many are ambiguous now, and the pane while it is looked at."""
        faces, looked_at = state.ambiguous.faces, state.question is Question.AMBIGUOUS
        if faces:
            newest = clock_time(faces[-1].seen_at, state.zone)
            self._text.setText(
                ngettext(
                    "{faces} face unsure, {newest}",
                    "{faces} faces unsure, {newest}",
                    len(faces),
                    faces=len(faces),
                    newest=newest,
                )
            )
        if state.ambiguous != self._shown:
            self._shown = state.ambiguous
            self.pane.take(state.ambiguous)
        if not looked_at:
            self.pane.setEnabled(True)
        self.line.setVisible(not looked_at)
        self.pane.setVisible(looked_at)
        self.setVisible(bool(faces))

    def show_error(self, error: KioskError) -> None:
        """Say why a face was not named."""
        self.pane.setEnabled(True)
        self.pane.show_error(error)

    def _confirm(self, face_id: int, student_id: int, learn: bool) -> None:
        self.pane.setEnabled(False)
        self.name_wanted.emit(face_id, student_id, learn)
