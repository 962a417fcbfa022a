"""Password fields that can be looked at. Main thread."""

from PySide6.QtWidgets import QCheckBox, QLineEdit

from kiosk.gui.widgets.fields import LineField
from kiosk.translation import ngettext


def reveal_box(*fields: LineField) -> QCheckBox:
    """A box that shows and hides what was typed into secret fields."""
    box = QCheckBox(ngettext("Show password", "Show passwords", len(fields)))

    def show(shown: bool) -> None:
        mode = QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password
        for field in fields:
            field.edit.setEchoMode(mode)

    box.toggled.connect(show)
    return box
