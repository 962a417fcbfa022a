"""One tab of the settings dialog, generated from a settings class. Main thread."""

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QLineEdit,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from kiosk.gui.school.setting_fields import FieldKind, SettingField, fields_of, problems
from kiosk.gui.theme import Theme
from kiosk.gui.widgets.fields import Field
from kiosk.gui.widgets.parts import NoStrayWheel
from kiosk.translation import _

LARGEST = 1_000_000
NUMBER_PX = 220
CHOICE_PX = 360


class SettingsForm(QScrollArea):
    """The fields of one settings group. Bounds are shown and kept; what else is wrong stands at the field."""

    changed = Signal()

    def __init__(self, theme: Theme, group: BaseModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._group = group
        self._wheel = NoStrayWheel(self)
        self.fields: dict[str, Field] = {}
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inner = QWidget()
        self._column = column = QVBoxLayout(inner)
        column.setContentsMargins(theme.space(0.5), theme.space(2), theme.space(2), theme.space(2))
        column.setSpacing(theme.space(2.5))
        for described in fields_of(group):
            field = Field(theme, *_input_for(described), help_text=_help_for(described))
            field.input.setAccessibleDescription(_help_for(described))
            self._listen(field)
            self.fields[described.name] = field
            column.addWidget(field)
        column.addStretch(1)
        self.setWidget(inner)

    def stand_in(self, row: QWidget, *, for_fields: Sequence[str]) -> None:
        """Show `row` in the place of fields that only a dialog of their own changes; their values stay in the form."""
        hidden = [self.fields[name] for name in for_fields]
        self._column.insertWidget(self._column.indexOf(hidden[0]), row)
        for field in hidden:
            field.hide()

    def put_first(self, row: QWidget) -> None:
        """Show a row above all fields; what it changes is saved by a dialog of its own."""
        self._column.insertWidget(0, row)

    def set_text(self, name: str, text: str) -> None:
        """Put a text into a field, without it counting as changed by a person."""
        part = self.fields[name].input
        if isinstance(part, QLineEdit):
            part.setText(text)

    @property
    def group(self) -> BaseModel:
        """The settings as they were given."""
        return self._group

    def values(self) -> dict[str, Any]:
        """What the form says now."""
        return {name: _value_of(field.input) for name, field in self.fields.items()}

    def check(self) -> bool:
        """Whether everything can be used; says at each field what is wrong with it."""
        wrong = problems(self._group, self.values())
        for name, field in self.fields.items():
            field.set_error(wrong.get(name, ""))
        return not wrong

    def result(self) -> BaseModel:
        """The group with what the form says; call `check` first."""
        return type(self._group).model_validate(self.values())

    def look_only(self) -> None:
        """Let nobody change anything; texts can still be read in full."""
        for field in self.fields.values():
            field.input.setEnabled(False)

    def _listen(self, field: Field) -> None:
        part = field.input
        if isinstance(part, QSpinBox | QDoubleSpinBox):
            part.setMaximumWidth(self._theme.px(NUMBER_PX))
            part.lineEdit().setTextMargins(self._theme.px(12), 0, 0, 0)
        elif isinstance(part, QComboBox):
            part.setMaximumWidth(self._theme.px(CHOICE_PX))
        if isinstance(part, QCheckBox):
            part.toggled.connect(self.changed)
        elif isinstance(part, QComboBox):
            part.currentIndexChanged.connect(self.changed)
        elif isinstance(part, QSpinBox | QDoubleSpinBox):
            part.valueChanged.connect(self.changed)
        elif isinstance(part, QLineEdit):
            part.textEdited.connect(lambda _text: field.clear_error())
            part.textEdited.connect(self.changed)
        if isinstance(part, QAbstractSpinBox | QComboBox):
            part.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            part.installEventFilter(self._wheel)


def _input_for(described: SettingField) -> tuple[str, QWidget]:
    """The label and the widget of a field."""
    title = described.title
    if described.kind is FieldKind.SWITCH:
        box = QCheckBox(_("On"))
        box.setChecked(bool(described.value))
        return title, box
    if described.kind is FieldKind.WHOLE:
        whole = QSpinBox()
        whole.setRange(int(described.lowest or 0), int(described.highest or LARGEST))
        whole.setValue(int(described.value))
        return title, _with_unit(whole, described.unit)
    if described.kind is FieldKind.DECIMAL:
        decimal = QDoubleSpinBox()
        decimal.setDecimals(1)
        decimal.setSingleStep(0.1 if (described.highest or LARGEST) <= 5 else 0.5)
        decimal.setRange(described.lowest or 0.0, described.highest or LARGEST)
        decimal.setValue(float(described.value))
        return title, _with_unit(decimal, described.unit)
    if described.kind is FieldKind.CHOICE:
        choice = QComboBox()
        for value, words in described.choices:
            choice.addItem(words, value)
        choice.setCurrentIndex(choice.findData(str(described.value)))
        return title, choice
    return title, QLineEdit(str(described.value))


def _with_unit(box: QSpinBox | QDoubleSpinBox, unit: str) -> QWidget:
    box.setGroupSeparatorShown(False)
    box.setSuffix(f" {unit}" if unit else "")
    return box


def _help_for(described: SettingField) -> str:
    if described.lowest is None or described.highest is None:
        return described.description
    unit = f" {described.unit}" if described.unit else ""
    return _(
        "{description} From {lowest:g} to {highest:g}{unit}.",
        description=described.description,
        lowest=described.lowest,
        highest=described.highest,
        unit=unit,
    ).strip()


def _value_of(part: QWidget) -> Any:
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
    raise TypeError(f"a settings form has no {type(part).__name__}")
