"""Opens dialogs of the catalogue over the page of whoever signed in, one at a time. Main thread."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from kiosk.domain.people.staff import User
from kiosk.domain.school.set_up import SetUpStep
from kiosk.gui.dialog_catalogue import CALIBRATE, ENTRY_OF_STEP, REMEDIES, Entry, Opening
from kiosk.gui.models.models_dialog import ModelsDialog
from kiosk.gui.remembered import Remembered
from kiosk.gui.set_up.what_is_left import WhatIsLeftDialog
from kiosk.gui.theme import Theme
from kiosk.gui.trust.health_dialog import HealthDialog
from kiosk.gui.widgets.dialogs import Dialog
from kiosk.services.app import KioskApp
from kiosk.services.ports.health import Remedy


class DialogOpener(QObject):
    """Knows who signed in and which dialog is open.

    Signals:
        closed: A dialog was closed; carries its entry in the catalogue.
        settings_wanted: Something is mended in the settings; carries the `Subject`.
    """

    closed = Signal(object)
    settings_wanted = Signal(object)

    def __init__(
        self, app: KioskApp, theme: Theme, page: QWidget, *, remembered: Remembered | None = None
    ) -> None:
        super().__init__(page)
        self._app = app
        self._theme = theme
        self._page = page
        self._remembered = remembered or Remembered()
        self.user: User | None = None
        self.dialog: Dialog | None = None

    def open(self, entry: Entry, *, course_id: int | None = None, model: str = "") -> None:
        """Open a dialog for who signed in."""
        if self.user is None:
            return
        dialog = entry.make(
            Opening(
                *(self._app, self._theme, self.user, self._page),
                course_id=course_id,
                model=model,
                remembered=self._remembered,
            )
        )
        self.hold(dialog)
        dialog.finished.connect(lambda: self.closed.emit(entry))
        if isinstance(dialog, ModelsDialog):
            dialog.calibrate_wanted.connect(lambda: self.open(CALIBRATE))
        if isinstance(dialog, WhatIsLeftDialog):
            dialog.step_wanted.connect(self.open_step)
        if isinstance(dialog, HealthDialog):
            dialog.mend_wanted.connect(self._mend)
        dialog.open()

    def open_step(self, step: SetUpStep) -> None:
        """Open where a step of setting up is done."""
        if step in ENTRY_OF_STEP:
            self.open(ENTRY_OF_STEP[step])

    def hold(self, dialog: Dialog) -> None:
        """Remember a dialog that is no entry of the catalogue while it is open."""
        self.dialog = dialog
        dialog.finished.connect(self._forget)

    def _mend(self, remedy: Remedy) -> None:
        where = REMEDIES[remedy]
        if isinstance(where, Entry):
            self.open(where)
        else:
            self.settings_wanted.emit(where)

    def _forget(self) -> None:
        self.dialog = None
