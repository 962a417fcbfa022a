"""How far the installation of a model is, with a button that stops it. Main thread.

It looks at the running installation a few times a second; the installation itself does not know who looks on.
"""

from typing import Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QProgressBar, QWidget

from kiosk.gui.models.model_words import progress_words
from kiosk.gui.theme import TextStyle, Theme
from kiosk.gui.widgets.buttons import SecondaryButton
from kiosk.gui.widgets.layouts import horizontal, vertical
from kiosk.gui.widgets.surfaces import Text
from kiosk.services.models.installation import InstallJob, Models
from kiosk.translation import _

LOOK_MS: Final = 150
STEPS: Final = 1000
"""Of the bar: bytes would not fit into its 32 bits for every file."""


class InstallPanel(QWidget):
    """Words, a bar and *Stop*; `ended` carries the job once it is over."""

    ended = Signal(object)

    def __init__(self, models: Models, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._models = models
        self._stopping = False
        self.words = Text(style=TextStyle.STRONG, wrap=True)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(_("Progress of the installation"))
        self.stop_button = SecondaryButton(_("Stop"))
        self.stop_button.clicked.connect(self._stop)
        column = vertical(self.words, self.bar, spacing=theme.space(1))
        horizontal((column, 1), self.stop_button, on=self, spacing=theme.space(2))
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self.look)
        self.hide()

    def begin(self) -> None:
        """Show the installation that runs, if one does."""
        job = self._models.job
        if job is None or not job.running:
            return
        self._stopping = False
        self.stop_button.setEnabled(True)
        self._draw(job)
        self.show()
        self._timer.start()

    def look(self) -> None:
        """Draw what is known now."""
        job = self._models.job
        if job is None or not job.running:
            self._timer.stop()
            self.hide()
            self.ended.emit(job)
            return
        self._draw(job)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        self._timer.stop()
        super().hideEvent(event)

    def _draw(self, job: InstallJob) -> None:
        progress = job.progress
        self.words.setText(_("Stopping…") if self._stopping else progress_words(job.choice.title, progress))
        self.bar.setRange(0, STEPS if progress.total else 0)
        if progress.total:
            self.bar.setValue(round(STEPS * min(1.0, progress.done / progress.total)))

    def _stop(self) -> None:
        self._stopping = True
        self.stop_button.setEnabled(False)
        self._models.stop()
        self.look()
