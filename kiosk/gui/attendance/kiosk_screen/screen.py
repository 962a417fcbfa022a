"""The kiosk screen: puts its parts in place, polls the preview and the code, and hands events on.

Main thread only. One timer at 30 Hz polls what moves; everything else is redrawn when an event changes it. Sizes
follow the screen: one unit is a pixel at 1920×1080.
"""

from functools import partial
from typing import Final

from PySide6.QtCore import QKeyCombination, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QHideEvent, QKeyEvent, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from kiosk.domain.school.face_rule import FaceRule
from kiosk.gui.attendance.kiosk_screen.awaited_line import HEIGHT, AwaitedLine
from kiosk.gui.attendance.kiosk_screen.camera_view import CameraView
from kiosk.gui.attendance.kiosk_screen.cards import CardBoard, ShownCard
from kiosk.gui.attendance.kiosk_screen.class_state import ClassState
from kiosk.gui.attendance.kiosk_screen.code_panel import CodePanel, CodeScreen
from kiosk.gui.attendance.kiosk_screen.code_picture import CodePicture
from kiosk.gui.attendance.kiosk_screen.header import Header
from kiosk.gui.attendance.kiosk_screen.recheck_line import HEIGHT as RECHECK
from kiosk.gui.attendance.kiosk_screen.recheck_line import RecheckLine
from kiosk.gui.attendance.kiosk_screen.speaking import announce
from kiosk.gui.attendance.kiosk_screen.tallies import ROW, ArrivalStrip, CountsCard
from kiosk.gui.attendance.kiosk_screen.trouble_line import HEIGHT as TROUBLE
from kiosk.gui.attendance.kiosk_screen.trouble_line import TroubleLine
from kiosk.gui.attendance.lesson.roster_watch import RosterWatch
from kiosk.gui.attendance.number_pad import HEIGHT as PAD
from kiosk.gui.attendance.number_pad import NumberPad
from kiosk.gui.sounds import Sounds
from kiosk.gui.tasks import Tasks
from kiosk.gui.theme import Theme
from kiosk.services.app import AttendanceCases
from kiosk.services.attendance.awaited_faces import call_of
from kiosk.services.attendance.runtime import KioskRuntime
from kiosk.services.attendance.sessions import RosterEntry
from kiosk.services.core import Core
from kiosk.services.events import Event, FacesInClass, SessionStarted, StoreStateChanged
from kiosk.services.ports.outputs import QrDrawer
from kiosk.translation import N_, _

POLL_MS: Final = 33
CODE_EVERY: Final = 3
"""The code's ring moves with every third poll, ten times a second."""

COUNTS: Final = 144.0
"""Height of the card with the counts, in pixels at 1080p."""

LEAST_SHAPE: Final = 1.4
"""Least width of the camera view for its height."""

_TEACHER_KEYS: Final = frozenset(
    QKeyCombination(Qt.KeyboardModifier.ControlModifier, key) for key in (Qt.Key.Key_R, Qt.Key.Key_E)
)
"""Ctrl+R opens the roster, Ctrl+E ends: for a teacher without a mouse. Both ask for the password."""

CODE_KEYS: Final = frozenset({Qt.Key.Key_F2, Qt.Key.Key_Q})

LEAVING: Final = N_("Leaving? Show your face or scan the code.")

LEAST_HEADER_PX: Final = 26
"""Beside the roster the screen is small; its buttons are still to be hit."""


