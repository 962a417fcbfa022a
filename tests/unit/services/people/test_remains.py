from datetime import UTC, date, datetime, timedelta

import pytest

from kiosk.domain.trust.backups import Origin
from kiosk.services.people.remains import BackupsLeft, MadeBackup, Remains, backups_left
from tests.fakes.clock import FakeClock
from tests.world.school import ZONE

ERASED = datetime(2026, 3, 10, 12, tzinfo=UTC)


def made(days: int, origin: Origin = Origin.NIGHTLY, *, followed: int | None = None) -> MadeBackup:
    """So many days after the face was erased."""
    until = None if followed is None else ERASED + timedelta(days=followed)
    return MadeBackup(ERASED + timedelta(days=days), origin, f"{origin.value}{days}", until)


@pytest.mark.parametrize(
    ("backups", "keep", "left"),
    [
        ([], 14, BackupsLeft(0, None, ())),
        ([made(1)], 14, BackupsLeft(0, None, ())),
        (
            [made(-1), made(-2), made(-9, Origin.BY_HAND)],
            3,
            BackupsLeft(2, date(2026, 3, 11), ("hand-9",)),
        ),
        ([made(-1), made(0), made(1), made(2)], 3, BackupsLeft(2, date(2026, 3, 11), ())),
        ([made(-1), made(-2, followed=1), made(-3, followed=-1)], 3, BackupsLeft(2, date(2026, 3, 11), ())),
        ([made(-1), made(-2)], 0, BackupsLeft(0, None, ("night-1", "night-2"))),
    ],
)
def test_backups_from_before_are_counted_with_the_day_on_which_they_lose_what_was_erased(
    backups: list[MadeBackup], keep: int, left: BackupsLeft
) -> None:
    assert backups_left(backups, before=ERASED, keep=keep, now=ERASED, zone=ZONE) == left


def test_it_is_said_in_sentences_also_where_the_folder_cannot_be_read() -> None:
    clock = FakeClock()
    said = Remains(clock=clock, zone=ZONE, backups=lambda: ([made(-1, Origin.BY_HAND)], 3)).sentences(ERASED)
    assert "until somebody deletes it: hand-1." in " ".join(said)
    unread = Remains(clock=clock, zone=ZONE, backups=lambda: None)
    assert unread.sentences(ERASED)[-1] == unread.unknown()
    none = Remains(clock=clock, zone=ZONE, backups=lambda: ([], 3)).sentences(ERASED)
    assert none[-1] == "No backup in the folder for backups holds them."


def test_a_copy_beside_the_database_that_could_not_be_emptied_is_named() -> None:
    copies = ["kiosk.sqlite3.before-restore-1"]
    remains = Remains(clock=FakeClock(), zone=ZONE, backups=lambda: ([], 3), copies=lambda: copies)
    assert copies[0] in remains.sentences(ERASED)[0]
