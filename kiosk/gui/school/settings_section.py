"""The settings of one subject: what can be opened about it, its fields, and the rest under *Advanced*. Main thread."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from kiosk.gui.dialog_catalogue import Entry
from kiosk.gui.school.setting_fields import is_found
from kiosk.gui.school.setting_row import SettingRow
from kiosk.gui.theme import TextStyle, Theme
from kiosk.gui.widgets.buttons import QuietButton, SecondaryButton
from kiosk.gui.widgets.flow import Flow
from kiosk.gui.widgets.layouts import vertical
from kiosk.gui.widgets.surfaces import Card, Line, Text
from kiosk.settings import Subject
from kiosk.translation import _
from kiosk.wording.settings import subject_title


class SettingsSection(QWidget):
    """One subject. `extra` are rows that a dialog of their own changes; each has the words by which it is found."""

    entry_wanted = Signal(object)

    def __init__(
        self,
        subject: Subject,
        theme: Theme,
        rows: Sequence[SettingRow],
        entries: Sequence[Entry],
        extra: Sequence[tuple[QWidget, str]] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.subject = subject
        self.title = subject_title(subject)
        self._theme = theme
        self.rows = rows
        self.extra = extra
        self.buttons: dict[str, tuple[SecondaryButton, Entry]] = {}
        self._lines: dict[QWidget, Line] = {}
        self._tools = Flow(theme)
        for entry in entries:
            button = SecondaryButton(_(entry.title))
            button.clicked.connect(lambda _checked, entry=entry: self.entry_wanted.emit(entry))
            self._tools.add(button)
            self.buttons[entry.title] = (button, entry)
        self.fields = Card(theme)
        self.fields.body.setSpacing(0)
        self.advanced = Card(theme)
        self.advanced_button = QuietButton("")
        self.advanced_button.clicked.connect(lambda: self.unfold(self.advanced.isHidden()))
        self.advanced.body.setSpacing(0)
        for row, _words in extra:
            row.setContentsMargins(0, theme.space(1.5), 0, theme.space(1.5))
            self._add(self.fields, row)
        for one in rows:
            if not one.described.advanced:
                self._add(self.fields, one)
        vertical(
            Text(self.title, TextStyle.HEADING, wrap=True),
            self._tools,
            self.fields,
            self.advanced_button,
            self.advanced,
            on=self,
            spacing=theme.space(2),
        )
        self.unfold(False)
        self.look_for("")

    def unfold(self, on: bool) -> None:
        """Show what only few schools touch, or fold it away."""
        if on:
            self._add_advanced()
        self.advanced.setVisible(on)
        count = len([one for one in self.rows if one.described.advanced])
        words = _("Hide advanced settings") if on else _("Advanced settings ({count})", count=count)
        self.advanced_button.setText(words)
        self.advanced_button.setVisible(count > 0)

    def reveal(self, row: SettingRow) -> None:
        """Make sure that a row can be seen."""
        if row.described.advanced:
            self.unfold(True)

    def look_for(self, asked: str) -> int:
        """Show what somebody looks for, advanced or not, or everything where nothing is asked; how much that is."""
        if asked:
            self._add_advanced()
        found = [row for row in self.rows if not asked or row.is_found(asked, self.title)]
        found_extra = [row for row, words in self.extra if not asked or is_found(asked, words, self.title)]
        wanted: set[QWidget] = {*found, *found_extra}
        for card in (self.fields, self.advanced):
            first = True
            for row, line in self._lines.items():
                if row.parentWidget() is not card:
                    continue
                row.setVisible(row in wanted)
                line.setVisible(row in wanted and not first)
                first = first and row not in wanted
            if card is self.fields or asked:
                card.setVisible(not first)
        tools = self._show_tools(asked)
        if asked:
            self.advanced_button.hide()
        else:
            self.unfold(False)
        return len(wanted) + tools

    def _show_tools(self, asked: str) -> int:
        shown = 0
        for button, entry in self.buttons.values():
            also = _(entry.also) if entry.also else ""
            is_wanted = not asked or is_found(asked, _(entry.title), also, self.title)
            button.setVisible(is_wanted)
            shown += is_wanted
        self._tools.setVisible(shown > 0)
        return shown

    def lay_out_advanced(self) -> bool:
        """Lay out what is folded away, which takes a while and shows nothing; whether there was something to do."""
        is_new = any(row not in self._lines for row in self.rows)
        self._add_advanced()
        return is_new

    def _add_advanced(self) -> None:
        for row in self.rows:
            if row not in self._lines:
                self._add(self.advanced, row)
                row.show()

    def _add(self, card: Card, row: QWidget) -> None:
        line = Line()
        self._lines[row] = line
        card.body.addWidget(line)
        card.body.addWidget(row)
