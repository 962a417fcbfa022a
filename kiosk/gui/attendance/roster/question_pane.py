"""What a pane in the roster that asks the teacher something has in common. Main thread."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent

from kiosk.errors import KioskError
from kiosk.gui.theme import Theme
from kiosk.gui.widgets.fields import Field
from kiosk.gui.widgets.surfaces import Card


class QuestionPane(Card):
    """Only asks; hidden until there is a question.

    Signals:
        closed: The question is not answered, or not now.
    """

    closed = Signal()

    def __init__(self, theme: Theme, field: Field) -> None:
        """Hold the field at which it is said why an answer was not taken."""
        super().__init__(theme, padding=2)
        self._theme = theme
        self._field = field
        self.body.setSpacing(theme.space(1.25))
        self.hide()

    def show_error(self, error: KioskError) -> None:
        """Say why it was not done."""
        self._field.set_error(str(error))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)
