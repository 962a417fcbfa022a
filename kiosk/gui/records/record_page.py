"""One record on a page: what proved it, how it was changed, what was said and noticed; correct it here. Main thread."""

from collections.abc import Sequence
from functools import partial
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QScrollArea, QWidget

from kiosk.domain.attendance.school_status import AnyStatus, SchoolStatus
from kiosk.domain.records.objections import Objection
from kiosk.domain.trust.rights import NOBODY, Actor, Right
from kiosk.gui.attendance.roster.event_lines import incident_words
from kiosk.gui.attendance.roster.reasons import RecentReasons
from kiosk.gui.attendance.roster.students.delegate import status_look
from kiosk.gui.attendance.roster.undo_bar import UndoBar
from kiosk.gui.records.answer_dialog import AnswerDialog
from kiosk.gui.records.mark_dialog import MarkDialog
from kiosk.gui.tasks import Tasks
from kiosk.gui.theme import TextStyle, Theme, Tone
from kiosk.gui.widgets.banner import Banner
from kiosk.gui.widgets.buttons import PrimaryButton, SecondaryButton
from kiosk.gui.widgets.layouts import horizontal, vertical
from kiosk.gui.widgets.surfaces import Card, PageTitle, Text
from kiosk.services.app import KioskApp
from kiosk.services.records.correcting import ChangedRecord
from kiosk.services.records.objections import WaitingObjection
from kiosk.services.records.record_file import RecordFile
from kiosk.translation import _
from kiosk.wording.actors import actor_name
from kiosk.wording.attendance import liveness_words, policy_words, status_word
from kiosk.wording.dates import clock_time, date_and_time, day_and_time
from kiosk.wording.rechecks import student_recheck_words
from kiosk.wording.record_file import (
    answer_sentence,
    change_sentence,
    proof_sentence,
    proof_time,
    standing,
)
from kiosk.wording.settings import model_title
from kiosk.wording.stays import stay_words


