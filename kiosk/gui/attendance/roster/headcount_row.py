"""The field *People in the room* of a roster, and a warning when more are marked than were counted. Main thread.

Nobody has to count. The number is kept with the session, when somebody presses Enter or leaves the field.
"""

from typing import Final

from PySide6.QtCore import QRegularExpression, Qt, Signal
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import QLineEdit, QWidget

from kiosk.domain.attendance.class_session import ClassSession
from kiosk.gui.attendance.roster.state import RosterState
from kiosk.gui.theme import TextStyle, Theme, Tone
from kiosk.gui.widgets.banner import Banner
from kiosk.gui.widgets.layouts import horizontal, vertical
from kiosk.gui.widgets.surfaces import Text
from kiosk.translation import N_, _, ngettext

LABEL: Final = N_("People in the room")
FIELD_PX: Final = 190


def surplus_words(session: ClassSession, attended: int) -> str:
    """A sentence about more marks than people; empty where there are none, or nobody counted."""
    surplus = session.surplus(attended)
    if not surplus or session.headcount is None:
        return ""
    words = (
        ngettext(
            "{attended} is marked, but {headcount} was counted in the room: {surplus} too many.",
            "{attended} are marked, but {headcount} was counted in the room: {surplus} too many.",
            attended,
        )
        if session.headcount == 1
        else ngettext(
            "{attended} is marked, but {headcount} were counted in the room: {surplus} too many.",
            "{attended} are marked, but {headcount} were counted in the room: {surplus} too many.",
            attended,
        )
    )
    return words.format(attended=attended, headcount=session.headcount, surplus=surplus)


class HeadcountRow(QWidget):
    """Disabled until a session is shown.

    Signals:
        counted: How many people there are; None takes the number back.
    """

    counted = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session: ClassSession | None = None
        label = Text(_(LABEL), TextStyle.CAPTION, Tone.MUTED)
        self.edit = QLineEdit()
        self.edit.setAccessibleName(_(LABEL))
        self.edit.setPlaceholderText(_("not counted"))
        self.edit.setFixedWidth(theme.px(FIELD_PX))
        self.edit.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.edit.setValidator(QRegularExpressionValidator(QRegularExpression(r"\d{0,4}"), self))
        self.edit.editingFinished.connect(self._keep)
        label.setBuddy(self.edit)
        self.warning = Banner(theme)
        across = horizontal((label, 1), self.edit)
        vertical(across, self.warning, on=self, spacing=theme.space(1))
        self.edit.setEnabled(False)

    @property
    def session(self) -> ClassSession | None:
        """The session that is shown, with its number as it was kept last."""
        return self._session

    def show_state(self, state: RosterState) -> None:
        """Show the session's number; what somebody is typing stays."""
        session, before = state.session, self._session
        self._session = session
        self.edit.setEnabled(session is not None)
        same = session is not None and before is not None and before.session_id == session.session_id
        if not (same and self.edit.isModified()):
            headcount = session.headcount if session is not None else None
            self.edit.setText("" if headcount is None else str(headcount))
        words = surplus_words(session, state.count.attended) if session is not None else ""
        if words:
            self.warning.say(words, _("Look who is marked and not here."), Tone.LATE)
        else:
            self.warning.clear()

    def _keep(self) -> None:
        session = self._session
        if session is None or not self.edit.isModified():
            return
        self.edit.setModified(False)
        typed = self.edit.text()
        headcount = int(typed) if typed else None
        if headcount != session.headcount:
            self.counted.emit(headcount)
