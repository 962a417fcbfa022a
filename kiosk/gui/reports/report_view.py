"""Paints a drawn report, says what is under the pointer, and lets the keys walk through it. Main thread; laid out off it."""

from collections import defaultdict
from dataclasses import dataclass
from functools import partial
from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from kiosk.domain.reports.reports import Report
from kiosk.errors import KioskError
from kiosk.gui.reports.mark_brush import Fonts, MarkBrush
from kiosk.gui.reports.report_colours import colours
from kiosk.gui.tasks import Tasks
from kiosk.gui.theme import Theme
from kiosk.gui.widgets.surfaces import tool_tip
from kiosk.services.reports.pictures.drawing import draw
from kiosk.services.reports.pictures.picture import Box, Ink, Mark, Picture, Room, Spot, Stroke
from kiosk.wording.reports import kind_of, report_words, summary

LEAST_WIDTH: Final = 700
LEAST_HEIGHT: Final = 320
SETTLE_MS: Final = 80
"""After the last change of the size before it is laid out anew."""
ZOOM: Final = 1.25
"""Pixels of the window at 1080p for a unit: its texts are larger than those on paper."""
STRIP: Final = 64.0
"""Units; marks are looked up by strips of so much height, so that a long register paints only what is seen."""


@dataclass(frozen=True, slots=True)
class _Laid:
    """A picture with its marks, numbered in their order, by strip."""

    picture: Picture
    strips: dict[int, tuple[tuple[int, Mark], ...]]

    def between(self, top: float, bottom: float) -> list[Mark]:
        """The marks that may be seen there, each once, in their order."""
        seen: dict[int, Mark] = {}
        for strip in range(int(top // STRIP), int(bottom // STRIP) + 1):
            seen.update(self.strips.get(strip, ()))
        return [seen[number] for number in sorted(seen)]


class ReportView(QWidget):
    """One report.

    Signals:
        opened: Enter or a click on somebody; carries the student's id.
        wanted: A part of it should be seen; carries the rectangle.
        said: What is under the pointer or the keys, in words; empty for nothing.
    """

    opened = Signal(int)
    wanted = Signal(QRect)
    said = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._tasks = Tasks(self, threads=1)
        self._report: Report | None = None
        self._laid: _Laid | None = None
        self._turn = 0
        self._brush = MarkBrush(colours(theme))
        self.place: int | None = None
        self._timer = QTimer(self, interval=SETTLE_MS, singleShot=True)
        self._timer.timeout.connect(self._lay_out)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumWidth(theme.px(LEAST_WIDTH))
        theme.changed.connect(self._recolour)

    @property
    def zoom(self) -> float:
        """Pixels of this screen for a unit of the picture."""
        return self._theme.scale * ZOOM

    @property
    def picture(self) -> Picture | None:
        """What is shown; None while nothing is."""
        return self._laid.picture if self._laid is not None else None

    @property
    def spot(self) -> Spot | None:
        """Where the keys are."""
        picture = self.picture
        if picture is None or self.place is None or self.place >= len(picture.spots):
            return None
        return picture.spots[self.place]

    def show_report(self, report: Report) -> None:
        """Show a report instead of the last one."""
        self._report, self.place = report, None
        self.setAccessibleName(report_words(kind_of(report)).title)
        self.setAccessibleDescription(summary(report))
        self._lay_out()

    def room_height(self, pixels: int) -> None:
        """How high a chart is at most without scrolling."""
        height = max(self._theme.px(LEAST_HEIGHT), pixels)
        if height != self.property("room"):
            self.setProperty("room", height)
            self._timer.start()

    def sizeHint(self) -> QSize:
        picture = self.picture
        height = picture.height * self.zoom if picture is not None else 0
        return QSize(self._theme.px(LEAST_WIDTH), round(height))

    # -- laying out -------------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        report, scale = self._report, self.zoom
        if report is None:
            return
        self._turn += 1
        height = self.property("room") or self._theme.px(LEAST_HEIGHT)
        size = max(self.width(), self._theme.px(LEAST_WIDTH)) / scale, height / scale
        self._tasks.run(
            partial(_lay, report, size), then=partial(self._take, self._turn), failed=self._not_laid_out
        )

    def _take(self, turn: int, laid: _Laid | None) -> None:
        if turn != self._turn:
            return
        self._laid = laid
        picture = self.picture
        height = round(picture.height * self.zoom) if picture is not None else 0
        self.setMinimumHeight(height)
        self.setMaximumHeight(max(height, 1))
        self.updateGeometry()
        self.update()

    def _not_laid_out(self, _error: KioskError) -> None:
        self._take(self._turn, None)

    def _recolour(self) -> None:
        self._brush = MarkBrush(colours(self._theme))
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self._timer.start()

    # -- painting ---------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        laid = self._laid
        if laid is None:
            return
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
        scale = self.zoom
        painter.scale(scale, scale)
        top, bottom = event.rect().top() / scale - 4, event.rect().bottom() / scale + 4
        for mark in laid.between(top, bottom):
            self._brush.paint(painter, mark)
        if self.hasFocus():
            self._paint_focus(painter)

    def _paint_focus(self, painter: QPainter) -> None:
        """A ring around what the keys are at, or around all of it before they moved."""
        painter.setPen(QPen(self._brush.colours[Ink.TEXT], 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        spot = self.spot
        if spot is not None:
            painter.drawRoundedRect(QRectF(spot.x + 1, spot.y + 1, spot.width - 2, spot.height - 2), 4, 4)
        else:
            painter.resetTransform()
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    # -- pointer and keys -------------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            place = self._at(QPointF(event.pos()))
            picture = self.picture
            if place is None or picture is None:
                QToolTip.hideText()
            else:
                QToolTip.showText(event.globalPos(), tool_tip(picture.spots[place].tip), self)
            return True
        return super().event(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        place = self._at(event.position())
        picture = self.picture
        spot = picture.spots[place] if picture is not None and place is not None else None
        self.said.emit(spot.tip if spot is not None else "")
        opens = spot is not None and spot.opens is not None
        self.setCursor(Qt.CursorShape.PointingHandCursor if opens else Qt.CursorShape.ArrowCursor)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.said.emit("")

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            place = self._at(event.position())
            if place is not None:
                self._go_to(place)
                self._open()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Right:
                self._step(1)
            case Qt.Key.Key_Left:
                self._step(-1)
            case Qt.Key.Key_Down:
                self._jump(1)
            case Qt.Key.Key_Up:
                self._jump(-1)
            case Qt.Key.Key_Home:
                self._go_to(0)
            case Qt.Key.Key_End:
                self._go_to(len(self.picture.spots) - 1 if self.picture is not None else 0)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter | Qt.Key.Key_Space:
                self._open()
            case _:
                super().keyPressEvent(event)

    def _step(self, steps: int) -> None:
        self._go_to(0 if self.place is None else self.place + steps)

    def _jump(self, direction: int) -> None:
        """To the nearest spot above or below."""
        picture, spot = self.picture, self.spot
        if picture is None or spot is None:
            self._go_to(0)
            return
        middle = spot.x + spot.width / 2
        others = [
            (abs(one.y - spot.y), abs(one.x + one.width / 2 - middle), place)
            for place, one in enumerate(picture.spots)
            if (one.y - spot.y) * direction > 1
        ]
        if others:
            self._go_to(min(others)[2])

    def _go_to(self, place: int) -> None:
        picture = self.picture
        if picture is None or not 0 <= place < len(picture.spots):
            return
        self.place = place
        spot, scale = picture.spots[place], self.zoom
        self.setAccessibleDescription(spot.tip)
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))
        self.said.emit(spot.tip)
        area = QRectF(spot.x * scale, spot.y * scale, spot.width * scale, spot.height * scale)
        self.wanted.emit(area.toAlignedRect())
        self.update()

    def _open(self) -> None:
        spot = self.spot
        if spot is not None and spot.opens is not None:
            self.opened.emit(spot.opens)

    def _at(self, point: QPointF) -> int | None:
        """Place of the spot that has a point."""
        picture, scale = self.picture, self.zoom
        if picture is None:
            return None
        x, y = point.x() / scale, point.y() / scale
        for place, spot in enumerate(picture.spots):
            if spot.x <= x < spot.x + spot.width and spot.y <= y < spot.y + spot.height:
                return place
        return None


def _lay(report: Report, size: tuple[float, float]) -> _Laid | None:
    """Draw a report; on a worker thread, with fonts of its own."""
    fonts = Fonts()

    def measure(text: str, size: float, bold: bool) -> float:
        return fonts.of(size, bold)[1].horizontalAdvance(text)

    picture = draw(report, Room(*size, measure))
    if picture is None:
        return None
    strips: dict[int, list[tuple[int, Mark]]] = defaultdict(list)
    for number, mark in enumerate(picture.marks):
        top, bottom = _extent(mark)
        for strip in range(int(top // STRIP), int(bottom // STRIP) + 1):
            strips[strip].append((number, mark))
    return _Laid(picture, {strip: tuple(marks) for strip, marks in strips.items()})


def _extent(mark: Mark) -> tuple[float, float]:
    if isinstance(mark, Box):
        return mark.y, mark.y + mark.height
    if isinstance(mark, Stroke):
        return min(mark.y, mark.to_y), max(mark.y, mark.to_y)
    if mark.turned:
        return mark.y - 120, mark.y
    return mark.y - mark.size, mark.y + mark.size
