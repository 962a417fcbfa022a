"""The database server dies under a school, without a goodbye, or falls silent with its connections open, and comes back:
nothing shown is lost, everybody is answered, and what was kept on the kiosk's PC meanwhile is there once, at its time.

In some of the losses the kiosk is killed, too, while it keeps claims or while it delivers them.
"""

import random
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from kiosk.domain.attendance.choices import CheckInOutcome
from kiosk.storage.kept_claims import undelivered
from tests.fakes.storage.postgresql import PostgresServer, running_postgres
from tests.torture.school import Answer, Marker, Stored, Tally, make_school, marker

SILENT: Final = 0.1
"""Share of the losses in which the server is suspended instead of stopped."""

KILLED: Final = 0.3
"""Share of the others in which the kiosk is killed, too."""

DELIVERED_S: Final = 120.0
"""After so long what is not delivered counts as never delivered."""


def run(place: Path, *, runs: int, seed: int) -> Tally:
    """Stop the server at a random moment, let students come to a kiosk without one, and start it again."""
    chance, tally = random.Random(seed), Tally()
    with running_postgres(durable=True) as server:
        url = server.address(server.make_database())
        data_dir = make_school(place / "server", url=url)
        with _kiosks(data_dir, url, seed) as kiosks:
            for _number in range(runs):
                _lose(server, kiosks, chance)
                if not _is_delivered(data_dir):
                    tally.notes["kept, but not delivered"] += 1
                with kiosks.now.paused():  # what it said and what is stored are then of one moment
                    waiting = sum(one.number for one in undelivered(data_dir))
                    said = kiosks.said()
                    tally.count(said if not waiting else _without_kept(said), Stored.read(data_dir, url))
            tally.end(kiosks.said())
    return tally


class _Kiosks:
    """One kiosk after the other on the same data, and what they have said in all."""

    def __init__(self, stack: ExitStack, data_dir: Path, url: str, seed: int) -> None:
        self._stack, self._data_dir, self._url, self._seed = stack, data_dir, url, seed
        self._before: list[Answer] = []
        self.now = self._open()

    def said(self) -> list[Answer]:
        """All that was said by now."""
        return [*self._before, *self.now.said()]

    def kill(self) -> None:
        """Kill the one at work."""
        self._before += self.now.stop()

    def start(self) -> None:
        """Start the next one."""
        self._seed += 1
        self.now = self._open()

    def _open(self) -> Marker:
        return self._stack.enter_context(
            marker(self._data_dir, "--seed", str(self._seed), "--database", self._url)
        )


@contextmanager
def _kiosks(data_dir: Path, url: str, seed: int) -> Iterator[_Kiosks]:
    with ExitStack() as stack:
        yield _Kiosks(stack, data_dir, url, seed)


def _lose(server: PostgresServer, kiosks: _Kiosks, chance: random.Random) -> None:
    """Lose the server once, and have it back."""
    kiosks.now.wait_for(chance.randint(1, 60))
    if chance.random() < SILENT:
        with server.hanging():
            kiosks.now.wait_for(1)
        return
    stopping = threading.Timer(chance.random() * 0.1, server.stop)
    stopping.start()
    stopping.join()
    kiosks.now.wait_for(chance.randint(1, 30))
    if chance.random() >= KILLED:
        server.start()
        return
    if chance.random() < 0.5:
        kiosks.kill()
        server.start()
    else:
        server.start()
        time.sleep(chance.random() * 0.2)  # it may be delivering
        kiosks.kill()
    kiosks.start()


def _is_delivered(data_dir: Path) -> bool:
    until = time.monotonic() + DELIVERED_S
    while undelivered(data_dir):
        if time.monotonic() > until:
            return False
        time.sleep(0.1)
    return True


def _without_kept(said: list[Answer]) -> list[Answer]:
    """What can be compared while something waits again: a kiosk may doubt its server at any moment."""
    return [one for one in said if one.outcome != CheckInOutcome.KEPT]
