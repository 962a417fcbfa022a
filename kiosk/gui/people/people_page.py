"""People: everybody who can be marked, as a list. Main thread; reading runs in tasks."""

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from kiosk.domain.listing import ListQuestion
from kiosk.domain.people.students import Student, fold
from kiosk.domain.trust.rights import NOBODY, Actor, Right
from kiosk.gui.dialog_catalogue import IMPORT, Entry
from kiosk.gui.dialog_opener import DialogOpener
from kiosk.gui.remembered import Remembered
from kiosk.gui.theme import Theme
from kiosk.gui.widgets.buttons import SecondaryButton
from kiosk.gui.widgets.layouts import horizontal, vertical
from kiosk.gui.widgets.lists.panel import ListPanel
from kiosk.gui.widgets.lists.rows import Cell, ListColumn, ListRow
from kiosk.gui.widgets.surfaces import PageTitle
from kiosk.services.app import KioskApp
from kiosk.services.courses.class_lists import ClassLists
from kiosk.translation import _


class PeoplePage(QWidget):
    """The list of students."""

    def __init__(
        self,
        app: KioskApp,
        theme: Theme,
        opener: DialogOpener,
        remembered: Remembered,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._app = app
        self._actor = NOBODY
        self.import_button = SecondaryButton(_("Import class list…"))
        self.import_button.clicked.connect(partial(opener.open, IMPORT))
        columns = (
            ListColumn("name", _("Name"), width=0),
            ListColumn("number", _("Number"), width=240),
            ListColumn("email", _("E-mail"), width=420),
        )
        self.list = ListPanel(
            theme,
            columns,
            _Students(app.courses.lists),
            name=_("People"),
            key="people",
            remembered=remembered,
            save=self._save,
        )
        self.list.say_when_empty(
            _("Nobody is known yet. Import a class list to begin."),
            _("Import class list…"),
            partial(opener.open, IMPORT),
        )
        opener.closed.connect(self._follow)
        space = theme.space
        self.setProperty("surface", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        vertical(
            horizontal((PageTitle(_("People")), 1), self.import_button, spacing=space(1.5)),
            (self.list, 1),
            on=self,
            edges=(space(6), space(3), space(6), space(3)),
            spacing=space(2),
        )

    def show_for(self, actor: Actor) -> None:
        """It came to the front for this person."""
        self._actor = actor
        self.import_button.setVisible(actor.may(Right.MANAGE_PEOPLE))
        self.list.output.save_button.setVisible(actor.may(Right.EXPORT))
        self.list.reload()
        self.list.search.setFocus()

    def _save(self, path: Path, *, title: str, headings: Sequence[str], rows: Iterator[Sequence[str]]) -> int:
        return self._app.reports.lists.save(
            path, title=title, headings=headings, rows=rows, actor=self._actor
        )

    def _follow(self, entry: Entry) -> None:
        """A dialog was closed that may have changed them."""
        if entry.changes_courses and self.isVisible():
            self.list.reload()


class _Students:
    """The students as rows; implements `ListSource`."""

    def __init__(self, courses: ClassLists) -> None:
        self._courses = courses

    def count(self, asked: ListQuestion) -> int:
        return len(self._found(asked))

    def rows(self, asked: ListQuestion, *, first: int, most: int) -> Sequence[ListRow]:
        return [
            ListRow(one.student_id, (Cell(one.full_name), Cell(one.student_no), Cell(one.email or "")))
            for one in self._found(asked)[first : first + most]
        ]

    def _found(self, asked: ListQuestion) -> list[Student]:
        words = fold(asked.search).split()
        found = [
            one
            for one in self._courses.students()
            if all(word in fold(f"{one.full_name} {one.student_no}") for word in words)
        ]
        orders = {"number": lambda one: fold(one.student_no), "email": lambda one: fold(one.email or "")}
        if asked.sort in orders:
            found.sort(key=orders[asked.sort])
        return found[::-1] if asked.descending else found
