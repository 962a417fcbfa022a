"""Schools in which anything happens in any order while one thing fails (`state_machine`), in a process of their own."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Final

from tests.torture import failing_disk
from tests.torture.school import ROOT, Tally

SCHOOLS_A_RUN: Final = 4
"""Many a school is small and does little: what one did alone says nothing."""


def run(place: Path, *, runs: int, seed: int) -> Tally:
    """Play schools on SQLite; where there is a C compiler, writes, syncs and opens of their files fail, too."""
    return _play(place, runs, seed)


def run_server(place: Path, *, runs: int, seed: int) -> Tally:
    """Play schools on a PostgreSQL server to which the line breaks."""
    return _play(place, runs, seed, "--server")


def _play(place: Path, runs: int, seed: int, *words: str) -> Tally:
    environment = dict(os.environ)
    if not failing_disk.can_run():
        place.mkdir(parents=True, exist_ok=True)
        environment |= {"LD_PRELOAD": str(failing_disk.built(place)), "FAULT_FILE": f"{place}/school/"}
    played = subprocess.run(
        [
            sys.executable,
            "-m",
            "tests.torture.state_machine",
            str(place),
            "--runs",
            str(runs * SCHOOLS_A_RUN),
            "--seed",
            str(seed),
            *words,
        ],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    tally = Tally(runs=runs)
    if played.returncode:
        print(played.stderr, file=sys.stderr)
        tally.notes["a school in which something did not hold"] += 1
        return tally
    tally.answers.update(json.loads(played.stdout)["answers"])
    return tally
