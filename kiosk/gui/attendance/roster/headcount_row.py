"""The field *People in the room* of a roster, and a warning when more are marked than were counted. Main thread.

Nobody has to count. The number is kept with the session, when somebody presses Enter or leaves the field.
"""

from functools import partial
from typing import Final

from PySide6.QtCore import QRegularExpression, Qt, Signal
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.trust.rights import NOBODY, Actor
from kiosk.errors import KioskError
from kiosk.gui.tasks import Tasks
from kiosk.gui.theme import TextStyle, Theme, Tone
from kiosk.gui.widgets.banner import Banner
from kiosk.gui.widgets.surfaces import Text
from kiosk.services.app import AttendanceCases

LABEL: Final = "People in the room"
FIELD_PX: Final = 190


def surplus_words(session: ClassSession, attended: int) -> str:
    """A sentence about more marks than people; empty where there are none, or nobody counted."""
    surplus = session.surplus(attended)
    if not surplus or session.headcount is None:
        return ""
    who = "is" if attended == 1 else "are"
    counted = "was" if session.headcount == 1 else "were"
    return (
        f"{attended} {who} marked, but {session.headcount} {counted} counted in the room: {surplus} too many."
    )


class HeadcountRow(QWidget):
    """Disabled until a session is shown.

    Signals:
        kept: `ClassSession`, after its number was written down or taken back.
        failed: `KioskError`.
    """

    kept = Signal(object)
    failed = Signal(object)

    def __init__(self, attendance: AttendanceCases, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._attendance = attendance
        self._tasks = Tasks(self)
        self._session: ClassSession | None = None
        self._actor = NOBODY
        self._attended = 0
        label = Text(LABEL, TextStyle.CAPTION, Tone.MUTED)
        self.edit = QLineEdit()
        self.edit.setAccessibleName(LABEL)
        self.edit.setPlaceholderText("not counted")
        self.edit.setFixedWidth(theme.px(FIELD_PX))
        self.edit.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.edit.setValidator(QRegularExpressionValidator(QRegularExpression(r"\d{0,4}"), self))
        self.edit.editingFinished.connect(self._keep)
        label.setBuddy(self.edit)
        self.warning = Banner(theme)
        across = QHBoxLayout()
        across.addWidget(label, 1)
        across.addWidget(self.edit)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.space(1))
        column.addLayout(across)
        column.addWidget(self.warning)
        self.clear()

    @property
    def session(self) -> ClassSession | None:
        """The session that is shown, with its number as it was kept last."""
        return self._session

    def clear(self) -> None:
        """Show no session."""
        self._session = None
        self.edit.setText("")
        self.edit.setEnabled(False)
        self.warning.clear()

    def show_session(self, session: ClassSession, actor: Actor) -> None:
        """Show a session, or the same one with another number; what somebody is typing stays."""
        same = self._session is not None and self._session.session_id == session.session_id
        self._session, self._actor = session, actor
        self.edit.setEnabled(True)
        if not (same and self.edit.isModified()):
            self.edit.setText("" if session.headcount is None else str(session.headcount))
        self._warn()

    def count(self, attended: int) -> None:
        """So many are marked present or late by now."""
        self._attended = attended
        self._warn()

    def _keep(self) -> None:
        session = self._session
        if session is None or not self.edit.isModified():
            return
        self.edit.setModified(False)
        typed = self.edit.text()
        headcount = int(typed) if typed else None
        if headcount == session.headcount:
            return

        def then(kept: ClassSession) -> None:
            if self._session is not None and self._session.session_id == kept.session_id:
                self.show_session(kept, self._actor)
            self.kept.emit(kept)

        def failed(error: KioskError) -> None:
            if self._session is session:
                self.show_session(session, self._actor)
            self.failed.emit(error)

        keep = partial(
            self._attendance.sessions.set_headcount, session.session_id, headcount, actor=self._actor
        )
        self._tasks.run(keep, then=then, failed=failed)

    def _warn(self) -> None:
        words = surplus_words(self._session, self._attended) if self._session is not None else ""
        if words:
            self.warning.say(words, "Look who is marked and not here.", Tone.LATE)
        else:
            self.warning.clear()