class KioskScreen(QWidget):
    """What students see. The signals say what a teacher wants; the window asks for the password."""

    roster_requested = Signal()
    end_requested = Signal()
    leave_requested = Signal()

    def __init__(
        self,
        core: Core,
        attendance: AttendanceCases,
        qr: QrDrawer,
        runtime: KioskRuntime,
        theme: Theme,
        sounds: Sounds | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._core = core
        self._attendance = attendance
        self._runtime = runtime
        self._theme = theme
        self._sounds = sounds
        self._tasks = Tasks(self)
        self._state = ClassState()
        look = core.settings.look
        self._board = CardBoard(zone=core.zone, success_s=look.success_s, failure_s=look.failure_s)
        self._heard = 0
        self._polls = 0
        self._code_px = 0.0
        phones = core.settings.web.enabled
        picture = CodePicture(qr)
        self.header = Header(theme, zone=core.zone, phones=phones, parent=self)
        self.camera = CameraView(theme, mirror=core.settings.camera.mirror, parent=self)
        self.code = CodePanel(theme, picture, enabled=phones, parent=self)
        self.trouble = TroubleLine(theme, self)
        self.recheck = RecheckLine(theme, self)
        self.leaving = RecheckLine(theme, self)
        self.awaited = AwaitedLine(theme, self)
        self.pad = NumberPad(theme, self)
        self.pad.typed.connect(self._type)
        self.counts = CountsCard(theme, self)
        self.arrivals = ArrivalStrip(theme, zone=core.zone, parent=self)
        self.code_screen = CodeScreen(theme, CodePicture(qr), enabled=phones, parent=self)
        self.code_screen.hide()
        self.header.roster_pressed.connect(self.roster_requested)
        self.header.end_pressed.connect(self.end_requested)
        self.code.pressed.connect(self.toggle_code_screen)
        self.code_screen.pressed.connect(self.toggle_code_screen)
        theme.changed.connect(self.update)
        self.setAccessibleName(_("Attendance kiosk"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.roster_watch = RosterWatch(attendance.sessions, self)
        self.roster_watch.arrived.connect(self._show_roster)
        self._timer = QTimer(self, interval=POLL_MS)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.poll)

    @property
    def state(self) -> ClassState:
        """What it knows about its class."""
        return self._state

    @property
    def cards(self) -> tuple[ShownCard, ...]:
        """The result cards to be seen now, newest first."""
        return self._board.shown(self._core.clock.monotonic())

    @property
    def shows_code_screen(self) -> bool:
        """Whether the code fills the screen."""
        return not self.code_screen.isHidden()

    def on_event(self, event: Event) -> None:
        """Take an event in; on the main thread."""
        if isinstance(event, SessionStarted):
            self._follow_settings()
            self._board.clear()
            self._close_code_screen()
        self._board.on_event(event, self._core.clock.monotonic())
        self._show(self._state.on_event(event))
        if isinstance(event, SessionStarted):
            if (
                trouble := self._core.store.trouble
            ) is not None:  # it may have begun before this screen listened
                keeps = self._attendance.keeping.is_on
                told = StoreStateChanged(trouble.user_text, trouble.hint, keeps)
                self._show(self._state.on_event(told))
            self._show_ways()
            self.code.show_code(self._attendance.running.code())  # the last class's would be refused
            self._place()
            self.roster_watch.follow(event.session.session_id)
        elif isinstance(event, FacesInClass):
            self._show_ways()

    def _show_windows(self) -> None:
        """Say that students show up again, or may check out."""
        session, watch = self._state.session, self._attendance.recheck_watch
        now = watch.now(session.session_id) if session is not None else None
        leaving = session is not None and session.check_out_since is not None
        turned = self.recheck.show_window(now)
        turned = self.leaving.show_words(_(LEAVING) if leaving else "") or turned
        if turned:
            self._place()
            for line in (self.recheck, self.leaving):
                if line.text:
                    announce(self, line.text)

    def _follow_settings(self) -> None:
        """A class is shown by the settings that are in force when it begins."""
        settings = self._core.settings
        self._board.show_for(success_s=settings.look.success_s, failure_s=settings.look.failure_s)
        self.camera.show_mirrored(settings.camera.mirror)
        for part in (self.header, self.code, self.code_screen):
            part.turn_phones(settings.web.enabled)

    def toggle_code_screen(self) -> None:
        """Fill the screen with the code, or go back."""
        if self.shows_code_screen:
            self._close_code_screen()
        else:
            self.code_screen.setGeometry(self.rect())
            self.code_screen.show()
            self.code_screen.raise_()
        self.poll()

    def poll(self) -> None:
        """Fetch the newest frame, analysis, code and cards."""
        now_s = self._core.clock.monotonic()
        cards = self._board.shown(now_s)
        self._tell(cards)
        self.header.show_time(self._core.clock.now())
        # The web part may have begun before this screen listened.
        state, session = self._state.reachable_at(self._attendance.running.base_url), self._state.session
        if session is not None:
            state = state.with_kept(self._attendance.keeping.students(session.session_id))
        self._show(state)
        preview = self._runtime.preview
        self._polls += 1
        awaited = self._attendance.awaited
        self.header.show_waiting(awaited.left_to_teacher(session.session_id) if session else 0)
        if not self.awaited.isHidden() and session is not None:
            verifies = self._state.faces is FaceRule.VERIFY_ONLY
            people = awaited.first if verifies else awaited.people
            names = call_of(people(session.session_id))
            self.awaited.call(names, can_see=awaited.can_see())
        self._show_windows()
        if self._state.takes_numbers:
            self.pad.show_view(self._attendance.typed.view())
        if self.shows_code_screen:
            self.code_screen.show_awaited(self.recheck.text or self.leaving.text or self.awaited.text)
            self.code_screen.show_cards(cards, now_s)
            self.code_screen.show_code(self._attendance.running.code())
        else:
            self.camera.poll(preview.frame(), preview.analysis(), cards, now_s)
            if self._polls % CODE_EVERY == 0 or not self.code.shows_code:
                self.code.show_code(self._attendance.running.code())
                if self.code.card_px != self._code_px:
                    self._place()

    # -- Qt ------------------------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._timer.start()
        self.setFocus()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()
        self.roster_watch.rest()

    def own_keys(self) -> tuple[tuple[str, str], ...]:
        """For F1."""
        return (
            ("F2", _("Show the code large, or small again")),
            ("Ctrl+R", _("Open or close the roster")),
            ("Ctrl+E", _("End the class")),
            ("F11", _("Leave the full screen")),
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in CODE_KEYS and not event.isAutoRepeat():
            self.toggle_code_screen()
        elif event.keyCombination() in _TEACHER_KEYS:
            asked = self.roster_requested if event.key() == Qt.Key.Key_R else self.end_requested
            asked.emit()
        elif event.key() == Qt.Key.Key_Escape:
            if self.shows_code_screen:
                self.toggle_code_screen()
            else:
                self.leave_requested.emit()
        elif not self.pad.isHidden() and event.text().isalnum():
            self.pad.take_key(event.text())
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._theme.palette.background))
        painter.end()

    def resizeEvent(self, _event: QResizeEvent) -> None:
        self._place()

    # -- inside --------------------------------------------------------------------------------------------------

    def _place(self) -> None:
        scale = min(self.width() / 1920, self.height() / 1080)
        parts = (
            self.header,
            self.trouble,
            self.recheck,
            self.leaving,
            self.awaited,
            self.pad,
            self.camera,
            self.code,
            self.counts,
            self.arrivals,
            self.code_screen,
        )
        for part in parts:
            part.set_scale(scale)
        right, bottom = self.width() / scale, self.height() / scale

        def place(part: QWidget, x: float, y: float, x2: float, y2: float) -> None:
            left, top = round(x * scale), round(y * scale)
            part.setGeometry(QRect(left, top, round(x2 * scale) - left, round(y2 * scale) - top))

        # The code takes the whole right side, so that a module is 6 mm wide on a 24-inch screen of 1080 lines.
        self._code_px = self.code.card_px
        column = right - 32 - self._code_px
        # On a tall screen the camera keeps the shape of its picture, and more arrivals are shown.
        strip = min(bottom - 24 - ROW, 120 + (column - 64) / LEAST_SHAPE + 24 + COUNTS + 24)
        place(self.header, 32, 24, right - 32, 104)
        lacking = max(0, LEAST_HEADER_PX - self.header.height())
        self.header.setGeometry(self.header.geometry().adjusted(0, -lacking // 2, 0, lacking // 2))
        top = 120.0
        lines = (
            (self.trouble, TROUBLE),
            (self.recheck, RECHECK),
            (self.leaving, RECHECK),
            (self.awaited, HEIGHT),
            (self.pad, PAD),
        )
        for line, height in lines:
            place(line, 32, top, column - 32, top + height)
            top += 0 if line.isHidden() else height + 16
        place(self.camera, 32, top, column - 32, strip - 24 - COUNTS - 24)
        place(self.counts, 32, strip - 24 - COUNTS, column - 32, strip - 24)
        place(self.arrivals, 32, strip, column - 32, bottom - 24)
        place(self.code, column, 120, right - 32, bottom - 24)
        self.code_screen.setGeometry(self.rect())

    def _show(self, state: ClassState) -> None:
        if state is self._state:
            return
        self._state = state
        for part in (self.header, self.camera, self.code, self.counts, self.arrivals, self.code_screen):
            part.show_state(state)
        if self.trouble.show_trouble(state.store_line):
            self._place()

    def _show_ways(self) -> None:
        """Say how one is marked here, and make room for the keypad where numbers are taken."""
        session = self._state.session
        self.awaited.show_policy(session.policy if session is not None else None, self._state.faces)
        self.pad.setVisible(self._state.takes_numbers)
        self._place()

    def _type(self, number: str) -> None:
        typed = self._attendance.typed
        self._tasks.run(partial(typed.type, number), then=self.pad.show_view, failed=lambda _error: None)
        self.setFocus()

    def _show_roster(self, session_id: int, entries: list[RosterEntry]) -> None:
        session = self._state.session
        if session is not None and session.session_id == session_id:
            self._show(self._state.with_roster(entries))

    def _tell(self, cards: tuple[ShownCard, ...]) -> None:
        for shown in reversed(cards):
            if shown.number > self._heard:
                self._heard = shown.number
                announce(self, shown.card.spoken)
                if self._sounds is not None:
                    self._sounds.play(shown.card.kind.value)

    def _close_code_screen(self) -> None:
        self.code_screen.hide()
        self.setFocus()
