"""The roster beside the kiosk screen, and in the records: puts its sections together. Main thread.

A reader holds one pure state, sections draw it and tell what the teacher wants, a writer does it.
"""

from functools import partial
from typing import Final, assert_never

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from kiosk.domain.people.students import Student
from kiosk.domain.trust.rights import Actor
from kiosk.errors import KioskError
from kiosk.gui.attendance.leaving.check_out_section import CheckOutSection
from kiosk.gui.attendance.lesson.reveal_row import RevealRow
from kiosk.gui.attendance.recheck.recheck_section import RecheckSection
from kiosk.gui.attendance.roster.ambiguous_section import AmbiguousSection
from kiosk.gui.attendance.roster.claims_section import ClaimsSection
from kiosk.gui.attendance.roster.event_lines import EventLines
from kiosk.gui.attendance.roster.headcount_row import HeadcountRow
from kiosk.gui.attendance.roster.mark_pane import MarkPane
from kiosk.gui.attendance.roster.objections_section import ObjectionsSection
from kiosk.gui.attendance.roster.reader import RosterReader
from kiosk.gui.attendance.roster.reasons import RecentReasons
from kiosk.gui.attendance.roster.state import Question, RosterState
from kiosk.gui.attendance.roster.students.students_section import StudentsSection
from kiosk.gui.attendance.roster.undo_bar import UndoBar
from kiosk.gui.attendance.roster.writer import RosterWriter
from kiosk.gui.attendance.roster.wrong_face_pane import WrongFacePane
from kiosk.gui.bridge import Bridge
from kiosk.gui.phones.student_phones import StudentPhonesDialog
from kiosk.gui.theme import TextStyle, Theme, Tone
from kiosk.gui.widgets.banner import Banner
from kiosk.gui.widgets.buttons import SecondaryButton
from kiosk.gui.widgets.dialogs import ConfirmDialog, Dialog
from kiosk.gui.widgets.layouts import horizontal, vertical
from kiosk.gui.widgets.scrolled import Scrolled
from kiosk.gui.widgets.store_banner import StoreBanner
from kiosk.gui.widgets.surfaces import Text
from kiosk.services.app import KioskApp
from kiosk.translation import _

WIDTH_PX: Final = 520


