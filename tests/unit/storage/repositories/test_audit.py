from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from kiosk.domain.trust.audit import AuditEntry
from kiosk.storage.database.sql_database import SqlDatabase
from kiosk.storage.database.sqlite_library import sqlite3
from kiosk.storage.keys.key_ring import database_path
from kiosk.storage.repositories.audit import FIRST_HASH, chained_hash
from tests.unit.storage.classroom import START


def _entry(number: int) -> AuditEntry:
    return AuditEntry(
        number, START + timedelta(minutes=number), "admin", "user.added", f"anna{number}", "role=teacher"
    )


@pytest.fixture
def chain(database: SqlDatabase) -> SqlDatabase:
    """Five entries; the last two in one transaction."""
    for numbers in ((1,), (2,), (3,), (4, 5)):
        with database.transaction() as repositories:
            for number in numbers:
                entry = _entry(number)
                repositories.audit.add(entry.at, entry.actor, entry.action, entry.subject, entry.detail)
    return database


@contextmanager
def _by_hand(data_dir: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(database_path(data_dir))) as connection:
        yield connection
        connection.commit()


def _first_fault(database: SqlDatabase) -> int | None:
    with database.snapshot() as repositories:
        return repositories.audit.verify()


def test_entries_come_newest_first(chain: SqlDatabase) -> None:
    with chain.snapshot() as repositories:
        assert repositories.audit.entries() == [_entry(number) for number in (5, 4, 3, 2, 1)]
        assert repositories.audit.entries(limit=2) == [_entry(5), _entry(4)]


def test_an_untouched_chain_holds(chain: SqlDatabase) -> None:
    assert _first_fault(chain) is None


def test_an_empty_chain_holds(database: SqlDatabase) -> None:
    assert _first_fault(database) is None


@pytest.mark.parametrize(
    "change",
    [
        "at = '2026-03-02 09:00:00.000000'",
        "actor = 'nobody'",
        "action = 'user.removed'",
        "subject = 'somebody'",
        "detail = ''",
        "hash = previous_hash",
        "previous_hash = hash",
    ],
)
def test_a_changed_entry_shows(chain: SqlDatabase, data_dir: Path, change: str) -> None:
    with _by_hand(data_dir) as connection:
        connection.execute(f"UPDATE audit SET {change} WHERE id = 3")
    assert _first_fault(chain) == 3


def test_a_removed_entry_shows_at_the_next(chain: SqlDatabase, data_dir: Path) -> None:
    with _by_hand(data_dir) as connection:
        connection.execute("DELETE FROM audit WHERE id = 3")
    assert _first_fault(chain) == 4


def test_entries_cut_off_at_the_end_show(chain: SqlDatabase, data_dir: Path) -> None:
    with _by_hand(data_dir) as connection:
        connection.execute("DELETE FROM audit WHERE id >= 4")
    assert _first_fault(chain) == 4


def test_all_entries_removed_shows(chain: SqlDatabase, data_dir: Path) -> None:
    with _by_hand(data_dir) as connection:
        connection.execute("DELETE FROM audit")
    assert _first_fault(chain) == 1


def test_a_chain_computed_anew_without_the_school_key_shows(chain: SqlDatabase, data_dir: Path) -> None:
    with _by_hand(data_dir) as connection:
        previous = FIRST_HASH
        for number in range(1, 6):
            entry = _entry(number)
            forged = AuditEntry(number, entry.at, "nobody", entry.action, entry.subject, entry.detail)
            digest = chained_hash(previous, forged)
            connection.execute(
                "UPDATE audit SET actor = 'nobody', previous_hash = ?, hash = ? WHERE id = ?",
                (previous, digest, number),
            )
            previous = digest
        connection.execute("UPDATE audit_head SET hash = ?", (previous,))
    assert _first_fault(chain) == 5


def test_an_entry_of_a_transaction_that_failed_leaves_no_gap(chain: SqlDatabase) -> None:
    def add_then_fail() -> None:
        with chain.transaction() as repositories:
            repositories.audit.add(START, "a", "b", "c")
            raise RuntimeError("changed my mind")

    with pytest.raises(RuntimeError):
        add_then_fail()
    with chain.transaction() as repositories:
        repositories.audit.add(START, "a", "b", "c")
        assert [entry.entry_id for entry in repositories.audit.entries(limit=2)] == [6, 5]
    assert _first_fault(chain) is None
