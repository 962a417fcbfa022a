"""Every screen of the inventory is looked at: what overlaps, is cut, is hard to see or cannot be reached fails here.

Each is shown at 1280×800 in light and in another look, and in the third look at another size: looks and sizes rotate from
screen to screen, because each change of them takes a moment. All of them in all of them is
``scripts/screenshots --all FOLDER``, which makes the pictures, too.
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
OTHERS = (Look.DARK, Look.HIGH_CONTRAST)


@pytest.fixture(autouse=True, scope="module")
def _in_light_again() -> Iterator[None]:
    yield
    Theme(Look.LIGHT).apply()


@contextmanager
def shown(screen: Screen, size: tuple[int, int], look: Look = Look.LIGHT) -> Iterator[tuple[QWidget, Theme]]:
    theme = Theme(look, scale=scale_of(*size))
    theme.apply()
    with screen(Shot(theme, size)) as window:
        settle()
        yield window, theme


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_wrong_at_the_usual_size_in_light_and_another_look(qtbot: QtBot, name: str) -> None:
    other = OTHERS[NAMES.index(name) % 2]
    with shown(QUICK[name], USUAL_SIZE) as (window, theme):
        found = [str(one) for one in (*layout_faults(window), *lacking_keys(window))]
        found += [f"light: {one}" for one in colour_faults(window)]
        theme.choose(other)
        settle()
        found += [f"{other}: {one}" for one in colour_faults(window)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_wrong_at_another_size_in_the_third_look(qtbot: QtBot, name: str) -> None:
    place = NAMES.index(name)
    size, look = OTHER_SIZES[place % len(OTHER_SIZES)], OTHERS[(place + 1) % 2]
    with shown(QUICK[name], size, look) as (window, _theme):
        found = [str(one) for one in (*layout_faults(window), *colour_faults(window))]
    assert not found, "\n".join((f"at {size[0]}×{size[1]}, {look}:", *found))
