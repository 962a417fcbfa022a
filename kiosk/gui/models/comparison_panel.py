"""What was measured of the models on this school's people, and measuring it anew. Main thread.

It looks at a running measurement a few times a second; that goes on when the dialog is closed.
"""

from typing import Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QProgressBar, QWidget

from kiosk.domain.models.model_comparison import ModelComparison
from kiosk.domain.trust.rights import Actor
from kiosk.errors import KioskError
from kiosk.gui.theme import Theme
from kiosk.gui.widgets.buttons import SecondaryButton
from kiosk.gui.widgets.layouts import horizontal, vertical
from kiosk.gui.widgets.surfaces import Text
from kiosk.services.models.comparing import ComparingModels, ComparisonJob
from kiosk.services.models.comparison_words import least_words, measured_words
from kiosk.translation import _

LOOK_MS: Final = 150


class ComparisonPanel(QWidget):
    """Words and *Measure on our students*, or a bar and *Stop*; `ended` carries the job once it is over."""

    ended = Signal(object)
    failed = Signal(object)

    def __init__(self, comparing: ComparingModels, theme: Theme, actor: Actor) -> None:
        super().__init__()
        self._comparing = comparing
        self._actor = actor
        self._newest: ModelComparison | None = None
        self._in_use = ""
        self.words = Text(wrap=True)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(_("Progress of the measurement"))
        self.measure_button = SecondaryButton(_("Measure on our students"))
        self.stop_button = SecondaryButton(_("Stop"))
        self.measure_button.clicked.connect(self._measure)
        self.stop_button.clicked.connect(self._stop)
        column = vertical(self.words, self.bar, spacing=theme.space(1))
        row = (column, 1), self.measure_button, self.stop_button
        horizontal(*row, on=self, spacing=theme.space(2))
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self.look)
        self._was_running = self.is_running
        self.look()

    @property
    def is_running(self) -> bool:
        """Whether something is measured."""
        return self._comparing.job is not None and self._comparing.job.running

    def fill(self, newest: ModelComparison | None, in_use: str) -> None:
        """Say what was measured last; `in_use` is the model that recognises now."""
        self._newest, self._in_use = newest, in_use
        self.look()

    def look(self) -> None:
        """Draw what is known now."""
        job, running = self._comparing.job, self.is_running
        for part in (self.bar, self.stop_button):
            part.setVisible(running)
        self.measure_button.setVisible(not running)
        if running and job is not None:
            self._draw(job)
        else:
            self.words.setText(self._said())
        was, self._was_running = self._was_running, running
        if was and not running and job is not None:
            if job.found is not None:
                self._newest = job.found
                self.words.setText(self._said())
            self.ended.emit(job)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        self._timer.stop()
        super().hideEvent(event)

    def _said(self) -> str:
        if self._newest is None:
            return _(
                "Which model errs least on your students was not measured yet. It takes minutes and changes nothing."
            )
        measured = measured_words(self._newest, self._comparing.zone)
        return f"{least_words(self._newest, self._in_use)} {measured}".strip()

    def _draw(self, job: ComparisonJob) -> None:
        self.words.setText(
            _("Measuring the models: {done} of {of} pictures.", done=job.done, of=job.of)
            if job.of
            else _("Measuring the models…")
        )
        self.bar.setRange(0, job.of)
        self.bar.setValue(job.done)

    def _measure(self) -> None:
        try:
            self._comparing.start(actor=self._actor)
        except KioskError as error:
            self.failed.emit(error)
        else:
            self._was_running = True  # also when it is over by now: somebody waits for what it found
        self.stop_button.setEnabled(True)
        self.look()

    def _stop(self) -> None:
        self.stop_button.setEnabled(False)
        self._comparing.stop()
