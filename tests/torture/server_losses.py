"""The database server dies under a school, without a goodbye, or falls silent with its connections open, and comes back:
nothing shown is lost, everybody is answered.
"""

import random
import threading
from pathlib import Path
from typing import Final

from tests.fakes.storage.postgresql import running_postgres
from tests.torture.school import Stored, Tally, make_school, marker

SILENT: Final = 0.1
"""Share of the losses in which the server is suspended instead of stopped."""


def run(place: Path, *, runs: int, seed: int) -> Tally:
    """Stop the server at a random moment, let students come to a kiosk without one, and start it again."""
    chance, tally = random.Random(seed), Tally()
    with running_postgres(durable=True) as server:
        url = server.address(server.make_database())
        data_dir = make_school(place / "server", url=url)
        with marker(data_dir, "--seed", str(seed), "--database", url) as kiosk:
            for _number in range(runs):
                kiosk.wait_for(chance.randint(1, 60))
                if chance.random() < SILENT:
                    with server.hanging():
                        kiosk.wait_for(1)
                    with kiosk.paused():
                        tally.count(kiosk.said(), Stored.read(data_dir, url))
                    continue
                stopping = threading.Timer(chance.random() * 0.1, server.stop)
                stopping.start()
                stopping.join()
                kiosk.wait_for(chance.randint(1, 30))
                server.start()
                with kiosk.paused():  # what it said and what is stored are then of one moment
                    tally.count(kiosk.said(), Stored.read(data_dir, url))
            tally.end(kiosk.stop())
    return tally
