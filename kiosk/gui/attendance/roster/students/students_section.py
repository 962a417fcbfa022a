"""Everybody of a class: search, filters and the list. Main thread; it draws, and tells what was chosen."""

from functools import partial
from typing import assert_never, cast

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLineEdit, QListView, QWidget

from kiosk.gui.attendance.roster.state import RosterFilter, RosterLine, RosterState
from kiosk.gui.attendance.roster.students.delegate import RosterDelegate
from kiosk.gui.attendance.roster.students.model import LINE_ROLE, RosterModel
from kiosk.gui.attendance.roster.wording import filter_title
from kiosk.gui.theme import Theme, Tone
from kiosk.gui.widgets.buttons import SecondaryButton
from kiosk.gui.widgets.chip import Chip
from kiosk.gui.widgets.layouts import vertical
from kiosk.gui.widgets.surfaces import Text
from kiosk.translation import _, ngettext


class StudentsSection(QWidget):
    """One row a student.

    Signals:
        searched: What was typed.
        chosen: `RosterFilter`.
        asked: Id of a student who was pressed.
        all_asked: Everybody who is shown and not here is to be marked.
    """

    searched = Signal(str)
    chosen = Signal(object)
    asked = Signal(int)
    all_asked = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = RosterModel(self)
        self.search = QLineEdit()
        self.chips: dict[RosterFilter, Chip] = {}
        self.list = QListView()
        self.nobody = Text(_("Nobody fits. Clear the search, or choose All."), tone=Tone.MUTED, wrap=True)
        self.nobody.hide()
        self.all_button = SecondaryButton("")
        self.all_button.clicked.connect(self.all_asked)
        self.all_button.hide()
        self._prepare_search()
        self._prepare_list(theme)
        vertical(
            self.search,
            self._filters(theme),
            (self.list, 1),
            self.nobody,
            self.all_button,
            on=self,
            spacing=theme.space(1.5),
        )

    def show_state(self, state: RosterState) -> None:
        """Show the rows that fit."""
        shown = state.shown
        self.model.show(shown)
        for chosen, chip in self.chips.items():
            chip.setText(f"{filter_title(chosen)} {state.number(chosen)}")
            chip.setChecked(chosen is state.chosen)
            if chosen is RosterFilter.EXCUSED:  # seldom anybody, and the column is narrow
                chip.setVisible(chip.isChecked() or state.count.excused > 0)
        self.nobody.setVisible(bool(state.lines) and not shown)
        together = len(state.missing)
        self.all_button.setText(
            ngettext("&Mark {n} student who is shown…", "&Mark all {n} who are shown…", together, n=together)
        )
        self.all_button.setVisible(together > 1)

    def point_at(self, student_id: int) -> None:
        """Make a student's row the current one, and have it in sight."""
        index = self.model.index_of(student_id)
        self.list.setCurrentIndex(index)
        self.list.scrollTo(index)

    def _prepare_search(self) -> None:
        self.search.setPlaceholderText(_("Search name or number (Ctrl+F)"))
        self.search.setAccessibleName(_("Search name or number"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self.searched)
        self.search.returnPressed.connect(self._ask_first)

    def _prepare_list(self, theme: Theme) -> None:
        self.list.setModel(self.model)
        self.list.setItemDelegate(RosterDelegate(theme, self.list))
        self.list.setUniformItemSizes(True)
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setMouseTracking(True)
        self.list.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.list.setAccessibleName(_("Students of this class"))
        self.list.clicked.connect(self._ask)
        self.list.activated.connect(self._ask)

    def _filters(self, theme: Theme) -> QHBoxLayout:
        chips = QHBoxLayout()
        chips.setSpacing(theme.space(0.75))
        group = QButtonGroup(self)
        for chosen in RosterFilter:
            chip = Chip(theme, filter_title(chosen), tone=_tone(chosen))
            chip.clicked.connect(partial(self.chosen.emit, chosen))
            group.addButton(chip)
            self.chips[chosen] = chip
            chips.addWidget(chip, 1)
        self.chips[RosterFilter.ALL].setChecked(True)
        return chips

    def _ask_first(self) -> None:
        self._ask(self.model.index(0))

    def _ask(self, index: QModelIndex) -> None:
        line = cast(RosterLine | None, index.data(LINE_ROLE))
        if line is not None:
            self.asked.emit(line.student.student_id)


def _tone(chosen: RosterFilter) -> Tone:
    match chosen:
        case RosterFilter.ALL:
            return Tone.ACCENT
        case RosterFilter.MISSING:
            return Tone.REFUSED
        case RosterFilter.PRESENT:
            return Tone.PRESENT
        case RosterFilter.LATE:
            return Tone.LATE
        case RosterFilter.EXCUSED:
            return Tone.MUTED
        case _:
            assert_never(chosen)
