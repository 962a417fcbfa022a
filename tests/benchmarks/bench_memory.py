"""Memory of the running kiosk over minutes of the drawn camera; KIOSK_BENCH_MINUTES (10) says how many."""

import os
import time
from pathlib import Path

import numpy as np
import psutil

from tests.benchmarks.drawn_class import open_class
from tests.fakes.actors import admin

MINUTES = float(os.environ.get("KIOSK_BENCH_MINUTES", "10"))
EVERY_S = 5.0
MAX_GROWTH_MB = 20.0


def test_memory_stays_flat(tmp_path: Path) -> None:
    process = psutil.Process()
    sizes_mb = []
    with open_class(tmp_path) as drawn:
        kiosk = drawn.kiosk
        kiosk.app.runtime.start_class(drawn.course.course_id, actor=admin("benchmark"))
        end = time.monotonic() + 60 * MINUTES
        while time.monotonic() < end:
            time.sleep(EVERY_S)
            sizes_mb.append(process.memory_info().rss / 1024**2)
        kiosk.app.runtime.end_class(actor=admin("benchmark"))
    # The first fifth warms caches and allocators; a leak shows in the rest.
    settled = np.array(sizes_mb[len(sizes_mb) // 5 :])
    half = len(settled) // 2
    growth = float(np.median(settled[half:]) - np.median(settled[:half]))
    print(
        f"\nmemory over {MINUTES:g} minutes: {settled.min():.0f} to {settled.max():.0f} MB, "
        f"second half against first half {growth:+.1f} MB"
    )
    assert growth <= MAX_GROWTH_MB
