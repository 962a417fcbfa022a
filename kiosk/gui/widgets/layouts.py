"""Layouts filled in one call. Main thread."""

from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLayout, QVBoxLayout, QWidget

Item = QWidget | QLayout
Part = Item | int | tuple[Item, int] | tuple[Item, int, Qt.AlignmentFlag]
"""What stands in a layout, with its share of the room and where it stands in that; a number is room that stays empty."""

Edges = int | tuple[int, int, int, int]
"""Pixels on all sides, or left, top, right and bottom."""

L = TypeVar("L", bound=QBoxLayout)


def vertical(
    *parts: Part, on: QWidget | None = None, edges: Edges = 0, spacing: int | None = None
) -> QVBoxLayout:
    """A layout from top to bottom, `on` a widget or to be put into another layout."""
    return _filled(QVBoxLayout(on) if on is not None else QVBoxLayout(), parts, edges, spacing)


def horizontal(
    *parts: Part, on: QWidget | None = None, edges: Edges = 0, spacing: int | None = None
) -> QHBoxLayout:
    """A layout from left to right."""
    return _filled(QHBoxLayout(on) if on is not None else QHBoxLayout(), parts, edges, spacing)


def _filled(layout: L, parts: tuple[Part, ...], edges: Edges, spacing: int | None) -> L:
    layout.setContentsMargins(*(edges if isinstance(edges, tuple) else (edges,) * 4))
    if spacing is not None:
        layout.setSpacing(spacing)
    for part in parts:
        match part:
            case int():
                layout.addStretch(part)
            case QWidget():
                layout.addWidget(part)
            case QLayout():
                layout.addLayout(part)
            case (QWidget() as widget, stretch, *where):
                layout.addWidget(widget, stretch, *where)
            case (QLayout() as inner, stretch):
                layout.addLayout(inner, stretch)
    return layout
