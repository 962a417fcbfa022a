"""The Qt style sheet, made from palette, type scale and screen scale. Pure text, no Qt.

Widgets are addressed by dynamic properties, never by object names: ``kind`` of buttons, ``text_style`` and ``tone``
of labels, ``surface`` of frames, ``invalid`` of fields.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from kiosk.gui.theme import Palette

_ICONS: Final = Path(__file__).resolve().parents[2] / "assets" / "icons"
_DARK_TEXT: Final = "#0b1a30"


def style_sheet(colours: Palette, type_scale: Mapping[str, tuple[float, int]], scale: float) -> str:
    """Everything that widgets need to look alike; `scale` is pixels of this screen for one at 1080p."""

    def px(pixels: float) -> str:
        return f"{max(1, round(pixels * scale))}px"

    box = max(1, round(22 * scale))
    # Half of the box and its border of 2 pixels: less is no circle, and of more Qt draws a square.
    circle = f"{(box + 4) // 2}px"
    parts = [
        _texts(colours, type_scale, scale),
        _surfaces(colours, px(16), px(12)),
        _buttons(colours, px(12), px(22), px(30), px(8)),
        _fields(colours, px(10), px(14), px(30), px(40)),
        _toggles(colours, f"{box}px", circle, px(6), px(10)),
        _lists(colours, px(16), px(12), px(8), px(44)),
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
QFrame[surface="line"] {{ background: {colours.line}; border: none; max-height: 1px; min-height: 1px; }}
QFrame[surface="toast"] {{ background: {colours.text}; border: none; border-radius: {small_radius}; }}
QFrame[surface="toast"] QLabel {{ color: {colours.background}; }}
{banners}
QToolTip {{
    color: {colours.text}; background: {colours.card}; border: 1px solid {colours.line}; padding: 6px;
}}
"""


def _buttons(colours: Palette, radius: str, side: str, height: str, inset: str) -> str:
    return f"""
QPushButton {{
    background: {colours.card}; color: {colours.text}; border: 1px solid {colours.line};
    border-radius: {radius}; padding: {inset} {side}; min-height: {height}; font-weight: 600;
}}
QPushButton:hover {{ background: {colours.hover}; }}
QPushButton:pressed {{ background: {colours.pressed}; }}
QPushButton:focus {{ border: 2px solid {colours.accent}; }}
QPushButton:disabled {{ color: {colours.muted}; background: {colours.background}; }}
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
    background: {colours.solid_refused}; color: {colours.on_solid}; border: 2px solid {colours.solid_refused};
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
QPushButton[kind="quiet"]:focus {{ border: 2px solid {colours.accent}; }}
QPushButton[kind="quiet"]:disabled {{ color: {colours.muted}; }}
QPushButton[kind="place"] {{
    background: transparent; border: 2px solid transparent; border-bottom: 3px solid transparent; border-radius: 0;
    color: {colours.muted};
}}
QPushButton[kind="place"]:hover {{ color: {colours.text}; }}
QPushButton[kind="place"]:checked {{ color: {colours.accent}; border-bottom-color: {colours.accent}; }}
QPushButton[kind="place"]:focus {{ border: 2px solid {colours.accent}; }}
"""


def _fields(colours: Palette, radius: str, side: str, height: str, arrow: str) -> str:
    boxes = "QLineEdit, QComboBox, QSpinBox, QDoubleSpinBox, QDateEdit, QTimeEdit, QPlainTextEdit, QTextEdit"
    edges = ", ".join(f"{box}:focus" for box in boxes.split(", "))
    wrong = ", ".join(f'{box}[invalid="true"]' for box in boxes.split(", "))
    off = ", ".join(f"{box}:disabled" for box in boxes.split(", "))
    return f"""
{boxes} {{
    background: {colours.card}; color: {colours.text}; border: 2px solid {colours.line};
    border-radius: {radius}; padding: 7px {side}; min-height: {height};
    selection-background-color: {colours.accent}; selection-color: {colours.on_accent};
}}
{edges} {{ border: 2px solid {colours.accent}; }}
{wrong} {{ border: 2px solid {colours.refused}; }}
{off} {{ background: {colours.background}; color: {colours.muted}; }}
QComboBox::drop-down, QDateEdit::drop-down {{ border: none; width: {arrow}; }}
QComboBox::down-arrow, QDateEdit::down-arrow {{ image: url("{(_ICONS / "qss-chevron-down.svg").as_posix()}"); width: 16px; height: 16px; }}
QComboBox QAbstractItemView {{
    background: {colours.card}; color: {colours.text}; border: 1px solid {colours.line}; padding: 6px; outline: none;
    selection-background-color: {colours.tint_accent}; selection-color: {colours.text};
}}
QSpinBox::up-button, QDoubleSpinBox::up-button, QTimeEdit::up-button {{ border: none; width: {side}; subcontrol-position: top right; margin: 4px 6px 0 0; }}
QSpinBox::down-button, QDoubleSpinBox::down-button, QTimeEdit::down-button {{ border: none; width: {side}; subcontrol-position: bottom right; margin: 0 6px 4px 0; }}
QSpinBox::up-arrow, QDoubleSpinBox::up-arrow, QTimeEdit::up-arrow {{ image: url("{(_ICONS / "qss-chevron-up.svg").as_posix()}"); width: 12px; height: 12px; }}
QSpinBox::down-arrow, QDoubleSpinBox::down-arrow, QTimeEdit::down-arrow {{ image: url("{(_ICONS / "qss-chevron-down.svg").as_posix()}"); width: 12px; height: 12px; }}
"""


