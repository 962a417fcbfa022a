"""The process dies (SIGKILL) while it moves a school to a database server; the same command, run again, goes on.

Afterwards the server holds every row of the school as it was, and the school's own file is as it was.
"""

import random
import subprocess
import sys
import time
from pathlib import Path

from kiosk.storage.keys.key_ring import database_path
from kiosk.storage.moving.move import move
from tests.fakes.storage.moved_school import content, content_of, make_school
from tests.fakes.storage.postgresql import running_postgres
from tests.torture.school import ROOT, Stored, Tally

LONGEST_S = 300.0


def run(place: Path, *, runs: int, seed: int) -> Tally:
    """Kill `kiosk migrate-to` at a random moment, each time with a database of its own."""
    chance, tally = random.Random(seed), Tally()
    data_dir = place / "moved"
    make_school(data_dir, students=60)
    before, file = content_of(data_dir), database_path(data_dir).read_bytes()
    with running_postgres() as server:
        name = server.make_database()
        took = _moving(data_dir, server.address(name), LONGEST_S)
        for _number in range(runs):
            name = server.make_database()
            _moving(data_dir, server.address(name), took * chance.uniform(0.3, 1.0))
            move(data_dir, server.address(name))
            tally.runs += 1
            tally.answers["promised"] += len(before["attendance_records"])
            there = content(server.address(name))
            missing = set(map(repr, before["attendance_records"])) - set(
                map(repr, there["attendance_records"])
            )
            tally.lost += len(missing)
            tally.notes["not the same"] += there != before
            tally.broken += not Stored.read(data_dir, server.address(name)).whole
            tally.notes["the source was changed"] += database_path(data_dir).read_bytes() != file
            server.execute("postgres", f"DROP DATABASE {name}")
    tally.notes += type(tally.notes)()
    return tally


def _moving(data_dir: Path, url: str, patience_s: float) -> float:
    """Move it in a process of its own, which is killed when its time is over; how long it took."""
    words = (sys.executable, "-m", "kiosk", "--data-dir", str(data_dir), "migrate-to", url)
    began = time.monotonic()
    with subprocess.Popen(
        words, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            process.wait(patience_s)
        except subprocess.TimeoutExpired:
            process.kill()
    return time.monotonic() - began
