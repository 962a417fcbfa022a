"""Whichever page of a school's database is damaged, and in whichever way: it is noticed."""

import random
from collections.abc import Callable
from contextlib import closing
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import pytest

from kiosk.errors import DamageError, KioskError
from kiosk.storage.database.page_check import PageCheck, interruptible, require_sound, require_whole
from kiosk.storage.database.sql_database import SqlDatabase
from kiosk.storage.database.sqlite_library import sqlite3
from kiosk.storage.keys.key_ring import KeyRing, database_path
from tests.fakes.storage.damaged_pages import INDEX_LEAF, PAGE, TABLE_LEAF, fill, pages_of
from tests.world.kiosk import with_schema

AMPLE_S: Final = 600.0
Damage = Callable[[bytes, bytes], bytes]

DAMAGES: Final[dict[str, Damage]] = {
    "zeros": lambda _page, _other: bytes(PAGE),
    "noise": lambda page, _other: random.Random(page).randbytes(PAGE),
    "another page": lambda _page, other: other,
    "its second half": lambda page, _other: page[: PAGE // 2] + random.Random(page).randbytes(PAGE // 2),
}
"""What became of a page, given it and the last one of its kind."""


@cache
def _school() -> bytes:
    with TemporaryDirectory() as folder:
        path = database_path(with_schema(Path(folder)))
        fill(path)
        return path.read_bytes()


def _write(path: Path, index: int, page: bytes) -> Path:
    content = bytearray(_school())
    content[index * PAGE : (index + 1) * PAGE] = page
    path.write_bytes(content)
    return path


def _page(index: int) -> bytes:
    return _school()[index * PAGE : (index + 1) * PAGE]


def _look(path: Path) -> None:
    assert PageCheck(path).look(AMPLE_S)


@pytest.mark.parametrize("look", [_look, require_sound])
def test_a_whole_database_is_whole(tmp_path: Path, look: Callable[[Path], None]) -> None:
    look(_write(tmp_path / "whole", 0, _page(0)))


@pytest.mark.logs_warnings
@pytest.mark.parametrize("look", [_look, require_sound])
@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("kind", [TABLE_LEAF, INDEX_LEAF])
def test_each_damaged_page_of_a_table_or_an_index_is_noticed(
    tmp_path: Path, kind: int, damage: str, look: Callable[[Path], None]
) -> None:
    pages = pages_of(_school(), kind)
    assert len(pages) > 10
    unnoticed = []
    for index in pages[:-1]:
        path = _write(tmp_path / "damaged", index, DAMAGES[damage](_page(index), _page(pages[-1])))
        try:
            look(path)
        except DamageError:
            continue
        unnoticed.append(index)
    assert unnoticed == []


@pytest.mark.logs_warnings
@pytest.mark.parametrize("look", [_look, require_sound])
def test_a_damaged_list_of_free_pages_is_noticed(tmp_path: Path, look: Callable[[Path], None]) -> None:
    trunk = int.from_bytes(_page(0)[32:36], "big") - 1
    assert trunk > 0
    path = _write(tmp_path / "damaged", trunk, random.Random(1).randbytes(PAGE))
    with pytest.raises(DamageError, match="damaged"):
        look(path)


@pytest.mark.logs_warnings
@pytest.mark.parametrize("look", [_look, require_sound])
@pytest.mark.parametrize("begin", [0, 16, 28, 32, 40, 56, 100])
def test_a_damaged_header_is_noticed(tmp_path: Path, begin: int, look: Callable[[Path], None]) -> None:
    page = bytearray(_page(0))
    page[begin : begin + 8] = b"\x7f" * 8
    with pytest.raises(DamageError, match="damaged"):
        look(_write(tmp_path / "damaged", 0, bytes(page)))


@pytest.mark.logs_warnings
def test_an_index_that_lost_a_row_is_noticed(tmp_path: Path) -> None:
    """The pages are well formed; what they say is not what the table says."""
    path = _write(tmp_path / "damaged", 0, _page(0))
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA writable_schema=ON")
        root = "SELECT rootpage FROM sqlite_schema WHERE name = 'sqlite_autoindex_students_1'"
        other = "SELECT rootpage FROM sqlite_schema WHERE name = 'sqlite_autoindex_courses_1'"
        connection.execute(
            f"UPDATE sqlite_schema SET rootpage = CASE rootpage WHEN ({root}) THEN ({other}) ELSE ({root}) END"
            f" WHERE rootpage IN (({root}), ({other}))"
        )
    with pytest.raises(DamageError, match="damaged"):
        _look(path)


def test_a_round_that_is_cut_short_goes_on_where_it_stopped_and_ends(tmp_path: Path) -> None:
    check = PageCheck(_write(tmp_path / "whole", 0, _page(0)))
    looked: list[str] = []

    def go_on() -> bool:
        """Cut each call short after one table."""
        return check.last in {"", *looked}

    while not check.look(AMPLE_S, go_on=go_on):
        looked.append(check.last)
        assert len(looked) < 100
    assert len(looked) == len(set(looked)) > 10


def test_the_next_start_begins_behind_what_was_looked_at_last(tmp_path: Path) -> None:
    path = _write(tmp_path / "whole", 0, _page(0))
    first: list[str] = []
    check = PageCheck(path, last="students")

    def go_on() -> bool:
        if check.last != "students" and not first:
            first.append(check.last)
        return not first

    check.look(AMPLE_S, go_on=go_on)
    assert first == [min(name for name in _tables(path) if name > "students")]


def test_a_check_ends_in_its_time_and_says_that_it_is_not_complete(tmp_path: Path) -> None:
    assert not PageCheck(_write(tmp_path / "whole", 0, _page(0))).look(0.0)


@pytest.mark.parametrize("damage", ["X'FF'", "X'E28028'"])
def test_text_that_is_none_any_more_is_named_where_it_is_read(tmp_path: Path, damage: str) -> None:
    data_dir = with_schema(tmp_path)
    database = SqlDatabase.open(database_path(data_dir), key_ring=KeyRing.open_or_create(data_dir))
    with database.transaction() as repositories:
        repositories.students.add(student_no="s1", full_name="Zoë", email=None)
    with closing(sqlite3.connect(database_path(data_dir))) as connection, connection:
        connection.execute(f"UPDATE students SET full_name = CAST({damage} AS TEXT)")
    with pytest.raises(DamageError, match="damaged"), database.snapshot() as repositories:
        repositories.students.all()
    database.close()


def test_a_server_looks_after_its_own_pages() -> None:
    assert PageCheck(None).look(0.0)


def _tables(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return [name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]


def test_a_look_at_everything_ends_as_soon_as_somebody_wants_an_end(tmp_path: Path) -> None:
    path = _write(tmp_path / "school", 0, _page(0))
    looks = 0

    def look() -> None:
        nonlocal looks
        looks += 1
        if looks == 2:
            raise KioskError("A class begins.")

    with closing(sqlite3.connect(path)) as connection:
        with pytest.raises(KioskError, match="A class begins"), interruptible(connection, look):
            require_whole(connection)
        assert looks == 2
        require_whole(connection)  # nobody asks any more
    assert looks == 2
