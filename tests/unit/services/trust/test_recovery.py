"""A new recovery passphrase on a PC that works: what it opens, what the old one still opens, and what a failure leaves."""

from pathlib import Path

import pytest

from kiosk.domain.people.staff import Role
from kiosk.domain.trust.rights import Actor
from kiosk.errors import SignInError, StorageError
from kiosk.storage.backup.restoring import restore
from kiosk.storage.keys.key_ring import KeyRing, database_path
from kiosk.storage.store import Database
from tests.fakes.actors import admin
from tests.fakes.storage.faulty_database import FaultyDatabase
from tests.world.school import DirectStore, SmallSchool

PASSWORD = "correct horse battery"


def first_passphrase(school: SmallSchool) -> str:
    """As it was shown at the first start."""
    return KeyRing.open_or_create(school.cases.core.directories.data).create_recovery()


def opens(saved: Path, passphrase: str, folder: Path) -> bool:
    """Whether a backup can be restored on another PC with this passphrase."""
    try:
        restore(saved, folder, passphrase=passphrase)
    except SignInError:
        return False
    return database_path(folder).is_file()


def test_new_backups_open_with_the_new_one_and_older_ones_with_the_old_one(
    school: SmallSchool, tmp_path: Path
) -> None:
    trust, old = school.cases.trust, first_passphrase(school)
    older = trust.backups.make(actor=admin())
    new = trust.recovery.draw("", actor=admin())
    trust.recovery.use(new, actor=admin())
    school.clock.advance(60)
    newer = trust.backups.make(actor=admin())

    assert opens(newer, new, tmp_path / "a")
    assert not opens(newer, old, tmp_path / "b")
    assert opens(older, old, tmp_path / "c")
    assert not opens(older, new, tmp_path / "d")
    trust.backups.verify(older, actor=admin())


def test_the_old_one_counts_until_the_new_one_is_used(school: SmallSchool) -> None:
    trust, data_dir = school.cases.trust, school.cases.core.directories.data
    old = first_passphrase(school)
    new = trust.recovery.draw("", actor=admin())
    KeyRing.recover(data_dir, old)
    trust.recovery.use(new, actor=admin("Ada"))
    KeyRing.recover(data_dir, new)
    with pytest.raises(SignInError):
        KeyRing.recover(data_dir, old)
    entry = school.store.read(lambda repositories: repositories.audit.entries(1))[0]
    assert (entry.actor, entry.action) == ("Ada", "recovery.renewed")
    assert new not in f"{entry.subject}{entry.detail}"


def test_whoever_is_signed_in_gives_their_password_again(school: SmallSchool) -> None:
    ada = Actor.of(school.accounts.add(name="Ada", role=Role.ADMIN, password=PASSWORD, actor=admin()))
    renewal = school.cases.trust.recovery
    with pytest.raises(SignInError):
        renewal.draw("a wrong password", actor=ada)
    assert renewal.draw(PASSWORD, actor=ada) != renewal.draw(PASSWORD, actor=ada)


def test_one_that_cannot_be_logged_leaves_the_old_one_in_force(tmp_path: Path) -> None:
    faulty: list[FaultyDatabase] = []

    def over_faults(database: Database) -> DirectStore:
        faulty.append(FaultyDatabase(database))
        return DirectStore(faulty[0])

    school = SmallSchool(tmp_path / "data", store=over_faults)
    try:
        renewal, old = school.cases.trust.recovery, first_passphrase(school)
        faulty[0].refuses_writes = StorageError("The disk is full.")
        with pytest.raises(StorageError, match="disk is full"):
            renewal.use(renewal.draw("", actor=admin()), actor=admin())
        KeyRing.recover(tmp_path / "data", old)
    finally:
        school.database.close()
