"""One report on its card: drawn or as a table, in a sentence, or why there is nothing to see. Main thread; reads nothing."""

from typing import Final

from PySide6.QtCore import QEvent, QObject, QRect, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QProgressBar, QScrollArea, QStackedWidget, QWidget

from kiosk.domain.reports.reports import BelowLimit, Report
from kiosk.gui.reports.report_view import ReportView
from kiosk.gui.theme import TextStyle, Theme, Tone
from kiosk.gui.widgets.buttons import QuietButton, SecondaryButton
from kiosk.gui.widgets.layouts import horizontal, vertical
from kiosk.gui.widgets.parts import ResultTable
from kiosk.gui.widgets.surfaces import Card, Text
from kiosk.services.reports.report_tables import ReportTable, table_of
from kiosk.translation import _
from kiosk.wording.reports import about, is_empty, kind_of, period, report_words, summary

WAIT_MS: Final = 400
"""A report that takes longer shows that it is being read."""


class ReportCard(Card):
    """Owns the report that is shown, and how it is looked at.

    Attributes:
        report: What is shown; None while nothing is.
        may_take_along: Whether messages about it may be offered to who looks at it.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, padding=2, parent=parent)
        self._theme = theme
        self.report: Report | None = None
        self.may_take_along = False
        self.view = ReportView(theme)
        self.area = QScrollArea()
        self.table_area = QStackedWidget()
        self.table: ResultTable | None = None
        self.summary = Text(style=TextStyle.STRONG, wrap=True)
        self.about = Text(style=TextStyle.CAPTION, tone=Tone.MUTED, wrap=True)
        self.empty = Text(tone=Tone.MUTED, wrap=True)
        self.said = Text(style=TextStyle.CAPTION)
        self.busy = QProgressBar()
        self.warn_button = SecondaryButton(_("Write to them…"))
        self.table_button = QuietButton(_("Show as a table"))
        self._timer = QTimer(self, interval=WAIT_MS, singleShot=True)
        self._lay_out()
        self.view.said.connect(self._say_spot)
        self.view.wanted.connect(self._show_part)
        self.table_button.toggled.connect(self._show)
        self._timer.timeout.connect(self.busy.show)

    def _lay_out(self) -> None:
        space = self._theme.space
        self.busy.setRange(0, 0)
        self.busy.setTextVisible(False)
        self.busy.setFixedHeight(self._theme.px(6))
        self.busy.setAccessibleName(_("The report is being read"))
        self.area.setWidget(self.view)
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QScrollArea.Shape.NoFrame)
        self.area.viewport().installEventFilter(self)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.table_area.addWidget(self.area)
        self.table_area.addWidget(self.empty)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        texts = vertical(self.summary, self.about, spacing=space(0.5))
        top = Qt.AlignmentFlag.AlignTop
        self.body.addLayout(
            horizontal((texts, 1), (self.warn_button, 0, top), (self.table_button, 0, top), spacing=space(1))
        )
        self.body.addWidget(self.busy)
        self.body.addWidget(self.table_area, 1)
        self.body.addWidget(self.said)
        self.busy.hide()
        self.table_button.setCheckable(True)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Resize:
            self.view.room_height(self.area.viewport().height())
        return super().eventFilter(watched, event)

    # -- what is shown ----------------------------------------------------------------------------------------------

    def wait(self, waiting: bool) -> None:
        """Something is read or written, which is shown when it takes long; or it is done."""
        if waiting:
            self._timer.start()
            return
        self._timer.stop()
        self.busy.hide()

    def show_report(self, report: Report) -> None:
        """Show a report that was read."""
        self.wait(False)
        self.report = report
        self._show()

    def show_nothing(self, words: str) -> None:
        """There is no report, for this reason."""
        self.wait(False)
        self.report = None
        self._say_empty(words)

    def copy(self) -> None:
        """Put the report's table on the clipboard, as spreadsheets take it."""
        if self.report is not None:
            shown = table_of(self.report)
            lines = ("\t".join(row) for row in (shown.headings, *shown.rows))
            QGuiApplication.clipboard().setText("\n".join(lines))

    # -- inside -----------------------------------------------------------------------------------------------------

    def _show(self) -> None:
        report = self.report
        if report is None:
            return
        head = report.head
        self.about.show_if_any(f"{about(head)} · {period(head.first, head.last)}")
        if is_empty(report):
            next_step = report_words(kind_of(report)).next_step
            self._say_empty(f"{summary(report)} {next_step}".strip())
            return
        self.summary.show_if_any(summary(report))
        self.table_button.show()
        self.warn_button.setVisible(isinstance(report, BelowLimit) and self.may_take_along)
        if self.table_button.isChecked():
            self.said.hide()
            self._show_table(table_of(report))
            return
        self.view.show_report(report)
        self._say_spot("")
        self.said.show()
        self.table_area.setCurrentWidget(self.area)

    def _say_spot(self, words: str) -> None:
        """One line for what is under pointer or keys, so that nothing moves when it changes."""
        self.said.setText(words.replace("\n", " · ") or _("Point at it, or press Tab and the arrow keys."))

    def _show_part(self, part: QRect) -> None:
        middle = part.center()
        self.area.ensureVisible(middle.x(), middle.y(), part.width() // 2 + 8, part.height() // 2 + 8)

    def _show_table(self, shown: ReportTable) -> None:
        if self.table is not None:
            self.table_area.removeWidget(self.table)
            self.table.deleteLater()
        self.table = ResultTable(
            self._theme, shown.headings, name=_("The report as a table"), height=200, wide=1
        )
        self.table.setMinimumHeight(0)
        self.table.setMaximumHeight(16_777_215)
        self.table.show_rows([(Tone.TEXT, row) for row in shown.rows])
        self.table_area.addWidget(self.table)
        self.table_area.setCurrentWidget(self.table)

    def _say_empty(self, words: str) -> None:
        self.summary.hide()
        self.said.hide()
        self.warn_button.hide()
        self.table_button.hide()
        if self.report is None:
            self.about.hide()
        self.empty.setText(words)
        self.table_area.setCurrentWidget(self.empty)
