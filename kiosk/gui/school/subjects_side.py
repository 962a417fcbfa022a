"""What stands beside the settings: the subjects, and a search over all of them. Main thread."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QLineEdit, QListWidget, QListWidgetItem, QWidget

from kiosk.gui.theme import Theme
from kiosk.gui.widgets.dialogs import SEARCHES
from kiosk.gui.widgets.layouts import vertical
from kiosk.settings import Subject
from kiosk.translation import _
from kiosk.wording.settings import subject_title

SIDE_PX: Final = 320


class SubjectsSide(QWidget):
    """Knows which subject is in front and what is searched for; `turned` when one of them is another."""

    turned = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._offered: list[Subject] = []
        self.search = QLineEdit()
        self.search.setProperty(SEARCHES, True)
        self.search.setPlaceholderText(_("Search settings"))
        self.search.setAccessibleName(_("Search settings"))
        self.search.setClearButtonEnabled(True)
        self.search.setToolTip(_("Search settings (Ctrl+F)"))
        self.subjects = QListWidget()
        self.subjects.setAccessibleName(_("Subjects"))
        self.subjects.setFrameShape(QFrame.Shape.NoFrame)
        self.setFixedWidth(theme.px(SIDE_PX))
        vertical(self.search, (self.subjects, 1), on=self, spacing=theme.space(2))
        self.search.textChanged.connect(lambda _text: self._turn())
        self.subjects.currentRowChanged.connect(lambda _row: self._choose())

    @property
    def subject(self) -> Subject:
        """The one in front."""
        row = self.subjects.currentRow()
        return self._offered[row] if row >= 0 else Subject.SCHOOL

    @property
    def asked(self) -> str:
        """What is searched for; empty where only the subject in front is looked at."""
        return self.search.text().strip()

    def offer(self, subjects: Sequence[Subject]) -> None:
        """Name these; the one in front stays there if it is among them. Says nothing."""
        shown = self.subject
        self.subjects.blockSignals(True)
        self.subjects.clear()
        self._offered = list(subjects)
        for subject in subjects:
            self.subjects.addItem(QListWidgetItem(subject_title(subject)))
        self.subjects.setCurrentRow(self._offered.index(shown) if shown in self._offered else 0)
        self.subjects.blockSignals(False)

    def show_subject(self, subject: Subject) -> None:
        """Bring one to the front, and forget what was searched for."""
        self.search.clear()
        if subject in self._offered:
            self.subjects.setCurrentRow(self._offered.index(subject))

    def _choose(self) -> None:
        if self.search.text():
            self.search.clear()  # turns by itself
        else:
            self._turn()

    def _turn(self) -> None:
        if self.asked:
            self.subjects.clearSelection()
        elif self.subjects.currentRow() >= 0:
            self.subjects.item(self.subjects.currentRow()).setSelected(True)
        self.turned.emit()
