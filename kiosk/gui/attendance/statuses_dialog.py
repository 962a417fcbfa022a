"""Statuses of the school's own: a list, and a page to make or change one. Main thread; the store in tasks."""

from dataclasses import replace
from functools import partial
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QSpinBox, QWidget

from kiosk.domain.attendance.choices import Status
from kiosk.domain.attendance.school_status import FULL, SchoolStatus, StatusColour, percent_of
from kiosk.domain.trust.rights import Actor
from kiosk.errors import KioskError
from kiosk.gui.attendance.roster.students.delegate import colour_tone
from kiosk.gui.theme import TextStyle, Theme, Tone
from kiosk.gui.widgets.buttons import SecondaryButton
from kiosk.gui.widgets.dialogs import ConfirmDialog
from kiosk.gui.widgets.fields import Field, LineField
from kiosk.gui.widgets.layouts import horizontal
from kiosk.gui.widgets.paged_dialog import LIST, PagedDialog
from kiosk.gui.widgets.parts import ResultTable
from kiosk.gui.widgets.surfaces import Text
from kiosk.services.attendance.school_statuses import SchoolStatuses, UsedStatus
from kiosk.translation import N_, _, ngettext
from kiosk.wording.attendance import colour_title, status_words

WIDTH_PX: Final = 1000
TABLE_PX: Final = 320
HEADINGS: Final = (N_("Name"), N_("Letter"), N_("Colour"), N_("Is"), N_("Counts"), N_("Records"), N_("State"))
WORDS: Final = N_(
    "What a school tells apart beside present, late, excused and absent, such as a school trip. Each is one of the four for all "
    "rules; teachers choose it by hand, and lists, reports and files show it."
)
FORM: Final = 1


