"""Draws one row of the roster: icon, name and number on the left, state and proof on the right. Main thread."""

from dataclasses import dataclass
from typing import Final, assert_never, cast

from PySide6.QtCore import QObject, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from kiosk.domain.attendance.choices import Status
from kiosk.domain.attendance.record import AttendanceRecord
from kiosk.domain.attendance.school_status import AnyStatus, SchoolStatus, StatusColour
from kiosk.gui.attendance.roster.state import RosterLine
from kiosk.gui.attendance.roster.students.model import LINE_ROLE, Index
from kiosk.gui.icons import draw_icon
from kiosk.gui.theme import TextStyle, Theme, Tone

ROW_PX: Final = 76
"""Height of a row at 1080p: two lines of text and a finger's width."""


@dataclass(frozen=True, slots=True)
class StateLook:
    """Icon and colour of a state; its words stand beside it."""

    icon: str
    tone: Tone


MISSING: Final = StateLook("not-here", Tone.MUTED)
VEILED: Final = StateLook("user", Tone.MUTED)


def status_look(status: AnyStatus) -> StateLook:
    """How a status is drawn; one of the school's own has the icon of its base and the colour that the school chose."""
    if isinstance(status, SchoolStatus):
        return StateLook(status_look(status.base).icon, colour_tone(status.colour))
    match status:
        case Status.PRESENT:
            return StateLook("check", Tone.PRESENT)
        case Status.LATE:
            return StateLook("clock", Tone.LATE)
        case Status.EXCUSED:
            return StateLook("calendar", Tone.ACCENT)
        case Status.ABSENT:
            return StateLook("close", Tone.REFUSED)
        case _:
            assert_never(status)


def colour_tone(colour: StatusColour) -> Tone:
    """The tone of a colour that a school chose for a status."""
    match colour:
        case StatusColour.GREEN:
            return Tone.PRESENT
        case StatusColour.AMBER:
            return Tone.LATE
        case StatusColour.BLUE:
            return Tone.ACCENT
        case StatusColour.RED:
            return Tone.REFUSED
        case StatusColour.GREY:
            return Tone.MUTED
        case _:
            assert_never(colour)


def look_of(record: AttendanceRecord | None) -> StateLook:
    """How a record is drawn."""
    return MISSING if record is None else status_look(record.shown)


def _look(line: RosterLine) -> StateLook:
    return VEILED if line.is_veiled else look_of(line.record)


class RosterDelegate(QStyledItemDelegate):
    """Paints `RosterLine`s; fonts are made once for each look, so that a full list scrolls smoothly."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._name = QFont()
        self._small = QFont()
        self._state = QFont()
        self._refresh()
        theme.changed.connect(self._refresh)

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(self._theme.px(320), self._theme.px(ROW_PX))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        line = cast(RosterLine | None, index.data(LINE_ROLE))
        if line is None:
            return
        place, state = option.rect, option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, place, state)
        self._paint_icon(painter, place, line)
        self._paint_texts(painter, place, line)
        painter.restore()

    def _paint_ground(self, painter: QPainter, place: QRect, state: QStyle.StateFlag) -> None:
        colours = self._theme.palette
        inner = QRectF(place).adjusted(4, 2, -4, -2)
        if state & QStyle.StateFlag.State_Selected:
            painter.setBrush(QColor(colours.tint_accent))
            focused = bool(state & QStyle.StateFlag.State_HasFocus)
            painter.setPen(QPen(QColor(colours.accent), 2) if focused else Qt.PenStyle.NoPen)
            painter.drawRoundedRect(inner, self._theme.px(10), self._theme.px(10))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.hover))
            painter.drawRoundedRect(inner, self._theme.px(10), self._theme.px(10))
        else:
            painter.setPen(QColor(colours.line))
            edge = self._theme.px(72)
            painter.drawLine(place.left() + edge, place.bottom(), place.right() - 8, place.bottom())

    def _paint_icon(self, painter: QPainter, place: QRect, line: RosterLine) -> None:
        look = _look(line)
        size, inset = self._theme.px(40), self._theme.px(16)
        circle = QRectF(place.left() + inset, place.center().y() - size / 2, size, size)
        tint = getattr(self._theme.palette, f"tint_{look.tone.value}", self._theme.palette.hover)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tint))
        painter.drawEllipse(circle)
        margin = size * 0.24
        draw_icon(
            painter,
            look.icon,
            circle.adjusted(margin, margin, -margin, -margin),
            self._theme.colour(look.tone),
        )

    def _paint_texts(self, painter: QPainter, place: QRect, line: RosterLine) -> None:
        px = self._theme.px
        inner = place.adjusted(px(72), px(10), -px(18), -px(10))
        upper = QRect(inner.left(), inner.top(), inner.width(), inner.height() // 2)
        lower = upper.translated(0, inner.height() // 2)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        gap = px(12)
        state_width = QFontMetrics(self._state).horizontalAdvance(line.state)
        proof_width = QFontMetrics(self._small).horizontalAdvance(line.proof)
        painter.setFont(self._state)
        painter.setPen(self._theme.colour(_look(line).tone))
        painter.drawText(upper, right, line.state)
        painter.setFont(self._small)
        painter.setPen(self._theme.colour(Tone.MUTED))
        painter.drawText(lower, right, line.proof)
        self._elided(painter, lower.adjusted(0, 0, -proof_width - gap, 0), left, line.student.student_no)
        painter.setFont(self._name)
        painter.setPen(self._theme.colour(Tone.TEXT))
        self._elided(painter, upper.adjusted(0, 0, -state_width - gap, 0), left, line.student.full_name)

    def _elided(self, painter: QPainter, place: QRect, align: Qt.AlignmentFlag, text: str) -> None:
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, place.width())
        painter.drawText(place, align, shown)

    def _refresh(self) -> None:
        self._name = self._theme.font(TextStyle.STRONG)
        self._small = self._theme.font(TextStyle.CAPTION)
        self._state = self._theme.font(TextStyle.CAPTION)
        self._state.setWeight(QFont.Weight.DemiBold)