def _toggles(colours: Palette, size: str, round_radius: str, radius: str, gap: str) -> str:
    tick = "qss-check-dark.svg" if colours.on_accent == _DARK_TEXT else "qss-check-light.svg"
    return f"""
QCheckBox, QRadioButton {{ color: {colours.text}; background: transparent; spacing: {gap}; }}
QCheckBox:disabled, QRadioButton:disabled {{ color: {colours.muted}; }}
QCheckBox::indicator, QRadioButton::indicator {{
    width: {size}; height: {size}; background: {colours.card}; border: 2px solid {colours.muted};
    border-radius: {radius};
}}
QRadioButton::indicator {{ border-radius: {round_radius}; }}
QCheckBox::indicator:focus, QRadioButton::indicator:focus, QCheckBox::indicator:hover {{
    border-color: {colours.accent};
}}
QCheckBox::indicator:checked, QRadioButton::indicator:checked {{
    background: {colours.accent}; border-color: {colours.accent};
    image: url("{(_ICONS / tick).as_posix()}");
}}
"""


def _lists(colours: Palette, radius: str, side: str, inset: str, row: str) -> str:
    return f"""
QAbstractScrollArea {{ background: transparent; border: none; }}
QPlainTextEdit, QTextEdit {{ background: {colours.card}; border: 2px solid {colours.line}; }}
QScrollArea > QWidget > QWidget {{ background: transparent; }}
QListView, QTableView, QTreeView {{
    background: {colours.card}; alternate-background-color: {colours.background}; color: {colours.text};
    border: 1px solid {colours.line}; border-radius: {radius}; outline: none; gridline-color: {colours.line};
    selection-background-color: {colours.tint_accent}; selection-color: {colours.text};
}}
QListView::item {{ padding: {inset} {side}; min-height: {row}; border-bottom: 1px solid {colours.line}; }}
QTableView::item, QTreeView::item {{ padding: {inset} {side}; border-bottom: 1px solid {colours.line}; }}
QListView::item:hover, QTableView::item:hover {{ background: {colours.hover}; }}
QListView::item:selected, QTableView::item:selected {{ background: {colours.tint_accent}; color: {colours.text}; }}
QHeaderView {{ background: transparent; border: none; }}
QHeaderView::section {{
    background: {colours.card}; color: {colours.muted}; border: none; border-bottom: 1px solid {colours.line};
    padding: {inset} {side}; font-weight: 600;
}}
QTableCornerButton::section {{ background: {colours.card}; border: none; }}
QTabWidget::pane {{ border: none; }}
QTabBar::tab {{
    background: transparent; color: {colours.muted}; padding: {inset} {side}; font-weight: 600;
    border-bottom: 3px solid transparent;
}}
QTabBar::tab:hover {{ color: {colours.text}; }}
QTabBar::tab:selected {{ color: {colours.accent}; border-bottom-color: {colours.accent}; }}
QMenu {{ background: {colours.card}; color: {colours.text}; border: 1px solid {colours.line}; padding: {inset}; }}
QMenu::item {{ padding: {inset} {side}; border-radius: 8px; }}
QMenu::item:selected {{ background: {colours.hover}; }}
QMenu::item:disabled {{ color: {colours.muted}; }}
QMenu::separator {{ height: 1px; background: {colours.line}; margin: {inset}; }}
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
