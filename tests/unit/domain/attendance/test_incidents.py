from dataclasses import replace
from datetime import UTC, datetime

from kiosk.domain.attendance.incidents import DeviceUse, looks_like

USE = DeviceUse(1, 1, "browser-1", "10.0.0.7", "agent", datetime(2026, 3, 2, 8, tzinfo=UTC))


def test_an_equal_browser_at_the_same_address_may_be_the_same_phone() -> None:
    other = replace(USE, student_id=2, device="browser-2")
    assert looks_like(other, USE)
    assert not looks_like(replace(other, student_id=1), USE)
    assert not looks_like(replace(other, device="browser-1"), USE)
    assert not looks_like(replace(other, address="10.0.0.8"), USE)
    assert not looks_like(replace(other, agent="another"), USE)


def test_unknown_addresses_and_browsers_say_nothing() -> None:
    nowhere = replace(USE, address=None)
    silent = replace(USE, agent=None)
    assert not looks_like(replace(nowhere, student_id=2, device="browser-2"), nowhere)
    assert not looks_like(replace(silent, student_id=2, device="browser-2"), silent)
