"""The card on *Today* that names thresholds which an earlier version fitted to one sitting. Main thread; work runs in tasks."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from kiosk.domain.trust.rights import NOBODY, Actor, Right
from kiosk.errors import KioskError
from kiosk.gui.tasks import Tasks
from kiosk.gui.theme import TextStyle, Theme, Tone
from kiosk.gui.widgets.banner import Banner
from kiosk.gui.widgets.buttons import SecondaryButton
from kiosk.gui.widgets.layouts import horizontal, vertical
from kiosk.gui.widgets.surfaces import Card, Text
from kiosk.services.faces.calibration import Calibrating
from kiosk.services.faces.rate_words import EARLIER
from kiosk.translation import _


class EarlierCalibration(Card):
    """Hidden from whoever may not change it, and where there is nothing to name; `wanted` asks for a new measurement."""

    wanted = Signal()

    def __init__(self, calibrating: Calibrating, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent, padding=2.5)
        self._calibrating = calibrating
        self._actor = NOBODY
        self._tasks = Tasks(self)
        self.title = Text(_(EARLIER), style=TextStyle.STRONG, wrap=True)
        self.words = Text(
            _(
                "Measure again, or go back to the model’s own thresholds, which fit the number of enrolled people."
            ),
            tone=Tone.MUTED,
            wrap=True,
        )
        self.measure_button = SecondaryButton(_("Measure again…"))
        self.back_button = SecondaryButton(_("Back to the model’s own"))
        self.result = Banner(theme)
        texts = vertical(self.title, self.words, spacing=theme.space(0.5))
        row = horizontal((texts, 1), self.measure_button, self.back_button, spacing=theme.space(1))
        self.body.addLayout(row)
        self.body.addWidget(self.result)
        self.measure_button.clicked.connect(self.wanted)
        self.back_button.clicked.connect(self._back)
        self.hide()

    def show_for(self, actor: Actor) -> None:
        """Name what there is to name to an admin; show anybody else nothing."""
        self._actor = actor
        self.result.clear()
        self.hide()
        if actor.may(Right.ADMINISTER):
            self._tasks.run(
                self._calibrating.is_of_earlier_version, then=self.setVisible, failed=lambda _error: None
            )

    def _back(self) -> None:
        self.back_button.setEnabled(False)
        self._tasks.run(
            lambda: self._calibrating.forget_earlier(actor=self._actor),
            then=lambda _done: self._ended(),
            failed=self._failed,
        )

    def _ended(self) -> None:
        self.back_button.setEnabled(True)
        self.hide()

    def _failed(self, error: KioskError) -> None:
        self.back_button.setEnabled(True)
        self.result.show_error(error)
