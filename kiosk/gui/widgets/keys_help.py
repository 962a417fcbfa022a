"""F1: the keys of what is in front, gathered from it. Main thread.

What a shortcut does is said by its own `whatsThis`; a widget that takes keys itself has a method ``own_keys()`` with pairs
of keys and words; what Alt presses is read from the buttons.
"""

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QGridLayout, QWidget

from kiosk.gui.theme import TextStyle, Theme, Tone
from kiosk.gui.widgets.access_keys import AccessButton, plain
from kiosk.gui.widgets.buttons import PrimaryButton
from kiosk.gui.widgets.dialogs import Dialog
from kiosk.gui.widgets.surfaces import Text
from kiosk.translation import _

WIDTH_PX = 760

KeyLine = tuple[str, str]
"""Keys, and what they do."""


def keys_of(window: QWidget) -> list[KeyLine]:
    """Everything that keys do in a window as it is shown now, each once."""
    lines = [*_shortcuts(window), *_own(window), *_buttons(window), *_everywhere()]
    return list(dict.fromkeys(lines))


def _shortcuts(window: QWidget) -> Iterator[KeyLine]:
    for shortcut in window.findChildren(QShortcut):
        owner = shortcut.parent()
        seen = isinstance(owner, QWidget) and owner.isVisible() and owner.window() is window
        if seen and shortcut.isEnabled() and shortcut.whatsThis():
            yield _native(shortcut.key()), shortcut.whatsThis()


def _own(window: QWidget) -> Iterator[KeyLine]:
    for widget in window.findChildren(QWidget):
        own_keys = getattr(widget, "own_keys", None)
        if callable(own_keys) and widget.isVisible() and widget.window() is window:
            yield from own_keys()


def _buttons(window: QWidget) -> Iterator[KeyLine]:
    for button in window.findChildren(AccessButton):
        if button.isVisible() and button.window() is window and not button.shortcut().isEmpty():
            words = button.accessibleName() or plain(button.text())
            yield _native(button.shortcut()), words.replace("\n", " ")


def _everywhere() -> tuple[KeyLine, ...]:
    return (
        (_("Tab"), _("To the next field or button; with Shift back")),
        (_("Enter"), _("Press what has the focus, or do the main thing")),
        (_("Esc"), _("Close or go back")),
        ("F1", _("Show these keys")),
    )


def _native(keys: QKeySequence) -> str:
    return keys.toString(QKeySequence.SequenceFormat.NativeText)


class KeysDialog(Dialog):
    """The keys of a window, over it."""

    def __init__(self, theme: Theme, window: QWidget) -> None:
        lines = keys_of(window)
        super().__init__(theme, _("Keys on this page"), window, width=WIDTH_PX)
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.space(3))
        grid.setVerticalSpacing(theme.space(1))
        grid.setColumnStretch(1, 1)
        for row, (keys, does) in enumerate(lines):
            grid.addWidget(Text(keys, TextStyle.STRONG), row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(Text(does, tone=Tone.MUTED, wrap=True), row, 1)
        self.lines = lines
        self.body.addLayout(grid)
        self.close_button = self.add_button(PrimaryButton(_("Close")), self.accept)


def show_keys(theme: Theme) -> KeysDialog | None:
    """Show the keys of the window that is in front; None where they are shown already."""
    window = QApplication.activeModalWidget() or QApplication.activeWindow()
    if window is None or isinstance(window, KeysDialog):
        return None
    dialog = KeysDialog(theme, window)
    dialog.open()
    return dialog
