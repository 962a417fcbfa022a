"""Contrast, measured on the picture of a screen (WCAG 2.2, 1.4.3 and 1.4.11)."""

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QTabBar,
    QToolButton,
    QWidget,
)

from tests.world.screens.checker.findings import Fault, Finding, everything_in, is_covered, name_of, seen_of

TEXT_LEAST: Final = 4.5
BORDER_LEAST: Final = 3.0

BLUR: Final = 0.93
"""Thin strokes of small letters never reach their full colour: so much of the contrast is seen where it is just enough."""

Pixels = NDArray[np.float64]
"""(height, width) luminance from 0 to 1, or such with (height, width, 3) colours from 0 to 255."""


def _linear() -> NDArray[np.float64]:
    share = np.arange(256) / 255
    return np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)


_RED, _GREEN, _BLUE = (_linear() * part for part in (0.2126, 0.7152, 0.0722))


def luminance(colours: NDArray[np.uint8]) -> Pixels:
    """Relative luminance of (…, 3) sRGB colours."""
    return np.asarray(_RED[colours[..., 0]] + _GREEN[colours[..., 1]] + _BLUE[colours[..., 2]])


def contrast(one: float, other: float) -> float:
    """Of two luminances."""
    high, low = max(one, other), min(one, other)
    return (high + 0.05) / (low + 0.05)


def pixels_of(picture: QPixmap) -> NDArray[np.uint8]:
    """(height, width, 3) RGB."""
    image = picture.toImage().convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).copy()


def low_contrast(root: QWidget) -> Iterator[Finding]:
    """Texts and borders that are hard to see against what they stand on."""
    seen = luminance(pixels_of(root.grab()))
    for one in everything_in(root):
        if not one.isEnabled():
            continue
        rect = seen_of(root, one)
        if rect.width() < 8 or rect.height() < 8 or is_covered(root, one):
            continue
        if _has_text(one) and rect.size() == one.size() and (found := _text(seen, one, rect)):
            yield found
        if (
            _has_border(one)
            and rect == seen_of(root, one).united(rect)
            and (found := _border(seen, root, one))
        ):
            yield found


def _has_text(widget: QWidget) -> bool:
    match widget:
        case QLabel():
            return bool(widget.text().strip()) and widget.pixmap().isNull()
        case QAbstractButton():
            return bool(widget.text().strip())
        case QLineEdit():
            return bool(widget.text() or widget.placeholderText())
        case QTabBar() | QPlainTextEdit():
            return True
        case QComboBox():
            return bool(widget.currentText())
        case _:
            return False


def _text(seen: Pixels, widget: QWidget, rect: QRect) -> Finding | None:
    inset = 0 if isinstance(widget, QLabel) else min(5, rect.height() // 4)
    area = _part(seen, rect.adjusted(inset, inset, -inset, -inset))
    if isinstance(widget, QCheckBox | QRadioButton):
        area = area[:, round(1.6 * widget.fontMetrics().height()) :]
    if area.size == 0:
        return None
    ground = _most_frequent(area)
    best = max(contrast(ground, float(area.min())), contrast(ground, float(area.max())))
    if best < TEXT_LEAST * BLUR:
        return Finding(Fault.CONTRAST, name_of(widget), f"{best:.1f}:1")
    return None


def _has_border(widget: QWidget) -> bool:
    if isinstance(widget, QLineEdit) and isinstance(widget.parentWidget(), QComboBox | QAbstractSpinBox):
        return False
    if isinstance(widget, QPushButton) and widget.property("kind") in {"quiet", "place"}:
        return False
    return isinstance(
        widget,
        QPushButton | QLineEdit | QComboBox | QAbstractSpinBox | QPlainTextEdit | QCheckBox | QRadioButton,
    ) and not isinstance(widget, QToolButton)


def _border(seen: Pixels, root: QWidget, widget: QWidget) -> Finding | None:
    """Its left edge at half height, against what is left of it."""
    rect = seen_of(root, widget)
    middle = rect.center().y()
    if rect.left() < 3 or rect.size() != widget.size():
        return None
    around = float(seen[middle, rect.left() - 2])
    width = 40 if isinstance(widget, QCheckBox | QRadioButton) else 8
    edge = seen[middle, rect.left() : min(rect.left() + width, seen.shape[1])]
    best = max(contrast(around, float(edge.min())), contrast(around, float(edge.max())))
    return Finding(Fault.BORDER, name_of(widget), f"{best:.1f}:1") if best < BORDER_LEAST else None


def _part(seen: Pixels, rect: QRect) -> Pixels:
    return seen[rect.top() : rect.bottom() + 1, rect.left() : rect.right() + 1]


def _most_frequent(area: Pixels) -> float:
    values, counts = np.unique(area.round(4), return_counts=True)
    return float(values[counts.argmax()])
