"""A PostgreSQL server of the tests' own: started from Debian's package, on a socket, gone with the tests."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import psycopg
import pytest

_OF_DEBIAN = Path("/usr/lib/postgresql")


class PostgresServer:
    """A running server; makes databases in it."""

    def __init__(self, folder: Path, control: "_Control") -> None:
        self._folder = folder
        self._control = control
        self._made = 0

    def stop(self) -> None:
        """End it as a failure would: nothing is finished and nobody is told."""
        self._control("--mode", "immediate", "stop")

    def start(self) -> None:
        """Start it again."""
        self._control("start")

    def kill(self) -> None:
        """End all of its processes at once, as a machine that dies."""
        main = psutil.Process(int((self._folder / "data" / "postmaster.pid").read_text().split()[0]))
        for one in (main, *main.children()):
            one.kill()
        main.wait(60)

    def promote(self) -> None:
        """Let a standby take writes."""
        self._control("promote")

    def follow_at_once(self) -> None:
        """Acknowledge a commit only when a standby has it, too."""
        for statement in ("ALTER SYSTEM SET synchronous_standby_names = '*'", "SELECT pg_reload_conf()"):
            self.execute("postgres", statement)

    @property
    def is_running(self) -> bool:
        """Whether its main process lives."""
        file = self._folder / "data" / "postmaster.pid"
        return file.exists() and psutil.pid_exists(int(file.read_text().split()[0]))

    @property
    def folder(self) -> Path:
        """Where it keeps its data and its socket."""
        return self._folder

    @contextmanager
    def hanging(self) -> Iterator[None]:
        """Inside the block it keeps its connections and says nothing, as one that was suspended."""
        main = psutil.Process(int((self._folder / "data" / "postmaster.pid").read_text().split()[0]))
        main.suspend()  # first, so that it starts no other
        others = main.children()
        try:
            for one in others:
                one.suspend()
            yield
        finally:
            for one in (*others, main):
                one.resume()

    def make_database(self) -> str:
        """A new database with nothing in it; its name."""
        self._made += 1
        name = f"kiosk{self._made}"
        with self._connect("postgres") as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE template0 STRATEGY FILE_COPY".encode())
        return name

    def clear(self, name: str) -> None:
        """Take every row out of a database that nobody uses; its schema stays, ids begin anew."""
        with self._connect(name) as connection:
            connection.execute("SET lock_timeout = '30s'")
            tables = connection.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
            ).fetchall()
            for (table,) in tables:
                if connection.execute(f"SELECT FROM {table} LIMIT 1".encode()).fetchone() is not None:
                    connection.execute(f"TRUNCATE {table} CASCADE".encode())
            used = connection.execute(
                "SELECT sequencename FROM pg_sequences WHERE last_value IS NOT NULL"
            ).fetchall()
            for (sequence,) in used:
                connection.execute(f"ALTER SEQUENCE {sequence} RESTART".encode())

    def execute(self, name: str, statement: str) -> list[tuple[object, ...]]:
        """Run one statement in a database; its rows, if it gives some."""
        with self._connect(name) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description is not None else []

    def drop_tables(self, name: str) -> None:
        """Leave a database with nothing in it, as one that was made anew."""
        with self._connect(name) as connection:
            connection.execute("DROP SCHEMA public CASCADE")
            connection.execute("CREATE SCHEMA public")

    def _connect(self, name: str) -> psycopg.Connection:
        return psycopg.connect(host=str(self._folder), user="kiosk", dbname=name, autocommit=True)

    def address(self, name: str) -> str:
        """What the settings would say for that database."""
        return f"postgresql+psycopg://kiosk@/{name}?host={self._folder}"


class _Control:
    """`pg_ctl` for one server, as a user that it accepts."""

    def __init__(self, folder: Path, user: str | None, options: str) -> None:
        self._folder, self._user = folder, user
        data = str(folder / "data")
        program = str(_programs() / "pg_ctl")
        self._words = (
            program,
            "--pgdata",
            data,
            "--silent",
            "--wait",
            "--log",
            str(folder / "log"),
            "--options",
            options,
        )

    def __call__(self, *words: str) -> None:
        run_as(self._user, self._folder, *self._words, *words)


@contextmanager
def running_standby(primary: PostgresServer) -> Iterator[PostgresServer]:
    """A second server that has all of a running one and follows it."""
    folder, user = _own_folder()
    copy = str(_programs() / "pg_basebackup")
    try:
        run_as(
            *(user, folder, copy, "--pgdata", str(folder / "data"), "--host", str(primary.folder)),
            *("--username", "kiosk", "--write-recovery-conf", "--checkpoint", "fast", "--no-sync"),
        )
        standby = PostgresServer(folder, _Control(folder, user, f"-k {folder} -c listen_addresses=''"))
        standby.start()
        try:
            yield standby
        finally:
            standby.stop()
    finally:
        shutil.rmtree(folder)


def _own_folder() -> tuple[Path, str | None]:
    """A new folder with a short path, as a socket's name has at most 107 bytes, and the user that the server accepts."""
    import pwd

    folder = Path(tempfile.mkdtemp(prefix="kiosk-pg-"))
    user = None if os.geteuid() else "postgres"
    if user is not None:
        os.chown(folder, pwd.getpwnam(user).pw_uid, -1)
    return folder, user


def run_as(user: str | None, folder: Path, *words: str) -> None:
    """Run a program of the server's."""
    subprocess.run(words, user=user, cwd=folder, check=True, stdout=subprocess.DEVNULL, timeout=600)


@contextmanager
def running_postgres(*, durable: bool = False) -> Iterator[PostgresServer]:
    """Start one, without durability where not asked for it, and stop it again.

    It refuses to run as root, so then as another user.
    """
    if sys.platform == "win32":
        pytest.skip("PostgreSQL's server runs here on a Unix socket")
    programs = _programs()
    folder, user = _own_folder()
    data = str(folder / "data")
    options = f"-k {folder} -c listen_addresses=''"
    if not durable:
        options += " -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
    try:
        run_as(
            *(
                user,
                folder,
                str(programs / "initdb"),
                "--pgdata",
                data,
                "--username",
                "kiosk",
                "--auth",
                "trust",
            ),
            *("--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync", "--no-instructions"),
        )
        server = PostgresServer(folder, _Control(folder, user, options))
        server.start()
        try:
            yield server
        finally:
            if server.is_running:
                server.stop()
    finally:
        shutil.rmtree(folder)


def _programs() -> Path:
    """The folder of the server's programs: the newest that Debian has, else where the PATH says."""
    found = sorted(_OF_DEBIAN.glob("*/bin/initdb"), key=lambda path: int(path.parent.parent.name))
    on_path = shutil.which("initdb")
    if not found and on_path is None:
        pytest.fail("PostgreSQL's server is not installed: its package is called postgresql on Debian")
    return found[-1].parent if found else Path(str(on_path)).parent
