"""A bit of each fault that ``scripts/torture`` strikes with, so that none of them rots."""

from pathlib import Path

import pytest

from tests.torture.__main__ import FAULTS, Fault


@pytest.mark.durable
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_what_was_promised_is_kept(fault: Fault, tmp_path: Path) -> None:
    obstacle = fault.obstacle()
    if obstacle:
        pytest.skip(obstacle)

    tally = fault.run(tmp_path, runs=2, seed=1)

    assert tally.runs == 2
    assert tally.answers["promised"] > 0
    assert tally.kept, tally
