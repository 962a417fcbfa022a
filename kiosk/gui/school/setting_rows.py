"""All settings as rows: what was entered beside what is stored, what is wrong with it, what others did. Main thread."""

from collections.abc import Iterable
from typing import Any, Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from kiosk.gui.school.setting_fields import SettingField, fields_of, problems
from kiosk.gui.school.setting_row import SettingRow
from kiosk.gui.theme import Theme
from kiosk.gui.widgets.parts import NoStrayWheel
from kiosk.services.school.settings_editing import AllSettings, OthersChange
from kiosk.settings import Subject
from kiosk.translation import _
from kiosk.wording.actors import actor_name

ROWS_AT_ONCE: Final = 4
"""So many are made before the window does something else: each takes some milliseconds."""

CERTIFICATE: Final = ("certificate", "certificate_key")
"""What only a dialog of its own changes."""


class SettingRows(QObject):
    """Made from the settings classes, when they are asked for; on `form` until a section takes them.

    Attributes:
        by_name: Those that are made, by group and name.
        stored: What is known to be stored; None until it is read.
        changed: Somebody entered something.
    """

    changed = Signal()

    def __init__(self, theme: Theme, form: QWidget) -> None:
        super().__init__(form)
        self._theme = theme
        self._form = form
        self._wheel = NoStrayWheel(self)
        self._may_change = False
        self._fields: dict[Subject, list[tuple[str, SettingField]]] = {}
        self.by_name: dict[tuple[str, str], SettingRow] = {}
        self.stored: AllSettings | None = None

    # -- making them -----------------------------------------------------------------------------------------------

    def begin(self, stored: AllSettings, *, may_change: bool) -> None:
        """Forget all rows; new ones show what is stored."""
        self.stored = stored
        self._may_change = may_change
        self._fields = {}
        for group, values in stored.groups().items():
            for described in fields_of(values):
                if not (group == "web" and described.name in CERTIFICATE):
                    self._fields.setdefault(described.subject, []).append((group, described))
        for row in self.by_name.values():
            row.deleteLater()
        self.by_name.clear()

    def make_some(self, subject: Subject) -> bool:
        """Make a few rows of a subject; whether there were any to make."""
        fields = self._fields.get(subject, [])
        missing = [one for one in fields if (one[0], one[1].name) not in self.by_name]
        for group, described in missing[:ROWS_AT_ONCE]:
            self._row(group, described)
        return bool(missing)

    def of(self, subject: Subject) -> list[SettingRow]:
        """All rows of a subject, in the order of the classes."""
        return [self._row(group, described) for group, described in self._fields.get(subject, [])]

    def _row(self, group: str, described: SettingField) -> SettingRow:
        known = self.by_name.get((group, described.name))
        if known is not None:
            return known
        row = SettingRow(group, described, self._theme, self._wheel, self._form)
        row.hide()
        row.changed.connect(self.changed)
        if not self._may_change:
            row.look_only()
        self.by_name[group, described.name] = row
        return row

    # -- what was entered ------------------------------------------------------------------------------------------

    def changed_rows(self) -> list[SettingRow]:
        """The settings that say something else than what is stored."""
        return [row for row in self.by_name.values() if row.is_changed]

    def entered(self) -> dict[str, dict[str, Any]]:
        """What the changed ones say, by group and name."""
        values: dict[str, dict[str, Any]] = {}
        for row in self.changed_rows():
            values.setdefault(row.group, {})[row.name] = row.value
        return values

    def mark_wrong(self) -> list[SettingRow]:
        """The rows that say something that cannot be used, each told so."""
        wrong: list[SettingRow] = []
        if self.stored is None:
            return wrong
        values = self.entered()
        for group, stored in self.stored.groups().items():
            if group not in values:
                continue
            for name, sentence in problems(stored, dict(stored) | values[group]).items():
                row = self.by_name.get((group, name))
                if row is not None:
                    row.set_error(sentence)
                    wrong.append(row)
        return wrong

    def discard(self) -> None:
        """Go back to what is stored."""
        for row in self.changed_rows():
            row.show_stored(row.described.value)
        self.clear_notes()

    def show_stored(self, stored: AllSettings, *, keep_mine: bool) -> None:
        """Something else may be stored now; what was changed here follows unless it is to be kept."""
        self.stored = stored
        groups = stored.groups()
        for (group, name), row in self.by_name.items():
            row.show_stored(getattr(groups[group], name), keep_mine=keep_mine and row.is_changed)

    # -- what others did -------------------------------------------------------------------------------------------

    def clear_notes(self) -> None:
        """Say no more what others did."""
        for row in self.by_name.values():
            row.say("")

    def tell_of_others(self, others: Iterable[OthersChange], clash: Iterable[OthersChange]) -> None:
        """Say at each row what somebody else did with it; `clash` are those that were to be changed here, too."""
        clashing = {(one.group, one.name) for one in clash}
        for one in others:
            row = self.by_name.get((one.group, one.name))
            if row is not None:
                by = actor_name(one.by) or _("Somebody")
                was, now = row.described.said(one.was), row.described.said(one.now)
                row.say(
                    _(
                        "{by} changed this from {was} to {now} meanwhile. You want another value.",
                        by=by,
                        was=was,
                        now=now,
                    )
                    if (one.group, one.name) in clashing
                    else _("{by} changed this from {was} to {now} meanwhile.", by=by, was=was, now=now)
                )

    def others_sentences(self, others: Iterable[OthersChange]) -> list[str]:
        """The same in sentences that name the setting."""
        rows = [(one, self.by_name.get((one.group, one.name))) for one in others]
        return [
            _(
                "Meanwhile {by} changed “{title}” to {now}.",
                by=actor_name(one.by) or _("somebody"),
                title=row.described.title,
                now=row.described.said(one.now),
            )
            for one, row in rows
            if row is not None
        ]
