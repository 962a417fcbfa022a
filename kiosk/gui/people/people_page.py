"""People: everybody who can be marked, as a list, and the page of one of them. Main thread; reading and writing run in tasks."""

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget, QWidget

from kiosk.domain.people.people_list import PeopleColumn
from kiosk.domain.trust.rights import NOBODY, Actor, Right
from kiosk.gui.attendance.absences.announce_dialog import AnnounceAbsenceDialog
from kiosk.gui.dialog_catalogue import ABSENCES, IMPORT, Entry
from kiosk.gui.dialog_opener import DialogOpener
from kiosk.gui.people.people_rows import PeopleSource, columns_for, filters_for
from kiosk.gui.people.person.merge_dialog import MergeDialog
from kiosk.gui.people.person.person_page import PersonPage
from kiosk.gui.remembered import Remembered
from kiosk.gui.tasks import Tasks
from kiosk.gui.theme import Theme, Tone
from kiosk.gui.widgets.buttons import SecondaryButton
from kiosk.gui.widgets.dialogs import ConfirmDialog
from kiosk.gui.widgets.layouts import horizontal, vertical
from kiosk.gui.widgets.lists.panel import ListPanel
from kiosk.gui.widgets.lists.rows import ListRow
from kiosk.gui.widgets.surfaces import PageTitle
from kiosk.services.app import KioskApp
from kiosk.translation import _, ngettext


