from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from kiosk.domain.trust.audit import AuditEntry
from kiosk.errors import StorageError
from kiosk.storage.database.sql_database import SqlDatabase
from kiosk.storage.database.sqlite_library import sqlite3
from kiosk.storage.keys.key_ring import KeyRing, database_path
from kiosk.storage.repositories.audit import FIRST_HASH, chained_hash
from tests.unit.storage.classroom import START, Classroom, add_session


def _entry(number: int) -> AuditEntry:
    return AuditEntry(
        number, START + timedelta(minutes=number), "admin", "user.added", f"anna{number}", "role=teacher"
    )


def _add(database: SqlDatabase, *numbers: int) -> None:
    """Entries of one transaction."""
    with database.transaction() as repositories:
        for number in numbers:
            entry = _entry(number)
            repositories.audit.add(entry.at, entry.actor, entry.action, entry.subject, entry.detail)


@pytest.fixture
def chain(database: SqlDatabase) -> SqlDatabase:
    """Five entries; the last two in one transaction."""
    for numbers in ((1,), (2,), (3,), (4, 5)):
        _add(database, *numbers)
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


def test_an_older_database_in_this_ones_place_shows(data_dir: Path, key_ring: KeyRing) -> None:
    database = SqlDatabase.open(database_path(data_dir), key_ring=key_ring)
    _add(database, 1, 2)
    database.close()
    older = database_path(data_dir).read_bytes()
    database = SqlDatabase.open(database_path(data_dir), key_ring=key_ring)
    _add(database, 3)
    database.close()

    database_path(data_dir).write_bytes(older)

    database = SqlDatabase.open(database_path(data_dir), key_ring=key_ring)
    assert _first_fault(database) == 3
    database.close()


def test_a_log_that_was_written_anew_from_the_middle_shows(data_dir: Path, key_ring: KeyRing) -> None:
    database = SqlDatabase.open(database_path(data_dir), key_ring=key_ring)
    _add(database, 1)
    database.close()
    older, outside = database_path(data_dir).read_bytes(), data_dir / "keys" / "log-head.json"
    database = SqlDatabase.open(database_path(data_dir), key_ring=key_ring)
    _add(database, 2, 3)
    database.close()
    known = outside.read_bytes()
    database_path(data_dir).write_bytes(older)
    database = SqlDatabase.open(database_path(data_dir), key_ring=key_ring)
    _add(database, 4, 5, 6)
    database.close()
    outside.write_bytes(known)

    database = SqlDatabase.open(database_path(data_dir), key_ring=key_ring)
    assert _first_fault(database) == 3
    database.close()


def test_an_emptied_log_beside_data_shows_also_where_nothing_is_known_of_it(
    database: SqlDatabase, data_dir: Path
) -> None:
    with database.transaction() as repositories:
        repositories.courses.add(code="MATH-1", title="Mathematics", room="")

    assert _first_fault(database) == 1


@pytest.mark.parametrize("content", [b"", b"[]", b'{"entry": 9, "hash": "0", "seal": "0"}'])
def test_what_is_kept_of_the_log_outside_the_database_cannot_be_changed_unseen(
    chain: SqlDatabase, data_dir: Path, content: bytes
) -> None:
    (data_dir / "keys" / "log-head.json").write_bytes(content)

    with pytest.raises(StorageError, match=r"log-head\.json is damaged or was changed"):
        _first_fault(chain)


@pytest.mark.logs_warnings
def test_a_head_that_cannot_be_kept_outside_fails_no_write(database: SqlDatabase, data_dir: Path) -> None:
    (data_dir / "keys" / "log-head.json").mkdir()

    _add(database, 1)

    assert _first_fault(database) is None


@pytest.mark.parametrize("keep", [0, 2])
def test_a_log_that_was_shortened_shows_however_much_is_written_after_it(
    data_dir: Path, key_ring: KeyRing, keep: int
) -> None:
    database = SqlDatabase.open(database_path(data_dir), key_ring=key_ring)
    _add(database, *range(1, keep + 1))
    with closing(sqlite3.connect(database_path(data_dir))) as connection:
        head = connection.execute("SELECT * FROM audit_head").fetchall()
    _add(database, *range(keep + 1, 6))
    database.close()
    with closing(sqlite3.connect(database_path(data_dir))) as connection, connection:
        connection.execute("DELETE FROM audit WHERE id > ?", (keep,))
        connection.execute("DELETE FROM audit_head")
        connection.executemany("INSERT INTO audit_head VALUES (?, ?, ?, ?)", head)
    database = SqlDatabase.open(database_path(data_dir), key_ring=key_ring)
    assert _first_fault(database) == keep + 1
    for number in range(10, 20):
        _add(database, number)
        assert _first_fault(database) in {5, number - 9 + keep + 1}
    database.close()


def test_a_log_that_began_anew_beside_classes_shows_also_where_nothing_is_known_of_it(
    database: SqlDatabase, data_dir: Path, classroom: Classroom
) -> None:
    with database.transaction() as repositories:
        add_session(repositories, classroom.course)
    database.close()
    with closing(sqlite3.connect(database_path(data_dir))) as connection, connection:
        connection.execute("DELETE FROM audit")
        connection.execute("DELETE FROM audit_head")
    (data_dir / "keys" / "log-head.json").unlink()
    _add(database, 1, 2)

    assert _first_fault(database) == 1


def test_a_damaged_file_outside_is_not_replaced_by_the_next_entry(chain: SqlDatabase, data_dir: Path) -> None:
    outside = data_dir / "keys" / "log-head.json"
    outside.write_bytes(b"")
    _add(chain, 6)
    with pytest.raises(StorageError, match="damaged or was changed"):
        _first_fault(chain)
    outside.unlink()
    _add(chain, 7)
    assert _first_fault(chain) is None
    assert outside.exists()
