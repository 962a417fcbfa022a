"""The disk fails in some of its writes and syncs, or is full: who is told "marked" is marked, and everybody is told something."""

import os
import random
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import Final

from tests.torture.school import Stored, Tally, make_school, marker

SOURCE: Final = Path(__file__).with_name("failing_io.c")

ANSWERS_A_RUN: Final = 250


def can_run() -> str:
    """Why no disk can be made to fail here; empty when one can."""
    if os.name != "posix" or not shutil.which("cc"):
        return "needs Linux and a C compiler"
    return ""


def built(place: Path) -> Path:
    """The library that lets calls fail, to be preloaded."""
    library = place / "failing_io.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-o", str(library), str(SOURCE), "-ldl"], check=True)
    return library


def run(place: Path, *, runs: int, seed: int) -> Tally:
    """Let 5 % of the syncs and 3 % of the writes fail; each run is a process that answers 250 times."""
    chance, tally = random.Random(seed), Tally()
    data_dir = make_school(place / "failing")
    library = built(place)
    switch = place / "disk-fails"
    for _number in range(runs):
        environment = os.environ | {
            "LD_PRELOAD": str(library),
            "FAULT_SWITCH": str(switch),
            "FAULT_FILE": "kiosk.sqlite3",
            "FAULT_SYNC": "50",
            "FAULT_WRITE": "30",
            "FAULT_SEED": str(chance.randrange(1 << 20)),
        }
        switch.unlink(missing_ok=True)
        with marker(data_dir, "--seed", str(chance.randrange(1 << 30)), environment=environment) as kiosk:
            switch.touch()
            kiosk.wait_for(ANSWERS_A_RUN)
            switch.unlink()
            answers = kiosk.stop()
        tally.end(answers)
        tally.count(answers, Stored.read(data_dir))
    shutil.rmtree(data_dir)
    return tally


def run_full(place: Path, *, runs: int, seed: int) -> Tally:
    """Fill a small disk but for a few kilobytes while students come, and free it again."""
    chance, tally = random.Random(seed), Tally()
    for number in range(runs):
        folder = place / f"full{number}"
        folder.mkdir(parents=True)
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(folder)], check=True)
        try:
            data_dir = make_school(folder / "data")
            with marker(data_dir, "--seed", str(chance.randrange(1 << 30))) as kiosk:
                kiosk.wait_for(20)
                ballast = folder / "ballast"
                free = shutil.disk_usage(folder).free
                with suppress(OSError):  # the kiosk took some of what was free meanwhile
                    ballast.write_bytes(bytes(max(0, free - chance.randint(4, 60) * 1024)))
                kiosk.wait_for(60)
                ballast.unlink()
                kiosk.wait_for(60)
                answers = kiosk.stop()
            tally.end(answers)
            tally.count(answers, Stored.read(data_dir))
        finally:
            subprocess.run(["umount", "-l", str(folder)], check=True)
            folder.rmdir()
    return tally
