"""Chips to choose a status with: the four in a row, and below them those of the school's own. Main thread."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QWidget

from kiosk.domain.attendance.choices import Status
from kiosk.domain.attendance.school_status import AnyStatus, SchoolStatus, are_same
from kiosk.gui.attendance.roster.students.delegate import status_look
from kiosk.gui.theme import Theme
from kiosk.gui.widgets.chip import Chip
from kiosk.gui.widgets.flow import Flow
from kiosk.gui.widgets.layouts import horizontal, vertical
from kiosk.gui.widgets.surfaces import tool_tip
from kiosk.wording.attendance import status_letter, status_meaning, status_title


class StatusChips(QWidget):
    """One of them is chosen, or none yet.

    Signals:
        changed: Another one was chosen.
    """

    changed = Signal()

    def __init__(self, theme: Theme, own: Sequence[SchoolStatus] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._group = QButtonGroup(self)
        self.chips: dict[AnyStatus, Chip] = {}
        row = horizontal(spacing=theme.space(0.75))
        for status in Status:
            row.addWidget(self._chip(status, f"&{status_title(status)}"), 1)
        self._own: tuple[SchoolStatus, ...] = ()
        self._flow = Flow(theme)
        self._body = vertical(row, self._flow, on=self, spacing=theme.space(0.75))
        self._flow.hide()
        self.offer(own)

    def offer(self, own: Sequence[SchoolStatus]) -> None:
        """Offer these of the school's own; what is chosen stays chosen where it is still offered."""
        if tuple(own) == self._own:
            return
        chosen = self.chosen()
        for status in self._own:
            chip = self.chips.pop(status)
            self._group.removeButton(chip)
            chip.setParent(None)
            chip.deleteLater()
        self._own = tuple(own)
        for status in own:
            chip = self._chip(status, status.name.replace("&", "&&"))
            chip.setToolTip(tool_tip(f"{status_letter(status)}: {status_meaning(status)}"))
            chip.setAccessibleName(f"{status.name}, {status_meaning(status)}")
            self._flow.add(chip)
        self._flow.setVisible(bool(own))
        self.choose(chosen)

    def choose(self, status: AnyStatus | None) -> None:
        """Choose one; None: none is chosen."""
        self._group.setExclusive(False)
        for one, chip in self.chips.items():
            chip.setChecked(status is not None and are_same(one, status))
        self._group.setExclusive(True)

    def chosen(self) -> AnyStatus | None:
        """The one that is chosen."""
        return next((status for status, chip in self.chips.items() if chip.isChecked()), None)

    def take_focus(self) -> None:
        """Let the keys choose."""
        next(iter(self.chips.values())).setFocus()

    def _chip(self, status: AnyStatus, words: str) -> Chip:
        chip = Chip(self._theme, words, tone=status_look(status).tone)
        chip.clicked.connect(lambda _checked=False: self.changed.emit())
        self._group.addButton(chip)
        self.chips[status] = chip
        return chip
