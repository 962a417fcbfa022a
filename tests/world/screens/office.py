"""Dialogs over Today of a made-up school."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar, cast

from PySide6.QtWidgets import QWidget

from kiosk.gui.desk import Desk
from kiosk.gui.dialog_catalogue import CATALOGUE, Opening
from kiosk.gui.theme import Theme
from kiosk.gui.widgets.dialogs import Dialog
from tests.world.screens.attendance import desk_of
from tests.world.screens.school import School, school
from tests.world.screens.shot import Screen, Shot, settle

D = TypeVar("D", bound=Dialog)


@dataclass(frozen=True, slots=True)
class Office:
    """The admin before Today."""

    school: School
    theme: Theme
    desk: Desk

    def open(self, words: str, _kind: type[D]) -> D:
        """Open what the catalogue calls so."""
        entry = next(one for one in CATALOGUE if one.title == words)
        dialog = entry.make(Opening(self.school.app, self.theme, self.school.admin, self.desk))
        dialog.open()
        return cast(D, dialog)


def over_today(arrange: Callable[[Office], object]) -> Screen:
    """Today with a dialog that `arrange` opens and brings to where it is worth seeing."""

    @contextmanager
    def shown(shot: Shot) -> Iterator[QWidget]:
        with school() as set_up, desk_of(shot, set_up) as (window, desk):
            arrange(Office(set_up, shot.theme, desk))
            settle()
            yield window

    return shown
