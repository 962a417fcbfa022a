"""Terms and holidays of the school. Main thread; reading and writing run in tasks."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from kiosk.domain.courses.terms import Holiday, Span, Term
from kiosk.domain.trust.rights import NOBODY, Actor, Right
from kiosk.gui.courses.time_dialogs import SpanDialog
from kiosk.gui.dialog_opener import DialogOpener
from kiosk.gui.tasks import Tasks
from kiosk.gui.theme import TextStyle, Theme, Tone
from kiosk.gui.widgets.banner import Banner
from kiosk.gui.widgets.buttons import QuietButton, SecondaryButton
from kiosk.gui.widgets.dialogs import ConfirmDialog
from kiosk.gui.widgets.layouts import horizontal, vertical
from kiosk.gui.widgets.parts import ResultTable
from kiosk.gui.widgets.surfaces import PageTitle, Text
from kiosk.services.core import Core
from kiosk.services.courses.school_year import SchoolYear
from kiosk.translation import _
from kiosk.wording.courses import days_words

TABLE_PX = 420
LEAST_PX = 200
Entry = Term | Holiday


class SpanList(QWidget):
    """Terms, or holidays: a table and what can be done with it.

    Signals:
        wanted: One is to be added (None) or changed.
        unwanted: One is to be removed.
    """

    wanted = Signal(object)
    unwanted = Signal(object)

    def __init__(
        self, theme: Theme, title: str, words: str, *, if_none: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._entries: Sequence[Entry] = ()
        self.table = ResultTable(
            theme, (_("Name"), _("Days")), name=title, height=TABLE_PX, wide=0, if_none=if_none
        )
        self.add_button = SecondaryButton(_("Add…"))
        self.change_button = SecondaryButton(_("Change…"))
        self.remove_button = SecondaryButton(_("Remove…"))
        self.add_button.clicked.connect(lambda: self.wanted.emit(None))
        self.change_button.clicked.connect(lambda: self.wanted.emit(self.chosen))
        self.table.itemActivated.connect(lambda _item: self.wanted.emit(self.chosen))
        self.remove_button.clicked.connect(lambda: self.unwanted.emit(self.chosen))
        self.table.itemSelectionChanged.connect(self._allow)
        self.table.setMinimumHeight(theme.px(LEAST_PX))
        self.table.setMaximumHeight(16_777_215)  # as high as there is room
        buttons = horizontal(
            self.add_button, self.change_button, self.remove_button, 1, spacing=theme.space(1)
        )
        vertical(
            Text(title, TextStyle.HEADING),
            Text(words, tone=Tone.MUTED, wrap=True),
            (self.table, 1),
            buttons,
            on=self,
            spacing=theme.space(1.5),
        )
        self._allow()

    @property
    def chosen(self) -> Entry | None:
        """The one whose row is selected."""
        return self.table.chosen(self._entries)

    def show_entries(self, entries: Sequence[Entry]) -> None:
        """Show these."""
        self._entries = entries
        self.table.show_rows([(Tone.TEXT, (one.name, days_words(one.span))) for one in entries])
        self._allow()

    def _allow(self) -> None:
        self.change_button.setEnabled(self.chosen is not None)
        self.remove_button.setEnabled(self.chosen is not None)


class YearPage(QWidget):
    """Both lists.

    Signals:
        closed: Back to the list of courses.
    """

    closed = Signal()

    def __init__(
        self,
        core: Core,
        year: SchoolYear,
        theme: Theme,
        opener: DialogOpener,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._core = core
        self._year = year
        self._theme = theme
        self._opener = opener
        self._tasks = Tasks(self)
        self._actor: Actor = NOBODY
        self.banner = Banner(theme)
        self.back_button = QuietButton(_("All courses"))
        self.terms = SpanList(
            theme,
            _("Terms"),
            _("A course of a term meets each week only in it."),
            if_none=_(
                "There is no term yet. Press “Add…” and give it a name and its days; until then courses meet all year."
            ),
        )
        self.holidays = SpanList(
            theme,
            _("Holidays"),
            _("On these days no course meets."),
            if_none=_("There is no holiday yet. Press “Add…” and name its days."),
        )
        self.back_button.clicked.connect(self.closed)
        self.terms.wanted.connect(self._edit_term)
        self.holidays.wanted.connect(self._edit_holiday)
        self.terms.unwanted.connect(lambda one: self._ask(one, partial(year.remove_term, one)))
        self.holidays.unwanted.connect(lambda one: self._ask(one, partial(year.remove_holiday, one)))
        space = theme.space
        self.setProperty("surface", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        vertical(
            horizontal(self.back_button, (PageTitle(_("Terms and holidays")), 1), spacing=space(1.5)),
            self.banner,
            (horizontal((self.terms, 1), (self.holidays, 1), spacing=space(4)), 1),
            on=self,
            edges=(space(6), space(3), space(6), space(3)),
            spacing=space(2),
        )

    def show_for(self, actor: Actor) -> None:
        """Show them to somebody."""
        self._actor = actor
        for one in (self.terms, self.holidays):
            for button in (one.add_button, one.change_button, one.remove_button):
                button.setVisible(actor.may(Right.MANAGE_COURSES))
        self.banner.clear()
        self.reload()

    def reload(self) -> None:
        """Read them again."""
        year = self._year
        self._tasks.run(
            lambda: (year.terms(), year.holidays()), then=self._show, failed=self.banner.show_error
        )

    def _show(self, found: tuple[list[Term], list[Holiday]]) -> None:
        terms, holidays = found
        self.terms.show_entries(terms)
        self.holidays.show_entries(holidays)

    def _edit_term(self, term: Term | None) -> None:
        title = _("Change term") if term is not None else _("New term")
        number = term.term_id if term is not None else 0
        self._edit(title, term, lambda span: self._year.save_term(Term(number, span), actor=self._actor))

    def _edit_holiday(self, holiday: Holiday | None) -> None:
        title = _("Change holiday") if holiday is not None else _("New holiday")
        number = holiday.holiday_id if holiday is not None else 0
        self._edit(
            title, holiday, lambda span: self._year.save_holiday(Holiday(number, span), actor=self._actor)
        )

    def _edit(self, title: str, entry: Entry | None, write: Callable[[Span], object]) -> None:
        if not self._actor.may(Right.MANAGE_COURSES):
            return
        today = self._core.today()
        span = entry.span if entry is not None else Span("", today, today)
        dialog = SpanDialog(self._theme, title, span, write, self.window())
        dialog.saved.connect(self.reload)
        self._opener.hold(dialog)
        dialog.open()

    def _ask(self, entry: Entry, remove: Callable[..., object]) -> None:
        asked = ConfirmDialog(
            self._theme,
            self.window(),
            title=_("Remove “{name}”?", name=entry.name),
            text=_("Records do not change. {days}", days=days_words(entry.span)),
            action=_("Remove"),
            danger=True,
        )
        asked.accepted.connect(
            lambda: self._tasks.run(
                lambda: remove(actor=self._actor),
                then=lambda _done: self.reload(),
                failed=self.banner.show_error,
            )
        )
        self._opener.hold(asked)
