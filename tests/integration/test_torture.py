"""A bit of each fault that ``scripts/torture`` strikes with, so that none of them rots."""

from pathlib import Path

import pytest

from tests.torture.__main__ import FAULTS, Fault, merged
from tests.torture.eight_hours import grows, slope


@pytest.mark.durable
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_what_was_promised_is_kept(fault: Fault, tmp_path: Path) -> None:
    obstacle = fault.obstacle()
    if obstacle:
        pytest.skip(obstacle)

    tally = fault.run(tmp_path, runs=fault.bit, seed=1)

    assert tally.runs == fault.bit
    assert tally.answers["promised"] > 0
    assert tally.kept, tally


def test_new_rows_take_the_place_of_those_of_the_same_fault_and_leave_the_others() -> None:
    old = ["| power | `power-cuts` | 200 |", "| disk | `full-disk` | 60 |"]
    assert merged(old, ["| shown | `kills` | 9 |", "| disk | `full-disk` | 61 |"]) == [
        "| shown | `kills` | 9 |",
        "| power | `power-cuts` | 200 |",
        "| disk | `full-disk` | 61 |",
    ]


def test_a_step_is_no_growth_and_a_little_more_each_time_is() -> None:
    assert slope([8, 8, 8, 8, 9, 8, 8, 8, 8]) == 0
    assert slope([21] * 3 + [23] * 20) == 0
    assert not grows([1522, 1522, 1544, 1544], 0.2)
    assert grows([1522, 1528, 1533, 1539], 0.2)
    assert grows([float(number) for number in range(12)], 0.2)
    assert slope([float(number) for number in range(9)]) == 1
    assert slope([1.0, 2.0, 3.0], [0.0, 0.5, 1.0]) == 2
