"""Courses: everything that is taught, as a list. Main thread; reading runs in tasks."""

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from kiosk.domain.courses.courses import Course
from kiosk.domain.listing import ListQuestion
from kiosk.domain.people.students import fold
from kiosk.domain.trust.rights import NOBODY, Actor, Right
from kiosk.gui.dialog_catalogue import COURSES, IMPORT, Entry
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


class CoursesPage(QWidget):
    """The list of courses."""

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
        self.edit_button = SecondaryButton(_("Courses…"))
        self.edit_button.clicked.connect(partial(opener.open, COURSES))
        columns = (
            ListColumn("code", _("Code"), width=240),
            ListColumn("title", _("Title"), width=0),
            ListColumn("room", _("Room"), width=240),
        )
        self.list = ListPanel(
            theme,
            columns,
            _Courses(app.courses.lists),
            name=_("Courses"),
            key="courses",
            remembered=remembered,
            save=self._save,
        )
        self.list.say_when_empty(
            _("There is no course yet. A class list brings one."),
            _("Import class list…"),
            partial(opener.open, IMPORT),
        )
        opener.closed.connect(self._follow)
        space = theme.space
        self.setProperty("surface", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        vertical(
            horizontal((PageTitle(_("Courses")), 1), self.edit_button, spacing=space(1.5)),
            (self.list, 1),
            on=self,
            edges=(space(6), space(3), space(6), space(3)),
            spacing=space(2),
        )

    def show_for(self, actor: Actor) -> None:
        """It came to the front for this person."""
        self._actor = actor
        self.edit_button.setVisible(actor.may(Right.MANAGE_COURSES))
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


class _Courses:
    """The courses as rows; implements `ListSource`."""

    def __init__(self, courses: ClassLists) -> None:
        self._courses = courses

    def count(self, asked: ListQuestion) -> int:
        return len(self._found(asked))

    def rows(self, asked: ListQuestion, *, first: int, most: int) -> Sequence[ListRow]:
        return [
            ListRow(one.course_id, (Cell(one.code), Cell(one.title), Cell(one.room)))
            for one in self._found(asked)[first : first + most]
        ]

    def _found(self, asked: ListQuestion) -> list[Course]:
        words = fold(asked.search).split()
        found = [
            one
            for one in self._courses.courses()
            if all(word in fold(f"{one.label} {one.room}") for word in words)
        ]
        orders = {"title": lambda one: fold(one.title), "room": lambda one: fold(one.room)}
        if asked.sort in orders:
            found.sort(key=orders[asked.sort])
        return found[::-1] if asked.descending else found
