"""The Qt style sheet, made from palette, type scale and screen scale. Pure text, no Qt.

Widgets are addressed by dynamic properties, never by object names: ``kind`` of buttons, ``text_style`` and ``tone``
of labels, ``surface`` of frames, ``invalid`` of fields.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from kiosk.gui.palettes import Palette

_ICONS: Final = Path(__file__).resolve().parents[2] / "assets" / "icons"


FOCUS_PX: Final = 3
"""How strong the line around what has the focus is."""


CELL_MARGIN: Final = 3
"""Pixels that Qt puts beside a cell's text inside the padding, and beside that of a heading does not."""


def _px(pixels: float, scale: float) -> str:
    return f"{max(1, round(pixels * scale))}px"


def style_sheet(colours: Palette, type_scale: Mapping[str, tuple[float, int]], scale: float) -> str:
    """Everything that widgets need to look alike; `scale` is pixels of this screen for one at 1080p."""

    def px(pixels: float) -> str:
        return _px(pixels, scale)

    box = max(1, round(22 * scale))
    # Half of the box and its border of 2 pixels: less is no circle, and of more Qt draws a square.
    circle = f"{(box + 4) // 2}px"
    parts = [
        _texts(colours, type_scale, scale),
        _surfaces(colours, px(16), px(12)),
        _buttons(colours, px(12), px(22), px(30), px(8)),
        _fields(colours, scale),
        _popups(colours, scale),
        _toggles(colours, f"{box}px", circle, px(6), px(10)),
        _lists(colours, px(16), px(12), px(8), px(44), f"{round(12 * scale) + CELL_MARGIN}px"),
        _bars(colours, px(12), px(6), px(40)),
    ]
    return "\n".join(parts)


def _texts(colours: Palette, type_scale: Mapping[str, tuple[float, int]], scale: float) -> str:
    rules = [f"QLabel {{ color: {colours.text}; background: transparent; }}"]
    for style, (size, weight) in type_scale.items():
        rules.append(
            f'QLabel[text_style="{style}"] {{ font-size: {max(1, round(size * scale))}px; font-weight: {weight}; }}'
        )
    tones = ("muted", "accent", "present", "late", "refused")
    rules += [f'QLabel[tone="{tone}"] {{ color: {getattr(colours, tone)}; }}' for tone in tones]
    return "\n".join(rules)


def _surfaces(colours: Palette, radius: str, small_radius: str) -> str:
    banners = "\n".join(
        f'QFrame[surface="banner-{tone}"] {{ background: {tint}; border: none; border-radius: {small_radius}; }}'
        for tone, tint in (
            ("accent", colours.tint_accent),
            ("present", colours.tint_present),
            ("late", colours.tint_late),
            ("refused", colours.tint_refused),
        )
    )
    return f"""
QMainWindow, QDialog, QWidget[surface="page"] {{ background: {colours.background}; }}
QDialog[frameless="true"] {{ background: transparent; }}
QFrame[surface="card"] {{
    background: {colours.card}; border: 1px solid {colours.line}; border-radius: {radius};
}}
QFrame[surface="card"][square="true"] {{ border: 1px solid {colours.border}; border-radius: 0; }}
QFrame[surface="line"] {{ background: {colours.line}; border: none; max-height: 1px; min-height: 1px; }}
QFrame[surface="toast"] {{ background: {colours.text}; border: none; border-radius: {small_radius}; }}
QFrame[surface="toast"] QLabel {{ color: {colours.background}; }}
{banners}
"""


