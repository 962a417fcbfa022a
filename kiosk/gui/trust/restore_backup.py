"""Bringing a backup back: first what it would bring and lose, then the kiosk starts anew with it. Main thread."""

from datetime import tzinfo
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QWidget

from kiosk.domain.trust.rights import Actor
from kiosk.errors import KioskError, NeedsPassphraseError, SignInError
from kiosk.gui.people.reveal import reveal_box
from kiosk.gui.theme import TextStyle, Theme, Tone
from kiosk.gui.widgets.buttons import DangerButton, SecondaryButton
from kiosk.gui.widgets.fields import LineField
from kiosk.gui.widgets.path_field import PathField, PathKind
from kiosk.gui.widgets.surfaces import Text
from kiosk.gui.widgets.work_dialog import WorkDialog
from kiosk.services.trust.backups import Restoring
from kiosk.translation import N_, _
from kiosk.wording.backups import NOT_AUTHENTICATED, difference_lines, origin_words
from kiosk.wording.dates import date_and_time

if TYPE_CHECKING:
    from kiosk.storage.backup.preview import Preview

WIDTH_PX: Final = 860
FIRST: Final = N_("Look at it first: nothing is changed by that.")
KEPT: Final = N_(
    "The kiosk closes, puts the backup in place and starts again. The present database is kept beside it, and faces that were "
    "forgotten since stay forgotten."
)


class RestoreDialog(WorkDialog):
    """One backup: what it would bring back, and then the step itself, which the kiosk takes when it has closed."""

    def __init__(
        self,
        zone: tzinfo,
        backups: Restoring,
        theme: Theme,
        actor: Actor,
        parent: QWidget | None = None,
        *,
        file: Path | None = None,
    ) -> None:
        super().__init__(theme, _("Restore a backup"), parent, width=WIDTH_PX)
        self._zone = zone
        self._backups = backups
        self._actor = actor
        self._seen: tuple[Path, str] | None = None
        self.file = PathField(theme, _("Backup"), PathKind.FILE, pattern=_("Backups (*.kiosk-backup *)"))
        self.passphrase = LineField(
            theme,
            _("Recovery passphrase"),
            secret=True,
            help_text=_(
                "Six groups of five characters, on the paper that was written when that school began."
            ),
        )
        self.reveal = reveal_box(self.passphrase)
        self.summary = Text(_(FIRST), TextStyle.STRONG, wrap=True)
        self.lines = Text(wrap=True)
        self.warning = Text(tone=Tone.LATE, wrap=True)
        self.explanation = Text(_(KEPT), TextStyle.CAPTION, Tone.MUTED, wrap=True)
        for part in (
            self.file,
            self.passphrase,
            self.reveal,
            self.summary,
            self.lines,
            self.warning,
            self.explanation,
        ):
            self.form.addWidget(part)
        for hidden in (self.passphrase, self.reveal, self.lines, self.warning, self.explanation):
            hidden.hide()
        self.look_button = self.add_button(SecondaryButton(_("Look at it")), self._look)
        self.restore_button = self.add_button(DangerButton(_("Restore and start again")), self._restore)
        self.restore_button.setEnabled(False)
        self.file.chosen.connect(self._forget)
        self.file.edit.textEdited.connect(self._forget)
        self.passphrase.edit.textEdited.connect(self._forget)
        self.passphrase.edit.returnPressed.connect(self._look)
        if file is not None:
            self.file.set_path(file)
            self._look()

    @property
    def _wanted(self) -> tuple[Path, str] | None:
        path = self.file.path
        return None if path is None else (path, "" if self.passphrase.isHidden() else self.passphrase.text)

    def _forget(self) -> None:
        if self._seen is not None and self._wanted == self._seen:
            return
        self._seen = None
        self.restore_button.setEnabled(False)
        for hidden in (self.lines, self.warning, self.explanation):
            hidden.hide()
        self.summary.setText(_(FIRST))

    def _look(self) -> None:
        wanted = self._wanted
        if wanted is None:
            self.file.set_error(_("Choose the file of a backup."))
            return
        self._forget()
        file, passphrase = wanted
        self.start(
            partial(
                self._backups.preview,
                file,
                passphrase=passphrase or None,
                actor=self._actor,
                progress=self.progress,
            ),
            words=_("Unpacking the backup and comparing…"),
            then=partial(self._show, wanted),
            failed=self._refused,
        )

    def _refused(self, error: KioskError) -> None:
        if isinstance(error, NeedsPassphraseError):
            self.passphrase.show()
            self.reveal.show()
            self.banner.say(error.user_text, error.hint)
            self.passphrase.edit.setFocus()
        elif isinstance(error, SignInError):
            self.passphrase.set_error(str(error))
            self.passphrase.edit.setFocus()
        else:
            self.banner.show_error(error)

    def _show(self, wanted: tuple[Path, str], seen: "Preview") -> None:
        self._seen = wanted
        manifest = seen.manifest
        self.summary.setText(
            _(
                "Made on {when}: {why}.",
                when=date_and_time(manifest.created_at, self._zone),
                why=origin_words(manifest.origin),
            )
            if seen.is_authenticated
            else _(NOT_AUTHENTICATED)
        )
        nothing = _("The backup holds what is here already.")
        self.lines.setText("\n".join(difference_lines(seen.differences)) or nothing)
        self.lines.show()
        warnings = []
        if seen.brings_keys:
            warnings.append(
                _("It is of another school key, which then takes the place of the one on this PC.")
            )
        if not seen.is_present_readable:
            warnings.append(_("The present database cannot be read, so nobody can say what is lost."))
        self.warning.setText(" ".join(warnings))
        self.warning.setVisible(bool(warnings))
        self.explanation.show()
        self.restore_button.setEnabled(True)
        self.centre()

    def _restore(self) -> None:
        wanted = self._seen
        if wanted is None:
            return
        file, passphrase = wanted
        self.start(
            partial(self._backups.ask_restore, file, passphrase=passphrase or None, actor=self._actor),
            words=_("The kiosk closes…"),
            then=lambda _done: self.accept(),
        )
