"""One setting on the page: title and help, its input, its default and the way back to it, and what is wrong. Main thread."""

from dataclasses import replace
from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from kiosk.gui.school.setting_fields import SettingField, is_found
from kiosk.gui.school.setting_inputs import fill, input_for, listen, value_of
from kiosk.gui.theme import TextStyle, Theme, Tone
from kiosk.gui.widgets.buttons import QuietButton
from kiosk.gui.widgets.layouts import horizontal, vertical
from kiosk.gui.widgets.parts import NoStrayWheel
from kiosk.gui.widgets.surfaces import Text, restyle
from kiosk.translation import _

INPUT_PX: Final = 340


class SettingRow(QWidget):
    """What is stored stays known beside what the input says, so that it can be told whether somebody changed it."""

    changed = Signal()

    def __init__(
        self,
        group: str,
        described: SettingField,
        theme: Theme,
        wheel: NoStrayWheel,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.group = group
        self._only_looks = False
        self.described = described
        self._theme = theme
        self.input = input_for(described, theme, wheel)
        self.input.setAccessibleName(described.title)
        self.input.setAccessibleDescription(help_for(described))
        self.title = Text(described.title, TextStyle.STRONG, wrap=True)
        self.title.setBuddy(self.input)
        self._note = Text(style=TextStyle.CAPTION, tone=Tone.LATE, wrap=True)
        self._error = Text(style=TextStyle.CAPTION, tone=Tone.REFUSED, wrap=True)
        self.default = Text(
            _("Default: {value}", value=described.said(described.default)),
            TextStyle.CAPTION,
            Tone.MUTED,
            wrap=True,
        )
        self.reset_button = QuietButton(_("Reset"))
        self.reset_button.setAccessibleName(_("Reset to the default: {title}", title=described.title))
        self.reset_button.clicked.connect(lambda: fill(self.input, described.default))
        policy = self.reset_button.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.reset_button.setSizePolicy(policy)
        self.reset_button.setStyleSheet(
            f"QPushButton {{ padding: 0 {theme.px(10)}px; min-height: {max(24, theme.px(26))}px; }}"
        )
        self._note.hide()
        self._error.hide()
        self._lay_out()
        listen(self.input, self._on_change)
        self._show_default()

    @property
    def name(self) -> str:
        """Of the setting in its class."""
        return self.described.name

    @property
    def value(self) -> Any:
        """What the input says now."""
        return value_of(self.input)

    @property
    def is_changed(self) -> bool:
        """Whether it says something else than what is stored."""
        return bool(self.value != self.described.value)

    @property
    def error(self) -> str:
        """What is said to be wrong; empty when nothing is."""
        return "" if self._error.isHidden() else self._error.text()

    @property
    def note(self) -> str:
        """What somebody else did with it; empty when nobody did."""
        return "" if self._note.isHidden() else self._note.text()

    def show_stored(self, value: Any, *, keep_mine: bool = False) -> None:
        """Another value is stored now; the input follows unless it keeps what was entered here."""
        self.described = replace(self.described, value=value)
        if not keep_mine:
            fill(self.input, value)
        self._show_default()

    def set_error(self, text: str) -> None:
        """Say what is wrong; an empty text takes it back."""
        self._error.show_if_any(text)
        self.input.setProperty("invalid", "true" if text else "false")
        restyle(self.input)

    def say(self, text: str) -> None:
        """Say what somebody else did; an empty text takes it back."""
        self._note.show_if_any(text)

    def look_only(self) -> None:
        """Let nobody change it; a text can still be read in full."""
        if isinstance(self.input, QLineEdit):
            self.input.setReadOnly(True)
        else:
            self.input.setEnabled(False)
        self._only_looks = True
        self.reset_button.hide()

    def is_found(self, asked: str, subject: str) -> bool:
        """Whether somebody who typed this looks for it."""
        return is_found(asked, self.described.words, subject)

    def _on_change(self) -> None:
        self.set_error("")
        self._show_default()
        self.changed.emit()

    def _show_default(self) -> None:
        """The way back is offered where there is one; where there is none its room stays, so that nothing moves."""
        is_default = bool(self.value == self.described.default)
        self.reset_button.setVisible(not is_default and not self._only_looks)

    def _lay_out(self) -> None:
        px, space = self._theme.px, self._theme.space
        if not isinstance(self.input, QCheckBox):
            self.input.setFixedWidth(px(INPUT_PX))
        said = Text(help_for(self.described), TextStyle.CAPTION, Tone.MUTED, wrap=True)
        texts = vertical(self.title, said, self._note, self._error, 1, spacing=space(0.5))
        back = horizontal((self.default, 1), self.reset_button, spacing=space(1))
        side = QWidget()
        side.setFixedWidth(px(INPUT_PX))
        vertical(self.input, back, 1, on=side, spacing=space(0.25))
        horizontal(
            (texts, 1),
            (side, 0, Qt.AlignmentFlag.AlignTop),
            on=self,
            edges=(0, space(1.5), 0, space(1.5)),
            spacing=space(3),
        )


def help_for(described: SettingField) -> str:
    """The description, with the bounds of a number."""
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