def _buttons(colours: Palette, radius: str, side: str, height: str, inset: str) -> str:
    return f"""
QPushButton {{
    background: {colours.card}; color: {colours.text}; border: 1px solid {colours.border};
    border-radius: {radius}; padding: {inset} {side}; min-height: {height}; font-weight: 600;
}}
QPushButton:hover {{ background: {colours.hover}; }}
QPushButton:pressed {{ background: {colours.pressed}; }}
QPushButton:focus {{ border: {FOCUS_PX}px solid {colours.accent}; }}
QPushButton:disabled {{ color: {colours.muted}; background: {colours.background}; border-color: {colours.line}; }}
QPushButton[kind="primary"] {{
    background: {colours.accent}; color: {colours.on_accent}; border: 2px solid {colours.accent};
}}
QPushButton[kind="primary"]:focus {{ border: 2px solid {colours.text}; }}
QPushButton[kind="primary"]:hover {{ background: {_mixed(colours.accent, colours.text, 0.12)}; }}
QPushButton[kind="primary"]:pressed {{ background: {_mixed(colours.accent, colours.text, 0.24)}; }}
QPushButton[kind="primary"]:disabled {{
    background: {colours.track}; border-color: {colours.track}; color: {colours.muted};
}}
QPushButton[kind="danger"] {{
    background: {colours.solid_refused}; color: {colours.on_solid}; border: 2px solid {_edge_of_danger(colours)};
}}
QPushButton[kind="danger"]:focus {{ border: 2px solid {colours.text}; }}
QPushButton[kind="danger"]:hover {{ background: {_mixed(colours.solid_refused, "#000000", 0.12)}; }}
QPushButton[kind="danger"]:disabled {{
    background: {colours.track}; border-color: {colours.track}; color: {colours.muted};
}}
QPushButton[kind="quiet"] {{
    background: transparent; border: 2px solid transparent; color: {colours.accent};
}}
QPushButton[kind="quiet"]:hover {{ background: {colours.hover}; }}
QPushButton[kind="quiet"]:focus {{ border: {FOCUS_PX}px solid {colours.accent}; }}
QPushButton[kind="quiet"]:disabled {{ color: {colours.muted}; }}
QPushButton[kind="place"] {{
    background: transparent; border: 2px solid transparent; border-bottom: 3px solid transparent; border-radius: 0;
    color: {colours.muted};
}}
QPushButton[kind="place"]:hover {{ color: {colours.text}; }}
QPushButton[kind="place"]:checked {{ color: {colours.accent}; border-bottom-color: {colours.accent}; }}
QPushButton[kind="place"]:focus {{ border: {FOCUS_PX}px solid {colours.accent}; }}
"""


def _fields(colours: Palette, scale: float) -> str:
    radius, side, height, arrow = (_px(pixels, scale) for pixels in (10, 14, 30, 40))
    inner = f"{max(1, round(14 * scale)) - FOCUS_PX + 1}px"
    boxes = "QLineEdit, QComboBox, QSpinBox, QDoubleSpinBox, QDateEdit, QTimeEdit, QPlainTextEdit, QTextEdit"
    edges = ", ".join(f"{box}:focus" for box in boxes.split(", "))
    wrong = ", ".join(f'{box}[invalid="true"]' for box in boxes.split(", "))
    off = ", ".join(f"{box}:disabled" for box in boxes.split(", "))
    return f"""
{boxes} {{
    background: {colours.card}; color: {colours.text}; border: 1px solid {colours.border};
    border-radius: {radius}; padding: 8px {side}; min-height: {height};
    selection-background-color: {colours.accent}; selection-color: {colours.on_accent};
    placeholder-text-color: {colours.muted};
}}
{edges} {{ border: {FOCUS_PX}px solid {colours.accent}; padding: {9 - FOCUS_PX}px {inner}; }}
{wrong} {{ border: 2px solid {colours.refused}; padding: 7px {side}; }}
{off} {{ background: {colours.background}; color: {colours.muted}; border-color: {colours.line}; }}
QComboBox::drop-down, QDateEdit::drop-down {{ border: none; width: {arrow}; }}
QComboBox::down-arrow, QDateEdit::down-arrow {{ image: url("{(_ICONS / "qss-chevron-down.svg").as_posix()}"); width: 16px; height: 16px; }}
QSpinBox::up-button, QDoubleSpinBox::up-button, QTimeEdit::up-button {{ border: none; width: {side}; subcontrol-position: top right; margin: 4px 6px 0 0; }}
QSpinBox::down-button, QDoubleSpinBox::down-button, QTimeEdit::down-button {{ border: none; width: {side}; subcontrol-position: bottom right; margin: 0 6px 4px 0; }}
QSpinBox::up-arrow, QDoubleSpinBox::up-arrow, QTimeEdit::up-arrow {{ image: url("{(_ICONS / "qss-chevron-up.svg").as_posix()}"); width: 12px; height: 12px; }}
QSpinBox::down-arrow, QDoubleSpinBox::down-arrow, QTimeEdit::down-arrow {{ image: url("{(_ICONS / "qss-chevron-down.svg").as_posix()}"); width: 12px; height: 12px; }}
"""


