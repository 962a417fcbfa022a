"""What tells one phone with deleted cookies from the phones of a class behind one address."""

from datetime import UTC, datetime, timedelta

import pytest

from kiosk.domain.attendance.incidents import DeviceUse
from kiosk.domain.attendance.new_browsers import (
    NEXT_WITHIN,
    are_many,
    are_one_after_the_other,
    have_own_addresses,
)

NINE = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def uses(*times: tuple[float | None, float]) -> list[DeviceUse]:
    """Each scanned and confirmed at so many seconds after nine, each another browser for another student."""
    return [
        DeviceUse(
            1,
            number,
            f"browser-{number}",
            "10.0.0.7",
            f"kind-{number}",
            NINE + timedelta(seconds=confirmed),
            None if scanned is None else NINE + timedelta(seconds=scanned),
        )
        for number, (scanned, confirmed) in enumerate(times, 1)
    ]


ROW = [(start, start + 20) for start in range(0, 7 * 25, 25)]
"""Seven, each scanned five seconds after the one before was confirmed."""


def test_seven_scans_each_right_after_the_last_confirmation_are_one_after_the_other() -> None:
    row = uses(*ROW)
    assert are_one_after_the_other(row)
    assert not are_one_after_the_other(row[1:])


def test_two_who_sign_in_at_the_same_time_are_two_phones() -> None:
    assert not are_one_after_the_other(uses(*ROW[:3], (ROW[2][1] - 1, ROW[3][1]), *ROW[4:]))


def test_a_pause_ends_the_row() -> None:
    pause = NEXT_WITHIN.total_seconds() + 1
    later = [(start + pause, end + pause) for start, end in ROW[3:]]
    assert not are_one_after_the_other(uses(*ROW[:3], *later))


def test_a_pass_has_no_scan_and_ends_the_row() -> None:
    assert not are_one_after_the_other(uses(*ROW[:3], (None, ROW[3][1]), *ROW[4:]))


def test_a_row_is_of_as_many_students() -> None:
    first, *others = uses(*ROW)
    again = DeviceUse(1, others[-1].student_id, "browser-1", "10.0.0.7", "kind-1", first.at, first.scanned_at)
    assert not are_one_after_the_other([again, *others])


@pytest.mark.parametrize(("number", "many"), [(4, False), (5, True)])
def test_many_are_five_students(number: int, many: bool) -> None:
    assert are_many(uses(*((0, 1) for _unused in range(number)))) is many


@pytest.mark.parametrize(
    ("addresses", "browsers", "own"),
    [(30, 30, True), (30, 60, True), (30, 61, False), (4, 4, False), (1, 300, False)],
)
def test_phones_have_own_addresses_where_few_share_one(addresses: int, browsers: int, own: bool) -> None:
    assert have_own_addresses(addresses, browsers) is own
