"""What works on this PC and what to do about the rest, with a button where the program can help. Main thread."""

from collections.abc import Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from kiosk.domain.trust.rights import Actor
from kiosk.errors import KioskError
from kiosk.gui.icons import pixmap
from kiosk.gui.tasks import Tasks
from kiosk.gui.theme import TextStyle, Theme, Tone
from kiosk.gui.widgets.banner import Banner
from kiosk.gui.widgets.buttons import PrimaryButton, SecondaryButton
from kiosk.gui.widgets.dialogs import Dialog
from kiosk.gui.widgets.layouts import horizontal, vertical
from kiosk.gui.widgets.surfaces import Line, Text
from kiosk.services.ports.health import Check, CheckState, Remedy
from kiosk.services.trust.health import Health
from kiosk.translation import N_, _, ngettext
from kiosk.wording.health import check_title

LOOKS: Final = {
    CheckState.GOOD: ("check-circle", Tone.PRESENT, N_("Works")),
    CheckState.WARNING: ("alert", Tone.LATE, N_("Should be seen to")),
    CheckState.FAULT: ("alert", Tone.REFUSED, N_("Does not work")),
}
"""How a state is drawn, and said."""

WORDS: Final = {
    Remedy.CAMERA: N_("Choose a camera…"),
    Remedy.MODELS: N_("Recognition models…"),
    Remedy.BACKUPS: N_("Backups…"),
    Remedy.NETWORK: N_("Settings for phones…"),
    Remedy.CERTIFICATE: N_("Settings for phones…"),
    Remedy.PHONE_TEST: N_("Test with a phone…"),
    Remedy.KEPT_DATA: N_("What is kept…"),
}
"""What the button says that opens the place where it is mended."""


class HealthDialog(Dialog):
    """Looks at one thing after the other; what does not work comes first once all were looked at.

    Signals:
        mend_wanted: Somebody wants to mend something; the dialog is closed. Carries the `Remedy`.
    """

    mend_wanted = Signal(object)

    def __init__(self, health: Health, theme: Theme, actor: Actor, parent: QWidget | None = None) -> None:
        super().__init__(theme, _("Check of this PC"), parent, width=1120)
        self._health = health
        self._actor = actor
        self._tasks = Tasks(self, threads=1)
        self.checks: list[Check] = []
        self.buttons: dict[str, QPushButton] = {}
        self.banner = Banner(theme)
        self._rows = vertical(spacing=theme.space(1.5))
        self.body.addWidget(self.banner)
        self.body.addLayout(self._rows)
        self._shown: list[QWidget] = []
        self.again_button = self.add_button(SecondaryButton(_("Look again")), self.look)
        self.add_button(PrimaryButton(_("Close")), self.reject)
        self.look()

    def look(self) -> None:
        """Look at everything anew."""
        self.checks = []
        self._show([])
        self.again_button.setEnabled(False)
        self._look_at(list(self._health.names()))

    def _look_at(self, names: list[str]) -> None:
        if not names:
            self._finish()
            return
        name, *rest = names
        self.banner.say(_("Looking: {what}…", what=check_title(name)))

        def then(check: Check) -> None:
            self.checks.append(check)
            self._add(check)
            self._look_at(rest)

        self._tasks.run(partial(self._health.look, name, actor=self._actor), then=then, failed=self._fail)

    def _fail(self, error: KioskError) -> None:
        self.again_button.setEnabled(True)
        self.banner.show_error(error)

    def _finish(self) -> None:
        self.again_button.setEnabled(True)
        worst_first = (CheckState.FAULT, CheckState.WARNING, CheckState.GOOD)
        self.checks.sort(key=lambda check: worst_first.index(check.state))
        self._show(self.checks)
        open_ones = sum(check.state is not CheckState.GOOD for check in self.checks)
        if open_ones:
            words = ngettext(
                "{n} thing should be seen to.", "{n} things should be seen to.", open_ones, n=open_ones
            )
            self.banner.say(words, tone=Tone.LATE)
        else:
            self.banner.say(_("Everything works."), tone=Tone.PRESENT)

    def _show(self, checks: Sequence[Check]) -> None:
        for row in self._shown:
            row.hide()
            row.deleteLater()
        self._shown = []
        self.buttons = {}
        for check in checks:
            self._add(check)

    def _add(self, check: Check) -> None:
        icon, tone, words = LOOKS[check.state]
        theme = self.theme
        picture = QLabel()
        picture.setPixmap(pixmap(icon, theme.colour(tone), theme.px(26)))
        picture.setAccessibleName(_(words))
        texts = vertical(
            horizontal(
                Text(check_title(check.name), TextStyle.STRONG),
                Text(_(words), TextStyle.CAPTION, tone),
                1,
                spacing=theme.space(1.5),
            ),
            Text(check.text, wrap=True),
            *([Text(check.hint, tone=Tone.MUTED, wrap=True)] if check.hint else []),
            spacing=theme.space(0.5),
        )
        row = QWidget()
        line = horizontal((picture, 0, Qt.AlignmentFlag.AlignTop), (texts, 1), spacing=theme.space(2))
        if check.remedy is not None and check.state is not CheckState.GOOD:
            button = self.buttons[check.name] = SecondaryButton(_(WORDS[check.remedy]))
            button.clicked.connect(partial(self._mend, check.remedy))
            line.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        vertical(line, Line(), on=row, spacing=theme.space(1.5))
        self._shown.append(row)
        self._rows.addWidget(row)

    def _mend(self, remedy: Remedy, _checked: bool = False) -> None:
        self.accept()
        self.mend_wanted.emit(remedy)
