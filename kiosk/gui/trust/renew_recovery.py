"""A new recovery passphrase where the paper with the old one is lost. Main thread; work in tasks.

The admin's password first, then the new words; they count only after somebody said that they are written down.
"""

from functools import partial
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from kiosk.domain.trust.rights import Actor
from kiosk.errors import KioskError, SignInError
from kiosk.gui.people.reveal import reveal_box
from kiosk.gui.theme import Theme, Tone
from kiosk.gui.trust.recovery import PassphraseNote
from kiosk.gui.widgets.buttons import PrimaryButton
from kiosk.gui.widgets.fields import LineField
from kiosk.gui.widgets.layouts import vertical
from kiosk.gui.widgets.surfaces import Text
from kiosk.gui.widgets.work_dialog import WorkDialog
from kiosk.services.trust.recovery import RecoveryRenewal
from kiosk.translation import N_, _
from kiosk.wording.backups import OLDER_BACKUPS

WIDTH_PX: Final = 860
WHY: Final = N_(
    "When this PC breaks, the recovery passphrase opens the school's backups on another one. Where the paper with it is lost, "
    "a new one can be made as long as this PC works."
)
UNTIL_THEN: Final = N_("The old passphrase counts until you say that the new one is written down.")


class RenewRecoveryDialog(WorkDialog):
    """Asks for the password, shows the words, puts them in force; `renewed` is emitted then.

    Attributes:
        note: The new words, once the password was right.
    """

    renewed = Signal()

    def __init__(
        self, recovery: RecoveryRenewal, theme: Theme, actor: Actor, parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, _("New recovery passphrase"), parent, width=WIDTH_PX)
        self._recovery = recovery
        self._actor = actor
        self.note: PassphraseNote | None = None
        self._asking = QWidget()
        self.password = LineField(theme, _("Your password"), secret=True)
        vertical(
            *(Text(_(words), tone=Tone.MUTED, wrap=True) for words in (WHY, OLDER_BACKUPS)),
            self.password,
            reveal_box(self.password),
            on=self._asking,
            spacing=theme.space(2),
        )
        self.form.addWidget(self._asking)
        self.draw_button = self.add_button(PrimaryButton(_("Make a new passphrase")), self._draw)
        self.use_button = self.add_button(PrimaryButton(_("Use it from now on")), self._use)
        self.use_button.hide()
        self.draw_button.setDefault(True)
        self.password.edit.setFocus()

    def _draw(self) -> None:
        self.start(
            partial(self._recovery.draw, self.password.text, actor=self._actor),
            words=_("Checking the password…"),
            then=self._show,
            failed=self._refused,
        )

    def _refused(self, error: KioskError) -> None:
        self.password.edit.clear()
        if isinstance(error, SignInError):
            self.password.set_error(str(error))
        else:
            self.banner.show_error(error)
        self.password.edit.setFocus()

    def _show(self, passphrase: str) -> None:
        self.password.edit.clear()
        self._asking.hide()
        self.draw_button.hide()
        note = PassphraseNote(self.theme, passphrase)
        self.form.addWidget(Text(_(UNTIL_THEN), tone=Tone.MUTED, wrap=True))
        self.form.addWidget(note)
        self.use_button.setEnabled(False)
        self.use_button.show()
        self.use_button.setDefault(True)
        note.written.toggled.connect(self.use_button.setEnabled)
        note.written.setFocus()
        self.note = note
        self.adjustSize()
        self.centre()

    def _use(self) -> None:
        if self.note is not None:
            self.start(
                partial(self._recovery.use, self.note.passphrase.text(), actor=self._actor),
                words=_("Writing it…"),
                then=self._done,
            )

    def _done(self, _nothing: None) -> None:
        self.accept()
        self.renewed.emit()
