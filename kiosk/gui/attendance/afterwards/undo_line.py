"""That a session is gone, with the way back. Main thread; writing runs in a task."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QWidget

from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.trust.rights import NOBODY, Actor
from kiosk.errors import KioskError
from kiosk.gui.attendance.afterwards.session_words import session_title
from kiosk.gui.tasks import Tasks
from kiosk.gui.theme import Theme
from kiosk.gui.widgets.buttons import SecondaryButton
from kiosk.gui.widgets.layouts import horizontal
from kiosk.gui.widgets.surfaces import Text
from kiosk.services.app import KioskApp
from kiosk.translation import _


class UndoLine(QFrame):
    """Hidden until a session is deleted. Signals: `restored` (the session) and `failed` (a `KioskError`)."""

    restored = Signal(object)
    failed = Signal(object)

    def __init__(self, app: KioskApp, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._app = app
        self._tasks = Tasks(self)
        self._actor = NOBODY
        self._session: ClassSession | None = None
        self.setProperty("surface", "banner-accent")
        self.words = Text(wrap=True)
        self.button = SecondaryButton(_("&Undo"))
        self.button.setAccessibleName(_("Put the deleted session back"))
        self.button.clicked.connect(self._restore)
        edge = theme.space(1)
        horizontal((self.words, 1), self.button, on=self, edges=(2 * edge, edge, edge, edge))
        self.hide()

    def offer(self, session: ClassSession, actor: Actor) -> None:
        """Say that it is gone."""
        self._session, self._actor = session, actor
        self.words.setText(_("Deleted: {title}", title=session_title(session, self._app.core.zone)))
        self.show()

    def _restore(self) -> None:
        session = self._session
        if session is None:
            return

        def then(back: ClassSession) -> None:
            self.hide()
            self.restored.emit(back)

        def fail(error: KioskError) -> None:
            self.hide()
            self.failed.emit(error)

        restore = partial(
            self._app.attendance.afterwards.deleting.restore, session.session_id, actor=self._actor
        )
        self._tasks.run(restore, then=then, failed=fail)
