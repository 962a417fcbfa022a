"""Asks how records are to be marked, and why. Main thread; whoever opens it writes."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from kiosk.domain.attendance.school_status import SchoolStatus
from kiosk.errors import KioskError
from kiosk.gui.attendance.status_chips import StatusChips
from kiosk.gui.theme import Theme, Tone
from kiosk.gui.widgets.banner import Banner
from kiosk.gui.widgets.buttons import PrimaryButton, SecondaryButton
from kiosk.gui.widgets.chip import Chip
from kiosk.gui.widgets.dialogs import Dialog
from kiosk.gui.widgets.fields import LineField
from kiosk.gui.widgets.flow import Flow
from kiosk.gui.widgets.surfaces import Text
from kiosk.translation import _


class MarkDialog(Dialog):
    """One status and one reason for all that it names.

    Signals:
        wanted: They are to be marked so: the status, and the reason.
    """

    wanted = Signal(object, str)

    def __init__(
        self,
        theme: Theme,
        title: str,
        about: str,
        reasons: Sequence[str],
        parent: QWidget | None = None,
        *,
        own: Sequence[SchoolStatus] = (),
    ) -> None:
        """`own` are the statuses of the school's own that are offered."""
        super().__init__(theme, title, parent, width=680)
        self.banner = Banner(theme)
        self.reason = LineField(theme, _("Reason"), placeholder=_("A word or two"))
        self.statuses = StatusChips(theme, own)
        self.chips = self.statuses.chips
        self._wrong = Text(tone=Tone.REFUSED)
        self._wrong.hide()
        self.body.addWidget(Text(about, tone=Tone.MUTED, wrap=True))
        self.body.addWidget(self.banner)
        self.body.addWidget(self.statuses)
        self.body.addWidget(self._wrong)
        self.body.addWidget(self.reason)
        offered = Flow(theme)
        for reason in reasons:
            offer = Chip(theme, reason.replace("&", "&&"), checkable=False)
            offer.clicked.connect(lambda _checked=False, words=reason: self._take(words))
            offered.add(offer)
        self.body.addWidget(offered)
        self.add_button(SecondaryButton(_("Cancel")), self.reject)
        self.mark_button = self.add_button(PrimaryButton(_("Mark")), self._ask)
        self.statuses.take_focus()

    def show_error(self, error: KioskError) -> None:
        """Say why nothing was written; what was typed stays."""
        self.mark_button.setEnabled(True)
        self.banner.show_error(error)

    def _take(self, reason: str) -> None:
        self.reason.edit.setText(reason)
        self.reason.clear_error()
        self.mark_button.setFocus()

    def _ask(self) -> None:
        status = self.statuses.chosen()
        self._wrong.show_if_any("" if status is not None else _("Choose how they are to be marked."))
        if not self.reason.text.strip():
            self.reason.set_error(_("Write why, in a word or two."))
        elif status is not None:
            self.mark_button.setEnabled(False)
            self.wanted.emit(status, self.reason.text)
