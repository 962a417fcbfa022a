"""The backup thread: there while something is due, one at a time, and gone when the kiosk stops."""

import threading
from collections.abc import Callable

import pytest

from kiosk.domain.trust.backups import Origin
from kiosk.pipeline.backup_worker import BackupWorker
from kiosk.services.events import Event, Events, WorkerFailed

PATIENCE_S = 60.0


class Rounds:
    """Something is always due, and takes until it is let go or stopped."""

    def __init__(self) -> None:
        self.begun: list[Origin] = []
        self.go = threading.Event()
        self.error: Exception | None = None

    def due(self) -> Origin | None:
        return Origin.NIGHTLY

    def run(self, origin: Origin, is_stopped: Callable[[], bool]) -> None:
        self.begun.append(origin)
        if self.error is not None:
            raise self.error
        while not is_stopped() and not self.go.wait(0.01):
            pass


def test_one_at_a_time_and_stopped_with_the_kiosk() -> None:
    rounds = Rounds()
    worker = BackupWorker(rounds=rounds, events=Events())
    for _tick in range(3):
        worker.tick()
    assert worker.stop(PATIENCE_S)
    worker.tick()
    assert rounds.begun == [Origin.NIGHTLY]


def test_the_next_one_begins_when_the_last_is_done() -> None:
    rounds = Rounds()
    rounds.go.set()
    worker = BackupWorker(rounds=rounds, events=Events())
    while len(rounds.begun) < 2:
        worker.tick()
    assert worker.stop(PATIENCE_S)


@pytest.mark.logs_warnings
def test_what_nobody_foresaw_is_an_event() -> None:
    events, rounds = Events(), Rounds()
    seen: list[Event] = []
    events.subscribe(Event, seen.append)
    rounds.error = RuntimeError("unforeseen")
    worker = BackupWorker(rounds=rounds, events=events)
    worker.tick()
    assert worker.stop(PATIENCE_S)
    assert [type(event) for event in seen] == [WorkerFailed]
