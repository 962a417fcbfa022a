"""On which display the roster opens where Qt itself has two: the platform without a display, told of two screens.

A process of its own, because an application keeps the screens that it began with.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

SCREENS = [
    {"name": "Projector", "x": 0, "y": 0, "width": 1280, "height": 720, "dpr": 1, "logicalDpi": 96, "logicalBaseDpi": 96},
    {"name": "Desk", "x": 1280, "y": 0, "width": 1024, "height": 768, "dpr": 1, "logicalDpi": 96, "logicalBaseDpi": 96},
]  # fmt: skip
PROGRAM = """
import sys
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLabel, QWidget

from kiosk.gui.application import prepare_application
from kiosk.gui.attendance.lesson.roster_place import RosterPlace, other_displays
from kiosk.gui.remembered import Remembered
from kiosk.gui.theme import Theme
from kiosk.gui.widgets.layouts import horizontal
from kiosk.settings import Theme as Look

application = prepare_application([])
owner = QWidget()
row = horizontal((QLabel("The kiosk screen"), 1), on=owner)
place = RosterPlace(owner, row, Theme(Look.LIGHT), Remembered(Path(sys.argv[1])))
place.hold(QLabel("The roster"))
owner.setGeometry(owner.screen().geometry())
owner.show()
place.show(500)


def said() -> None:
    def on(widget):
        middle = widget.window().frameGeometry().center()
        return next(one.name() for one in application.screens() if one.geometry().contains(middle))

    print(",".join(one.name for one in other_displays(owner)), on(owner), on(place.frame), place.is_apart)
    place.move_button.click()
    print(on(place.frame), place.is_apart)
    application.quit()


QTimer.singleShot(0, said)
application.exec()
"""


def shown_on(folder: Path, screens: list[dict[str, object]]) -> list[str]:
    """What the program says of where things stand, with these screens."""
    described = folder / "screens.json"
    described.write_text(json.dumps({"screens": screens}), encoding="utf-8")
    environment = {**os.environ, "QT_QPA_PLATFORM": f"offscreen:configfile={described}"}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(folder)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split("\n")[:2]


def test_the_roster_opens_on_the_display_that_the_class_does_not_see_and_comes_back(tmp_path: Path) -> None:
    assert shown_on(tmp_path, [*SCREENS]) == ["Desk Projector Desk True", "Projector False"]


def test_a_display_that_repeats_the_kiosks_own_is_none(tmp_path: Path) -> None:
    twice = [SCREENS[0], {**SCREENS[1], "x": 0}]
    others, *_where, is_apart = shown_on(tmp_path, [*twice])[0].split(" ")
    assert (others, is_apart) == ("", "False")
