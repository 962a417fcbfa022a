"""The courses of *Today*: the likely one large, the others below, or how to get a first one. Main thread."""

from collections.abc import Sequence
from typing import Final
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QGridLayout, QLineEdit, QScrollArea, QWidget

from kiosk.domain.people.students import fold
from kiosk.gui.attendance.course_cards import CourseCard
from kiosk.gui.attendance.day_list import DayList
from kiosk.gui.attendance.facts import CourseLine
from kiosk.gui.theme import TextStyle, Theme, Tone
from kiosk.gui.widgets.buttons import PrimaryButton
from kiosk.gui.widgets.layouts import horizontal, vertical
from kiosk.gui.widgets.surfaces import Card, Text
from kiosk.translation import _

COLUMNS: Final = 3
LEAST_PX: Final = 120
"""So much of the other courses is always in sight."""

SEARCH_PX: Final = 420

SHOWN: Final = 11
"""How many others stand below the likely one; a card takes a moment to make, and nobody reads two hundred. Where there are
more, a search finds them."""


class CourseList(QWidget):
    """Shows what it is given and tells what was pressed; the signals of each card, and:

    Signals:
        pressed: A class is to be started or gone on with.
        import_requested: An admin wants a first class list.
        course_requested: Somebody looks at what became of a course's classes; carries its id.
    """

    pressed = Signal()
    start_requested = Signal(int, object, object)
    resume_requested = Signal(int)
    take_over_requested = Signal(object)
    liveness_chosen = Signal(int, object)
    policy_chosen = Signal(int, object)
    import_requested = Signal()
    course_requested = Signal(int)

    def __init__(self, theme: Theme, zone: ZoneInfo, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._zone = zone
        self.cards: list[CourseCard] = []
        self.import_button: PrimaryButton | None = None
        self.search: QLineEdit | None = None
        self._others: list[CourseLine] = []
        self._lines: list[CourseLine] = []
        self._columns = COLUMNS
        self.day: DayList | None = None
        self._column = vertical(on=self, spacing=theme.space(3))
        self._inner: QWidget | None = None
        self._next_card = QTimer(self, singleShot=True, interval=0)
        self._next_card.timeout.connect(self._make_next)

    def show_lines(self, lines: Sequence[CourseLine], *, may_import: bool) -> None:
        """Show these courses, the likely one first."""
        self._clear()
        self._lines, self._may_import = list(lines), may_import
        if not lines:
            empty = self._empty(may_import=may_import)
            self._column.addWidget(empty, 0)
            self._column.addStretch(1)
            empty.show()  # what is not visible yet loses the focus when the window becomes active
            return
        first, *self._others = lines
        card = self._card(first, large=True)
        self._column.addWidget(card)
        card.show()
        self.day = self._make_day(lines)
        self._columns = COLUMNS if self.day is None else COLUMNS - 1
        if not self._others:
            if self.day is None:
                self._column.addStretch(1)
            else:
                self._column.addWidget(self.day, 1)
            return
        below = QWidget()
        self._below = vertical(on=below, spacing=self._theme.space(2))
        if self.day is None:
            self._column.addWidget(below, 1)
        else:
            both = QWidget()
            horizontal((self.day, 2), (below, 3), on=both, spacing=self._theme.space(3))
            self._column.addWidget(both, 1)
        if len(self._others) <= SHOWN:
            self._below.addWidget(Text(_("Other courses"), TextStyle.HEADING))
        else:
            self._below.addWidget(self._search())
        self._shown: list[CourseLine] = []
        self._inner = None
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setMinimumHeight(self._theme.px(LEAST_PX))
        self._below.addWidget(self._area, 1)
        self._show_others()
        while len(self.cards) <= len(self._shown):
            self._make_next()

    def focus_first(self) -> None:
        """What is pressed first gets the keyboard."""
        if self.cards:
            self.cards[0].button.setFocus()
        elif self.import_button is not None:
            self.import_button.setFocus()

    def choose(self, course_id: int) -> None:
        """Bring a course to the place of the likely one, with the keyboard on its button."""
        first = [line for line in self._lines if line.today.course.course_id == course_id]
        rest = [line for line in self._lines if line.today.course.course_id != course_id]
        shows_all = self.day is not None and self.day.everybody.isChecked()
        self.show_lines([*first, *rest], may_import=self._may_import)
        if self.day is not None:
            self.day.everybody.setChecked(shows_all)
        self.focus_first()

    def _make_day(self, lines: Sequence[CourseLine]) -> DayList | None:
        day = DayList(self._theme, self._zone)
        if not day.show_lines(lines):
            return None
        day.chosen.connect(self.choose, Qt.ConnectionType.QueuedConnection)  # the table is replaced by it
        day.looked_at.connect(self.course_requested)
        return day

    def _clear(self) -> None:
        self.day = None
        self.cards = []
        self.import_button = None
        self.search = None
        self._next_card.stop()
        while (item := self._column.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()

    def _search(self) -> QWidget:
        self.search = QLineEdit(clearButtonEnabled=True)
        self.search.setPlaceholderText(_("Search course or room (Ctrl+F)"))
        self.search.setAccessibleName(_("Search course or room"))
        self.search.textChanged.connect(self._show_others)
        shortcut = QShortcut(QKeySequence.StandardKey.Find, self.search)
        shortcut.activated.connect(self.search.setFocus)
        shortcut.setWhatsThis(_("Search"))
        self._found = Text(tone=Tone.MUTED)
        row = QWidget()
        heading = Text(_("Other courses"), TextStyle.HEADING)
        horizontal(heading, (self._found, 1), self.search, on=row, spacing=self._theme.space(2))
        self.search.setMinimumWidth(self._theme.px(SEARCH_PX))
        return row

    def _show_others(self, _text: str = "") -> None:
        """Show the first of the courses that the search lets through, card by card: a key waits for one at most."""
        wanted = fold(self.search.text()) if self.search is not None else ""
        found = [
            line
            for line in self._others
            if wanted in fold(f"{line.today.course.label} {line.today.course.room}")
        ]
        shown = found[:SHOWN]
        if self.search is not None:
            self._found.setText(_("{shown} of {found} are shown", shown=len(shown), found=len(found)))
        if shown == self._shown:
            return
        self._shown = shown
        del self.cards[1:]
        if self._inner is not None and self._inner is not self._area.widget():
            self._inner.deleteLater()  # the search went on before its last card
        self._inner = QWidget(self._area.viewport())
        self._grid = self._empty_grid(self._inner, len(shown))
        self._make_next()

    def _make_next(self) -> None:
        """Make one card more; what was in the scroll area before goes with its widget when all are there."""
        place = len(self.cards) - 1
        if place < len(self._shown):
            card = self._card(self._shown[place], large=False)
            self._grid.addWidget(card, place // self._columns, place % self._columns)
            card.ensurePolished()
            place += 1
        if place < len(self._shown):
            self._next_card.start()
        elif self._inner is not None:
            self._next_card.stop()
            self._area.setWidget(self._inner)

    def _card(self, line: CourseLine, *, large: bool) -> CourseCard:
        card = CourseCard(self._theme, line, self._zone, large=large)
        card.button.clicked.connect(self.pressed)
        card.start_requested.connect(self.start_requested)
        card.liveness_chosen.connect(self.liveness_chosen)
        card.policy_chosen.connect(self.policy_chosen)
        card.resume_requested.connect(self.resume_requested)
        card.take_over_requested.connect(self.take_over_requested)
        self.cards.append(card)
        return card

    def _empty_grid(self, inner: QWidget, cards: int) -> QGridLayout:
        grid = QGridLayout(inner)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(self._theme.space(2))
        for number in range(self._columns):
            grid.setColumnStretch(number, 1)
        grid.setRowStretch(cards // self._columns + 1, 1)
        return grid

    def _empty(self, *, may_import: bool) -> QWidget:
        card = Card(self._theme, padding=5)
        card.body.addWidget(Text(_("No course yet"), TextStyle.TITLE))
        if may_import:
            words = _("A class list makes the course and its students. It can be a CSV or an Excel file.")
            card.body.addWidget(Text(words, tone=Tone.MUTED, wrap=True))
            self.import_button = PrimaryButton(_("Import a class list…"))
            self.import_button.setAutoDefault(True)
            self.import_button.clicked.connect(self.import_requested)
            card.body.addWidget(self.import_button, 0, Qt.AlignmentFlag.AlignLeft)
        else:
            words = _("Ask your admin to import a class list. Then your courses stand here.")
            card.body.addWidget(Text(words, tone=Tone.MUTED, wrap=True))
        return card
