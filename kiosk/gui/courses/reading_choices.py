"""How a class list is read, to be seen and changed: sheet, letters, and the column for each thing. Main thread."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QWidget

from kiosk.domain.courses.list_columns import ListChoices, ListReading, column_at
from kiosk.gui.courses.list_tables import column_choice
from kiosk.gui.theme import Theme
from kiosk.gui.widgets.fields import Field
from kiosk.gui.widgets.layouts import horizontal, vertical
from kiosk.translation import _
from kiosk.wording.code_pages import CODE_PAGES, code_page_words

MORE_NAMES: Final = 3
"""Columns that can be joined to a name."""


class ReadingChoices(QWidget):
    """Boxes that show what was guessed; `changed` follows a person's choice, never a guess."""

    changed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sheet, self.encoding, self.number = (QComboBox() for _unused in range(3))
        self.email, self.guardian = QComboBox(), QComboBox()
        self.names = [QComboBox() for _unused in range(MORE_NAMES)]
        self._sheet_field = Field(theme, _("Sheet"), self.sheet)
        self._encoding_field = Field(theme, _("Letters"), self.encoding)
        columns = [Field(theme, _("Number is in"), self.number)]
        columns += [
            Field(theme, words, box)
            for words, box in zip((_("Name is in"), _("and in"), _("and also in")), self.names, strict=True)
        ]
        columns.append(Field(theme, _("E-mail is in"), self.email))
        columns.append(Field(theme, _("Parent’s e-mail is in"), self.guardian))
        self._columns = QWidget()
        horizontal(*((one, 1) for one in columns), on=self._columns, spacing=theme.space(1))
        whole = horizontal((self._sheet_field, 1), (self._encoding_field, 1), spacing=theme.space(1))
        vertical(whole, self._columns, on=self, spacing=theme.space(1))
        for box in self._boxes():
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(8)
        self.sheet.activated.connect(self._on_sheet)
        self.encoding.activated.connect(self._on_encoding)
        for box in (self.number, *self.names, self.email, self.guardian):
            box.activated.connect(self._on_column)
        self._chosen = ListChoices()
        self.show_reading(ListReading())

    def _boxes(self) -> list[QComboBox]:
        return [self.sheet, self.encoding, self.number, *self.names, self.email, self.guardian]

    @property
    def chosen(self) -> ListChoices:
        """What a person chose of this file; empty until somebody did."""
        return self._chosen

    def forget(self) -> None:
        """Another file: nothing is chosen."""
        self._chosen = ListChoices()
        self.show_reading(ListReading())

    def show_reading(self, reading: ListReading) -> None:
        """Show how the file was read, and what there is to choose from."""
        self._fill(self.sheet, [(one, one) for one in reading.sheets], reading.sheet)
        offered = list(dict.fromkeys([reading.encoding, *reading.encodings, *CODE_PAGES]))
        self._fill(self.encoding, [(code_page_words(one), one) for one in offered if one], reading.encoding)
        columns = column_choice(reading.headings, column_at)
        self._fill(self.number, columns, None if reading.number is None else column_at(reading.number))
        none = ("–", "")
        for place, box in enumerate(self.names):
            found = column_at(reading.names[place]) if place < len(reading.names) else None
            self._fill(box, [none, *columns] if place else columns, found or ("" if place else None))
        for box, found_at in ((self.email, reading.email), (self.guardian, reading.guardian)):
            self._fill(box, [none, *columns], "" if found_at is None else column_at(found_at))
        self._sheet_field.setVisible(len(reading.sheets) > 1)
        self._encoding_field.setVisible(bool(reading.encoding))
        self._columns.setVisible(bool(reading.headings))
        self.setVisible(len(reading.sheets) > 1 or bool(reading.headings))

    def _fill(self, box: QComboBox, items: Sequence[tuple[str, str]], current: str | None) -> None:
        box.clear()
        for words, value in items:
            box.addItem(words, value)
        box.setCurrentIndex(-1 if current is None else box.findData(current))

    def _on_sheet(self) -> None:
        """Another sheet has other columns."""
        self._chosen = ListChoices(sheet=self.sheet.currentData())
        self.changed.emit()

    def _on_encoding(self) -> None:
        self._chosen = replace(self._chosen, encoding=self.encoding.currentData())
        self.changed.emit()

    def _on_column(self) -> None:
        """All columns that are shown are chosen now."""
        self._chosen = replace(
            self._chosen,
            sheet=self.sheet.currentData() or None,
            number=self.number.currentData(),
            names=tuple(str(box.currentData()) for box in self.names if box.currentData()),
            email=self.email.currentData(),
            guardian=self.guardian.currentData(),
        )
        self.changed.emit()