class StatusesDialog(PagedDialog):
    """All statuses of the school's own, and a page for one of them."""

    def __init__(
        self, statuses: SchoolStatuses, theme: Theme, actor: Actor, parent: QWidget | None = None
    ) -> None:
        table = ResultTable(theme, tuple(map(_, HEADINGS)), name=_("Statuses"), height=TABLE_PX, wide=0)
        title = _("Statuses of the school’s own")
        super().__init__(theme, title, parent, width=WIDTH_PX, table=table, main=_("Save"))
        self._statuses = statuses
        self._actor = actor
        self._used: list[UsedStatus] = []
        self._edited: UsedStatus | None = None
        self.question: ConfirmDialog | None = None
        self.new_button = SecondaryButton(_("New status…"))
        self.change_button = SecondaryButton(_("Change…"))
        self.retire_button = SecondaryButton(_("Retire"))
        self.remove_button = SecondaryButton(_("Remove…"))
        self.name = LineField(theme, _("Name"), placeholder=_("Such as: school trip"))
        self.letter = LineField(
            theme, _("Letter"), help_text=_("One or two letters or digits, for the cells of registers.")
        )
        self.base = QComboBox()
        for status in Status:
            self.base.addItem(status_words(status).title, status)
        self.colour = QComboBox()
        for colour in StatusColour:
            self.colour.addItem(colour_title(colour), colour)
        self.does_count = QCheckBox(_("The class counts for or against the student"))
        self.percent = QSpinBox()
        self.percent.setRange(0, FULL)
        self.percent.setSingleStep(5)
        self.percent.setSuffix(" %")
        self.preview = Text(style=TextStyle.STRONG)
        self._lay_out()
        self._connect()
        self.turn(LIST)
        self._reload()

    @property
    def chosen(self) -> UsedStatus | None:
        """The one whose row is selected."""
        return self.table.chosen(self._used)

    def turn(self, page: int) -> None:
        """Show the list or the form."""
        self.name.clear_error()
        super().turn(page)
        self.ask(page == FORM, (self.table, self.name.edit)[page])

    def do(self) -> None:
        """Save what the form says; what it changes for the past is asked first."""
        edited, wanted = self._edited, self._wanted()
        if edited is None or not edited.uses or edited.status.percent == wanted.percent:
            self._save(wanted)
            return
        self.question = ConfirmDialog(
            self.theme,
            self,
            title=_("Count “{name}” differently?", name=edited.status.name),
            text=ngettext(
                "{n} record has or had this status. All shares of attendance with it are counted anew, past ones, too.",
                "{n} records have or had this status. All shares of attendance with them are counted anew, past ones, too.",
                edited.uses,
                n=edited.uses,
            ),
            action=_("Count differently"),
        )
        self.question.accepted.connect(partial(self._save, wanted))

    def _lay_out(self) -> None:
        purpose = Text(_(WORDS), TextStyle.CAPTION, Tone.MUTED, wrap=True)
        buttons = (self.new_button, self.change_button, self.retire_button, self.remove_button)
        self.add_list(*buttons, above=(purpose,))
        theme, space, top = self.theme, self.theme.space(2), Qt.AlignmentFlag.AlignTop
        self.base_field = Field(
            theme,
            _("Is one of the four"),
            self.base,
            help_text=_("Stays as it is once a record has the status."),
        )
        self.add_page(
            horizontal((self.name, 2, top), (self.letter, 1, top), spacing=space),
            horizontal(
                (self.base_field, 1, top), (Field(theme, _("Colour"), self.colour), 1, top), spacing=space
            ),
            self.does_count,
            Field(theme, _("Counts as attended"), self.percent),
            self.preview,
            1,
        )

    def _connect(self) -> None:
        self.new_button.clicked.connect(lambda: self._begin(None))
        self.change_button.clicked.connect(lambda: self._begin(self.chosen))
        self.table.itemDoubleClicked.connect(lambda _item: self._begin(self.chosen))
        self.retire_button.clicked.connect(self._retire)
        self.remove_button.clicked.connect(self._ask_remove)
        self.table.itemSelectionChanged.connect(self._allow)
        self.base.activated.connect(self._take_usual)
        self.does_count.toggled.connect(self.percent.setEnabled)
        for changed in (self.name.edit.textChanged, self.letter.edit.textChanged, self.colour.activated):
            changed.connect(self._show_preview)

    def _begin(self, used: UsedStatus | None) -> None:
        """Open the form with one of the list, or with a new one."""
        self._edited = used
        status = used.status if used else SchoolStatus(0, "", "", StatusColour.BLUE, Status.EXCUSED, None)
        self.turn(FORM)
        self.name.edit.setText(status.name)
        self.letter.edit.setText(status.letter)
        self.base.setCurrentIndex(list(Status).index(status.base))
        self.base.setEnabled(used is None or not used.uses)
        self.colour.setCurrentIndex(list(StatusColour).index(status.colour))
        self._count(status.percent)
        self._show_preview()
        self.name.edit.setFocus()

    def _take_usual(self) -> None:
        """A new one counts as its base does, until somebody says otherwise."""
        if self._edited is None:
            self._count(percent_of(list(Status)[self.base.currentIndex()]))

    def _count(self, percent: int | None) -> None:
        self.does_count.setChecked(percent is not None)
        self.percent.setEnabled(percent is not None)
        self.percent.setValue(percent or 0)

    def _show_preview(self) -> None:
        wanted = self._wanted()
        self.preview.setText(f"{wanted.letter}  {wanted.name}".strip())
        self.preview.set_tone(colour_tone(wanted.colour))

    def _wanted(self) -> SchoolStatus:
        before = self._edited.status if self._edited else None
        return SchoolStatus(
            before.status_id if before else 0,
            self.name.text,
            self.letter.text,
            list(StatusColour)[self.colour.currentIndex()],
            list(Status)[self.base.currentIndex()],
            self.percent.value() if self.does_count.isChecked() else None,
            before.version if before else 1,
            before.is_retired if before else False,
        )

    def _save(self, wanted: SchoolStatus) -> None:
        def then(saved: SchoolStatus) -> None:
            self.turn(LIST)
            self.banner.say(_("“{name}” is kept.", name=saved.name), tone=Tone.PRESENT)
            self._reload(saved.status_id)

        def failed(error: KioskError) -> None:
            self.name.set_error(str(error))

        work = partial(self._statuses.save, wanted, actor=self._actor)
        self.start(work, words=_("Saving…"), then=then, failed=failed)

    def _retire(self) -> None:
        used = self.chosen
        if used is None:
            return
        status = used.status

        def then(saved: SchoolStatus) -> None:
            words = (
                _("“{name}” is offered no more; records that have it keep it.", name=saved.name)
                if saved.is_retired
                else _("“{name}” is offered again.", name=saved.name)
            )
            self.banner.say(words, tone=Tone.PRESENT)
            self._reload(saved.status_id)

        change = self._statuses.bring_back if status.is_retired else self._statuses.retire
        self.start(partial(change, status, actor=self._actor), words=_("Saving…"), then=then)

    def _ask_remove(self) -> None:
        used = self.chosen
        if used is None:
            return
        self.question = ConfirmDialog(
            self.theme,
            self,
            title=_("Remove “{name}”?", name=used.status.name),
            text=_("No record ever had it. Its name and letter are free again."),
            action=_("Remove"),
            danger=True,
        )
        self.question.accepted.connect(partial(self._remove, replace(used.status)))

    def _remove(self, status: SchoolStatus) -> None:
        def then(_done: None) -> None:
            self.banner.say(_("“{name}” is removed.", name=status.name), tone=Tone.PRESENT)
            self._reload()

        self.start(partial(self._statuses.remove, status, actor=self._actor), words=_("Removing…"), then=then)

    def _reload(self, select: int = 0) -> None:
        def show(used: list[UsedStatus]) -> None:
            self._used = used
            self.table.show_rows([(_tone(one.status), _cells(one)) for one in used])
            self.table.select([one.status.status_id for one in used], select)
            self._allow()

        self.tasks.run(self._statuses.used, then=show, failed=self.banner.show_error)

    def _allow(self) -> None:
        used = self.chosen
        for button in (self.change_button, self.retire_button):
            button.setEnabled(used is not None)
        self.remove_button.setEnabled(used is not None and not used.uses)
        is_retired = used is not None and used.status.is_retired
        self.retire_button.setText(_("Offer again") if is_retired else _("Retire"))


def _tone(status: SchoolStatus) -> Tone:
    return Tone.MUTED if status.is_retired else colour_tone(status.colour)


def _cells(used: UsedStatus) -> tuple[str, ...]:
    status = used.status
    return (
        status.name,
        status.letter,
        colour_title(status.colour),
        status_words(status.base).word,
        f"{status.percent} %" if status.percent is not None else _("not at all"),
        f"{used.uses:,}",
        _("retired") if status.is_retired else _("offered"),
    )
