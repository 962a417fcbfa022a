"""Counts with their bar, and the strip of who came last. Both draw what they are told. Main thread only."""

from typing import Final
from zoneinfo import ZoneInfo

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QWidget

from kiosk.domain.attendance.choices import Status
from kiosk.domain.attendance.class_tally import ClassTally
from kiosk.gui.attendance.kiosk_screen.class_state import Arrival, ClassState
from kiosk.gui.attendance.kiosk_screen.drawing import draw_card, fill_round, text_width, write
from kiosk.gui.attendance.kiosk_screen.speaking import describe
from kiosk.gui.attendance.roster.students.delegate import status_look
from kiosk.gui.icons import draw_icon
from kiosk.gui.theme import Theme, sans
from kiosk.translation import N_, _
from kiosk.wording.attendance import NOT_HERE, proof_words, status_words

ROW: Final = 112.0
"""Height of one row of arrivals, in pixels at 1080p."""

MOST_SPOKEN: Final = 10
"""So many arrivals are read out, the newest first."""

NOBODY: Final = N_("Nobody has come yet. The first one appears here.")


class CountsCard(QWidget):
    """Present, late and not here yet."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._scale = 1.0
        self._counts = ClassTally()
        self._describe()

    @property
    def counts(self) -> ClassTally:
        """What it shows."""
        return self._counts

    def set_scale(self, scale: float) -> None:
        """Pixels for one pixel at 1080p."""
        self._scale = scale

    def show_state(self, state: ClassState) -> None:
        """The class as it is now."""
        if state.counts != self._counts:
            self._counts = state.counts
            self._describe()
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        s, palette, counts = self._scale, self._theme.palette, self._counts
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        whole = QRectF(self.rect())
        draw_card(painter, whole, 24 * s, palette.card, palette.line)
        edge = 28 * s
        figures = [
            (status_words(Status.PRESENT).title, counts.present, palette.present),
            (status_words(Status.LATE).title, counts.late, palette.late),
            (_(NOT_HERE), counts.missing, palette.text),
        ]
        if counts.kept:
            figures.insert(2, (_("Kept here"), counts.kept, palette.accent))
        column = (whole.width() - 2 * edge) / len(figures)
        for index, (words, number, colour) in enumerate(figures):
            x = edge + index * column
            write(painter, QRectF(x, 18 * s, column, 30 * s), words, sans(20 * s, 400), palette.muted)
            write(
                painter,
                QRectF(x, 46 * s, column, 58 * s),
                str(number),
                sans(48 * s, 700, tabular=True),
                colour,
            )
        self._paint_bar(painter, QRectF(edge, whole.bottom() - 38 * s, whole.width() - 2 * edge, 14 * s))
        painter.end()

    def _describe(self) -> None:
        counts = self._counts
        if counts.kept:
            describe(
                self,
                _(
                    "{present} present, {late} late, {kept} kept on this PC, {missing} not here yet",
                    present=counts.present,
                    late=counts.late,
                    kept=counts.kept,
                    missing=counts.missing,
                ),
            )
            return
        describe(
            self,
            _(
                "{present} present, {late} late, {missing} not here yet",
                present=counts.present,
                late=counts.late,
                missing=counts.missing,
            ),
        )

    def _paint_bar(self, painter: QPainter, place: QRectF) -> None:
        palette, counts = self._theme.palette, self._counts
        fill_round(painter, place, place.height() / 2, palette.track)
        if not counts.expected:
            return
        shape = QPainterPath()
        shape.addRoundedRect(place, place.height() / 2, place.height() / 2)
        painter.setClipPath(shape)
        x = place.left()
        for number, colour in (
            (counts.present, palette.present),
            (counts.late, palette.late),
            (counts.kept, palette.accent),
        ):
            width = place.width() * number / counts.expected
            fill_round(painter, QRectF(x, place.top(), width, place.height()), 0, colour)
            x += width
        painter.setClipping(False)


class ArrivalStrip(QWidget):
    """Who came last, the newest at the left, as many as fit."""

    def __init__(self, theme: Theme, *, zone: ZoneInfo, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._zone = zone
        self._scale = 1.0
        self._arrivals: tuple[Arrival, ...] = ()
        self._describe()

    @property
    def arrivals(self) -> tuple[Arrival, ...]:
        """What it shows, the newest first."""
        return self._arrivals

    def set_scale(self, scale: float) -> None:
        """Pixels for one pixel at 1080p."""
        self._scale = scale

    def show_state(self, state: ClassState) -> None:
        """The class as it is now."""
        if state.arrivals != self._arrivals:
            self._arrivals = state.arrivals
            self._describe()
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        s, palette = self._scale, self._theme.palette
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self._arrivals:
            write(painter, QRectF(0, 0, self.width(), ROW * s), _(NOBODY), sans(22 * s, 400), palette.muted)
        x = y = 0.0
        for arrival in self._arrivals:
            width = self._width(arrival)
            if x + width > self.width():
                x, y = 0.0, y + (ROW + 16) * s
            if y + ROW * s > self.height() + 1:
                break
            self._paint(painter, QRectF(x, y, width, ROW * s), arrival)
            x += width + 16 * s
        painter.end()

    def _describe(self) -> None:
        came = [
            f"{one.student.shown_name}, {proof_words(one.record, self._zone)}"
            for one in self._arrivals[:MOST_SPOKEN]
        ]
        describe(self, _("Last came: {came}", came="; ".join(came)) if came else _(NOBODY))

    def _width(self, arrival: Arrival) -> float:
        s = self._scale
        words = max(
            text_width(arrival.student.shown_name, sans(22 * s, 600)),
            text_width(proof_words(arrival.record, self._zone), sans(19 * s, 400)),
        )
        return min(84 * s + words + 1 + 24 * s, float(self.width()))

    def _paint(self, painter: QPainter, place: QRectF, arrival: Arrival) -> None:
        s, palette = self._scale, self._theme.palette
        look = status_look(arrival.record.shown)
        colour, tint = self._theme.colour(look.tone), getattr(palette, f"tint_{look.tone.value}")
        draw_card(painter, place, 20 * s, palette.card, palette.line)
        round_place = QRectF(place.left() + 16 * s, place.center().y() - 26 * s, 52 * s, 52 * s)
        fill_round(painter, round_place, 26 * s, tint)
        inset = 13 * s
        draw_icon(painter, look.icon, round_place.adjusted(inset, inset, -inset, -inset), colour)
        x = place.left() + 84 * s
        across = place.right() - x - 20 * s
        middle = place.center().y()
        name = QRectF(x, middle - 33 * s, across, 34 * s)
        write(painter, name, arrival.student.shown_name, sans(22 * s, 600), palette.text)
        proof = QRectF(x, middle + 1 * s, across, 30 * s)
        write(painter, proof, proof_words(arrival.record, self._zone), sans(19 * s, 400), palette.muted)