class RosterPanel(QWidget):
    """Everyone in one class session.

    Args:
        bridge: Tells it what happens; without one it shows the session as it was read.
        closable: Beside the kiosk screen: a narrow column with *Done*. Otherwise it fills what it is put into.

    Signals:
        closed: The teacher is done.
        changed: `RosterState`, the session as it is shown now.
    """

    closed = Signal()
    changed = Signal(object)

    def __init__(
        self,
        app: KioskApp,
        theme: Theme,
        bridge: Bridge | None = None,
        parent: QWidget | None = None,
        *,
        closable: bool = True,
    ) -> None:
        super().__init__(parent)
        self._app = app
        self._theme = theme
        self._closable = closable
        self.unlock_dialog: Dialog | None = None
        self.phones_dialog: Dialog | None = None
        self.reader = RosterReader(app, self, bridge, in_class=closable)
        self.writer = RosterWriter(app, self.reader)
        self._title = Text(_("Roster"), TextStyle.HEADING, wrap=True)
        self._subtitle = Text(style=TextStyle.CAPTION, tone=Tone.MUTED, wrap=True)
        self.done_button = SecondaryButton(_("Done"))
        self.done_button.setVisible(closable)
        self.trouble = StoreBanner(theme, app.core.store, bridge)
        self.banner = Banner(theme)
        self.headcount = HeadcountRow(theme)
        self.happened = EventLines(theme)
        self.rechecks = RecheckSection(app, theme, self.reader, bridge)
        self.check_outs = CheckOutSection(app, theme, self.reader, bridge)
        self.claims = ClaimsSection(theme)
        self.objections = ObjectionsSection(theme)
        self.ambiguous = AmbiguousSection(theme, app.core.zone)
        self.students = StudentsSection(theme)
        self.undo_bar = UndoBar(theme)
        self.mark_pane = MarkPane(theme)
        self.wrong_face_pane = WrongFacePane(theme)
        self.reveal = RevealRow(theme)
        self._sections = (
            self.reveal,
            self.headcount,
            self.happened,
            self.rechecks,
            self.check_outs,
            self.claims,
            self.objections,
            self.ambiguous,
            self.students,
            self.undo_bar,
            self.mark_pane,
            self.wrong_face_pane,
        )
        self._lay_out()
        self._connect()
        self._draw(self.state)

    @property
    def state(self) -> RosterState:
        """The session as it is shown now."""
        return self.reader.state

    def show_session(self, session_id: int, actor: Actor, *, focus: bool = True) -> None:
        """Show a session; marks are written down as made by `actor`. `focus` goes to the search."""
        self.banner.clear()
        self.students.search.clear()
        self.reader.show_session(session_id, actor)
        if focus:
            self.students.search.setFocus()

    def veil(self, veils: bool) -> None:
        """Say whether the class can read this roster: names stand alone there until somebody asks for more."""
        self.reader.put(self.state.in_front_of_the_class(veils))

    def hideEvent(self, event: QHideEvent) -> None:
        self.reader.rest()
        super().hideEvent(event)

    def _connect(self) -> None:
        reader, writer = self.reader, self.writer
        reader.changed.connect(self._draw)
        reader.failed.connect(self._say)
        self.trouble.over.connect(self._recover)
        writer.refused.connect(self._say_why_not)
        writer.unlocked.connect(self._say_unlocked)
        self.done_button.clicked.connect(self.closed)
        self.reveal.toggled.connect(reader.toggle_reasons)
        self.headcount.counted.connect(writer.keep_headcount)
        self.claims.confirm_wanted.connect(writer.confirm_claim)
        self.objections.answer_wanted.connect(writer.answer)
        self.ambiguous.look_wanted.connect(self._look_at_faces)
        self.ambiguous.closed.connect(reader.ask_nothing)
        self.ambiguous.name_wanted.connect(writer.name_face)
        self.ambiguous.dismiss_wanted.connect(writer.dismiss_face)
        self.students.searched.connect(reader.search)
        self.students.chosen.connect(reader.choose)
        self.students.asked.connect(self._ask)
        self.students.all_asked.connect(self._ask_all)
        self.undo_bar.undo_wanted.connect(writer.undo)
        self.mark_pane.closed.connect(reader.ask_nothing)
        self.mark_pane.mark_requested.connect(writer.mark)
        self.mark_pane.wrong_face_reported.connect(self._ask_whose_face)
        self.mark_pane.unlock_requested.connect(self._ask_unlock)
        self.mark_pane.phones_requested.connect(self._show_phones)
        self.wrong_face_pane.closed.connect(reader.ask_nothing)
        self.wrong_face_pane.confirmed.connect(writer.take_back)
        find = QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self)
        find.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        find.activated.connect(self.students.search.setFocus)
        find.setWhatsThis(_("Search the roster"))

    def _lay_out(self) -> None:
        space = self._theme.space
        if self._closable:
            self.setFixedWidth(self._theme.px(WIDTH_PX))
        self.setProperty("surface", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        held = QWidget()
        self._scrolled = Scrolled(held)
        vertical(self._scrolled, on=self)
        column = QVBoxLayout(held)
        edge = space(2.5) if self._closable else 0
        column.setContentsMargins(edge, edge, edge, edge)
        column.setSpacing(space(1.5))
        titles = vertical(self._title, self._subtitle, spacing=space(0.25))
        head = horizontal((titles, 1), (self.done_button, 0, Qt.AlignmentFlag.AlignTop))
        column.addLayout(head)
        column.addWidget(self.trouble)
        column.addWidget(self.banner)
        for section in self._sections:
            column.addWidget(section, 1 if section is self.students else 0)

    def _draw(self, state: RosterState) -> None:
        focused = QApplication.focusWidget()
        asking = focused is not None and any(
            pane.isAncestorOf(focused) for pane in (self.mark_pane, self.wrong_face_pane)
        )
        if state.course is not None:
            self._title.setText(state.course.label)
            self._subtitle.setText(state.summary)
        seen = state.as_seen()
        self.reveal.show_state(state)
        for section in self._sections[1:]:
            section.show_state(seen)
        if asking and state.question is None:
            self.students.list.setFocus()
        self.changed.emit(state)

    def _ask(self, student_id: int) -> None:
        state = self.state
        line = state.line_of(student_id)
        if line is None:
            return
        likely = state.likely(student_id, self._app.core.clock.now())
        self.mark_pane.ask(line, likely=likely, reasons=self._reasons())
        self.reader.ask(student_id)
        self.students.point_at(student_id)
        self.mark_pane.reason.edit.setFocus()
        self._scrolled.bring(self.mark_pane)

    def _ask_all(self) -> None:
        state = self.state
        waiting = [
            line.student.full_name
            for line in state.missing
            if state.claim_of(line.student.student_id) is not None
        ]
        self.mark_pane.ask_all(state.missing, waiting=waiting, reasons=self._reasons())
        self.reader.ask_all(state.missing)
        self.mark_pane.reason.edit.setFocus()
        self._scrolled.bring(self.mark_pane)

    def _reasons(self) -> tuple[str, ...]:
        """What is offered, this class's own among it; none of those where the class reads along."""
        if self.state.is_discreet:
            return RecentReasons().offered()
        self.writer.reasons.learn(one.record for one in self.state.lines if one.record is not None)
        return self.writer.reasons.offered()

    def _ask_whose_face(self) -> None:
        line = self.state.line_of(self.state.asked)
        if line is None:
            return
        self.wrong_face_pane.ask(line.student, [one.student for one in self.state.lines])
        self.reader.ask_whose_face()
        self.wrong_face_pane.who.setFocus()
        self.students.point_at(line.student.student_id)

    def _look_at_faces(self) -> None:
        self.reader.ask_about_faces()
        self.ambiguous.pane.who.setFocus()

    def _ask_unlock(self) -> None:
        line = self.state.line_of(self.state.asked)
        if line is None:
            return
        student = line.student
        self.unlock_dialog = ConfirmDialog(
            self._theme,
            self,
            title=_("Unlock the phone sign-in of {full_name}?", full_name=student.full_name),
            text=_(
                "Wrong PINs were tried for this student. The PIN stays as it is. "
                "If somebody else tries them, print a new PIN slip instead."
            ),
            action=_("Unlock"),
        )
        self.unlock_dialog.accepted.connect(partial(self.writer.unlock, student))

    def _show_phones(self) -> None:
        line = self.state.line_of(self.state.asked)
        if line is not None:
            app = self._app
            parts = app.core, app.phones, self._theme, self.reader.actor, self
            self.phones_dialog = StudentPhonesDialog(*parts, student=line.student)
            self.phones_dialog.open()

    def _say_unlocked(self, student: Student) -> None:
        self.banner.say(
            _("{full_name} can sign in on the phone again.", full_name=student.full_name), tone=Tone.PRESENT
        )

    def _say(self, error: KioskError) -> None:
        if not self.trouble.says(error):
            self.banner.show_error(error)

    def _recover(self) -> None:
        """The store works again: what could not be read is read now."""
        self.banner.clear()
        self.reader.read_again()

    def _say_why_not(self, question: Question | None, error: KioskError) -> None:
        match question:
            case Question.MARK:
                self.mark_pane.show_error(error)
            case Question.WRONG_FACE:
                self.wrong_face_pane.show_error(error)
            case Question.AMBIGUOUS:
                self.ambiguous.show_error(error)
            case None:
                self._say(error)
                self.headcount.show_state(self.state)  # what was not kept is taken out of the field
            case _:
                assert_never(question)
