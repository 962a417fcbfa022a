"""The widget for each kind of setting: made, read and filled alike everywhere. Main thread."""

from collections.abc import Callable
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QLineEdit,
    QSpinBox,
    QWidget,
)

from kiosk.gui.school.setting_fields import FieldKind, SettingField
from kiosk.gui.theme import Theme
from kiosk.gui.widgets.parts import NoStrayWheel
from kiosk.translation import _

LARGEST: Final = 1_000_000


def input_for(described: SettingField, theme: Theme, wheel: NoStrayWheel) -> QWidget:
    """The widget of a field, with its value."""
    part = _made(described)
    if isinstance(part, QSpinBox | QDoubleSpinBox):
        part.lineEdit().setTextMargins(theme.px(12), 0, 0, 0)
    if isinstance(part, QAbstractSpinBox | QComboBox):
        part.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        part.installEventFilter(wheel)
    fill(part, described.value)
    return part


def _made(described: SettingField) -> QWidget:
    match described.kind:
        case FieldKind.SWITCH:
            return QCheckBox(_("On"))
        case FieldKind.WHOLE:
            whole = QSpinBox()
            whole.setRange(int(described.lowest or 0), int(described.highest or LARGEST))
            return _with_unit(whole, described.unit)
        case FieldKind.DECIMAL:
            decimal = QDoubleSpinBox()
            decimal.setDecimals(1)
            decimal.setSingleStep(0.1 if (described.highest or LARGEST) <= 5 else 0.5)
            decimal.setRange(described.lowest or 0.0, described.highest or LARGEST)
            return _with_unit(decimal, described.unit)
        case FieldKind.CHOICE:
            choice = QComboBox()
            for value, words in described.choices:
                choice.addItem(words, value)
            return choice
        case FieldKind.TEXT:
            return QLineEdit()


def _with_unit(box: QSpinBox | QDoubleSpinBox, unit: str) -> QWidget:
    box.setGroupSeparatorShown(False)
    box.setSuffix(f" {unit}" if unit else "")
    return box


def listen(part: QWidget, on_change: Callable[[], object]) -> None:
    """Call back whenever the value is another one."""
    if isinstance(part, QCheckBox):
        part.toggled.connect(lambda _on: on_change())
    elif isinstance(part, QComboBox):
        part.currentIndexChanged.connect(lambda _place: on_change())
    elif isinstance(part, QSpinBox | QDoubleSpinBox):
        part.valueChanged.connect(lambda _value: on_change())
    elif isinstance(part, QLineEdit):
        part.textChanged.connect(lambda _text: on_change())


def value_of(part: QWidget) -> Any:
    """What it says now."""
    if isinstance(part, QCheckBox):
        return part.isChecked()
    if isinstance(part, QComboBox):
        return part.currentData()
    if isinstance(part, QDoubleSpinBox):
        return round(part.value(), part.decimals())
    if isinstance(part, QSpinBox):
        return part.value()
    if isinstance(part, QLineEdit):
        return part.text().strip()
    raise TypeError(f"settings have no {type(part).__name__}")


def fill(part: QWidget, value: Any) -> None:
    """Show a value."""
    if isinstance(part, QCheckBox):
        part.setChecked(bool(value))
    elif isinstance(part, QComboBox):
        part.setCurrentIndex(part.findData(str(value)))
    elif isinstance(part, QDoubleSpinBox):
        part.setValue(float(value))
    elif isinstance(part, QSpinBox):
        part.setValue(int(value))
    elif isinstance(part, QLineEdit):
        part.setText(str(value))
