"""A list on paper: title, headings on each page, one line a row, page numbers. Any thread that owns the printer."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPagedPaintDevice, QPainter, QPen

from kiosk.gui.theme import SANS
from kiosk.gui.widgets.lists.rows import ListColumn, ListRow
from kiosk.translation import _

TITLE_PT: Final = 16.0
TEXT_PT: Final = 9.0
LINE: Final = 1.9
"""Heights of the letters that a row takes."""

LEAST_SHARE: Final = 0.6
MOST_SHARE: Final = 3.0
"""Bounds for the width of a column, in parts of an even share: one long address must not take the names' room."""


class PrintedList:
    """Draws rows page by page.

    Args:
        device: Where to; a printer or a PDF.
    """

    def __init__(self, device: QPagedPaintDevice, title: str, columns: Sequence[ListColumn]) -> None:
        self._device = device
        self._title = title
        self._columns = columns
        self._text = QFont(list(SANS))
        self._text.setPointSizeF(TEXT_PT)
        self._bold = QFont(self._text)
        self._bold.setBold(True)
        self._big = QFont(self._bold)
        self._big.setPointSizeF(TITLE_PT)

    def draw(self, rows: Sequence[ListRow]) -> int:
        """Draw all rows and return the number of pages."""
        painter = QPainter(self._device)
        metrics = QFontMetricsF(self._text, self._device)
        self._height = metrics.height() * LINE
        area = QRectF(painter.viewport())
        widths = self._widths(rows, area.width(), metrics)
        top = QFontMetricsF(self._big, self._device).height() * 1.6
        fit = max(1, int((area.height() - top - 2 * self._height) / self._height))
        pages = max(1, -(-len(rows) // fit))
        for page in range(pages):
            if page:
                self._device.newPage()
            self._page(painter, area, (page + 1, pages), top)
            y = area.top() + top
            self._line(painter, y, area, widths, [column.heading for column in self._columns], self._bold)
            for row in rows[page * fit : (page + 1) * fit]:
                y += self._height
                self._line(painter, y, area, widths, [cell.text for cell in row.cells], self._text)
        painter.end()
        return pages

    def _page(self, painter: QPainter, area: QRectF, number: tuple[int, int], top: float) -> None:
        painter.setFont(self._big)
        painter.drawText(
            QRectF(area.left(), area.top(), area.width(), top), Qt.AlignmentFlag.AlignLeft, self._title
        )
        painter.setFont(self._text)
        foot = QRectF(area.left(), area.bottom() - self._height, area.width(), self._height)
        side = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom
        painter.drawText(foot, side, _("Page {page} of {pages}", page=number[0], pages=number[1]))

    def _line(
        self,
        painter: QPainter,
        y: float,
        area: QRectF,
        widths: Sequence[float],
        texts: Sequence[str],
        font: QFont,
    ) -> None:
        metrics = QFontMetricsF(font, self._device)
        painter.setFont(font)
        x, gap = area.left(), metrics.averageCharWidth()
        for column, width, text in zip(self._columns, widths, texts, strict=True):
            shown = metrics.elidedText(" ".join(text.split()), Qt.TextElideMode.ElideRight, width - gap)
            side = Qt.AlignmentFlag.AlignRight if column.is_number else Qt.AlignmentFlag.AlignLeft
            painter.drawText(
                QRectF(x, y, width - gap, self._height), side | Qt.AlignmentFlag.AlignVCenter, shown
            )
            x += width
        painter.setPen(QPen(Qt.GlobalColor.lightGray, metrics.lineWidth()))
        painter.drawLine(QLineF(area.left(), y + self._height, area.right(), y + self._height))
        painter.setPen(Qt.GlobalColor.black)

    def _widths(self, rows: Sequence[ListRow], room: float, metrics: QFontMetricsF) -> list[float]:
        """The room, shared by the longest texts of the first rows."""
        even = room / max(1, len(self._columns))
        wanted = [
            max(
                metrics.horizontalAdvance(column.heading),
                *(metrics.horizontalAdvance(row.cells[place].text) for row in rows[:200]),
                0.0,
            )
            for place, column in enumerate(self._columns)
        ]
        bounded = [min(max(one, even * LEAST_SHARE), even * MOST_SHARE) for one in wanted]
        return [one * room / sum(bounded) for one in bounded]
