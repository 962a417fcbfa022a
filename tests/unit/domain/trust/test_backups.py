from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from kiosk.domain.trust.backups import BackupHistory

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("hours_ago", "is_due"), [(1, False), (24, True), (-24, True), (-11 * 365 * 24, True)]
)
def test_a_backup_of_a_day_to_come_is_none_of_last_night(hours_ago: int, is_due: bool) -> None:
    """It was made while the PC's clock was wrong."""
    good = NOON - timedelta(hours=hours_ago)
    assert BackupHistory(good, good).is_nightly_due(NOON, BERLIN) is is_due


@pytest.mark.parametrize(("days_ago", "is_overdue"), [(1, False), (3, True), (-4000, True)])
def test_trouble_does_not_wait_for_a_day_to_come(days_ago: int, is_overdue: bool) -> None:
    good = NOON - timedelta(days=days_ago)
    assert BackupHistory(good, good, "The share is away.").is_overdue(NOON) is is_overdue
    assert not BackupHistory(good, good).is_overdue(NOON)
