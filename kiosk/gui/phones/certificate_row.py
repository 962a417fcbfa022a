"""The line about HTTPS among the settings for phones. Main thread; reading the certificate runs in a task."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from kiosk.errors import KioskError
from kiosk.gui.tasks import Tasks
from kiosk.gui.theme import TextStyle, Theme, Tone
from kiosk.gui.widgets.buttons import SecondaryButton
from kiosk.gui.widgets.layouts import horizontal, vertical
from kiosk.gui.widgets.surfaces import Text
from kiosk.services.app import PhoneCases
from kiosk.services.ports.web import CertificateFacts
from kiosk.settings import WebSettings
from kiosk.translation import N_, _
from kiosk.wording.dates import numeric_day

NONE = N_("None is set: phones connect by plain HTTP, to check in and to see their own attendance.")


class CertificateRow(QWidget):
    """Says which certificate is used, or what is wrong with it; `wanted` when somebody wants to change that."""

    wanted = Signal()

    def __init__(self, phones: PhoneCases, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._phones = phones
        self._tasks = Tasks(self)
        label = Text(_("Certificate for HTTPS"), TextStyle.CAPTION, Tone.MUTED)
        self.words = Text(_(NONE), wrap=True)
        self.button = SecondaryButton(_("Certificate…"))
        self.button.clicked.connect(self.wanted)
        row = horizontal((self.words, 1), self.button, spacing=theme.space(2))
        vertical(label, row, on=self, spacing=theme.space(0.75))

    def show_settings(self, web: WebSettings) -> None:
        """Say how it stands with these settings."""
        if not web.certificate:
            self._say(_(NONE), Tone.TEXT)
            return
        self._tasks.run(partial(self._phones.certificate.check, web), then=self._show, failed=self._fail)

    def _show(self, facts: CertificateFacts | None) -> None:
        if facts is not None:
            names = ", ".join(facts.names)
            self._say(
                _(
                    "Phones connect by HTTPS with a certificate for {names}, until {not_after}.",
                    names=names,
                    not_after=numeric_day(facts.not_after),
                ),
                Tone.TEXT,
            )

    def _fail(self, error: KioskError) -> None:
        self._say(str(error), Tone.REFUSED)

    def _say(self, words: str, tone: Tone) -> None:
        self.words.setText(words)
        self.words.set_tone(tone)
