"""The *Settings* menu of Today: what each person finds there. Main thread."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QMenu

from kiosk.domain.trust.rights import Actor, Right


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """One line of the menu; `group` puts a line between entries that belong to different things."""

    words: str
    group: int
    right: Right | None
    open: Callable[[], object]


def fill_menu(menu: QMenu, entries: list[MenuEntry], actor: Actor) -> None:
    """Offer what `actor` may do, and nothing else."""
    menu.clear()
    group = 0
    for entry in entries:
        if entry.right is not None and not actor.may(entry.right):
            continue
        if group and entry.group != group:
            menu.addSeparator()
        group = entry.group
        action = menu.addAction(entry.words)
        action.triggered.connect(lambda _checked=False, act=entry.open: act())
