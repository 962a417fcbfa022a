"""Opens a dialog for a test."""

from typing import TypeVar

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from kiosk.gui.widgets.dialogs import Dialog

D = TypeVar("D", bound=Dialog)


def opened(qtbot: QtBot, dialog: D) -> D:
    """Open a dialog that outlives its closing, so that a test can look at it."""
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(dialog)
    dialog.open()
    return dialog
