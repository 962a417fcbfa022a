"""The recognition models of this kiosk: what there is, installing, choosing, removing. Main thread; files in tasks.

An installation goes on when the dialog is closed; opened again, it shows how far that is.
"""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QScrollArea, QWidget

from kiosk.domain.models.model_comparison import ModelComparison
from kiosk.domain.trust.rights import Actor
from kiosk.errors import KioskError
from kiosk.gui.faces.earlier_calibration import EarlierCalibration
from kiosk.gui.models.comparison_panel import ComparisonPanel
from kiosk.gui.models.install_progress import InstallPanel
from kiosk.gui.models.model_words import TASK_WORDS, megabytes, outcome, state_tone, state_words, when_used
from kiosk.gui.theme import TextStyle, Theme, Tone
from kiosk.gui.widgets.buttons import SecondaryButton
from kiosk.gui.widgets.dialogs import ConfirmDialog
from kiosk.gui.widgets.paged_dialog import LIST, PagedDialog
from kiosk.gui.widgets.parts import ResultTable
from kiosk.gui.widgets.path_field import PathField, PathKind
from kiosk.gui.widgets.surfaces import Card, Text
from kiosk.services.app import ModelCases
from kiosk.services.faces.calibration import Calibrating
from kiosk.services.models.comparing import ComparisonJob
from kiosk.services.models.comparison_words import of_hundred
from kiosk.services.models.installation import InstallJob, ModelOption
from kiosk.services.ports.model_store import ModelState
from kiosk.translation import N_, _
from kiosk.wording.actors import actor_name

WIDTH_PX = 1080
TABLE_PX = 318
LICENCE_PX = 250
ACCEPT = N_("I have read this and accept it for our school")
INSTALL = 1
"""The page of the licence."""


