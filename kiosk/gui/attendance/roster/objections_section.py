"""Students' messages that a record is wrong, in the roster, each with its answer. Main thread; tasks read and write.

Shown only where the roster is, that is to a teacher who gave the password.
"""

from functools import partial
from typing import Final
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from kiosk.domain.attendance.choices import Status
from kiosk.domain.records.objections import MAX_LETTERS
from kiosk.domain.trust.rights import NOBODY, Actor
from kiosk.errors import KioskError
from kiosk.gui.tasks import Tasks
from kiosk.gui.theme import TextStyle, Theme, Tone
from kiosk.gui.widgets.buttons import SecondaryButton
from kiosk.gui.widgets.surfaces import Text
from kiosk.services.app import RecordCases
from kiosk.services.core import Core
from kiosk.services.events import Event, ObjectionMade
from kiosk.services.records.objections import ObjectionAnswered, WaitingObjection
from kiosk.wording.attendance import status_words
from kiosk.wording.dates import day_and_time

LISTED_PX: Final = 330
"""Height of nearly two messages, so that it shows when there are more."""


def objection_words(waiting: WaitingObjection, zone: ZoneInfo) -> str:
    """Who says what about which status."""
    status = status_words(waiting.record.status).word
    return (
        f"{waiting.student.full_name}, recorded as {status}, wrote on "
        f"{day_and_time(waiting.objection.made_at, zone)}:"
    )


class ObjectionsSection(QFrame):
    """Hidden while no message waits.

    Signals:
        answered: `ObjectionAnswered`, after it was written.
        failed: `KioskError`.
    """

    answered = Signal(object)
    failed = Signal(object)

    def __init__(self, core: Core, records: RecordCases, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._core = core
        self._records = records
        self._theme = theme
        self._tasks = Tasks(self)
        self._session_id = 0
        self._actor = NOBODY
        self._shown: list[WaitingObjection] = []
        self.answers: dict[int, QLineEdit] = {}
        self.present_buttons: dict[int, SecondaryButton] = {}
        self.keep_buttons: dict[int, SecondaryButton] = {}
        self.setProperty("surface", "banner-late")
        self.setAccessibleName("Messages of students about their records")
        self._title = Text(tone=Tone.LATE, wrap=True)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setStyleSheet("QScrollArea, QScrollArea > QWidget > QWidget { background: transparent; }")
        inside = QWidget()
        self._rows = QVBoxLayout(inside)
        self._rows.setContentsMargins(0, 0, theme.space(1), 0)
        self._rows.setSpacing(theme.space(2))
        self._area.setWidget(inside)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.space(2), theme.space(1.5), theme.space(2), theme.space(1.5))
        column.addWidget(self._title)
        column.addWidget(self._area)
        self.hide()

    @property
    def lines(self) -> tuple[str, ...]:
        """What is said about each."""
        return tuple(f"{objection_words(one, self._core.zone)} {one.objection.reason}" for one in self._shown)

    def show_session(self, session_id: int, actor: Actor) -> None:
        """Begin with a class; answers are written down as given by `actor`."""
        self._session_id, self._actor = session_id, actor
        self._show([])
        self._look()

    def on_event(self, event: Event) -> None:
        """Look again when a message of this class came or was answered."""
        if isinstance(event, ObjectionMade):
            session_id = event.session_id
        elif isinstance(event, ObjectionAnswered):
            session_id = event.record.session_id
        else:
            return
        if session_id == self._session_id:
            self._look()

    def rest(self) -> None:
        """The roster is put away: forget the words."""
        self._show([])

    def _look(self) -> None:
        session_id = self._session_id

        def then(waiting: list[WaitingObjection]) -> None:
            if session_id == self._session_id:
                self._show(waiting)

        self._tasks.run(
            partial(self._records.objections.waiting, session_id, actor=self._actor),
            then=then,
            failed=self.failed.emit,
        )

    def _show(self, waiting: list[WaitingObjection]) -> None:
        if waiting == self._shown and waiting:
            return
        written = {one: edit.text() for one, edit in self.answers.items()}
        focused = next((one for one, edit in self.answers.items() if edit.hasFocus()), None)
        self._shown = waiting
        self.answers, self.present_buttons, self.keep_buttons = {}, {}, {}
        while (item := self._rows.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for one in waiting:
            self._rows.addWidget(self._row(one, written.get(one.objection.objection_id, "")))
        self._rows.addStretch(1)
        count = len(waiting)
        self._title.setText(
            "1 student says that a record is wrong"
            if count == 1
            else f"{count} students say that a record is wrong"
        )
        self._area.setFixedHeight(self._theme.px(LISTED_PX if count > 1 else 230))
        self.setVisible(count > 0)
        if focused in self.answers:
            self.answers[focused].setFocus()

    def _row(self, waiting: WaitingObjection, written: str) -> QWidget:
        key = waiting.objection.objection_id
        row = QWidget()
        column = QVBoxLayout(row)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(self._theme.space(1))
        column.addWidget(
            Text(objection_words(waiting, self._core.zone), TextStyle.CAPTION, Tone.MUTED, wrap=True)
        )
        words = Text(f"“{waiting.objection.reason}”", wrap=True)
        words.setTextFormat(Qt.TextFormat.PlainText)  # it is a student's
        column.addWidget(words)
        answer = QLineEdit(written)
        answer.setMaxLength(MAX_LETTERS)
        answer.setPlaceholderText("Your answer, which the student reads")
        answer.setAccessibleName(f"Answer to {waiting.student.full_name}")
        column.addWidget(answer)
        across = QHBoxLayout()
        present, keep = SecondaryButton("Mark present"), SecondaryButton("Keep as it is")
        for button in (present, keep):
            button.setAutoDefault(True)
            button.setAccessibleName(f"{button.text()}: {waiting.student.full_name}")
            across.addWidget(button)
        present.setVisible(waiting.record.status is not Status.PRESENT)
        present.clicked.connect(lambda _checked=False: self._answer(waiting, Status.PRESENT))
        keep.clicked.connect(lambda _checked=False: self._answer(waiting, None))
        across.addStretch(1)
        column.addLayout(across)
        self.answers[key], self.present_buttons[key], self.keep_buttons[key] = answer, present, keep
        return row

    def _answer(self, waiting: WaitingObjection, status: Status | None) -> None:
        key = waiting.objection.objection_id

        def then(answered: ObjectionAnswered) -> None:
            self.answered.emit(answered)
            self._look()

        def failed(error: KioskError) -> None:
            self.failed.emit(error)
            self._look()

        answer = partial(
            self._records.objections.answer,
            waiting,
            status=status,
            answer=self.answers[key].text(),
            actor=self._actor,
        )
        self._tasks.run(answer, then=then, failed=failed)
