"""The recovery passphrase, shown once. Main thread."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QWidget

from kiosk.gui.theme import MONO, Theme, Tone
from kiosk.gui.widgets.buttons import PrimaryButton
from kiosk.gui.widgets.centred import CentredPage
from kiosk.gui.widgets.layouts import vertical
from kiosk.gui.widgets.surfaces import Card, PageTitle, Text
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


class RecoveryPage(QWidget):
    """Shows the words large; goes on only after they were written down."""

    done = Signal()

    def __init__(self, theme: Theme, passphrase: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        page = CentredPage(theme, width=WIDTH_PX)
        body = page.card.body
        body.addWidget(PageTitle(_("Write this down")))
        body.addWidget(
            Text(
                _(
                    "When this PC breaks, this passphrase opens the school's backups on another one: records and faces are lost "
                    "without it. It is shown only now, and nobody can find it out later."
                ),
                tone=Tone.MUTED,
                wrap=True,
            )
        )
        self.note = PassphraseNote(theme, passphrase)
        body.addWidget(self.note)
        self.button = PrimaryButton(_("Go on"))
        self.button.setEnabled(False)
        self.note.written.toggled.connect(self.button.setEnabled)
        self.button.setAutoDefault(True)
        self.button.clicked.connect(self.done)
        body.addWidget(self.button)
        vertical(page, on=self)
