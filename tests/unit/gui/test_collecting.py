import gc
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from kiosk.gui import collecting
from kiosk.gui.collecting import MainThreadCollector


class Knot:
    """Part of a cycle; remembers which thread took it apart."""

    def __init__(self, ends: list[int]) -> None:
        self.me = self
        self._ends = ends

    def __del__(self) -> None:
        self._ends.append(threading.get_ident())


@pytest.fixture
def collector(qtbot: QtBot) -> Iterator[MainThreadCollector]:
    made = MainThreadCollector()
    yield made
    made.stop()


def test_cycles_of_worker_threads_are_taken_apart_on_the_main_thread(
    qtbot: QtBot, collector: MainThreadCollector
) -> None:
    ends: list[int] = []

    def work() -> None:
        for _ in range(5000):
            Knot(ends)

    worker = threading.Thread(target=work)
    worker.start()
    worker.join()
    assert ends == []
    qtbot.waitUntil(lambda: len(ends) == 5000)

    assert set(ends) == {threading.get_ident()}


def test_stopping_gives_the_automatic_collector_back(qtbot: QtBot) -> None:
    owner = QObject()
    collector = MainThreadCollector(owner)
    assert not gc.isenabled()
    collector.stop()

    assert gc.isenabled()


def test_nothing_is_kept_for_ever_once_it_was_stopped(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collecting, "SETTLED_MS", 1)
    owner = QObject()
    MainThreadCollector(owner).stop()
    qtbot.wait(20)

    assert gc.get_freeze_count() == 0