class ModelsDialog(PagedDialog):
    """One page for the list, one for the licence; `changed` follows everything that changed something.

    `calibrate_wanted` comes after it closed, where thresholds of an earlier version are to be measured again.
    """

    changed = Signal()
    calibrate_wanted = Signal()

    def __init__(
        self,
        models: ModelCases,
        calibrating: Calibrating,
        theme: Theme,
        actor: Actor,
        parent: QWidget | None = None,
        *,
        model: str = "",
    ) -> None:
        """Show the list; `model` is selected first, else the one in use."""
        table = ResultTable(
            theme,
            (_("Model"), _("Task"), _("State"), _("Missed of 100"), _("Download")),
            name=_("Models"),
            height=TABLE_PX,
            wide=0,
        )
        super().__init__(
            theme, _("Recognition models"), parent, width=WIDTH_PX, table=table, main=_("Install")
        )
        self._models = models
        self._actor = actor
        self._wanted = model
        self._choices: list[ModelOption] = []
        self.detail = Text(wrap=True)
        self.origin_line = Text(style=TextStyle.CAPTION, tone=Tone.MUTED, wrap=True)
        self.install_choice_button = SecondaryButton(_("Install…"))
        self.folder_choice_button = SecondaryButton(_("Install from a folder…"))
        self.use_button = SecondaryButton(_("Use this model"))
        self.remove_button = SecondaryButton(_("Remove…"))
        self.panel = InstallPanel(models.installing, theme)
        self.earlier = EarlierCalibration(calibrating, theme)
        self.comparison = ComparisonPanel(models.comparing, theme, actor)
        self.title_line = Text(style=TextStyle.STRONG, wrap=True)
        self.licence = Text(wrap=True)
        self.folder = PathField(
            theme,
            _("Folder or file"),
            PathKind.FOLDER,
            help_text=_(
                "A folder with the downloaded file, or with a model that another kiosk has converted."
            ),
        )
        self.accept_box = QCheckBox(_(ACCEPT))
        self.question: ConfirmDialog | None = None
        self._lay_out()
        self.turn(LIST)
        self.panel.begin()
        self.earlier.show_for(actor)
        self.reload()

    def _lay_out(self) -> None:
        self.install_choice_button.clicked.connect(lambda: self._ask(from_folder=False))
        self.folder_choice_button.clicked.connect(lambda: self._ask(from_folder=True))
        self.use_button.clicked.connect(self._use)
        self.remove_button.clicked.connect(self._confirm_removal)
        self.table.itemSelectionChanged.connect(self._show_choice)
        self.add_list(
            self.install_choice_button,
            self.folder_choice_button,
            self.use_button,
            self.remove_button,
            above=(self.earlier, self.comparison),
            below=(self.detail, self.origin_line),
        )
        self.add_page(self.title_line, self._licence_area(), self.folder, self.accept_box, 1)
        self.body.addWidget(self.panel)
        self.accept_box.toggled.connect(self._allow)
        self.folder.edit.textChanged.connect(self._allow)
        self.panel.ended.connect(self._ended)
        self.earlier.wanted.connect(self._calibrate)
        self.comparison.ended.connect(self._measured)
        self.comparison.failed.connect(self.banner.show_error)

    def reload(self) -> None:
        """Look at the files again."""
        self.tasks.run(self._look, then=self._fill, failed=self.banner.show_error)

    def _look(self) -> tuple[list[ModelOption], ModelComparison | None]:
        return self._models.installing.choices(), self._models.comparing.newest()

    @property
    def choice(self) -> ModelOption | None:
        """The selected line."""
        row = self.table.currentRow()
        return self._choices[row] if 0 <= row < len(self._choices) else None

    def select(self, name: str) -> None:
        """Select a line by the name of its model or group."""
        for row, choice in enumerate(self._choices):
            if choice.name == name:
                self.table.selectRow(row)

    # -- pages -------------------------------------------------------------------------------------------------------

    def _licence_area(self) -> QScrollArea:
        card = Card(self.theme)
        card.body.addWidget(self.licence)
        card.body.addStretch(1)
        area = QScrollArea()
        area.setWidget(card)
        area.setWidgetResizable(True)
        area.setFixedHeight(self.theme.px(LICENCE_PX))
        area.setAccessibleName(_("Licence"))
        return area

    def turn(self, page: int) -> None:
        """Show the list or the licence."""
        super().turn(page)
        self._allow()
        self.ask(page == INSTALL, self.accept_box if page == INSTALL else self.table)

    # -- the list ----------------------------------------------------------------------------------------------------

    def _fill(self, found: tuple[list[ModelOption], ModelComparison | None]) -> None:
        choices, compared = found
        before = self.choice
        self._choices = choices
        self.table.show_rows([(state_tone(choice), _cells(choice, compared)) for choice in choices])
        in_use = next((one.name for one in choices if one.task == "recognition" and one.in_use), "")
        self.comparison.fill(compared, in_use)
        self.select(before.name if before is not None else self._wanted or in_use)
        self._show_choice()

    def _show_choice(self) -> None:
        choice = self.choice
        self.detail.setText(_detail(choice) if choice is not None else "")
        self.detail.set_tone(Tone.REFUSED if choice is not None and choice.problem else Tone.TEXT)
        self.origin_line.setText(_origin(choice) if choice is not None else "")
        self._allow()

    def _allow(self) -> None:
        choice = self.choice
        job = self._models.installing.job
        free = choice is not None and not (job is not None and job.running)
        installable = choice is not None and choice.state is not ModelState.BUILT_IN and free
        there = choice is not None and choice.state is not ModelState.MISSING
        self.install_choice_button.setText(_("Install again…") if there and installable else _("Install…"))
        self.install_choice_button.setEnabled(installable and choice is not None and not choice.obstacle)
        self.folder_choice_button.setEnabled(installable)
        self.use_button.setEnabled(choice is not None and _usable(choice))
        self.remove_button.setEnabled(free and choice is not None and choice.is_there)
        from_folder = not self.folder.isHidden()
        ready = self.accept_box.isChecked() and (not from_folder or self.folder.path is not None)
        self.main_button.setEnabled(free and ready)

    def _use(self) -> None:
        choice = self.choice
        if choice is None:
            return

        def then(_done: None) -> None:
            self.banner.say(_("{title} is chosen.", title=choice.title), when_used(choice), tone=Tone.PRESENT)
            self._after_change()

        self.start(
            partial(self._models.installing.use, choice, actor=self._actor), words=_("Saving…"), then=then
        )

    def _confirm_removal(self) -> None:
        choice = self.choice
        if choice is None:
            return
        words = _(
            "Its files are deleted from this PC; installing it again takes {size} to download.",
            size=megabytes(choice.size),
        )
        if choice.task == "recognition" and choice.in_use:
            words += " " + _("The built-in model is used instead.")
        self.question = ConfirmDialog(
            self.theme,
            self,
            title=_("Remove {title}?", title=choice.title),
            text=words,
            action=_("Remove"),
            danger=True,
        )
        self.question.accepted.connect(partial(self._remove, choice))

    def _remove(self, choice: ModelOption) -> None:
        def then(_done: None) -> None:
            self.banner.say(_("{title} is removed.", title=choice.title), tone=Tone.PRESENT)
            self._after_change()

        self.start(
            partial(self._models.installing.remove, choice, actor=self._actor),
            words=_("Removing…"),
            then=then,
        )

    def _after_change(self) -> None:
        self.changed.emit()
        self.reload()

    # -- installing --------------------------------------------------------------------------------------------------

    def _ask(self, *, from_folder: bool) -> None:
        """Show the licence of the selected model and wait for the tick."""
        choice = self.choice
        if choice is None:
            return
        self.banner.clear()
        self.title_line.setText(
            _("{title} from a folder", title=choice.title)
            if from_folder
            else _("{title} ({size} to download)", title=choice.title, size=megabytes(choice.size))
        )
        self.licence.setText(_licence(choice))
        self.folder.setVisible(from_folder)
        self.accept_box.setChecked(False)
        self.turn(INSTALL)

    def do(self) -> None:
        """Install the selected model."""
        choice = self.choice
        if choice is None:
            return
        origin = None if self.folder.isHidden() else self.folder.path
        try:
            self._models.installing.install(choice, actor=self._actor, origin=origin)
        except KioskError as error:
            self.banner.show_error(error)
            return
        self.panel.begin()
        self.turn(LIST)

    def _calibrate(self) -> None:
        self.reject()
        self.calibrate_wanted.emit()

    def _measured(self, job: ComparisonJob) -> None:
        if job.error is not None:
            self.banner.show_error(job.error)
        self._after_change()

    def _ended(self, job: InstallJob | None) -> None:
        if job is not None:
            self.banner.say(*outcome(job))
        self._after_change()


