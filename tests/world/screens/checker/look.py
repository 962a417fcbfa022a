"""Looks at a shown screen and says what is wrong with it."""

from collections.abc import Iterator

from PySide6.QtWidgets import QDialog, QMenu, QWidget

from kiosk.gui.widgets.access_keys import AccessKeys
from tests.world.screens.checker.contrast import low_contrast
from tests.world.screens.checker.cut_text import cut_text
from tests.world.screens.checker.findings import Fault, Finding
from tests.world.screens.checker.geometry import outside, overlap, too_small
from tests.world.screens.checker.keys import nameless, unseen_focus, without_access_key
from tests.world.screens.shot import standing_over


def front_of(window: QWidget) -> QWidget:
    """What people work with: the dialog over a window, or the window."""
    dialogs = [one for one in standing_over(window) if isinstance(one, QDialog)]
    return dialogs[-1] if dialogs else window


def layout_faults(window: QWidget) -> Iterator[Finding]:
    """What does not fit; independent of colours."""
    front = front_of(window)
    for over in standing_over(window):
        frame = window.frameGeometry() if not isinstance(over, QMenu) else window.screen().geometry()
        if isinstance(over, QDialog) and not frame.contains(over.frameGeometry()):
            yield Finding(
                Fault.OUTSIDE,
                type(over).__name__,
                f"{over.width()}×{over.height()} in {window.width()}×{window.height()}",
            )
    yield from outside(front)
    yield from overlap(front)
    yield from cut_text(front)
    yield from too_small(front)
    yield from nameless(front)


def colour_faults(window: QWidget) -> Iterator[Finding]:
    """What is hard to see in the look in force."""
    front = front_of(window)
    yield from low_contrast(front)
    yield from unseen_focus(front)


def lacking_keys(window: QWidget) -> Iterator[Finding]:
    """Buttons that Alt does not press, once letters that went with others are given again."""
    front = front_of(window)
    AccessKeys.of(front).assign()
    yield from without_access_key(front)
