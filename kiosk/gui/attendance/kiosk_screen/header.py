"""The line above the camera: class, state of camera and phones, clock, and the teacher's two buttons."""

from datetime import datetime
from typing import Final, assert_never
from zoneinfo import ZoneInfo

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from kiosk.gui.attendance.kiosk_screen.class_state import ClassState
from kiosk.gui.attendance.kiosk_screen.drawing import text_width, write
from kiosk.gui.attendance.kiosk_screen.speaking import describe, sentences
from kiosk.gui.icons import draw_icon
from kiosk.gui.theme import Theme, Tone, sans
from kiosk.gui.widgets.buttons import SecondaryButton
from kiosk.services.attendance.running_class import is_in_network
from kiosk.services.events import CameraState
from kiosk.translation import _
from kiosk.wording.dates import clock_seconds, clock_time
from kiosk.wording.incidents import clock_words, is_moved

GAP: Final = 24.0

LEAST_SCALE: Final = 0.6
"""Beside the roster the screen is narrow; the buttons stay large enough to be read and hit."""


def camera_lamp(state: CameraState) -> tuple[str, str, Tone]:
    """Words, icon and tone of the camera."""
    match state:
        case CameraState.OPENING:
            return _("Camera starting"), "camera", Tone.LATE
        case CameraState.RUNNING:
            return _("Camera"), "camera", Tone.PRESENT
        case CameraState.LOST:
            return _("Camera lost"), "camera-off", Tone.REFUSED
        case CameraState.ENDED:
            return _("Recording ended"), "camera-off", Tone.MUTED
        case CameraState.CLOSED:
            return _("Camera off"), "camera-off", Tone.MUTED
        case _:
            assert_never(state)


