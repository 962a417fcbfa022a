"""What a checker found, and the rectangles that it looked at."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QScrollArea, QWidget


class Fault(StrEnum):
    """What may be wrong with a screen."""

    OUTSIDE = "outside the window"
    OVERLAP = "overlap"
    CUT = "cut text"
    CONTRAST = "contrast of text"
    BORDER = "contrast of a border"
    FOCUS = "focus not seen"
    SMALL = "target too small"
    NO_KEY = "no access key"
    SHARED_KEY = "access key shared"
    NAMELESS = "no name for a screen reader"


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault of one widget."""

    fault: Fault
    where: str
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.fault}: {self.where}" + (f" ({self.detail})" if self.detail else "")


def name_of(widget: QWidget) -> str:
    """How a person finds it: its class and its words."""
    words = ""
    if isinstance(widget, QLabel | QAbstractButton):
        words = widget.text()
    elif isinstance(widget, QLineEdit):
        words = widget.text() or widget.placeholderText()
    words = words or widget.accessibleName()
    inside = "" if words else f" in {type(widget.parentWidget()).__name__}"
    return f"{type(widget).__name__} {words[:60]!r}{inside}"


def everything_in(root: QWidget) -> Iterator[QWidget]:
    """The visible widgets of a page or dialog, without those of dialogs over it."""
    for one in root.findChildren(QWidget):
        if one.window() is root.window() and one.isVisible() and one.width() > 0 and one.height() > 0:
            yield one


def rect_in(root: QWidget, widget: QWidget) -> QRect:
    """Where it stands in `root`, whole."""
    return QRect(widget.mapTo(root, QPoint(0, 0)), widget.size())


def seen_of(root: QWidget, widget: QWidget) -> QRect:
    """The part of it that is seen in `root`: what a scroll area or its parents cut off does not count."""
    rect = rect_in(root, widget)
    parent = widget.parentWidget()
    while parent is not None and parent is not root.parentWidget():
        rect = rect.intersected(rect_in(root, parent) if parent is not root else root.rect())
        if parent is root:
            break
        parent = parent.parentWidget()
    return rect


def scrolled_by(root: QWidget, widget: QWidget) -> QScrollArea | None:
    """The nearest scroll area that it is in."""
    parent = widget.parentWidget()
    while parent is not None and parent is not root:
        if isinstance(parent, QScrollArea):
            return parent
        parent = parent.parentWidget()
    return None


def is_covered(root: QWidget, widget: QWidget) -> bool:
    """Whether something else lies over its middle."""
    above = root.childAt(seen_of(root, widget).center())
    return (
        above is not None
        and above is not widget
        and not widget.isAncestorOf(above)
        and not above.isAncestorOf(widget)
    )
