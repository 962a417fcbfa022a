"""Backups: which there are and whether they work, make one now, prove one, bring one back. Main thread; work in tasks."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QWidget

from kiosk.domain.trust.backups import BackupState
from kiosk.domain.trust.rights import Actor
from kiosk.gui.theme import TextStyle, Theme, Tone
from kiosk.gui.trust.renew_recovery import RenewRecoveryDialog
from kiosk.gui.trust.restore_backup import RestoreDialog
from kiosk.gui.widgets.buttons import PrimaryButton, SecondaryButton
from kiosk.gui.widgets.layouts import horizontal
from kiosk.gui.widgets.parts import ResultTable
from kiosk.gui.widgets.surfaces import Text
from kiosk.gui.widgets.work_dialog import WorkDialog
from kiosk.services.app import TrustCases
from kiosk.services.core import Core
from kiosk.services.trust.backups import Overview
from kiosk.translation import N_, _
from kiosk.wording.backups import (
    OLDER_BACKUPS,
    RENEWED,
    folder_sentences,
    origin_words,
    size_words,
    state_words,
)
from kiosk.wording.dates import date_and_time

if TYPE_CHECKING:
    from kiosk.storage.backup.vault import ListedBackup

WIDTH_PX: Final = 1100
TABLE_PX: Final = 320
HEADINGS: Final = (N_("Made"), N_("Why"), N_("Size"), N_("Verified"))
WORDS: Final = N_(
    "The kiosk makes a backup after each class and each night, and proves it by restoring it into a temporary place. It is "
    "sealed: without this PC only the recovery passphrase opens it. How many are kept, and in which folder, stands in the settings "
    "under Storage."
)


class BackupsDialog(WorkDialog):
    """The list, and what can be done about the selected one."""

    def __init__(
        self, core: Core, trust: TrustCases, theme: Theme, actor: Actor, parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, _("Backups"), parent, width=WIDTH_PX)
        self._core = core
        self._trust = trust
        self._actor = actor
        self._listed: tuple[ListedBackup, ...] = ()
        self.restoring: RestoreDialog | None = None
        self.renewing: RenewRecoveryDialog | None = None
        self.folder = Text(style=TextStyle.CAPTION, tone=Tone.MUTED, wrap=True)
        self.doubts = Text(style=TextStyle.CAPTION, tone=Tone.LATE, wrap=True)
        self.doubts.hide()
        self.table = ResultTable(
            theme,
            tuple(map(_, HEADINGS)),
            name=_("Backups"),
            height=TABLE_PX,
            wide=3,
            if_none=_("There is no backup yet. Press “Make a backup now”, or wait for the night."),
        )
        self.verify_button = SecondaryButton(_("Verify"))
        self.restore_button = SecondaryButton(_("Restore…"))
        self.other_button = SecondaryButton(_("Restore another file…"))
        self.renew_button = SecondaryButton(_("New recovery passphrase…"))
        self.renew_button.clicked.connect(self._open_renewal)
        self.verify_button.clicked.connect(self._verify)
        self.restore_button.clicked.connect(self._restore)
        self.other_button.clicked.connect(lambda: self._open_restore(None))
        self.table.itemSelectionChanged.connect(self._allow)
        self.form.addWidget(Text(_(WORDS), TextStyle.CAPTION, Tone.MUTED, wrap=True))
        self.form.addWidget(self.folder)
        self.form.addWidget(self.doubts)
        self.form.addWidget(self.table)
        row = (self.verify_button, self.restore_button, self.other_button)
        self.form.addLayout(horizontal(*row, 1, self.renew_button, spacing=theme.space(1)))
        self.make_button = self.add_button(PrimaryButton(_("Make a backup now")), self._make)
        self._allow()
        self._reload()

    @property
    def chosen(self) -> "ListedBackup | None":
        """The backup whose row is selected."""
        return self.table.chosen(self._listed)

    def _reload(self, select: Path | None = None) -> None:
        def show(overview: Overview) -> None:
            self._listed = tuple(overview.backups)
            self.folder.setText(_("Folder: {folder}", folder=overview.folder))
            self.doubts.setText(" ".join(folder_sentences(overview.opinion)))
            self.doubts.setVisible(bool(self.doubts.text()))
            self.table.show_rows([(self._tone(one), self._cells(one)) for one in self._listed])
            self.table.select([one.file.path for one in self._listed], select)
            self._allow()
            if overview.trouble is not None:
                self.banner.show_error(overview.trouble)
            elif overview.history.trouble and not self.banner.text:
                self.banner.say(
                    _("The last automatic backup did not work."), overview.history.trouble, Tone.LATE
                )

        self.tasks.run(
            lambda: self._trust.backups.overview(actor=self._actor), then=show, failed=self.banner.show_error
        )

    def _tone(self, one: "ListedBackup") -> Tone:
        if one.file.state is BackupState.FORGED or one.file.state is None:
            return Tone.REFUSED
        return Tone.TEXT if one.file.state is BackupState.OURS else Tone.MUTED

    def _cells(self, one: "ListedBackup") -> tuple[str, ...]:
        manifest = one.file.manifest
        verified = one.verified_at
        return (
            date_and_time(one.file.made_at, self._core.zone),
            origin_words(manifest.origin) if manifest is not None else "",
            size_words(one.file.size),
            date_and_time(verified, self._core.zone) if verified is not None else state_words(one.file.state),
        )

    def _allow(self) -> None:
        possible, state = self._trust.backups.are_possible, self.chosen.file.state if self.chosen else None
        self.make_button.setEnabled(possible)
        self.other_button.setEnabled(possible)
        self.verify_button.setEnabled(possible and state in {BackupState.OURS, BackupState.OLD_FORMAT})
        self.restore_button.setEnabled(possible and state not in {None, BackupState.FORGED})

    def _make(self) -> None:
        def then(made: Path) -> None:
            self.banner.say(_("The backup is made, and it can be restored."), str(made), Tone.PRESENT)
            self._reload(made)

        self.start(
            partial(self._trust.backups.make, actor=self._actor, progress=self.progress),
            words=_("Making a backup…"),
            then=then,
        )

    def _verify(self) -> None:
        one = self.chosen
        if one is None:
            return

        def then(_done: None) -> None:
            self.banner.say(_("This backup can be restored."), tone=Tone.PRESENT)
            self._reload(one.file.path)

        self.start(
            partial(self._trust.backups.verify, one.file.path, actor=self._actor, progress=self.progress),
            words=_("Restoring it into a temporary place…"),
            then=then,
        )

    def _restore(self) -> None:
        if self.chosen is not None:
            self._open_restore(self.chosen.file.path)

    def _open_restore(self, file: Path | None) -> None:
        self.restoring = RestoreDialog(
            self._core.zone, self._trust.backups, self.theme, self._actor, self, file=file
        )
        self.restoring.accepted.connect(self.accept)
        self.restoring.open()

    def _open_renewal(self) -> None:
        self.renewing = RenewRecoveryDialog(self._trust.recovery, self.theme, self._actor, self)
        self.renewing.renewed.connect(lambda: self.banner.say(_(RENEWED), _(OLDER_BACKUPS), Tone.PRESENT))
        self.renewing.open()
