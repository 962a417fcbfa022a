"""Every screen of the inventory is looked at: what overlaps, is cut, is hard to see or cannot be reached fails here.

Each is shown at 1280×800 in every look, and in one of the other sizes, which rotate from screen to screen; all of them in
all of them is ``scripts/screenshots --all FOLDER``, which makes the pictures, too.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from kiosk.gui.application import scale_of
from kiosk.gui.theme import Theme
from kiosk.settings import Theme as Look
from tests.world.screens.checker.look import colour_faults, lacking_keys, layout_faults
from tests.world.screens.inventory import QUICK
from tests.world.screens.shot import OTHER_SIZES, USUAL_SIZE, Screen, Shot, settle

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

NAMES = tuple(QUICK)
LOOKS = (Look.LIGHT, Look.DARK, Look.HIGH_CONTRAST)


@contextmanager
def shown(screen: Screen, size: tuple[int, int]) -> Iterator[tuple[QWidget, Theme]]:
    theme = Theme(Look.LIGHT, scale=scale_of(*size))
    theme.apply()
    with screen(Shot(theme, size)) as window:
        settle()
        yield window, theme
    theme.choose(Look.LIGHT)


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_wrong_at_the_usual_size_in_any_look(qtbot: QtBot, name: str) -> None:
    with shown(QUICK[name], USUAL_SIZE) as (window, theme):
        found = [str(one) for one in (*layout_faults(window), *lacking_keys(window))]
        for look in LOOKS:
            theme.choose(look)
            settle()
            found += [f"{look}: {one}" for one in colour_faults(window)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_cut_off_at_another_size(qtbot: QtBot, name: str) -> None:
    size = OTHER_SIZES[NAMES.index(name) % len(OTHER_SIZES)]
    with shown(QUICK[name], size) as (window, _theme):
        found = [str(one) for one in layout_faults(window)]
    assert not found, "\n".join((f"at {size[0]}×{size[1]}:", *found))
