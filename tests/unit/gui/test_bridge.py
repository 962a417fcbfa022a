import threading
from collections import deque
from itertools import repeat

from PySide6.QtCore import QThread
from pytestqt.qtbot import QtBot

from kiosk.gui.bridge import Bridge
from kiosk.services.events import CameraState, CameraStateChanged, Event, Events, RuntimeStopped


def test_events_arrive_on_the_main_thread_in_order(qtbot: QtBot) -> None:
    events = Events()
    bridge = Bridge(events)
    seen: list[Event] = []
    threads: set[bool] = set()

    def note(event: Event) -> None:
        seen.append(event)
        threads.add(QThread.isMainThread())

    bridge.arrived.connect(note)
    sent = [CameraStateChanged(CameraState.LOST, f"number {number}") for number in range(100)]
    worker = threading.Thread(target=lambda: deque(map(events.emit, sent), maxlen=0))
    worker.start()
    worker.join()
    assert seen == []
    qtbot.waitUntil(lambda: len(seen) == 100)
    assert seen == sent
    assert threads == {True}


def test_event_from_the_main_thread_does_not_run_inside_the_call(qtbot: QtBot) -> None:
    events = Events()
    bridge = Bridge(events)
    seen: list[Event] = []
    bridge.arrived.connect(seen.append)
    events.emit(RuntimeStopped())
    assert seen == []
    qtbot.waitUntil(lambda: len(seen) == 1)


def test_closed_bridge_drops_what_is_still_queued(qtbot: QtBot) -> None:
    events = Events()
    bridge = Bridge(events)
    seen: list[Event] = []
    bridge.arrived.connect(seen.append)
    events.emit(RuntimeStopped())
    bridge.close()
    events.emit(RuntimeStopped())
    qtbot.wait(20)
    assert seen == []


def test_twenty_thousand_emits_do_not_abort(qtbot: QtBot) -> None:
    """PySide6 6.12.0 on Python 3.11 loses a reference to True at each emit and aborts after about 570."""
    events = Events()
    bridge = Bridge(events)
    count = 0

    def note(_event: Event) -> None:
        nonlocal count
        count += 1

    bridge.arrived.connect(note)
    event = RuntimeStopped()
    worker = threading.Thread(target=lambda: deque(map(events.emit, repeat(event, 20_000)), maxlen=0))
    worker.start()
    qtbot.waitUntil(lambda: count == 20_000)
    worker.join()
    assert int(True) == 1
