"""A database of an earlier schema is kept before the program changes it; where that is not possible it stays as it is."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kiosk import bootstrap
from kiosk.domain.trust.backups import Origin
from kiosk.errors import KioskError
from kiosk.storage.backup.bundle import opened
from kiosk.storage.backup.restoring import restore
from kiosk.storage.database import schema
from kiosk.storage.database.engine import engine_for
from kiosk.storage.database.sql_database import SqlDatabase
from kiosk.storage.keys.key_ring import KeyRing, database_path
from tests.fakes.storage.old_schools import fill, move
from tests.world.kiosk import build_kiosk


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A data directory whose database is of schema 0005."""
    data_dir = tmp_path / "data"
    KeyRing.open_or_create(data_dir)
    engine = engine_for(database_path(data_dir))
    move(engine, "0005", up=True)
    fill(engine, "0005")
    engine.dispose()
    return data_dir


@contextmanager
def _built(data_dir: Path) -> Iterator[bootstrap.Kiosk]:
    kiosk = build_kiosk(data_dir, models_dir=data_dir / "models")
    try:
        yield kiosk
    finally:
        kiosk.database.close()


def _revision(data_dir: Path) -> str | None:
    engine = engine_for(database_path(data_dir))
    try:
        with engine.connect() as connection:
            return schema.revision(connection)
    finally:
        engine.dispose()


def test_an_update_of_the_database_keeps_what_was(old: Path) -> None:
    with _built(old):
        pass
    (kept,) = (old / "backups").glob("*.kiosk-backup")
    with opened(kept) as bundle:
        assert bundle.manifest.origin is Origin.BEFORE_MIGRATION
    with _built(old):
        pass
    assert list((old / "backups").glob("*.kiosk-backup")) == [kept]

    restore(kept, old)
    database = SqlDatabase.open(database_path(old), key_ring=KeyRing.open_or_create(old))
    with database.snapshot() as repositories:
        assert [student.full_name for student in repositories.students.all()] == ["Ada"]
    database.close()


def test_without_a_backup_nothing_is_changed(old: Path) -> None:
    (old / "backups").write_text("not a folder")
    with pytest.raises(KioskError, match="folder for backups"), _built(old):
        pass
    assert _revision(old) == "0005"