class PeoplePage(QWidget):
    """The list, and over it the page of whom somebody opened."""

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
        self._theme = theme
        self._opener = opener
        self._remembered = remembered
        self._actor = NOBODY
        self._tasks = Tasks(self)
        self.question: ConfirmDialog | None = None
        self.import_button = SecondaryButton(_("Import class list…"))
        self.import_button.clicked.connect(partial(opener.open, IMPORT))
        self.absences_button = SecondaryButton(_("Announced absences…"))
        self.absences_button.clicked.connect(partial(opener.open, ABSENCES))
        opener.closed.connect(self._follow)
        self.list = self._make_list(NOBODY)
        self._person: PersonPage | None = None
        self._listing = QWidget()
        self.stack = QStackedWidget()
        self.stack.addWidget(self._listing)
        self.setProperty("surface", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        space = theme.space
        self._column = vertical(
            horizontal(
                (PageTitle(_("People")), 1), self.absences_button, self.import_button, spacing=space(1.5)
            ),
            (self.list, 1),
            on=self._listing,
            edges=(space(6), space(3), space(6), space(3)),
            spacing=space(2),
        )
        vertical(self.stack, on=self)

    @property
    def person(self) -> PersonPage:
        """The page of one, made when it is needed first: the list opens sooner without it."""
        if self._person is None:
            self._person = PersonPage(self._app, self._theme, self._opener, self._remembered)
            self._person.left.connect(self._back)
            self.stack.addWidget(self._person)
        return self._person

    def show_for(self, actor: Actor) -> None:
        """It came to the front for this person; who was open for somebody else is not any more."""
        if actor != self._actor:
            self._replace_list(actor)
            self.stack.setCurrentWidget(self._listing)
        self.import_button.setVisible(actor.may(Right.MANAGE_PEOPLE))
        self.absences_button.setVisible(actor.may(Right.CORRECT))
        if self._person is not None and self.stack.currentWidget() is self._person:
            self.person.reload()
            return
        self.list.reload()
        self.list.search.setFocus()

    def open_person(self, student_id: object) -> None:
        """Show the page of somebody."""
        if isinstance(student_id, int):
            self.stack.setCurrentWidget(self.person)
            self.person.show_person(student_id, self._actor)

    def _replace_list(self, actor: Actor) -> None:
        """Somebody else may see other columns, and do other things."""
        self._actor = actor
        before, self.list = self.list, self._make_list(actor)
        self._column.replaceWidget(before, self.list)
        before.hide()
        before.deleteLater()

    def _make_list(self, actor: Actor) -> ListPanel:
        made = ListPanel(
            self._theme,
            columns_for(actor),
            PeopleSource(self._app.people.listing, self._app.core.zone, actor),
            name=_("People"),
            key="people",
            remembered=self._remembered,
            save=self._save,
        )
        for one in filters_for(actor):
            made.add_filter(one)
        if actor.may(Right.CORRECT):
            made.add_action(_("Absence…"), self._announce_absence)
        if actor.may(Right.MANAGE_PEOPLE):
            made.add_action(_("Merge two…"), self._ask_to_merge)
            made.add_action(_("Deactivate…"), self._ask_to_deactivate)
            made.add_action(_("Reactivate"), partial(self._set_active, active=True))
        made.say_when_empty(
            _("Nobody is known yet. Import a class list to begin."),
            _("Import class list…") if actor.may(Right.MANAGE_PEOPLE) else "",
            partial(self._opener.open, IMPORT),
        )
        made.output.save_button.setVisible(actor.may(Right.EXPORT))
        made.opened.connect(self.open_person)
        return made

    def _save(self, path: Path, *, title: str, headings: Sequence[str], rows: Iterator[Sequence[str]]) -> int:
        return self._app.reports.lists.save(
            path, title=title, headings=headings, rows=rows, actor=self._actor
        )

    def _follow(self, entry: Entry) -> None:
        """A dialog was closed that may have changed them."""
        if entry.changes_courses and self.isVisible():
            self.list.reload()

    def _back(self, words: str) -> None:
        self._app.people.listing.forget()
        self.stack.setCurrentWidget(self._listing)
        self.list.reload()
        self.list.table.setFocus()
        if words:
            self.list.banner.say(words, tone=Tone.PRESENT)

    # -- with those who are chosen ----------------------------------------------------------------------------------

    def _ask_to_deactivate(self, rows: list[ListRow]) -> None:
        self.question = ConfirmDialog(
            self._theme,
            self,
            title=ngettext("Deactivate {n} student?", "Deactivate {n} students?", len(rows), n=len(rows)),
            text=_(
                "From today on they stand in no roster and are not marked. Everything is kept, and they can be reactivated at any "
                "time."
            ),
            action=_("Deactivate"),
        )
        self.question.accepted.connect(partial(self._set_active, rows, active=False))

    def _set_active(self, rows: list[ListRow], *, active: bool) -> None:
        ids = [one.key for one in rows if isinstance(one.key, int)]

        def work() -> int:
            persons = self._app.people.persons
            for student_id in ids:
                persons.set_active(
                    persons.read(student_id, actor=self._actor).student, active, actor=self._actor
                )
            return len(ids)

        def then(number: int) -> None:
            words = (
                ngettext("{n} student is active.", "{n} students are active.", number, n=number)
                if active
                else ngettext("{n} student is inactive.", "{n} students are inactive.", number, n=number)
            )
            self.list.banner.say(words, tone=Tone.PRESENT)
            self.list.reload()

        self._tasks.run(work, then=then, failed=self.list.banner.show_error)

    def _announce_absence(self, rows: list[ListRow]) -> None:
        place = next(at for at, one in enumerate(columns_for(self._actor)) if one.name == PeopleColumn.NAME)
        students = [(one.key, one.cells[place].text) for one in rows if isinstance(one.key, int)]
        dialog = AnnounceAbsenceDialog(self._app, self._theme, self._actor, students, self)
        dialog.announced.connect(self._say_announced)
        self._opener.hold(dialog)
        dialog.open()

    def _say_announced(self, number: int) -> None:
        said = ngettext(
            "An absence of {n} student is announced.",
            "Absences of {n} students are announced.",
            number,
            n=number,
        )
        self.list.banner.say(said, tone=Tone.PRESENT)

    def _ask_to_merge(self, rows: list[ListRow]) -> None:
        keys = [one.key for one in rows if isinstance(one.key, int)]
        if len(keys) != 2:
            self.list.banner.say(
                _("Choose the two entries that are one and the same person."),
                _("Hold Ctrl to choose the second one."),
            )
            return
        pair = (keys[0], keys[1])
        dialog = MergeDialog(self._app.core, self._app.people, self._theme, self._actor, pair, self)
        dialog.merged.connect(self._merged)
        self._opener.hold(dialog)
        dialog.open()

    def _merged(self, student_id: int) -> None:
        self._app.people.listing.forget()
        self.open_person(student_id)