def _popups(colours: Palette, scale: float) -> str:
    """What opens below a field. Square: without a compositor a window has no transparent corners, but black ones."""
    row, side, day, arrow = (_px(pixels, scale) for pixels in (40, 14, 34, 44))
    icons = _ICONS.as_posix()
    return f"""
QComboBox QAbstractItemView {{
    background: {colours.card}; color: {colours.text}; border: 1px solid {colours.border}; border-radius: 0;
    padding: 4px; outline: none; selection-background-color: {colours.tint_accent}; selection-color: {colours.text};
}}
QComboBox QAbstractItemView::item {{ min-height: {row}; padding: 0 {side}; border: none; border-radius: 6px; }}
QCalendarWidget {{ background: {colours.card}; border: 1px solid {colours.border}; }}
QCalendarWidget QWidget {{ background: {colours.card}; alternate-background-color: {colours.background}; }}
QCalendarWidget QToolButton {{
    color: {colours.text}; background: transparent; border: 2px solid transparent; border-radius: 6px;
    font-weight: 600; padding: 4px 8px; min-width: {arrow}; min-height: {row};
}}
QCalendarWidget QToolButton:hover {{ background: {colours.hover}; }}
QCalendarWidget QToolButton:focus {{ border-color: {colours.accent}; }}
QCalendarWidget QToolButton::menu-indicator {{ image: none; width: 0; }}
QCalendarWidget QToolButton#qt_calendar_prevmonth {{ qproperty-icon: url("{icons}/qss-chevron-left.svg"); }}
QCalendarWidget QToolButton#qt_calendar_nextmonth {{ qproperty-icon: url("{icons}/qss-chevron-right.svg"); }}
QCalendarWidget QAbstractItemView {{
    background: {colours.card}; color: {colours.text}; border: none; border-radius: 0; padding: 0;
    selection-background-color: {colours.accent}; selection-color: {colours.on_accent};
}}
QComboBox QAbstractItemView:focus {{ border: 1px solid {colours.border}; padding: 4px; }}
QCalendarWidget QAbstractItemView, QCalendarWidget QAbstractItemView:focus {{
    border: 1px solid {colours.border}; border-top: none; padding: 0;
}}
QCalendarWidget #qt_calendar_navigationbar {{ border: 1px solid {colours.border}; border-bottom: none; }}
QCalendarWidget QAbstractItemView::item:selected {{ background: {colours.accent}; color: {colours.on_accent}; }}
QCalendarWidget QAbstractItemView:disabled {{ color: {colours.muted}; }}
QCalendarWidget QAbstractItemView::item {{ min-width: {day}; min-height: {day}; padding: 0; border: none; }}
QCalendarWidget QSpinBox {{ min-width: 0; padding: 2px 6px; }}
QMenu {{ background: {colours.card}; color: {colours.text}; border: 1px solid {colours.border}; padding: 6px; }}
QMenu::item {{ padding: {_px(8, scale)} {_px(20, scale)}; border: 2px solid transparent; border-radius: 8px; }}
QMenu::item:selected {{ background: {colours.hover}; border-color: {colours.accent}; }}
QMenu::item:disabled {{ color: {colours.muted}; }}
QMenu::separator {{ height: 1px; background: {colours.line}; margin: 6px; }}
QToolTip {{
    color: {colours.text}; background: {colours.card}; border: 1px solid {colours.border}; padding: 6px;
}}
"""


def _toggles(colours: Palette, size: str, round_radius: str, radius: str, gap: str) -> str:
    tick = "qss-check-light.svg" if colours.on_accent == "#ffffff" else "qss-check-dark.svg"
    return f"""
QCheckBox, QRadioButton {{
    color: {colours.text}; background: transparent; spacing: {gap}; min-height: 24px;
    border: 2px solid transparent; border-radius: {radius}; padding: 1px 3px;
}}
QCheckBox:focus, QRadioButton:focus {{ border-color: {colours.accent}; }}
QCheckBox:disabled, QRadioButton:disabled {{ color: {colours.muted}; }}
QCheckBox::indicator, QRadioButton::indicator {{
    width: {size}; height: {size}; background: {colours.card}; border: 2px solid {colours.muted};
    border-radius: {radius};
}}
QRadioButton::indicator {{ border-radius: {round_radius}; }}
QCheckBox::indicator:hover, QRadioButton::indicator:hover {{ border-color: {colours.accent}; }}
QCheckBox::indicator:checked, QRadioButton::indicator:checked {{
    background: {colours.accent}; border-color: {colours.accent};
    image: url("{(_ICONS / tick).as_posix()}");
}}
"""


