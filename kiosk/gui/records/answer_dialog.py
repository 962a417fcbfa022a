"""Answers a student's message about a record: change it, or keep it and say why. Main thread; whoever opens it writes."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QWidget

from kiosk.domain.attendance.choices import Status
from kiosk.domain.attendance.school_status import AnyStatus, SchoolStatus
from kiosk.errors import KioskError
from kiosk.gui.attendance.roster.students.delegate import status_look
from kiosk.gui.theme import Theme, Tone
from kiosk.gui.widgets.banner import Banner
from kiosk.gui.widgets.buttons import PrimaryButton, SecondaryButton
from kiosk.gui.widgets.chip import Chip
from kiosk.gui.widgets.dialogs import Dialog
from kiosk.gui.widgets.fields import LineField
from kiosk.gui.widgets.flow import Flow
from kiosk.gui.widgets.surfaces import Text
from kiosk.translation import _
from kiosk.wording.attendance import status_word


class AnswerDialog(Dialog):
    """Signal `wanted`: the new status (None: it stays), and the answer."""

    wanted = Signal(object, str)

    def __init__(
        self,
        theme: Theme,
        name: str,
        message: str,
        parent: QWidget | None = None,
        *,
        own: Sequence[SchoolStatus] = (),
    ) -> None:
        """`own` are the statuses of the school's own that are offered."""
        super().__init__(theme, _("Answer {name}", name=name), parent, width=680)
        self.banner = Banner(theme)
        self.answer = LineField(
            theme, _("Answer"), help_text=_("The student reads it. Needed where the record stays.")
        )
        self.chips: dict[AnyStatus | None, Chip] = {None: Chip(theme, _("&Keep the record"))}
        for status in (*Status, *own):
            words = _("Change to {status}", status=status_word(status).replace("&", "&&"))
            self.chips[status] = Chip(theme, words, tone=status_look(status).tone)
        self._group = QButtonGroup(self)
        row = Flow(theme)
        for chip in self.chips.values():
            self._group.addButton(chip)
            row.add(chip)
        self.chips[None].setChecked(True)
        for part in (Text(f"“{message}”", tone=Tone.MUTED, wrap=True), self.banner, row, self.answer):
            self.body.addWidget(part)
        self.add_button(SecondaryButton(_("Cancel")), self.reject)
        self.send_button = self.add_button(PrimaryButton(_("Answer")), self._ask)
        self.answer.edit.setFocus()

    def show_error(self, error: KioskError) -> None:
        """Say why nothing was written; what was typed stays."""
        self.send_button.setEnabled(True)
        self.banner.show_error(error)

    def _ask(self) -> None:
        status = next(one for one, chip in self.chips.items() if chip.isChecked())
        if status is None and not self.answer.text.strip():
            self.answer.set_error(_("Say why the record stays."))
            return
        self.send_button.setEnabled(False)
        self.wanted.emit(status, self.answer.text)
