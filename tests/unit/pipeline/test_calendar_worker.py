import threading
from collections.abc import Callable

from kiosk.pipeline.calendar_worker import EVERY_S, CalendarWorker


class Shelf:
    """`Calendars` that waits until a test lets it go."""

    def __init__(self) -> None:
        self.waiting = [7]
        self.asked = 0
        self.began, self.go_on = threading.Event(), threading.Event()
        self.stopped: bool | None = None
        self.fails = False

    def due(self) -> list[int]:
        self.asked += 1
        return self.waiting

    def read_due(self, is_stopped: Callable[[], bool]) -> int:
        self.began.set()
        self.go_on.wait(60)
        self.stopped = is_stopped()
        if self.fails:
            raise ValueError("unforeseen")
        return 1


class Kiosk:
    def __init__(self) -> None:
        self.shelf, self.now_s, self.is_open = Shelf(), 1000.0, False
        self.worker = CalendarWorker(
            calendars=self.shelf, is_class_open=lambda: self.is_open, monotonic=lambda: self.now_s
        )

    def end(self) -> None:
        self.shelf.go_on.set()
        assert self.worker.stop(60)


def test_what_is_due_is_read_once_beside_the_housekeeping() -> None:
    kiosk = Kiosk()
    kiosk.worker.tick()
    assert kiosk.shelf.began.wait(60)
    kiosk.now_s += EVERY_S
    kiosk.worker.tick()
    assert kiosk.shelf.asked == 1
    kiosk.end()
    assert kiosk.shelf.stopped is True


def test_during_a_class_nothing_is_read_and_what_is_under_way_ends() -> None:
    kiosk = Kiosk()
    kiosk.is_open = True
    kiosk.worker.tick()
    assert kiosk.shelf.asked == 0
    kiosk.is_open = False
    kiosk.worker.tick()
    assert kiosk.shelf.began.wait(60)
    kiosk.is_open = True
    kiosk.end()
    assert kiosk.shelf.stopped is True


def test_where_nothing_is_due_no_thread_is_made() -> None:
    kiosk = Kiosk()
    kiosk.shelf.waiting = []
    kiosk.worker.tick()
    kiosk.worker.tick()
    assert kiosk.shelf.asked == 1
    assert not kiosk.shelf.began.is_set()
    kiosk.end()