class RecordPage(QWidget):
    """Signals: `closed`, back to the list; `student_wanted`, this student's records alone."""

    closed = Signal()
    student_wanted = Signal(object)

    def __init__(self, app: KioskApp, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._app = app
        self._theme = theme
        self._tasks = Tasks(self)
        self._actor = NOBODY
        self._reasons = RecentReasons()
        self._changed: Sequence[ChangedRecord] = ()
        self._record_id = 0
        self._own: Sequence[SchoolStatus] = ()
        self.file: RecordFile | None = None
        self.dialog: MarkDialog | AnswerDialog | None = None
        self.back_button = SecondaryButton(_("All records"))
        self.back_button.set_icon("arrow-left", theme)
        self.student_button = SecondaryButton(_("Only this student"))
        self.change_button = PrimaryButton(_("Change…"))
        self.title = PageTitle("")
        self.banner = Banner(theme)
        self.undo_bar = UndoBar(theme)
        self.state = Text(style=TextStyle.TITLE)
        self.since = Text(tone=Tone.MUTED, wrap=True)
        self.proofs, self.changes = _Lines(theme, _("What proved it")), _Lines(theme, _("Changes"))
        self.messages = _Lines(theme, _("What the student wrote"))
        self.rechecks = _Lines(theme, _("Re-checks in this class"))
        self.incidents = _Lines(theme, _("What was noticed in this class"))
        self.facts = _Lines(theme, _("The class"))
        self.answer_button = SecondaryButton(_("Answer…"))
        self._lay_out()
        self.back_button.clicked.connect(self.closed)
        self.change_button.clicked.connect(self._ask_mark)
        self.answer_button.clicked.connect(self._ask_answer)
        self.undo_bar.undo_wanted.connect(self._undo)
        self.student_button.clicked.connect(self._want_student)

    def show_record(self, record_id: int, actor: Actor) -> None:
        """Read a record for somebody and show it."""
        self._actor, self._record_id = actor, record_id
        self.banner.clear()
        self._offer_undo(())
        self._read()
        self.back_button.setFocus()

    def _read(self) -> None:
        record_id, actor = self._record_id, self._actor

        def work() -> tuple[RecordFile, list[SchoolStatus]]:
            return self._app.records.all.file(record_id, actor=actor), self._app.attendance.statuses.offered()

        self._tasks.run(work, then=self._show, failed=self._fail)

    def _fail(self, error: object) -> None:
        from kiosk.errors import KioskError

        self._body.setVisible(self.file is not None and self.file.line.record_id == self._record_id)
        if isinstance(error, KioskError):
            self.banner.show_error(error)

    def _show(self, read: tuple[RecordFile, list[SchoolStatus]]) -> None:
        file, self._own = read
        self.file = file
        zone, record, line = self._app.core.zone, file.record, file.line
        self._body.show()
        self.title.setText(f"{line.student.full_name} · {line.course.code}")
        self.state.setText(standing(record))
        self.state.set_tone(status_look(record.shown).tone)
        self.since.setText(_since(file, zone))
        may_correct = self._actor.may(Right.CORRECT)
        self.change_button.setVisible(may_correct)
        self.proofs.show_lines(
            [(proof_time(one, zone), proof_sentence(one, zone)) for one in record.evidence],
            _("Nothing: nobody marked the student before the class ended."),
        )
        self.changes.show_lines(
            [
                (
                    date_and_time(one.at, zone),
                    f"{actor_name(one.actor)}: {change_sentence(one.before, one.after)} ({_(one.reason)})",
                )
                for one in reversed(file.changes)
            ],
            _("It was never changed."),
        )
        self.messages.show_lines(
            [
                (date_and_time(one.made_at, zone), f"“{one.reason}”\n{answer_sentence(one, zone)}")
                for one in file.messages
            ],
            _("Nothing."),
        )
        self.answer_button.setVisible(may_correct and self._waiting() is not None)
        self.rechecks.show_lines(
            [
                (clock_time(one.began_at, zone) if one.began_at else "", student_recheck_words(one, asked))
                for one, asked in file.rechecks
            ],
            "",
        )
        self.rechecks.setVisible(bool(file.rechecks))
        self.incidents.show_lines(
            [("", incident_words(one, self._name_of, zone)) for one in file.incidents], _("Nothing.")
        )
        self.facts.show_lines(_facts(file, zone), "")

    def _name_of(self, student_id: int) -> str:
        file = self.file
        if file is None:
            return ""
        if student_id == file.line.student.student_id:
            return file.line.student.full_name
        other = file.others.get(student_id)
        return other.full_name if other is not None else ""

    # -- changing it --------------------------------------------------------------------------------------------------

    def _ask_mark(self) -> None:
        file = self.file
        if file is None:
            return
        about = _(
            "{name} counts as {status} now.",
            name=file.line.student.full_name,
            status=status_word(file.line.shown),
        )
        dialog = MarkDialog(
            self._theme,
            _("Change this record"),
            about,
            self._reasons.offered(),
            self.window(),
            own=self._own,
        )

        def mark(status: AnyStatus, reason: str) -> None:
            work = partial(
                self._app.records.correcting.mark, [file.line], status, reason=reason, actor=self._actor
            )
            self._tasks.run(work, then=partial(self._marked, dialog, reason), failed=dialog.show_error)

        dialog.wanted.connect(mark)
        self.dialog = dialog
        dialog.open()

    def _marked(self, dialog: MarkDialog, reason: str, changed: list[ChangedRecord]) -> None:
        self._reasons.remember(reason)
        dialog.settle()
        dialog.accept()
        self._offer_undo(changed)
        self._read()

    def _offer_undo(self, changed: Sequence[ChangedRecord]) -> None:
        self._changed = changed
        self.undo_bar.say(
            change_sentence(changed[0].before, changed[0].after) if changed else "", undoable=bool(changed)
        )

    def _undo(self) -> None:
        def then(_undone: list[ChangedRecord]) -> None:
            self._offer_undo(())
            self._read()

        work = partial(self._app.records.correcting.undo, self._changed, actor=self._actor)
        self._tasks.run(work, then=then, failed=self.banner.show_error)

    # -- answering ----------------------------------------------------------------------------------------------------

    def _waiting(self) -> Objection | None:
        return next((one for one in self.file.messages if one.is_open), None) if self.file else None

    def _ask_answer(self) -> None:
        file, message = self.file, self._waiting()
        if file is None or message is None:
            return
        dialog = AnswerDialog(
            self._theme, file.line.student.full_name, message.reason, self.window(), own=self._own
        )
        waiting = WaitingObjection(file.line.student, file.record, message)

        def answer(status: AnyStatus | None, words: str) -> None:
            work = partial(
                self._app.records.objections.answer, waiting, status=status, answer=words, actor=self._actor
            )

            def then(_answered: object) -> None:
                dialog.settle()
                dialog.accept()
                self._read()

            self._tasks.run(work, then=then, failed=dialog.show_error)

        dialog.wanted.connect(answer)
        self.dialog = dialog
        dialog.open()

    def _want_student(self) -> None:
        if self.file is not None:
            self.student_wanted.emit(self.file.line.student)

    def _lay_out(self) -> None:
        space = self._theme.space
        head = horizontal(
            self.back_button, (self.title, 1), self.student_button, self.change_button, spacing=space(2)
        )
        status = Card(self._theme)
        status.body.addWidget(self.state)
        status.body.addWidget(self.since)
        self.messages.body.addWidget(self.answer_button, 0, Qt.AlignmentFlag.AlignLeft)
        left = vertical(status, self.proofs, self.rechecks, self.messages, 1, spacing=space(2))
        right = vertical(self.changes, self.incidents, self.facts, 1, spacing=space(2))
        self._body = QWidget()
        horizontal((left, 1), (right, 1), on=self._body, spacing=space(2))
        area = QScrollArea()
        area.setWidget(self._body)
        area.setWidgetResizable(True)
        area.setAccessibleName(_("Record"))
        vertical(head, self.banner, (area, 1), self.undo_bar, on=self, spacing=space(2))
        self._body.hide()


class _Lines(Card):
    """A card with a heading and lines, each with its time; or one sentence where there is none."""

    def __init__(self, theme: Theme, heading: str) -> None:
        super().__init__(theme)
        self._theme = theme
        self.body.addWidget(Text(heading, TextStyle.HEADING))
        self._rows = vertical(spacing=theme.space(1.5))
        self.body.addLayout(self._rows)
        self._shown: list[QWidget] = []

    @property
    def texts(self) -> list[str]:
        """What is said, line by line."""
        return [str(row.property("said")) for row in self._shown]

    def show_lines(self, lines: Sequence[tuple[str, str]], if_none: str) -> None:
        """Replace everything."""
        for row in self._shown:
            row.deleteLater()
        self._shown = [self._row(when, said) for when, said in lines or [("", if_none)]]
        for row in self._shown:
            self._rows.addWidget(row)

    def _row(self, when: str, said: str) -> QWidget:
        row = QWidget()
        row.setProperty("said", f"{when}  {said}".strip())
        parts = [Text(when, TextStyle.CAPTION, Tone.MUTED)] if when else []
        vertical(*parts, Text(said, wrap=True), on=row, spacing=self._theme.space(0.25))
        return row


def _since(file: RecordFile, zone: ZoneInfo) -> str:
    class_at = day_and_time(file.line.started_at, zone)
    if file.record.method is None and not file.record.status.attended:
        return _("Class of {class_at}.", class_at=class_at)
    marked = date_and_time(file.record.marked_at, zone)
    return _("Class of {class_at}; marked {marked}.", class_at=class_at, marked=marked)


def _facts(file: RecordFile, zone: ZoneInfo) -> list[tuple[str, str]]:
    session, line = file.session, file.line
    ended = clock_time(session.ended_at, zone) if session.ended_at else _("open now")
    return [
        (_("Course"), line.course.label),
        (_("From – to"), f"{day_and_time(session.started_at, zone)} – {ended}"),
        (_("Late from"), clock_time(session.late_from, zone)),
        *([(_("Minutes in the class"), stay_words(file.stay, zone))] if file.stay is not None else []),
        (_("Begun by"), actor_name(session.started_by)),
        (_("Marked by"), policy_words(file.record.policy).title),
        (_("Against photographs"), liveness_words(session.liveness).title),
        (_("Faces recognised by"), model_title(session.model) or _("nothing")),
        *([(_("Note"), session.note)] if session.note else []),
        *([(_("Cancelled, so it does not count"), session.cancelled.reason)] if session.cancelled else []),
    ]
