"""The recovery passphrase, shown once. Main thread."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QWidget

from kiosk.gui.theme import MONO, Theme
from kiosk.gui.widgets.layouts import vertical
from kiosk.gui.widgets.surfaces import Card, Text
from kiosk.translation import _

WIDTH_PX = 860


class PassphraseNote(QWidget):
    """The words, large, how they are kept, and a box that says that they were written down."""

    def __init__(self, theme: Theme, passphrase: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        frame = Card(theme)
        self.passphrase = Text(passphrase, wrap=True)
        families = ", ".join(f'"{family}"' for family in MONO)
        self.passphrase.setStyleSheet(
            f"QLabel {{ font-family: {families}; font-size: {theme.px(34)}px; font-weight: 600; }}"
        )
        self.passphrase.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.passphrase.setAccessibleName(_("Recovery passphrase"))
        self.passphrase.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        frame.body.addWidget(self.passphrase)
        keeping = Text(
            _(
                "Write it on paper and keep the paper where keys are kept, such as the school's safe. Do not "
                "photograph it and do not keep it on this PC."
            ),
            wrap=True,
        )
        self.written = QCheckBox(_("I have written it down"))
        vertical(frame, keeping, self.written, on=self, spacing=theme.space(2))