def _lists(colours: Palette, radius: str, side: str, inset: str, row: str, heading: str) -> str:
    return f"""
QAbstractScrollArea {{ background: transparent; border: none; }}
QPlainTextEdit, QTextEdit {{ background: {colours.card}; border: 1px solid {colours.border}; }}
QPlainTextEdit:focus, QTextEdit:focus {{ border: {FOCUS_PX}px solid {colours.accent}; }}
QScrollArea > QWidget > QWidget {{ background: transparent; }}
QListView, QTableView, QTreeView {{
    background: {colours.card}; alternate-background-color: {colours.background}; color: {colours.text};
    border: 1px solid {colours.line}; padding: {FOCUS_PX - 1}px; border-radius: {radius}; outline: none;
    gridline-color: {colours.line}; selection-background-color: {colours.tint_accent}; selection-color: {colours.text};
}}
QListView:focus, QTableView:focus, QTreeView:focus {{ border: {FOCUS_PX}px solid {colours.accent}; padding: 0; }}
QListView::item {{ padding: {inset} {side}; min-height: {row}; border-bottom: 1px solid {colours.line}; }}
QTableView::item, QTreeView::item {{ padding: {inset} {side}; border-bottom: 1px solid {colours.line}; }}
QListView::item:hover, QTableView::item:hover {{ background: {colours.hover}; }}
QListView::item:selected, QTableView::item:selected {{ background: {colours.tint_accent}; color: {colours.text}; }}
QHeaderView {{ background: transparent; border: none; }}
QHeaderView::section {{
    background: {colours.card}; color: {colours.muted}; border: none; border-bottom: 1px solid {colours.line};
    padding: {inset} {heading}; font-weight: 600;
}}
QTableCornerButton::section {{ background: {colours.card}; border: none; }}
QTabWidget::pane {{ border: none; }}
QTabBar::tab {{
    background: transparent; color: {colours.muted}; padding: {inset} {side}; font-weight: 600;
    border-bottom: 3px solid transparent;
}}
QTabBar::tab:hover {{ color: {colours.text}; }}
QTabBar::tab:selected {{ color: {colours.accent}; border-bottom-color: {colours.accent}; }}
QTabBar::tab:selected:focus {{ background: {colours.tint_accent}; border: 3px solid {colours.accent}; }}
"""


def _bars(colours: Palette, width: str, radius: str, least: str) -> str:
    return f"""
QScrollBar:vertical {{ background: transparent; width: {width}; margin: 2px; }}
QScrollBar:horizontal {{ background: transparent; height: {width}; margin: 2px; }}
QScrollBar::handle {{ background: {colours.track}; border-radius: 4px; }}
QScrollBar::handle:vertical {{ min-height: {least}; }}
QScrollBar::handle:horizontal {{ min-width: {least}; }}
QScrollBar::handle:hover {{ background: {colours.muted}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QProgressBar {{
    background: {colours.track}; border: none; border-radius: {radius}; min-height: {width}; max-height: {width};
    color: transparent;
}}
QProgressBar::chunk {{ background: {colours.accent}; border-radius: {radius}; }}
"""


def _mixed(colour: str, other: str, share: float) -> str:
    """`colour` with a share of `other`, as ``#rrggbb``."""
    first, second = (bytes.fromhex(text.removeprefix("#")) for text in (colour, other))
    return "#" + bytes(round(a + (b - a) * share) for a, b in zip(first, second, strict=True)).hex()


def _edge_of_danger(colours: Palette) -> str:
    """Around what deletes: its own colour, or where that is too dark for the ground, one that is seen."""
    return colours.solid_refused if colours.on_accent == "#ffffff" else colours.refused
