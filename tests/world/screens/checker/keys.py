"""What the keyboard and a screen reader reach: it must be seen to have the focus, and have a name."""

from collections.abc import Iterator
from typing import Final

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QPushButton,
    QScrollArea,
    QWidget,
)

from kiosk.gui.attendance.kiosk_screen.screen import KioskScreen
from kiosk.gui.widgets.access_keys import letters_in_use
from tests.world.screens.checker.contrast import luminance, pixels_of
from tests.world.screens.checker.findings import Fault, Finding, everything_in, name_of, seen_of

LEAST_CHANGED: Final = 40
"""Pixels that show the focus; WCAG 2.4.13 asks for an outline, the shortest of which has more."""

LEAST_CONTRAST: Final = 3.0


def reached_by_keys(root: QWidget) -> Iterator[QWidget]:
    """What Tab stops at."""
    for one in everything_in(root):
        is_stop = bool(one.focusPolicy().value & Qt.FocusPolicy.TabFocus.value)
        inner = isinstance(one.parentWidget(), QComboBox | QAbstractSpinBox)
        if (
            is_stop
            and one.isEnabled()
            and one.focusProxy() is None
            and not inner
            and not isinstance(one, QScrollArea)
        ):
            yield one


def nameless(root: QWidget) -> Iterator[Finding]:
    """What a screen reader has no word for."""
    for one in reached_by_keys(root):
        interface = QAccessible.queryAccessibleInterface(one)
        if not interface.text(QAccessible.Text.Name).strip():
            yield Finding(Fault.NAMELESS, name_of(one))


def unseen_focus(root: QWidget) -> Iterator[Finding]:
    """What looks the same with and without the focus; one of each kind is looked at."""
    before = QApplication.focusWidget()
    looked_at: set[tuple[object, ...]] = set()
    for one in list(reached_by_keys(root)):
        kind = (type(one).__name__, one.property("kind"), one.styleSheet() != "", one.property("surface"))
        if isinstance(one, KioskScreen):
            continue  # keys work on it as a whole
        if kind in looked_at or seen_of(root, one).size() != one.size():
            continue
        looked_at.add(kind)
        if (changed := _changed_by_focus(root, one)) < LEAST_CHANGED:
            yield Finding(Fault.FOCUS, name_of(one), f"{changed} pixels change")
    if before is not None:
        before.setFocus()


def _changed_by_focus(root: QWidget, widget: QWidget) -> int:
    """How many pixels change so that it is seen."""
    widget.setFocus(Qt.FocusReason.TabFocusReason)
    QApplication.processEvents()
    if not widget.hasFocus():
        return LEAST_CHANGED  # it hands the focus on, or the window has none
    if (
        isinstance(widget, QAbstractItemView)
        and widget.model() is not None
        and widget.model().rowCount() == 0
    ):
        return LEAST_CHANGED
    place = seen_of(root, widget).adjusted(-4, -4, 4, 4).intersected(root.rect())
    focused = luminance(pixels_of(root.grab(place)))
    widget.clearFocus()
    QApplication.processEvents()
    plain = luminance(pixels_of(root.grab(place)))
    high, low = np.maximum(focused, plain), np.minimum(focused, plain)
    return int(np.count_nonzero((high + 0.05) / (low + 0.05) >= LEAST_CONTRAST))


def without_access_key(root: QWidget) -> Iterator[Finding]:
    """Buttons with words that Alt and a letter do not press, though a letter of theirs is free, and letters given twice."""
    holders: dict[str, QPushButton] = {}
    shown = [
        one
        for one in everything_in(root)
        if isinstance(one, QPushButton) and one.text() and one.focusPolicy() is not Qt.FocusPolicy.NoFocus
    ]
    for one in shown:
        keys = one.shortcut().toString()
        if not keys.startswith("Alt+"):
            continue
        if keys in holders:
            yield Finding(Fault.SHARED_KEY, name_of(one), f"{keys}, as {name_of(holders[keys])}")
        holders[keys] = one
    elsewhere = set(letters_in_use(root))
    for one in shown:
        free = [
            letter
            for letter in one.text().upper()
            if letter.isalpha() and letter not in elsewhere and f"Alt+{letter}" not in holders
        ]
        if one.shortcut().isEmpty() and free:
            yield Finding(Fault.NO_KEY, name_of(one), f"{free[0]} is free")
