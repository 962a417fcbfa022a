"""All that can be set, read and changed as one, also while somebody else changes it. Any thread."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from pydantic import BaseModel

from kiosk.domain.trust.backups import FolderOpinion
from kiosk.domain.trust.rights import Actor, Right
from kiosk.errors import ConflictError
from kiosk.services.attendance.running_class import RunningClass
from kiosk.services.core import Core
from kiosk.services.events import RestartAsked
from kiosk.services.school.school_settings import School, put_rules
from kiosk.services.school.settings_change import SettingsChange
from kiosk.services.trust.rights import require
from kiosk.settings import AT_NEXT_START, KioskSettings, SchoolRules, validated
from kiosk.translation import _

RULES: Final = "rules"
"""The group of the school's rules, beside those of this PC."""


@dataclass(frozen=True, slots=True)
class AllSettings:
    """What can be set: on this PC, and for the school."""

    kiosk: KioskSettings
    rules: SchoolRules

    def groups(self) -> dict[str, BaseModel]:
        """Each group by its name: those of this PC, then `RULES`."""
        return dict(self.kiosk) | {RULES: self.rules}

    def changed(self, values: Mapping[str, Mapping[str, Any]]) -> "AllSettings":
        """The same with some values, by group and name. Raises SettingsError: one is out of bounds."""
        groups = {
            name: validated(group, **values[name]) if values.get(name) else group
            for name, group in self.groups().items()
        }
        rules = SchoolRules.model_validate(groups.pop(RULES))
        return AllSettings(KioskSettings.model_validate(groups), rules)


@dataclass(frozen=True, slots=True)
class OthersChange:
    """One setting that somebody else changed since it was looked at.

    Attributes:
        by: Name of who did it; empty where the log does not say, as after a change of the file by hand.
        was: What it was when it was looked at.
        now: What it is.
    """

    group: str
    name: str
    by: str
    was: Any
    now: Any


@dataclass(frozen=True, slots=True)
class SavedSettings:
    """What came of saving.

    Attributes:
        now: What is stored now.
        others: What others had changed since; all of it stays.
        clash: Those of them that were to be changed here too. Where there is one, nothing was saved.
        opinion: Of another folder for backups.
    """

    now: AllSettings
    others: tuple[OthersChange, ...] = ()
    clash: tuple[OthersChange, ...] = ()
    opinion: FolderOpinion | None = None


class SettingsEditing:
    """What the page of settings does."""

    def __init__(
        self, core: Core, *, shared: School, settings: SettingsChange, running: RunningClass
    ) -> None:
        self._core = core
        self._shared = shared
        self._settings = settings
        self._running = running

    def read(self) -> AllSettings:
        """What is stored now. Raises SettingsError: a stored value is wrong."""
        return AllSettings(self._settings.load(), self._shared.rules())

    def save(self, seen: AllSettings, wanted: AllSettings, *, actor: Actor) -> SavedSettings:
        """Store what was changed from `seen` to `wanted`, and leave alone what others changed meanwhile.

        Raises:
            KioskError: As `SettingsChange.change`; of what is set on this PC and for the school all is stored or nothing.
        """
        require(self._core.store, actor, Right.ADMINISTER)
        now = self.read()
        mine = {(group, name): value for group, name, _was, value in _differences(seen, wanted)}
        theirs = [*_differences(seen, now)]
        who = self._who() if theirs else {}
        others = tuple(
            OthersChange(group, name, who.get(_entry(group, name), ""), was, value)
            for group, name, was, value in theirs
        )
        clash = tuple(one for one in others if mine.get((one.group, one.name), one.now) != one.now)
        if clash:
            return SavedSettings(now, others, clash)
        values: dict[str, dict[str, Any]] = {}
        for (group, name), value in mine.items():
            values.setdefault(group, {})[name] = value
        after = now.changed(values)
        rules = partial(put_rules, rules=after.rules, at=self._core.clock.now(), actor=actor)
        has_rules = after.rules != now.rules
        opinion = None
        if after.kiosk != now.kiosk:
            opinion = self._settings.change(after.kiosk, actor=actor, along=rules if has_rules else None)
        elif has_rules:
            self._shared.change_rules(after.rules, actor=actor)
        return SavedSettings(after, others, (), opinion)

    def waits_for_start(self, stored: AllSettings) -> bool:
        """Whether something that is stored takes effect at the next start of the program only."""
        in_force = self._core.settings
        waits = any(
            getattr(getattr(stored.kiosk, group), name) != getattr(getattr(in_force, group), name)
            for group, name in (path.split(".") for path in AT_NEXT_START)
        )
        return waits or stored.rules.zone().key != self._core.zone.key

    def ask_restart(self, *, actor: Actor) -> None:
        """Let the program end and start again. Raises ConflictError: a class is open."""
        require(self._core.store, actor, Right.ADMINISTER)
        if self._running.is_open:
            raise ConflictError(_("A class is open at this kiosk."), _("End it first."))
        self._core.events.emit(RestartAsked())

    def _who(self) -> dict[str, str]:
        """Who changed each setting last, by the newest entries of the log."""
        entries = self._core.store.read(lambda repositories: repositories.audit.entries())
        kinds = {"setting.changed", "rule.changed"}
        return {one.subject: one.actor for one in reversed(entries) if one.action in kinds}


def _entry(group: str, name: str) -> str:
    """What the log calls a setting."""
    return f"{group}.{name}"


def _differences(before: AllSettings, after: AllSettings) -> Iterator[tuple[str, str, Any, Any]]:
    """Group, name, and both values of each setting that differs."""
    others = after.groups()
    for group, values in before.groups().items():
        for name, was in values:
            value = getattr(others[group], name)
            if value != was:
                yield group, name, was, value
