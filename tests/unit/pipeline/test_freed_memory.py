import sys
from pathlib import Path

import pytest

from kiosk.pipeline.freed_memory import EVERY_S, FreedMemory
from tests.fakes.clock import FakeClock

BLOCKS, BLOCK = 4000, 100 * 1024
"""Below the size from which each block is a mapping of its own."""


def _resident_mb() -> float:
    (line,) = (one for one in Path("/proc/self/status").read_text().splitlines() if one.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


@pytest.mark.skipif(sys.platform != "linux", reason="other systems take back by themselves")
def test_what_was_freed_goes_back_to_the_system_once_a_minute() -> None:
    clock = FakeClock()
    freed = FreedMemory(clock=clock)
    blocks = [b"x" * BLOCK for _number in range(BLOCKS)]
    last = b"y" * BLOCK  # keeps the end of the heap, so that nothing is given back by itself
    del blocks
    before = _resident_mb()

    freed.tick()
    soon = _resident_mb()
    clock.advance(EVERY_S)
    freed.tick()

    assert soon > before - 50
    assert _resident_mb() < before - 200
    assert last
