"""A restore that is cut off: before it was decided nothing is changed, after it the next start brings it to its end."""

import itertools
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from kiosk.storage.backup import backing_up as backup
from kiosk.storage.backup import swapping
from kiosk.storage.database.sql_database import SqlDatabase
from kiosk.storage.keys.key_ring import RESTORE_READY, KeyRing, database_path
from tests.unit.storage.classroom import Classroom, mark


@dataclass
class School:
    backup: Path
    passphrase: str


class Cut(BaseException):
    """The process is gone."""


class Saw:
    """Lets so many changes to the disk happen, and none after them."""

    def __init__(self, patch: pytest.MonkeyPatch, steps: int) -> None:
        self.left = steps
        for place, name in (
            (swapping, "sync_folder"),
            (swapping, "move_whole"),
            (Path, "rename"),
            (Path, "unlink"),
            (shutil, "rmtree"),
        ):
            self._count(patch, place, name)

    def _count(self, patch: pytest.MonkeyPatch, place: object, name: str) -> None:
        real = getattr(place, name)

        def step(*given: object, **named: object) -> object:
            self.left -= 1
            if self.left < 0:
                raise Cut
            return real(*given, **named)

        patch.setattr(place, name, step)


@pytest.fixture
def school(database: SqlDatabase, data_dir: Path, tmp_path: Path, classroom: Classroom) -> School:
    """A backup without a mark, of a school that has one by now."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("kiosk.storage.keys.recovery._MEMORY_KIB", 64)  # each restore asks for it
        passphrase = KeyRing.open_or_create(data_dir).create_recovery()
    backup.create(database, data_dir, tmp_path / "saved")
    with database.transaction() as repositories:
        mark(repositories, classroom.session, classroom.students[0])
    database.close()
    return School(tmp_path / "saved", passphrase)


def test_there_is_the_old_school_or_the_new_one_and_never_neither(
    school: School, data_dir: Path, tmp_path: Path
) -> None:
    assert _after_each_cut(school, data_dir, tmp_path) == [(3, 1), (3, 0)]


def test_on_a_pc_of_another_school_too(school: School, data_dir: Path, tmp_path: Path) -> None:
    other = data_dir.with_name("other")
    keys = KeyRing.open_or_create(other)
    SqlDatabase.open(database_path(other), key_ring=keys).close()
    keys.create_recovery()
    assert _after_each_cut(school, other, tmp_path) == [(0, 0), (3, 0)]


def _after_each_cut(school: School, data_dir: Path, tmp_path: Path) -> list[tuple[int, int]]:
    """How many students and marks the next start finds, cut off later and later; equal neighbours once."""
    found: list[tuple[int, int]] = []
    for steps in itertools.count():
        place = shutil.copytree(data_dir, tmp_path / f"cut{steps}")
        was_cut = _restore_until(steps, school, place)
        swapping.finish(place)
        assert not (place / RESTORE_READY).exists()
        found.append(_counted(place))
        if not was_cut:
            break
    assert len(found) > 12
    return [state for state, _same in itertools.groupby(found)]


def _restore_until(steps: int, school: School, place: Path) -> bool:
    with pytest.MonkeyPatch.context() as patch:
        Saw(patch, steps)
        try:
            backup.restore(school.backup, place, passphrase=school.passphrase)
        except Cut:
            return True
    return False


def _counted(place: Path) -> tuple[int, int]:
    opened = SqlDatabase.open(database_path(place), key_ring=KeyRing.open_or_create(place))
    try:
        with opened.snapshot() as repositories:
            sessions = repositories.class_sessions.open_ones()
            marks = sum(len(repositories.records.of_session(one.session_id)) for one in sessions)
            return len(repositories.students.all()), marks
    finally:
        opened.close()
