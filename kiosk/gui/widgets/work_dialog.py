"""What dialogs that start slow work have in common: a form, a banner, a progress bar. Main thread.

While work is under way the form rests and the dialog cannot be closed, so that its result is seen by somebody.
"""

from collections.abc import Callable
from typing import TypeVar

import shiboken6
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QProgressBar, QPushButton, QWidget

from kiosk.errors import KioskError
from kiosk.gui.tasks import Tasks
from kiosk.gui.theme import TextStyle, Theme, Tone
from kiosk.gui.widgets.banner import Banner
from kiosk.gui.widgets.buttons import SecondaryButton
from kiosk.gui.widgets.dialogs import Dialog
from kiosk.gui.widgets.layouts import vertical
from kiosk.gui.widgets.surfaces import Text
from kiosk.services.ports.progress import Progress
from kiosk.translation import _

T = TypeVar("T")


class ProgressRow(QWidget, Progress):
    """A bar and words; `report` may be called from any thread."""

    _arrived = Signal(int, int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = Text(style=TextStyle.CAPTION, tone=Tone.MUTED)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(_("Progress"))
        vertical(self._words, self.bar, on=self, spacing=theme.space(0.75))
        self._arrived.connect(self._show, Qt.ConnectionType.QueuedConnection)
        self.hide()

    def begin(self, words: str) -> None:
        """Show that something goes on, with no end in sight yet."""
        self._words.setText(words)
        self.bar.setRange(0, 0)
        self.show()

    def report(self, done: int, total: int) -> None:
        """So much is done; does nothing once the window is gone."""
        if shiboken6.isValid(self):
            self._arrived.emit(done, total)

    def _show(self, done: int, of: int) -> None:
        self.bar.setRange(0, of)
        self.bar.setValue(done)
        self._words.setText(_("{done} of {of}", done=done, of=of))


class WorkDialog(Dialog):
    """Put inputs into `form`; start work with `start`."""

    def __init__(self, theme: Theme, title: str, parent: QWidget | None, *, width: int = 720) -> None:
        super().__init__(theme, title, parent, width=width)
        self._enabled: list[QPushButton] = []
        self.tasks = Tasks(self)
        self.busy = False
        self.banner = Banner(theme)
        self.progress = ProgressRow(theme)
        self._rest = QWidget()
        self.form = vertical(on=self._rest, spacing=theme.space(2))
        self.body.addWidget(self.banner)
        self.body.addWidget(self._rest)
        self.body.addWidget(self.progress)
        self.close_button = self.add_button(SecondaryButton(_("Close")), self.reject)

    def start(
        self,
        work: Callable[[], T],
        *,
        words: str,
        then: Callable[[T], None],
        failed: Callable[[KioskError], None] | None = None,
    ) -> None:
        """Run `work` in a task while the form rests; `failed` is the banner unless told otherwise.

        What was typed counts as kept when it succeeds.
        """

        def finish(result: T) -> None:
            self._set_busy(False)
            self.settle()
            then(result)

        def give_up(error: KioskError) -> None:
            self._set_busy(False)
            (failed or self.banner.show_error)(error)

        self.banner.clear()
        self._set_busy(True)
        self.progress.begin(words)
        self.tasks.run(work, then=finish, failed=give_up)

    def reject(self) -> None:
        if not self.busy:
            super().reject()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.busy and event.key() == Qt.Key.Key_Escape:
            return
        super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        self.progress.hide()
        super().hideEvent(event)

    def _set_busy(self, busy: bool) -> None:
        if busy:
            self._enabled = [button for button in self._row if button.isEnabled()]
        for button in self._enabled:
            button.setEnabled(not busy)
        self._rest.setEnabled(not busy)
        self.busy = busy
        if not busy:
            self.progress.hide()


class WaitingDialog(WorkDialog):
    """Work and nothing else; its result stays until somebody has read it.

    Attributes:
        worked: Whether it came to a good end.
    """

    def __init__(self, theme: Theme, title: str, parent: QWidget | None = None) -> None:
        super().__init__(theme, title, parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        self.worked = False
        self.close_button.setText(_("Go on"))
        self.close_button.setDefault(True)

    def begin(self, words: str, work: Callable[[Progress], str]) -> None:
        """Start it; `work` runs in a task."""
        self.start(lambda: work(self.progress), words=words, then=self._done)

    def _done(self, said: str) -> None:
        self.worked = True
        self.banner.say(said, tone=Tone.PRESENT)
