"""The roster beside the kiosk screen: live status of everyone, search, marks by hand, undo. Main thread.

All reading and writing runs in tasks; events keep the list up to date without asking the store again.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Final, assert_never, cast

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QApplication,
    QButtonGroup,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QVBoxLayout,
    QWidget,
)

from kiosk.domain.attendance.choices import Status
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.attendance.incidents import Incident
from kiosk.domain.attendance.record import AttendanceRecord
from kiosk.domain.courses.courses import Course
from kiosk.domain.faces.liveness import SuspectedAttack
from kiosk.domain.people.students import Student
from kiosk.domain.trust.rights import NOBODY, Actor
from kiosk.gui.attendance.roster.ambiguous_section import UnsureSection
from kiosk.gui.attendance.roster.chip import Chip
from kiosk.gui.attendance.roster.claims_section import ClaimsSection
from kiosk.gui.attendance.roster.delegate import RosterDelegate
from kiosk.gui.attendance.roster.event_lines import EventLines
from kiosk.gui.attendance.roster.headcount_row import HeadcountRow
from kiosk.gui.attendance.roster.mark_pane import MarkPane
from kiosk.gui.attendance.roster.model import LINE_ROLE, RosterFilter, RosterLine, RosterModel, RosterProxy
from kiosk.gui.attendance.roster.objections_section import ObjectionsSection
from kiosk.gui.attendance.roster.reasons import RecentReasons
from kiosk.gui.attendance.roster.undo_bar import UndoBar
from kiosk.gui.attendance.roster.wording import confirmed_words, correction_words
from kiosk.gui.attendance.roster.wrong_face_pane import WrongFacePane
from kiosk.gui.tasks import Tasks
from kiosk.gui.theme import TextStyle, Theme, Tone
from kiosk.gui.widgets.banner import Banner
from kiosk.gui.widgets.buttons import SecondaryButton
from kiosk.gui.widgets.dialogs import Dialog, confirm
from kiosk.gui.widgets.surfaces import Text
from kiosk.services.app import KioskApp
from kiosk.services.attendance.sessions import RosterEntry
from kiosk.services.events import (
    AttackRecorded,
    CheckInResult,
    Event,
    HeadcountChanged,
    IncidentNoted,
    RecordCorrected,
    SessionEnded,
)
from kiosk.services.faces.ambiguous_faces import Confirmed
from kiosk.services.faces.corrections import MistakenFace
from kiosk.services.records.objections import ObjectionAnswered
from kiosk.wording.attendance import evidence_words, state_title, status_words
from kiosk.wording.dates import clock_time, day_and_time

WIDTH_PX: Final = 520


@dataclass(frozen=True, slots=True)
class _Loaded:
    session: ClassSession
    course: Course
    entries: list[RosterEntry]
    attacks: list[SuspectedAttack]
    incidents: list[Incident]


class RosterPanel(QWidget):
    """Everyone in one class session. `closed` is emitted when the teacher is done.

    Args:
        closable: Beside the kiosk screen: a narrow column with *Done*. Otherwise it fills what it is put into.
    """

    closed = Signal()

    def __init__(
        self, app: KioskApp, theme: Theme, parent: QWidget | None = None, *, closable: bool = True
    ) -> None:
        super().__init__(parent)
        self._app = app
        self._theme = theme
        self._closable = closable
        self._tasks = Tasks(self)
        self._reasons = RecentReasons()
        self._session: ClassSession | None = None
        self._session_id = 0
        self._actor = NOBODY
        self._loading = 0
        self._arrived: list[tuple[Student, AttendanceRecord]] = []
        self._noted: list[Incident] = []
        self.unlock_dialog: Dialog | None = None
        self._asked: int | None = None
        self.model = RosterModel(zone=app.core.zone, parent=self)
        self.proxy = RosterProxy(self)
        self.proxy.setSourceModel(self.model)
        self._title = Text("Roster", TextStyle.HEADING, wrap=True)
        self._subtitle = Text(style=TextStyle.CAPTION, tone=Tone.MUTED, wrap=True)
        self.done_button = SecondaryButton("Done")
        self.done_button.setVisible(closable)
        self.banner = Banner(theme)
        self.search = QLineEdit()
        self.chips: dict[RosterFilter, Chip] = {}
        self.list = QListView()
        self._nobody = Text("Nobody fits. Clear the search, or choose All.", tone=Tone.MUTED, wrap=True)
        self.mark_pane = MarkPane(theme)
        self.wrong_face_pane = WrongFacePane(theme)
        self.headcount = HeadcountRow(app.attendance, theme)
        self.happened = EventLines(theme, app.core.zone, self._name_of)
        self.unsure = UnsureSection(app.core, app.faces, app.runtime, theme)
        self.claims = ClaimsSection(app.core, app.attendance, theme)
        self.objections = ObjectionsSection(app.core, app.records, theme)
        self.undo_bar = UndoBar(theme)
        self._prepare_parts()
        self._lay_out()

    def show_session(self, session_id: int, actor: Actor, *, focus: bool = True) -> None:
        """Show a session; marks are written down as made by `actor`. `focus` goes to the search."""
        self._session_id = session_id
        self._actor = actor
        self._session = None
        self._arrived = []
        self._noted = []
        self.model.show(())
        self.happened.show_all((), ())
        self.headcount.clear()
        self.banner.clear()
        self.undo_bar.clear()
        self._close_pane()
        if self._closable:
            self.unsure.show_session(session_id, actor)
            self.claims.show_session(session_id, actor)
        self.objections.show_session(session_id, actor)
        self.search.clear()
        self.chips[RosterFilter.ALL].click()
        self._reload()
        if focus:
            self.search.setFocus()

    def on_event(self, event: Event) -> None:
        """Take in what happened in the session that is shown."""
        self.unsure.on_event(event)
        self.claims.on_event(event)
        self.objections.on_event(event)
        if isinstance(event, CheckInResult | RecordCorrected):
            if event.record is not None:
                self._take(event.student, event.record)
            if isinstance(event, CheckInResult) and event.incident is not None:
                self._take_incident(event.incident)
        elif isinstance(event, IncidentNoted):
            self._take_incident(event.incident)
        elif isinstance(event, HeadcountChanged):
            self._take_headcount(event.session)
        elif isinstance(event, AttackRecorded):
            if event.attack.session_id == self._session_id:
                self.happened.add_attack(event.attack)
        elif isinstance(event, SessionEnded) and event.session_id == self._session_id:
            self._reload()

    def hideEvent(self, event: QHideEvent) -> None:
        self.unsure.rest()
        self.claims.rest()
        self.objections.rest()
        super().hideEvent(event)

    def _prepare_parts(self) -> None:
        if self._closable:
            self.setFixedWidth(self._theme.px(WIDTH_PX))
        self.setProperty("surface", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.search.setPlaceholderText("Search name or number (Ctrl+F)")
        self.search.setAccessibleName("Search name or number")
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._on_search)
        self.search.returnPressed.connect(self._ask_first)
        QShortcut(
            QKeySequence(QKeySequence.StandardKey.Find),
            self,
            self.search.setFocus,
            context=Qt.ShortcutContext.WidgetWithChildrenShortcut,
        )
        self.list.setModel(self.proxy)
        self.list.setItemDelegate(RosterDelegate(self._theme, self.list))
        self.list.setUniformItemSizes(True)
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setMouseTracking(True)
        self.list.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.list.setAccessibleName("Students of this class")
        self.list.clicked.connect(self._ask)
        self.list.activated.connect(self._ask)
        self.mark_pane.hide()
        self.mark_pane.closed.connect(self._close_pane)
        self.mark_pane.mark_requested.connect(self._mark)
        self.mark_pane.wrong_face_reported.connect(self._ask_whose_face)
        self.mark_pane.unlock_requested.connect(self._ask_unlock)
        self.wrong_face_pane.closed.connect(self._close_pane)
        self.wrong_face_pane.confirmed.connect(self._take_back)
        self.unsure.opened.connect(self._close_pane)
        self.unsure.confirmed.connect(self._confirmed)
        self.claims.confirmed.connect(self._seen)
        self.claims.failed.connect(self.banner.show_error)
        self.headcount.failed.connect(self.banner.show_error)
        self.objections.answered.connect(self._answered)
        self.objections.failed.connect(self.banner.show_error)
        self.done_button.clicked.connect(self.closed)
        for change in (self.model.modelReset, self.model.dataChanged, self.model.rowsInserted):
            change.connect(self._recount)

    def _lay_out(self) -> None:
        space = self._theme.space
        column = QVBoxLayout(self)
        edge = space(2.5) if self._closable else 0
        column.setContentsMargins(edge, edge, edge, edge)
        column.setSpacing(space(1.5))
        titles = QVBoxLayout()
        titles.setSpacing(space(0.25))
        titles.addWidget(self._title)
        titles.addWidget(self._subtitle)
        head = QHBoxLayout()
        head.addLayout(titles, 1)
        head.addWidget(self.done_button, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(head)
        column.addWidget(self.banner)
        column.addWidget(self.headcount)
        column.addWidget(self.happened)
        column.addWidget(self.claims)
        column.addWidget(self.objections)
        column.addWidget(self.unsure)
        column.addWidget(self.search)
        chips = QHBoxLayout()
        chips.setSpacing(space(0.75))
        group = QButtonGroup(self)
        for chosen in RosterFilter:
            chip = Chip(self._theme, chosen.value, tone=_chip_tone(chosen))
            chip.clicked.connect(lambda _checked=False, which=chosen: self._choose(which))
            group.addButton(chip)
            self.chips[chosen] = chip
            chips.addWidget(chip, 1)
        self.chips[RosterFilter.ALL].setChecked(True)
        column.addLayout(chips)
        column.addWidget(self.list, 1)
        self._nobody.hide()
        column.addWidget(self._nobody)
        column.addWidget(self.undo_bar)
        column.addWidget(self.mark_pane)
        column.addWidget(self.wrong_face_pane)

    def _reload(self) -> None:
        session_id, actor = self._session_id, self._actor
        self._loading += 1

        def work() -> _Loaded:
            session = self._app.attendance.sessions.session(session_id)
            course = self._app.attendance.sessions.course_of(session)
            attacks = self._app.attendance.attacks.of_session(session_id, actor=actor)
            incidents = self._app.attendance.incidents.of_session(session_id, actor=actor)
            roster = self._app.attendance.sessions.roster(session_id)
            return _Loaded(session, course, roster, attacks, incidents)

        def failed(error: Exception) -> None:
            self._loading -= 1
            self.banner.say(str(error), tone=Tone.REFUSED)

        self._tasks.run(work, then=self._show, failed=failed)

    def _show(self, loaded: _Loaded) -> None:
        self._loading -= 1
        if loaded.session.session_id != self._session_id:
            return
        self._session = loaded.session
        self.headcount.show_session(loaded.session, self._actor)
        self.model.show(loaded.entries)
        self.happened.show_all(loaded.attacks, loaded.incidents)
        for student, record in self._arrived:
            self.model.apply(student, record)
        self._arrived = []
        for incident in self._noted:
            self.happened.add_incident(incident)
        self._noted = []
        self._reasons.learn(self.model.records())
        self._title.setText(loaded.course.label)
        self._recount()

    def _take(self, student: Student, record: AttendanceRecord) -> None:
        if record.session_id != self._session_id:
            return
        if self._loading:
            self._arrived.append((student, record))
        self.model.apply(student, record)

    def _take_incident(self, incident: Incident) -> None:
        if incident.session_id == self._session_id:
            if self._loading:
                self._noted.append(incident)
            self.happened.add_incident(incident)

    def _take_headcount(self, session: ClassSession) -> None:
        if self._session is not None and session.session_id == self._session_id:
            self._session = replace(self._session, headcount=session.headcount)
            self.headcount.show_session(self._session, self._actor)

    def _name_of(self, student_id: int) -> str:
        line = self.model.line_of(student_id)
        return line.student.full_name if line is not None else ""

    def _recount(self) -> None:
        count = self.model.count()
        self.headcount.count(count.attended)
        everyone = self.model.rowCount()
        for chosen, chip in self.chips.items():
            chip.setText(f"{chosen.value} {self.model.number(chosen)}")
        if self._session is not None:
            zone = self._app.core.zone
            when = (
                f"started {clock_time(self._session.started_at, zone)}"
                if self._session.is_open
                else day_and_time(self._session.started_at, zone)
            )
            self._subtitle.setText(f"{count.attended} of {everyone} here · {when}")
        self._nobody.setVisible(everyone > 0 and self.proxy.rowCount() == 0)

    def _choose(self, chosen: RosterFilter) -> None:
        self.proxy.choose(chosen)
        self._recount()

    def _on_search(self, text: str) -> None:
        self.proxy.search(text)
        self._recount()

    def _ask_first(self) -> None:
        if self.proxy.rowCount():
            self._ask(self.proxy.index(0, 0))

    def _ask(self, index: QModelIndex) -> None:
        line = cast(RosterLine | None, index.data(LINE_ROLE))
        if line is None:
            return
        self._asked = line.student.student_id
        self.wrong_face_pane.hide()
        self.unsure.close_pane()
        self.list.setCurrentIndex(index)
        self.mark_pane.ask(line, likely=self._likely(line.record), reasons=self._reasons.offered())
        self.mark_pane.reason.edit.setFocus()
        self.list.scrollTo(index)
        self._load_lock(line.student.student_id)
        if line.record is not None:
            self._load_history(line.student.student_id, line.record)

    def _load_lock(self, student_id: int) -> None:
        def then(needs_unlocking: bool) -> None:
            if self._asked == student_id:
                self.mark_pane.unlock_button.setVisible(needs_unlocking)

        self._tasks.run(
            lambda: self._app.people.pins.needs_unlocking(student_id),
            then=then,
            failed=self.banner.show_error,
        )

    def _ask_unlock(self) -> None:
        line = self.model.line_of(self._asked) if self._asked is not None else None
        if line is None:
            return
        student = line.student
        self.unlock_dialog = confirm(
            self._theme,
            self,
            title=f"Unlock the phone sign-in of {student.full_name}?",
            text="Wrong PINs were tried for this student. The PIN stays as it is. "
            "If somebody else tries them, print a new PIN slip instead.",
            action="Unlock",
            on_yes=lambda: self._unlock(student),
        )

    def _unlock(self, student: Student) -> None:
        def then(_done: None) -> None:
            self.banner.say(f"{student.full_name} can sign in on the phone again.", tone=Tone.PRESENT)
            if self._asked == student.student_id:
                self.mark_pane.unlock_button.hide()

        self._tasks.run(
            lambda: self._app.people.pins.unlock(student.student_id, actor=self._actor),
            then=then,
            failed=self.banner.show_error,
        )

    def _likely(self, record: AttendanceRecord | None) -> Status | None:
        if record is None and self._session is not None and self._session.is_open:
            return self._session.status_at(self._app.core.clock.now())
        return None

    def _load_history(self, student_id: int, record: AttendanceRecord) -> None:
        zone = self._app.core.zone

        def work() -> list[str]:
            corrections = self._app.attendance.sessions.history(record.record_id, actor=self._actor)
            return [
                *(evidence_words(evidence, zone) for evidence in record.evidence),
                *(correction_words(correction, zone) for correction in corrections),
            ]

        def then(sentences: list[str]) -> None:
            if self._asked == student_id:
                self.mark_pane.show_history(sentences)

        self._tasks.run(work, then=then, failed=self.banner.show_error)

    def _close_pane(self) -> None:
        focused = QApplication.focusWidget()
        panes = (self.mark_pane, self.wrong_face_pane)
        had_focus = focused is not None and any(pane.isAncestorOf(focused) for pane in panes)
        self._asked = None
        for pane in panes:
            pane.hide()
        if had_focus:
            self.list.setFocus()

    def _mark(self, status: Status, reason: str) -> None:
        student_id = self._asked
        line = self.model.line_of(student_id) if student_id is not None else None
        if line is None:
            return

        def then(record: AttendanceRecord) -> None:
            self._reasons.remember(reason)
            self._take(line.student, record)
            self._close_pane()
            words = status_words(status).word
            self.undo_bar.offer(
                f"{line.student.full_name} is marked {words}.", lambda: self._undo(line.student, line.record)
            )

        mark = partial(
            self._app.attendance.sessions.mark,
            self._session_id,
            line.student.student_id,
            status,
            actor=self._actor,
            reason=reason,
        )
        self._tasks.run(mark, then=then, failed=self.mark_pane.show_error)

    def _seen(self, student: Student, record: AttendanceRecord) -> None:
        """A scan was confirmed by the teacher's eye."""
        self._take(student, record)
        words = status_words(record.status).word
        self.undo_bar.offer(
            f"{student.full_name} is marked {words}, seen by you.", lambda: self._undo(student, None)
        )

    def _answered(self, answered: ObjectionAnswered) -> None:
        """A student's message was answered; a changed record can be changed back, the answer stays."""
        student, before = answered.student, answered.before
        self._take(student, answered.record)
        if answered.record.version == before.version:
            self.undo_bar.offer(f"{student.full_name} reads your answer; the record stays.", None)
            return
        words = status_words(answered.record.status).word
        self.undo_bar.offer(
            f"{student.full_name} is marked {words} and reads your answer.",
            lambda: self._undo(student, before),
        )

    def _undo(self, student: Student, before: AttendanceRecord | None) -> None:
        undo = partial(
            self._app.attendance.sessions.undo_mark,
            self._session_id,
            student.student_id,
            before,
            actor=self._actor,
        )
        self._undone(undo, student, before)

    def _ask_whose_face(self) -> None:
        line = self.model.line_of(self._asked) if self._asked is not None else None
        if line is None:
            return
        self.mark_pane.hide()
        self.wrong_face_pane.ask(line.student, self.model.students())
        self.list.scrollTo(self.proxy.mapFromSource(self.model.index_of(line.student.student_id)))

    def _take_back(self, other_id: int | None) -> None:
        student_id = self._asked
        if student_id is None:
            return

        def work() -> MistakenFace:
            mistaken = self._app.faces.corrections.not_this_person(
                self._session_id, student_id, other_id, actor=self._actor
            )
            self._app.runtime.reload_gallery()
            return mistaken

        def then(mistaken: MistakenFace) -> None:
            self._take(mistaken.student, mistaken.record)
            self._close_pane()
            self.undo_bar.offer(
                f"The mark of {mistaken.student.full_name} is taken back; the camera asks to scan from now on.",
                lambda: self._undo_take_back(mistaken),
            )

        self._tasks.run(work, then=then, failed=self.wrong_face_pane.show_error)

    def _undo_take_back(self, mistaken: MistakenFace) -> None:
        def work() -> AttendanceRecord:
            record = self._app.faces.corrections.undo(mistaken, actor=self._actor)
            self._app.runtime.reload_gallery()
            return record

        self._undone(work, mistaken.student, mistaken.before)

    def _confirmed(self, confirmed: Confirmed) -> None:
        self._take(confirmed.student, confirmed.record)
        self.undo_bar.offer(
            confirmed_words(confirmed, self._app.core.zone), lambda: self._undo_confirmed(confirmed)
        )

    def _undo_confirmed(self, confirmed: Confirmed) -> None:
        def work() -> AttendanceRecord:
            record = self._app.faces.ambiguous.undo(confirmed, actor=self._actor)
            if confirmed.learnt is not None:
                self._app.runtime.reload_gallery()
            return record

        self._undone(work, confirmed.student, confirmed.before)

    def _undone(
        self, work: Callable[[], AttendanceRecord], student: Student, before: AttendanceRecord | None
    ) -> None:
        words = state_title(before).lower()

        def then(record: AttendanceRecord) -> None:
            self._take(student, record)
            self.undo_bar.offer(f"Undone: {student.full_name} counts as {words}.", None)

        self._tasks.run(work, then=then, failed=self.banner.show_error)


def _chip_tone(chosen: RosterFilter) -> Tone:
    match chosen:
        case RosterFilter.ALL:
            return Tone.ACCENT
        case RosterFilter.MISSING:
            return Tone.REFUSED
        case RosterFilter.PRESENT:
            return Tone.PRESENT
        case RosterFilter.LATE:
            return Tone.LATE
        case _:
            assert_never(chosen)
