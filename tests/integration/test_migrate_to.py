"""`kiosk migrate-to` as people and scripts use it, with a real server."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url

from kiosk import bootstrap
from kiosk.bootstrap.moving import move_school
from kiosk.errors import ConflictError
from kiosk.storage.database.instance_lock import InstanceLock
from kiosk.storage.keys.key_ring import database_path
from kiosk.storage.moving.move import Moved, unwatched
from tests.fakes.storage.moved_school import content, content_of, make_school
from tests.fakes.storage.postgresql import PostgresServer, running_postgres
from tests.world.command_line import Run, is_one_sentence
from tests.world.school import open_school

PASSWORD = "s3cret-of-the-server"


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    with running_postgres() as started:
        yield started


@pytest.fixture
def url(server: PostgresServer) -> str:
    """With a password, which a server that trusts everybody does not look at."""
    plain = make_url(server.address(server.make_database()))
    return plain.set(password=PASSWORD).render_as_string(hide_password=False)


@pytest.fixture
def school(data_dir: Path) -> Path:
    make_school(data_dir)
    return data_dir


def test_a_school_is_moved_switched_and_gone_on_with(run: Run, school: Path, url: str) -> None:
    before = content_of(school)
    moved = run("migrate-to", url, "--switch", "--json")

    assert moved.code == 0
    answer = moved.answer
    assert answer["verified"]
    assert answer["switched"]
    assert answer["rows"] == sum(len(found) for found in before.values())
    assert "attendance_records: " in moved.err
    assert PASSWORD not in moved.out + moved.err
    assert content(url) == before
    assert bootstrap.load_settings(school).storage.database_url == url
    assert (school / "kiosk.toml").stat().st_mode & 0o077 == 0

    assert run("audit", "verify").out.startswith("The log is complete and unchanged, and so are the records")
    checks = {one["name"]: one for one in run("doctor", "--json").answer["checks"]}
    assert "which may hold faces, stays until you delete it: kiosk.sqlite3" in checks["left-overs"]["text"]
    again = run("migrate-to", url)
    assert again.code == 1
    assert "on a database server already" in again.err


def test_a_rehearsal_writes_nothing_anywhere(run: Run, school: Path, url: str) -> None:
    seen = run("migrate-to", url, "--dry-run")
    assert seen.code == 0
    assert "rows would be moved to" in seen.out
    assert not (school / "kiosk.toml").exists()
    assert "rows would be moved to" in run("migrate-to", url, "--dry-run").out


def test_without_a_yes_the_kiosk_goes_on_with_its_own_file(run: Run, school: Path, url: str) -> None:
    moved = run("migrate-to", url)
    assert moved.code == 0
    assert "each was read back and is equal" in moved.out
    assert "Run this again with --switch" in moved.err
    assert not (school / "kiosk.toml").exists()
    switched = run("migrate-to", url, stdin="y\n", terminal=True)
    assert switched.code == 0
    assert bootstrap.load_settings(school).storage.database_url == url


def test_a_running_kiosk_is_closed_first(run: Run, school: Path, url: str) -> None:
    with InstanceLock(school):
        refused = run("migrate-to", url, "--switch")
    assert refused.code == 1
    assert "Another kiosk already works with this data directory" in refused.err


def test_where_there_is_no_school_that_is_said(run: Run, data_dir: Path, url: str) -> None:
    refused = run("migrate-to", url)
    assert refused.code == 1
    assert is_one_sentence(refused.err)
    assert "There is no school in" in refused.err
    assert not database_path(data_dir).exists()


def test_what_the_server_refuses_is_one_sentence_without_the_password(
    run: Run, school: Path, url: str
) -> None:
    nowhere = make_url(url).set(database="nowhere").render_as_string(hide_password=False)
    refused = run("migrate-to", nowhere, "--switch")
    assert refused.code == 1
    assert is_one_sentence(refused.err)
    assert "no such database, or no such user" in refused.err
    assert PASSWORD not in refused.err
    assert not (school / "kiosk.toml").exists()


def test_a_school_that_is_changed_by_another_command_meanwhile_is_not_switched(
    school: Path, url: str
) -> None:
    def wants(_moved: Moved) -> bool:
        with open_school(school) as other:
            other.add_course("LATER", 1)
        return True

    with pytest.raises(ConflictError, match="was changed while it was moved"):
        move_school(school, url, watch=unwatched, wants_switch=wants)
    assert not (school / "kiosk.toml").exists()
    moved, switched = move_school(school, url, watch=unwatched, wants_switch=lambda _moved: True)
    assert (moved.went_on, switched) == (False, True)
    assert content(url) == content_of(school)