class Header(QWidget):
    """Draws the class's header; the buttons only tell that they were pressed."""

    roster_pressed = Signal()
    end_pressed = Signal()

    def __init__(self, theme: Theme, *, zone: ZoneInfo, phones: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._zone = zone
        self._phones_enabled = phones
        self._scale = 1.0
        self._state = ClassState()
        self._clock = ""
        self._describe()
        self.roster_button = SecondaryButton(_("Roster"), self)
        self.roster_button.clicked.connect(self.roster_pressed)
        self.roster_button.setToolTip("Ctrl+R")
        self.end_button = SecondaryButton(_("End…"), self)
        self.end_button.setToolTip("Ctrl+E")
        self.end_button.clicked.connect(self.end_pressed)
        for button in (self.roster_button, self.end_button):
            # Space and Enter belong to nobody here: a student leaning on the keyboard opens no dialog.
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def set_scale(self, scale: float) -> None:
        """Pixels for one pixel at 1080p."""
        scale = max(scale, LEAST_SCALE)
        if scale == self._scale:
            return
        self._scale = scale
        for button in (self.roster_button, self.end_button):
            button.setStyleSheet(
                f"QPushButton {{ font-size: {round(20 * scale)}px; padding: 0 {round(20 * scale)}px;"
                f" min-height: 0; border-radius: {round(14 * scale)}px; }}"
            )

    def turn_phones(self, enabled: bool) -> None:
        """Say whether phones are let in here at all."""
        self._phones_enabled = enabled
        self._describe()
        self.update()

    def show_state(self, state: ClassState) -> None:
        """The class, camera and network as they are now."""
        self._state = state
        self._describe()
        self.update()

    def show_time(self, now: datetime) -> None:
        """The time on the clock, in the school's zone."""
        text = clock_seconds(now, self._zone)
        if text != self._clock:
            self._clock = text
            self._describe()
            self.update()

    def show_waiting(self, number: int) -> None:
        """How many wait for the teacher's eye: a number, and nobody's name."""
        words = _("Roster · {number}", number=number) if number else _("Roster")
        if self.roster_button.text() != words:
            self.roster_button.setText(words)
            spoken = _("Roster, {number} to be seen by you", number=number) if number else _("Roster")
            self.roster_button.setAccessibleName(spoken)
            self.update()

    @property
    def clock_text(self) -> str:
        """What the clock says."""
        return self._clock

    @property
    def title(self) -> str:
        """Code and title of the course."""
        course = self._state.course
        if course is None:
            return ""
        return course.label

    @property
    def details(self) -> str:
        """Room, start and late time, or that the PC's clock was moved."""
        return self._details()[0]

    def _details(self) -> tuple[str, ...]:
        """The same, and shorter ways to say it; in their place, that the PC's clock was moved."""
        session, course = self._state.session, self._state.course
        if session is None or course is None:
            return ("",)
        if is_moved(self._state.clock_moved):
            return clock_words(self._state.clock_moved)
        room = _("Room {room}", room=course.room) if course.room[:1].isdigit() else course.room
        started = _("started {started_at}", started_at=clock_time(session.started_at, self._zone))
        late = _("late from {late_from}", late_from=clock_time(session.late_from, self._zone))
        parts = [part for part in (room, started, late) if part]
        return tuple("  ·  ".join(parts[first:]) for first in range(len(parts)))

    @property
    def lamps(self) -> tuple[tuple[str, str, Tone], ...]:
        """Words, icon and tone of the camera and of the network."""
        if not self._phones_enabled:
            phones = (_("Phones off"), "phone-off", Tone.MUTED)
        elif self._state.phones and not is_in_network(self._state.base_url):
            phones = (_("No network for phones"), "phone-off", Tone.LATE)
        elif self._state.phones:
            phones = (_("Phones can connect"), "phone", Tone.PRESENT)
        else:
            phones = (_("Phones cannot connect"), "phone-off", Tone.LATE)
        return camera_lamp(self._state.camera), phones

    def _describe(self) -> None:
        lamps = (words for words, _icon, _tone in self.lamps)
        # Minutes only: a reader that heard of each second would say nothing else.
        describe(self, sentences(self.title, self.details, *lamps), self._clock[:5])

    def resizeEvent(self, _event: QResizeEvent) -> None:
        self._place_buttons()

    def _place_buttons(self) -> float:
        """Put the buttons at the right end; returns where they begin."""
        right = float(self.width())
        height = min(52 * self._scale, float(self.height()))
        for button in (self.end_button, self.roster_button):
            font = sans(20 * self._scale, 600)
            width = text_width(button.text(), font) + 46 * self._scale
            button.setGeometry(
                round(right - width), round((self.height() - height) / 2), round(width), round(height)
            )
            right -= width + 16 * self._scale
        return right - 8 * self._scale

    def paintEvent(self, _event: QPaintEvent) -> None:
        s, palette = self._scale, self._theme.palette
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        right = self._place_buttons()
        clock_font = sans(42 * s, 600, tabular=True)
        width = text_width("00:00:00", clock_font)
        write(painter, self._row(right - width, width), self._clock, clock_font, palette.text)
        right -= width + GAP * s
        lamp_font = sans(21 * s, 400)
        title_font = sans(34 * s, 700)
        least = min(text_width(self.title, title_font) + GAP * s, 0.4 * self.width())
        for words, icon, tone in reversed(self.lamps):
            width = text_width(words, lamp_font)
            if right - width - 33 * s < least:
                break  # beside the roster there is room for the class alone
            write(painter, self._row(right - width, width + 2), words, lamp_font, palette.muted)
            side = 24 * s
            place = QRectF(right - width - side - 9 * s, (self.height() - side) / 2, side, side)
            draw_icon(painter, icon, place, self._theme.colour(tone))
            right = place.left() - GAP * s
        used = write(painter, self._row(0, max(0.0, right)), self.title, title_font, palette.text)
        left = used + 20 * s
        font = sans(22 * s, 400)
        details = next((one for one in self._details() if text_width(one, font) <= right - left), "")
        colour = palette.late if is_moved(self._state.clock_moved) else palette.muted
        write(painter, self._row(left, max(0.0, right - left)), details, font, colour)
        painter.end()

    def _row(self, left: float, width: float) -> QRectF:
        return QRectF(left, 0, width, self.height())
