"""The recovery passphrase: shown once, printed or copied, and checked by two of its groups. Main thread."""

from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QGuiApplication, QPagedPaintDevice, QPainter
from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo
from PySide6.QtWidgets import QWidget

from kiosk.domain.school.set_up import SetUpStep, StepState
from kiosk.domain.trust.rights import Actor
from kiosk.gui.set_up.step_page import StepPage
from kiosk.gui.theme import MONO, SANS, Theme, Tone
from kiosk.gui.trust.recovery import PassphraseNote
from kiosk.gui.trust.renew_recovery import RenewRecoveryDialog
from kiosk.gui.widgets.buttons import SecondaryButton
from kiosk.gui.widgets.fields import LineField
from kiosk.gui.widgets.layouts import horizontal
from kiosk.gui.widgets.surfaces import Text
from kiosk.services.trust.recovery import RecoveryRenewal
from kiosk.translation import N_, _

CHECKED: Final = (1, 4)
"""Which groups are asked for: the second and the fifth."""

ORDINALS: Final = (N_("first"), N_("second"), N_("third"), N_("fourth"), N_("fifth"), N_("sixth"))
WHY: Final = N_(
    "When this PC breaks, these words open the school's backups on another one; without them records and faces are lost. They are "
    "shown only now. Keep the paper where keys are kept, such as the school's safe."
)


class PassphrasePage(StepPage):
    """`passphrase` is None where it was shown before the power went: then a new one can be made."""

    step = SetUpStep.PASSPHRASE

    def __init__(
        self,
        recovery: RecoveryRenewal,
        theme: Theme,
        passphrase: str | None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, _("Write this down"), _(WHY), parent)
        self._recovery = recovery
        self._passphrase = passphrase or ""
        self._is_kept = False
        self.renewing: RenewRecoveryDialog | None = None
        self.note = PassphraseNote(theme, self._passphrase)
        self.note.written.hide()
        self.print_button = SecondaryButton(_("Print…"))
        self.copy_button = SecondaryButton(_("Copy"))
        self.renew_button = SecondaryButton(_("Make a new passphrase…"))
        self.checks = [
            LineField(theme, _("To check: the {which} group of letters", which=_(ORDINALS[place])))
            for place in CHECKED
        ]
        self.told = Text(tone=Tone.PRESENT, wrap=True)
        self.told.hide()
        self._lay_out()
        self.print_button.clicked.connect(self._print)
        self.copy_button.clicked.connect(self._copy)
        self.renew_button.clicked.connect(self._renew)
        for check in self.checks:
            check.edit.textEdited.connect(lambda _text: self.changed.emit())

    @property
    def may_go_on(self) -> bool:
        return self._is_kept or (bool(self._passphrase) and self._is_right())

    def enter(self, actor: Actor) -> None:
        super().enter(actor)
        if self._passphrase:
            self.checks[0].edit.setFocus()

    def save(self) -> None:
        self.finished.emit(StepState.DONE)

    def draw_on(self, device: QPagedPaintDevice) -> None:
        """Draw the paper for the safe: what it is for, and the words."""
        painter = QPainter(device)
        area = QRectF(painter.viewport())
        small, large = QFont(list(SANS), 11), QFont(list(MONO), 20)
        wrap = Qt.TextFlag.TextWordWrap
        painter.setFont(small)
        top = painter.boundingRect(area, wrap, _(WHY))
        painter.drawText(area, wrap, _("Recovery passphrase of the attendance kiosk") + "\n\n" + _(WHY))
        painter.setFont(large)
        painter.drawText(area.adjusted(0, 2.5 * top.height(), 0, 0), wrap, self._passphrase)
        painter.end()

    def _is_right(self) -> bool:
        groups = self._passphrase.split("-") if "-" in self._passphrase else self._passphrase.split()
        typed = [check.text.strip().casefold() for check in self.checks]
        return typed == [groups[place].casefold() for place in CHECKED]

    def _print(self) -> None:
        if not QPrinterInfo.availablePrinterNames():
            self.banner.say(
                _("No printer is set up on this PC."), _("Write the words on paper by hand."), Tone.LATE
            )
            return
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        dialog = QPrintDialog(printer, self)
        if dialog.exec() == QPrintDialog.DialogCode.Accepted:
            self.draw_on(printer)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._passphrase)
        self._keep(
            _(
                "It is copied. Put it where keys are kept, such as a password safe, not into a file on this PC."
            )
        )

    def _renew(self) -> None:
        self.renewing = RenewRecoveryDialog(self._recovery, self.theme, self.actor, self)
        self.renewing.renewed.connect(lambda: self._keep(_("The new passphrase counts from now on.")))
        self.renewing.open()

    def _keep(self, words: str) -> None:
        self._is_kept = True
        self.told.show_if_any(words)
        self.changed.emit()

    def _lay_out(self) -> None:
        shown = bool(self._passphrase)
        row = horizontal(self.print_button, self.copy_button, 1, spacing=self.theme.space(1.5))
        checks = horizontal(*((one, 1) for one in self.checks), spacing=self.theme.space(2))
        self.body.addWidget(self.note)
        self.body.addLayout(row)
        self.body.addLayout(checks)
        self.body.addWidget(self.renew_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addWidget(self.told)
        self.body.addStretch(1)
        for part in (self.note, self.print_button, self.copy_button, *self.checks):
            part.setVisible(shown)
        self.renew_button.setVisible(not shown)
        if not shown:
            self.banner.say(
                _("The passphrase was shown before the program was closed, and is shown once only."),
                _("Make a new one if it is not on paper; otherwise skip this."),
                Tone.LATE,
            )
