"""What stands outside the window, over something else, or is too small to be hit."""

from collections.abc import Iterator
from itertools import combinations
from typing import Final

from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QRadioButton,
    QTabBar,
    QWidget,
)

from tests.world.screens.checker.findings import (
    Fault,
    Finding,
    everything_in,
    name_of,
    rect_in,
    scrolled_by,
    seen_of,
)

WITH_CONTENT: Final = (
    QLabel,
    QAbstractButton,
    QLineEdit,
    QComboBox,
    QAbstractSpinBox,
    QPlainTextEdit,
    QAbstractItemView,
    QTabBar,
)

TARGETS: Final = (QAbstractButton, QLineEdit, QComboBox, QAbstractSpinBox, QTabBar)

LEAST_TARGET_PX: Final = 24
"""WCAG 2.2, 2.5.8."""

SLACK_PX: Final = 1


def outside(root: QWidget) -> Iterator[Finding]:
    """What reaches out of the window or out of what holds it, where no scroll bar leads to it."""
    for one in everything_in(root):
        if not isinstance(one, WITH_CONTENT) or _is_part(one):
            continue
        whole, seen = rect_in(root, one), seen_of(root, one)
        area = scrolled_by(root, one)
        across = whole.width() - seen.width()
        down = whole.height() - seen.height()
        if area is not None:
            down = 0  # scrolled to
            if (
                area.horizontalScrollBarPolicy() is not Qt.ScrollBarPolicy.ScrollBarAlwaysOff
                or seen.isEmpty()
            ):
                across = 0
        if across > SLACK_PX or down > SLACK_PX:
            yield Finding(Fault.OUTSIDE, name_of(one), f"by {max(across, 0)}×{max(down, 0)} px")


def overlap(root: QWidget) -> Iterator[Finding]:
    """What stands over something else that says something."""
    shown: list[tuple[QWidget, QRect]] = []
    for one in everything_in(root):
        if isinstance(one, WITH_CONTENT) and not _is_part(one) and not _floats(root, one) and _says(one):
            seen = seen_of(root, one)
            if not seen.isEmpty():
                shown.append((one, seen))
    for (one, first), (other, second) in combinations(shown, 2):
        common = first.intersected(second)
        if min(common.width(), common.height()) > SLACK_PX and not (
            one.isAncestorOf(other) or other.isAncestorOf(one)
        ):
            yield Finding(
                Fault.OVERLAP,
                f"{name_of(one)} and {name_of(other)}",
                f"{common.width()}×{common.height()} px",
            )


def too_small(root: QWidget) -> Iterator[Finding]:
    """What is pressed and hard to hit."""
    for one in everything_in(root):
        if not isinstance(one, TARGETS) or _is_part(one) or not one.isEnabled():
            continue
        if (
            isinstance(one, QAbstractButton)
            and one.focusPolicy() is Qt.FocusPolicy.NoFocus
            and not one.text()
        ):
            continue  # arrows of a tab bar and the like: the keys do the same
        side = min(one.width(), one.height())
        if isinstance(one, QCheckBox | QRadioButton):
            side = one.height()
        if side < LEAST_TARGET_PX:
            yield Finding(Fault.SMALL, name_of(one), f"{one.width()}×{one.height()} px")


def _is_part(widget: QWidget) -> bool:
    """Whether it is the inside of a widget of its own: the line of a box, the buttons of a tab bar."""
    parent = widget.parentWidget()
    return isinstance(parent, QComboBox | QAbstractSpinBox | QTabBar | QAbstractItemView) or (
        type(widget).__name__ in {"QTableCornerButton"}
    )


def _floats(root: QWidget, widget: QWidget) -> bool:
    """Whether it is meant to lie over others for a moment, as a toast does."""
    one: QWidget | None = widget
    while one is not None and one is not root:
        if one.testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents):
            return True
        one = one.parentWidget()
    return False


def _says(widget: QWidget) -> bool:
    if isinstance(widget, QLabel):
        return bool(widget.text()) or not widget.pixmap().isNull()
    return True
