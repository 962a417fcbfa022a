"""A PostgreSQL server of the tests' own: started from Debian's package, on a socket, gone with the tests."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

_OF_DEBIAN = Path("/usr/lib/postgresql")


class PostgresServer:
    """A running server; makes databases in it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made = 0

    def make_database(self, template: str = "template0") -> str:
        """A new database, copied from another one that nobody uses meanwhile; its name."""
        self._made += 1
        name = f"kiosk{self._made}"
        with psycopg.connect(
            host=str(self._folder), user="kiosk", dbname="postgres", autocommit=True
        ) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY".encode())
        return name

    def address(self, name: str) -> str:
        """What the settings would say for that database."""
        return f"postgresql+psycopg://kiosk@/{name}?host={self._folder}"


@contextmanager
def running_postgres() -> Iterator[PostgresServer]:
    """Start one, without durability, and stop it again; it refuses to run as root, so then as another user."""
    if sys.platform == "win32":
        pytest.skip("PostgreSQL's server runs here on a Unix socket")
    import pwd

    programs = _programs()
    folder = Path(tempfile.mkdtemp(prefix="kiosk-pg-"))  # a short path: a socket's name has at most 107 bytes
    user = None if os.geteuid() else "postgres"
    if user is not None:
        os.chown(folder, pwd.getpwnam(user).pw_uid, -1)

    def run(*words: str) -> None:
        subprocess.run(words, user=user, cwd=folder, check=True, stdout=subprocess.DEVNULL, timeout=60)

    data = str(folder / "data")
    try:
        run(
            *(str(programs / "initdb"), "--pgdata", data, "--username", "kiosk", "--auth", "trust"),
            *("--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync", "--no-instructions"),
        )
        options = f"-k {folder} -c listen_addresses='' -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
        control = (str(programs / "pg_ctl"), "--pgdata", data, "--silent", "--wait")
        run(*control, "--log", str(folder / "log"), "--options", options, "start")
        try:
            yield PostgresServer(folder)
        finally:
            run(*control, "--mode", "immediate", "stop")
    finally:
        shutil.rmtree(folder)


def _programs() -> Path:
    """The folder of the server's programs: the newest that Debian has, else where the PATH says."""
    found = sorted(_OF_DEBIAN.glob("*/bin/initdb"), key=lambda path: int(path.parent.parent.name))
    on_path = shutil.which("initdb")
    if not found and on_path is None:
        pytest.fail("PostgreSQL's server is not installed: its package is called postgresql on Debian")
    return found[-1].parent if found else Path(str(on_path)).parent
