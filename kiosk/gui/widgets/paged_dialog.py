"""A dialog whose first page is a list, with a page for each question about it. Main thread."""

from functools import partial
from typing import Final

from PySide6.QtWidgets import QPushButton, QStackedWidget, QWidget

from kiosk.gui.theme import Theme
from kiosk.gui.widgets.buttons import PrimaryButton, SecondaryButton
from kiosk.gui.widgets.layouts import Part, horizontal, vertical
from kiosk.gui.widgets.parts import ResultTable
from kiosk.gui.widgets.work_dialog import WorkDialog
from kiosk.translation import _

LIST: Final = 0
"""The page of the list; the others are numbered as they are added."""


class PagedDialog(WorkDialog):
    """While a page asks for something there are *Back* and one main button; Escape leads back to the list, too."""

    def __init__(
        self, theme: Theme, title: str, parent: QWidget | None, *, width: int, table: ResultTable, main: str
    ) -> None:
        super().__init__(theme, title, parent, width=width)
        self.table = table
        self._pages = QStackedWidget()
        self.form.addWidget(self._pages)
        self.back_button = self.add_button(SecondaryButton(_("Back")), lambda: self.turn(LIST))
        self.main_button = self.add_button(PrimaryButton(main), self.do)

    def add_list(
        self, *buttons: QPushButton, above: tuple[Part, ...] = (), below: tuple[Part, ...] = ()
    ) -> None:
        """Add the first page: the table, and below it what can be done about the selected row."""
        row = horizontal(*buttons, 1, spacing=self.theme.space(1))
        self.add_page(*above, self.table, *below, row)

    def add_page(self, *parts: Part) -> None:
        """Add the next page, from top to bottom."""
        page = QWidget()
        vertical(*parts, on=page, spacing=self.theme.space(2))
        self._pages.addWidget(page)

    @property
    def page(self) -> int:
        """Which page is shown."""
        return self._pages.currentIndex()

    def do(self) -> None:
        """Do what the main button says."""

    def turn(self, page: int) -> None:
        """Show another page; who knows the pages says what is asked there."""
        self._pages.setCurrentIndex(page)

    def ask(self, asking: bool, focus: QWidget) -> None:
        """Offer *Back* and the main button, or *Close*."""
        self.back_button.setVisible(asking)
        self.main_button.setVisible(asking)
        self.main_button.setDefault(asking)
        self.close_button.setVisible(not asking)
        focus.setFocus()

    def reject(self) -> None:
        if self.page != LIST and not self.busy:
            self.ask_before_losing(partial(self.turn, LIST))
        else:
            super().reject()
