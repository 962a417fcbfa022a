"""The process dies at any moment (SIGKILL): nothing that was shown is lost, and the next start finds everything whole."""

import random
import shutil
from pathlib import Path

from tests.torture.school import Stored, Tally, make_school, marker_at_once


def run(place: Path, *, runs: int, seed: int) -> Tally:
    """Kill it after a random number of answers, again and again on the same data."""
    chance, tally = random.Random(seed), Tally()
    data_dir = make_school(place / "kills")
    for _number in range(runs):
        with marker_at_once(data_dir, "--seed", str(chance.randrange(1 << 30))) as kiosk:
            kiosk.wait_for(chance.randint(1, 90))
            answers = kiosk.stop()
        tally.end(answers)
        tally.count(answers, Stored.read(data_dir))
    shutil.rmtree(data_dir)
    return tally