def _cells(choice: ModelOption, compared: ModelComparison | None) -> tuple[str, ...]:
    errors = None if compared is None else compared.of(choice.name)
    missed = of_hundred(errors.missed.interval) if errors is not None and errors.missed is not None else ""
    size = "" if choice.state is ModelState.BUILT_IN else megabytes(choice.size)
    return choice.title, _(TASK_WORDS[choice.task]), state_words(choice), missed, size


def _detail(choice: ModelOption) -> str:
    if choice.problem:
        return choice.problem
    if choice.obstacle and choice.state is ModelState.MISSING:
        return f"{choice.good_for} {choice.obstacle}"
    return choice.good_for


def _origin(choice: ModelOption) -> str:
    model = choice.shown
    parts = [_("Licence {licence}. From {source}.", licence=model.licence, source=model.source)]
    facts = []
    if model.accepted_by:
        facts.append(
            _(
                "Licence accepted by {accepted_by} on {accepted_at}.",
                accepted_by=actor_name(model.accepted_by),
                accepted_at=model.accepted_at[:10],
            )
        )
    if model.sha256 and choice.state is ModelState.INSTALLED:
        facts.append(_("SHA-256 {sha256}…", sha256=model.sha256[:16]))
    if facts:
        parts.append(" ".join(facts))
    return "\n".join(parts)


def _licence(choice: ModelOption) -> str:
    model = choice.shown
    return _(
        "Licence: {licence}\n\n{terms}\n\nFrom {source}.",
        licence=model.licence,
        terms=model.terms,
        source=model.source,
    )


def _usable(choice: ModelOption) -> bool:
    return choice.task == "recognition" and choice.state.is_whole and not choice.in_use
