"""Choosing who is enrolled: search, consent, how many pictures there are. Main thread only."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from kiosk.gui.people.student_search import ROWS, found, left_out_words
from kiosk.gui.theme import TextStyle, Theme, Tone
from kiosk.gui.widgets.buttons import SecondaryButton
from kiosk.gui.widgets.dialogs import SEARCHES
from kiosk.gui.widgets.fields import LineField
from kiosk.gui.widgets.layouts import horizontal, vertical
from kiosk.gui.widgets.parts import ResultTable
from kiosk.gui.widgets.surfaces import Text
from kiosk.services.people.consents import StudentFaces
from kiosk.translation import N_, _

TABLE_PX: Final = 400
CONSENTS: Final = N_("Consent recorded")
WITHDRAWN: Final = N_("Consent withdrawn")
NO_WORD: Final = N_("No consent: uses the code")


class StudentPage(QWidget):
    """A searchable list of students and what is known of their consent.

    Signals:
        chosen_changed: Another student is selected, or none.
        start_wanted: Enter or a double click on somebody.
        consent_wanted: The button to record consent was pressed.
    """

    chosen_changed = Signal()
    start_wanted = Signal()
    consent_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._all: list[StudentFaces] = []
        self._shown: list[StudentFaces] = []
        self.search = LineField(theme, _("Student"), placeholder=_("Name or number"))
        self.search.edit.setProperty(SEARCHES, True)
        self.table = ResultTable(
            theme,
            (_("Name"), _("Number"), _("Consent"), _("Pictures")),
            name=_("Students"),
            height=TABLE_PX,
            wide=0,
        )
        self.words = Text(style=TextStyle.BODY, wrap=True)
        self.words.setMinimumHeight(theme.px(58))
        self.words.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.consent_button = SecondaryButton(_("Record consent…"))
        row = horizontal(
            (self.words, 1), (self.consent_button, 0, Qt.AlignmentFlag.AlignTop), spacing=theme.space(2)
        )
        self._more = Text(style=TextStyle.CAPTION, tone=Tone.MUTED)
        vertical(self.search, self.table, self._more, row, on=self, spacing=theme.space(2))
        self.search.edit.textChanged.connect(self._filter)
        self.search.edit.installEventFilter(self)
        self.table.itemSelectionChanged.connect(self._on_choice)
        self.table.itemDoubleClicked.connect(self.start_wanted)
        self.consent_button.clicked.connect(self.consent_wanted)
        self._on_choice()

    @property
    def chosen(self) -> StudentFaces | None:
        """Who is selected."""
        return self.table.chosen(self._shown)

    def show_students(self, students: Sequence[StudentFaces]) -> None:
        """Take over the list; who was selected stays so."""
        self._all = list(students)
        self._filter()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Up and down in the search move through the list."""
        if event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
            if step is not None and self._shown:
                rows = self.table.selectionModel().selectedRows()
                now = rows[0].row() if rows else -1
                self.table.selectRow(min(max(now + step, 0), len(self._shown) - 1))
                return True
        return super().eventFilter(watched, event)

    def _filter(self) -> None:
        before = self.chosen
        matching = found(self._all, self.search.text)
        self._shown = matching[:ROWS]
        self._more.show_if_any(left_out_words(len(matching)))
        self.table.show_rows([_row(one) for one in self._shown])
        ids = [one.student.student_id for one in self._shown]
        if before is not None and before.student.student_id in ids:
            self.table.selectRow(ids.index(before.student.student_id))
        elif self.search.text.strip() and self._shown:
            self.table.selectRow(0)
        else:
            self.table.clearSelection()
        self._on_choice()

    def _on_choice(self) -> None:
        one = self.chosen
        self.consent_button.setVisible(one is not None and not one.consents)
        self.words.setText(_words(one))
        self.words.set_tone(Tone.PRESENT if one and one.consents else Tone.LATE if one else Tone.MUTED)
        self.chosen_changed.emit()


def _row(one: StudentFaces) -> tuple[Tone, tuple[str, ...]]:
    consent = _(CONSENTS) if one.consents else _(NO_WORD) if one.word is None else _(WITHDRAWN)
    pictures = str(one.pictures) if one.pictures else ""
    return Tone.TEXT, (one.student.full_name, one.student.student_no, consent, pictures)


def _words(one: StudentFaces | None) -> str:
    if one is None:
        return _("Choose who sits before the camera.")
    name = one.student.full_name
    if one.consents:
        return _("{name} consents to face recognition.", name=name)
    if one.word is None:
        return _(
            "No consent of {name} is recorded. Without it no face is measured; {name} uses the code instead.",
            name=name,
        )
    return _("{name} withdrew the consent. No face is measured; {name} uses the code instead.", name=name)
