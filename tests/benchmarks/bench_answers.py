"""How soon small things are done, each against another one in the same run."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from pytestqt.qtbot import QtBot

from kiosk.codes.reader import PyzbarReader
from kiosk.gui.attendance.roster.panel import RosterPanel
from kiosk.gui.theme import Theme
from kiosk.settings import Theme as ThemeChoice
from kiosk.storage.keys.hashing import Argon2Hasher
from tests.fakes.actors import teacher
from tests.world.gui_kiosk import gui_kiosk

PICTURES = 40


def fastest(what: Callable[[], object], tries: int = 5) -> float:
    """Seconds of the fastest try."""
    times = []
    for _ in range(tries):
        began = time.perf_counter()
        what()
        times.append(time.perf_counter() - began)
    return min(times)


def test_three_hundred_rows_scroll_as_smoothly_as_thirty(qtbot: QtBot, tmp_path: Path) -> None:
    few, many = (_painting_s(qtbot, tmp_path / str(rows), rows) for rows in (30, 300))
    print(f"\na picture of the roster: {few * 1000:.1f} ms with 30 rows, {many * 1000:.1f} ms with 300")
    assert many < 2 * few
    assert many < 0.033


def _painting_s(qtbot: QtBot, folder: Path, rows: int) -> float:
    with gui_kiosk(folder, names=tuple(f"Student Number {number:03}" for number in range(rows))) as kiosk:
        panel = RosterPanel(kiosk.app, Theme(ThemeChoice.LIGHT))
        qtbot.addWidget(panel)
        panel.resize(520, 1000)
        panel.show()
        panel.show_session(kiosk.start().session_id, teacher("Tom"))
        qtbot.waitUntil(lambda: panel.students.model.rowCount() == rows)
        panel.grab()
        bar = panel.students.list.verticalScrollBar()

        def scroll() -> None:
            for step in range(PICTURES):
                bar.setValue(bar.maximum() * step // PICTURES)
                panel.students.list.viewport().grab()

        return fastest(scroll) / PICTURES


def test_an_unknown_number_is_answered_as_late_as_a_known_one() -> None:
    hasher = Argon2Hasher(b"p" * 32)
    stored = hasher.hash("4711")
    known = fastest(lambda: hasher.verify(stored, "4712"))
    unknown = fastest(lambda: hasher.verify(None, "4712"))
    print(
        f"\na wrong PIN: {known * 1000:.0f} ms with a known number, {unknown * 1000:.0f} ms with an unknown one"
    )
    assert 0.5 < unknown / known < 2


def test_the_code_reader_is_there_soon() -> None:
    picture = np.full((120, 160, 3), 255, np.uint8)

    def read_first() -> None:
        reader = PyzbarReader()
        reader.read(picture)
        reader.close()

    bare = fastest(lambda: subprocess.run([sys.executable, "-c", "import numpy"], check=True))
    reader = fastest(read_first)
    print(f"\nfirst answer of the code reader: {reader:.2f} s; Python with NumPy starts in {bare:.2f} s")
    assert reader < 5 * bare
