"""Every screen of the window: each page, dialog and state worth seeing, as a function that shows it with data in it.

The pictures (``scripts/screenshots``) and the checks (``tests/unit/gui/test_screens.py``) both walk this one table, so a
new screen is looked at by being here: write a function that takes a `Shot` and gives the window, and name it in the
``SCREENS`` of its module.
"""

from typing import Final

from tests.world.screens import (
    attendance,
    courses,
    dialogs,
    entry,
    faces,
    kiosk_screen,
    models,
    people,
    places,
    sessions,
)
from tests.world.screens.shot import Screen

SLOW: Final[dict[str, Screen]] = {
    **faces.SCREENS,
    **dialogs.SLOW,
    **kiosk_screen.PAINTED,
}
"""Run the recogniser for seconds, or are painted; looked at by the command only."""

QUICK: Final[dict[str, Screen]] = {
    **entry.SCREENS,
    **attendance.SCREENS,
    **courses.SCREENS,
    **kiosk_screen.SCREENS,
    **dialogs.SCREENS,
    **people.SCREENS,
    **models.SCREENS,
    **places.SCREENS,
    **sessions.SCREENS,
}

SCREENS: Final[dict[str, Screen]] = {**QUICK, **SLOW}
