"""“This is not X”: what follows from it, and who it was instead. Main thread. The pane only asks."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox

from kiosk.domain.people.students import Student
from kiosk.gui.attendance.roster.question_pane import QuestionPane
from kiosk.gui.attendance.roster.state import Question, RosterState
from kiosk.gui.theme import TextStyle, Theme, Tone
from kiosk.gui.widgets.buttons import DangerButton, SecondaryButton
from kiosk.gui.widgets.fields import Field
from kiosk.gui.widgets.layouts import horizontal
from kiosk.gui.widgets.surfaces import Text
from kiosk.translation import N_, _

SOMEBODY_ELSE: Final = N_("Somebody else, or I do not know")


class WrongFacePane(QuestionPane):
    """Asks once.

    Signals:
        confirmed: Id of the student who it was, or None.
        closed: The mark stays.
    """

    confirmed = Signal(object)

    def __init__(self, theme: Theme) -> None:
        self.who = QComboBox()
        super().__init__(theme, Field(theme, _("Whose face was it?"), self.who))
        self._title = Text(style=TextStyle.STRONG, wrap=True)
        self._words = Text(style=TextStyle.CAPTION, tone=Tone.MUTED, wrap=True)
        self.keep_button = SecondaryButton(_("Keep the mark"))
        self.take_back_button = DangerButton(_("Take the mark back"))
        self.keep_button.clicked.connect(self.closed)
        self.take_back_button.clicked.connect(lambda: self.confirmed.emit(self.who.currentData()))
        buttons = horizontal(self.keep_button, (self.take_back_button, 1), spacing=theme.space(1))
        for part in (self._title, self._words, self._field):
            self.body.addWidget(part)
        self.body.addLayout(buttons)

    def ask(self, student: Student, others: Sequence[Student]) -> None:
        """Begin with the student whose name was given wrongly."""
        name = student.full_name
        self._title.setText(_("The camera was wrong: this is not {name}", name=name))
        self._words.setText(
            _(
                "{name} counts as not here yet and can still check in. From now on the camera asks {name}, and whoever you "
                "choose below, to scan the code. That ends when the face is enrolled anew, or an admin lifts it.",
                name=name,
            )
        )
        self.who.clear()
        self.who.addItem(_(SOMEBODY_ELSE), None)
        for other in others:
            if other.student_id != student.student_id:
                self.who.addItem(f"{other.full_name} · {other.student_no}", other.student_id)
        self._field.clear_error()

    def show_state(self, state: RosterState) -> None:
        """Stand there while it asks."""
        self.setVisible(state.question is Question.WRONG_FACE)
