"""Form fields: a label above, an input, and room for what is wrong with it."""

from PySide6.QtWidgets import QLineEdit, QSpinBox, QWidget

from kiosk.gui.theme import TextStyle, Theme, Tone
from kiosk.gui.widgets.layouts import vertical
from kiosk.gui.widgets.surfaces import Text, restyle


class Field(QWidget):
    """A labelled input; `input` is the widget given, `set_error` says what is wrong with it."""

    def __init__(
        self, theme: Theme, label: str, widget: QWidget, *, help_text: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.input = widget
        self._label = Text(label, TextStyle.CAPTION, Tone.MUTED)
        self._label.setBuddy(widget)
        widget.setAccessibleName(label)
        if isinstance(widget, QSpinBox):  # the padding of the style sheet does not move its number
            widget.lineEdit().setTextMargins(theme.px(12), 0, 0, 0)
        self._help = Text(help_text, TextStyle.CAPTION, Tone.MUTED, wrap=True)
        self._help.setVisible(bool(help_text))
        self._error = Text(style=TextStyle.CAPTION, tone=Tone.REFUSED, wrap=True)
        self._error.hide()
        vertical(self._label, widget, self._help, self._error, on=self, spacing=theme.space(0.75))

    @property
    def error(self) -> str:
        """What is said to be wrong; empty when nothing is."""
        return "" if self._error.isHidden() else self._error.text()

    def set_label(self, label: str) -> None:
        """Call the input something else, where what it means depends on another one."""
        self._label.setText(label)
        self.input.setAccessibleName(label)

    def set_error(self, text: str) -> None:
        """Say what is wrong; an empty text takes it back."""
        self._error.setText(text)
        self._error.setVisible(bool(text))
        self.input.setProperty("invalid", "true" if text else "false")
        restyle(self.input)

    def clear_error(self) -> None:
        """Nothing is wrong any more."""
        self.set_error("")


class LineField(Field):
    """A field with one line of text; `secret` hides what is typed."""

    def __init__(
        self,
        theme: Theme,
        label: str,
        *,
        secret: bool = False,
        placeholder: str = "",
        help_text: str = "",
        parent: QWidget | None = None,
    ) -> None:
        self.edit = QLineEdit()
        self.edit.setPlaceholderText(placeholder)
        if secret:
            self.edit.setEchoMode(QLineEdit.EchoMode.Password)
        super().__init__(theme, label, self.edit, help_text=help_text, parent=parent)
        self.edit.textEdited.connect(self.clear_error)

    @property
    def text(self) -> str:
        """What was typed."""
        return self.edit.text()
