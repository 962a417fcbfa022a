"""Unsure faces in the roster: a line that says how many, and the pane to settle them. Main thread; services run in tasks.

Pictures are shown only while the roster is, that is to a teacher who gave the password; hiding it lets go of them.
"""

from functools import partial
from typing import Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from kiosk.domain.trust.rights import NOBODY, Actor
from kiosk.errors import KioskError
from kiosk.gui.attendance.roster.ambiguous_pane import UnsurePane
from kiosk.gui.tasks import Tasks
from kiosk.gui.theme import Theme, Tone
from kiosk.gui.widgets.buttons import SecondaryButton
from kiosk.gui.widgets.surfaces import Text
from kiosk.services.app import FaceCases
from kiosk.services.attendance.runtime import KioskRuntime
from kiosk.services.core import Core
from kiosk.services.events import CheckInResult, Event, FaceDecided, RecordCorrected, SessionEnded
from kiosk.services.faces.ambiguous_faces import Confirmed, UnsureFaces
from kiosk.wording.dates import clock_time

SOON_MS: Final = 200
"""Several decisions in a moment are one look at the memory."""

LOOK_MS: Final = 15_000
"""How often it looks by itself: faces are forgotten with time."""

NOTHING: Final = UnsureFaces((), (), frozenset())


class UnsureSection(QWidget):
    """Says how many faces are unsure and lets a teacher name them.

    Signals:
        opened: The pane wants the room.
        confirmed: `Confirmed`, after the mark was written.
    """

    opened = Signal()
    confirmed = Signal(object)

    def __init__(
        self, core: Core, faces: FaceCases, runtime: KioskRuntime, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._core = core
        self._faces = faces
        self._runtime = runtime
        self._theme = theme
        self._tasks = Tasks(self)
        self._session_id = 0
        self._actor = NOBODY
        self._waiting = NOTHING
        self._text = Text(tone=Tone.LATE, wrap=True)
        self.look_button = SecondaryButton("Look…")
        self.look_button.clicked.connect(self.open_pane)
        self.line = QFrame()
        self.line.setProperty("surface", "banner-late")
        row = QHBoxLayout(self.line)
        row.setContentsMargins(theme.space(2), theme.space(0.75), theme.space(0.75), theme.space(0.75))
        row.addWidget(self._text, 1)
        row.addWidget(self.look_button)
        self.pane = UnsurePane(theme, core.zone)
        self.pane.closed.connect(self.close_pane)
        self.pane.confirmed.connect(self._confirm)
        self.pane.dismissed.connect(self._dismiss)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.line)
        column.addWidget(self.pane)
        self._soon = QTimer(self, singleShot=True, interval=SOON_MS)
        self._soon.timeout.connect(self._look)
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self._look)
        self._show(NOTHING)

    @property
    def text(self) -> str:
        """What the line says; empty while no face is unsure."""
        return "" if self.isHidden() else self._text.text()

    def show_session(self, session_id: int, actor: Actor) -> None:
        """Begin with a class; marks are written down as made by `actor`."""
        self._session_id, self._actor = session_id, actor
        self.close_pane()
        self._show(NOTHING)
        self._timer.start()
        self._look()

    def on_event(self, event: Event) -> None:
        """Look again when a face was decided or a student was marked."""
        if (
            isinstance(event, FaceDecided | CheckInResult | RecordCorrected | SessionEnded)
            and self._timer.isActive()
        ):
            self._soon.start()

    def open_pane(self) -> None:
        """Show the first face."""
        self.pane.take(self._waiting)
        self.line.hide()
        self.pane.show()
        self.pane.who.setFocus()
        self.opened.emit()

    def close_pane(self) -> None:
        """Only the line stays."""
        self.pane.hide()
        self.line.show()

    def rest(self) -> None:
        """The roster is put away: let go of the pictures, and look no more."""
        self._timer.stop()
        self._soon.stop()
        self.close_pane()
        self._show(NOTHING)

    def _look(self) -> None:
        session_id = self._session_id
        if not self._timer.isActive():
            return

        def then(waiting: UnsureFaces) -> None:
            if session_id == self._session_id and self._timer.isActive():
                self._show(waiting)

        self._tasks.run(
            partial(self._faces.ambiguous.waiting, session_id, actor=self._actor),
            then=then,
            failed=self.pane.show_error,
        )

    def _show(self, waiting: UnsureFaces) -> None:
        self._waiting = waiting
        count = len(waiting.faces)
        if count:
            newest = clock_time(waiting.faces[-1].seen_at, self._core.zone)
            self._text.setText(f"{count} {'face' if count == 1 else 'faces'} unsure, {newest}")
        else:
            self.close_pane()
        self.pane.take(waiting)
        self.setVisible(count > 0)

    def _confirm(self, face_id: int, student_id: int, learn: bool) -> None:
        def work() -> Confirmed:
            confirmed = self._faces.ambiguous.confirm(face_id, student_id, actor=self._actor, learn=learn)
            if confirmed.learnt is not None:
                self._runtime.reload_gallery()
            return confirmed

        def then(confirmed: Confirmed) -> None:
            self.pane.setEnabled(True)
            self.close_pane()
            self.confirmed.emit(confirmed)
            self._look()

        def failed(error: KioskError) -> None:
            self.pane.setEnabled(True)
            self.pane.show_error(error)

        self.pane.setEnabled(False)
        self._tasks.run(work, then=then, failed=failed)

    def _dismiss(self, face_id: int) -> None:
        self._tasks.run(
            lambda: self._faces.ambiguous.dismiss(face_id, actor=self._actor),
            then=lambda _done: self._look(),
            failed=self.pane.show_error,
        )
