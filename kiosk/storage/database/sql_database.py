"""The storage adapter: opening a database, transactions and reading views. Any thread, several at a time."""

import hmac
import logging
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Final, Self

from sqlalchemy import Engine, make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlmodel import Session

from kiosk.errors import StorageError, UnknownOutcomeError
from kiosk.storage.backup.left_overs import forget_faces, forget_students
from kiosk.storage.backup.report_copies import ReportCopy
from kiosk.storage.database import schema
from kiosk.storage.database.engine import emptied_log, engine_for, is_absent, place_of, reading, set_journal
from kiosk.storage.database.move_mark import settle
from kiosk.storage.database.sql_errors import is_disk_error, plain_errors
from kiosk.storage.database.sqlite_library import sqlite3
from kiosk.storage.database.tables import StoreFactRow
from kiosk.storage.keys.key_ring import HERE, HOW_TO_RECOVER, KeyRing
from kiosk.storage.repositories.audit import LOG_HEAD
from kiosk.storage.repositories.faces import ERASED, REMOVED
from kiosk.storage.repositories.repositories import Repositories
from kiosk.translation import _

log = logging.getLogger(__name__)

KEY_CHECK: Final = "key_check"
"""Name of the fact that remembers which school key the database belongs to."""


class SqlDatabase:
    """Implements `kiosk.storage.store.Database` for SQLite and PostgreSQL."""

    def __init__(self, *, engine: Engine, key_ring: KeyRing) -> None:
        self._writing = engine
        self._reading = reading(engine)
        self._key_ring = key_ring
        self._log_holds_erased = False

    @classmethod
    def open(
        cls, target: str | Path, *, key_ring: KeyRing, before_upgrade: Callable[[], object] = lambda: None
    ) -> Self:
        """Open a file, or an address such as ``postgresql+psycopg://…``, and bring its schema up to date.

        `before_upgrade` is called before that changes tables that are there; what it raises leaves them as they are.

        Raises:
            StorageError: Damaged, not writable, full, locked, unreachable, newer than this program, or
                belonging to another school key.
        """
        if is_absent(target) and key_ring.has_school(HERE):
            raise _missing(target)
        engine = engine_for(target)
        try:
            with plain_errors():
                if key_ring.has_school(place_of(engine.url)) and schema.is_empty(engine):
                    raise _missing(target)
                if engine.dialect.name == "sqlite":
                    set_journal(engine)
                settle(engine)
                schema.upgrade(engine, before=before_upgrade)
            database = cls(engine=engine, key_ring=key_ring)
            database._check_key(target)
        except StorageError:
            engine.dispose()
            raise
        return database

    @contextmanager
    def transaction(self) -> Iterator[Repositories]:
        """One write transaction; on SQLite it takes the write lock at once (BEGIN IMMEDIATE)."""
        with (
            plain_errors(),
            Session(self._writing, expire_on_commit=False) as db_session,
            db_session.begin(),
        ):
            db_session.connection()  # BEGIN now, not at the first statement
            repositories = Repositories(db_session=db_session, key_ring=self._key_ring)
            yield repositories
            repositories.record_seals.seal_changed(repositories.audit)
            self._erase_elsewhere(db_session)
            with self._committing():
                db_session.commit()
        self._committed(db_session)

    @contextmanager
    def batch(self) -> Iterator[Callable[[], AbstractContextManager[Repositories]]]:
        """One write transaction; each part is a savepoint with a session of its own, so none sees another's leftovers."""
        parts: list[Session] = []

        @contextmanager
        def part() -> Iterator[Repositories]:
            with (
                Session(
                    connection, expire_on_commit=False, join_transaction_mode="create_savepoint"
                ) as db_session,
                db_session.begin(),
                plain_errors(),
            ):
                db_session.connection()  # SAVEPOINT now, not at the first statement
                repositories = Repositories(db_session=db_session, key_ring=self._key_ring)
                yield repositories
                repositories.record_seals.seal_changed(repositories.audit)
            parts.append(db_session)

        with plain_errors(), self._writing.begin() as connection:
            yield part
            self._erase_elsewhere(*parts)
            with self._committing():
                connection.commit()
        self._committed(*parts)

    @contextmanager
    def snapshot(self) -> Iterator[Repositories]:
        with plain_errors(), Session(self._reading, autoflush=False) as db_session:
            yield Repositories(
                db_session=db_session, key_ring=self._key_ring, copies=ReportCopy(db_session=db_session)
            )

    def close(self) -> None:
        """Close all idle connections; those in use close when their block ends."""
        self._writing.dispose()

    @property
    def path(self) -> Path | None:
        """The file of an SQLite database; None for a server."""
        url = self._writing.url
        return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None

    @property
    def place(self) -> str:
        """What tells it from other databases (`kiosk.storage.database.engine.place_of`)."""
        return place_of(self._writing.url)

    @contextmanager
    def _committing(self) -> Iterator[None]:
        """Say so where a commit was asked for and nobody knows what came of it.

        A server may have done it before it went. On a disk that failed to sync, the next start may find it written.
        """
        try:
            yield
        except OperationalError as error:
            if self._writing.dialect.name == "sqlite":
                if not is_disk_error(error):
                    raise
                raise UnknownOutcomeError(
                    _("The disk reported an error while saving, so it is not known whether this was saved."),
                    _("Look again in a moment, or do it once more: nothing is counted twice."),
                ) from error
            raise UnknownOutcomeError(
                _("The database server was lost while saving, so it is not known whether this was saved."),
                _("Look again as soon as it is back, or do it once more: nothing is counted twice."),
            ) from error

    def _erase_elsewhere(self, *sessions: Session) -> None:
        if any(ERASED in one.info for one in sessions):
            forget_faces(self._key_ring.data_dir)
        numbers = [number for one in sessions for number in one.info.get(REMOVED, ())]
        if numbers:
            forget_students(self._key_ring.data_dir, numbers)

    def _committed(self, *sessions: Session) -> None:
        """Do what belongs to a commit and must not undo it: keep the log's head outside, overwrite what was erased.

        The write-ahead log's older pages still hold a face or a key after it was erased, so it is emptied; a reading view may
        hold it a moment longer, and then the next commit tries again.
        """
        heads = [one.info[LOG_HEAD] for one in sessions if LOG_HEAD in one.info]
        if heads:
            try:
                self._key_ring.remember_log_head(place_of(self._writing.url), *max(heads))
            except StorageError:  # the next entry brings it up to date
                log.warning("the newest log entry could not be kept outside the database", exc_info=True)
        self._log_holds_erased = self._log_holds_erased or any(ERASED in one.info for one in sessions)
        if not self._log_holds_erased or self._writing.dialect.name != "sqlite":
            return
        try:
            self._log_holds_erased = not emptied_log(self._writing)
        except (DBAPIError, sqlite3.Error):  # what was committed stays so
            log.warning("the write-ahead log could not be emptied and will be later", exc_info=True)

    def _check_key(self, target: str | Path) -> None:
        with plain_errors(), Session(self._writing) as db_session, db_session.begin():
            schema.take_turns(db_session.connection(), KEY_CHECK)
            known = db_session.get(StoreFactRow, KEY_CHECK)
            if known is None and self._key_ring.has_school(place_of(self._writing.url)):
                raise _missing(target)  # tables without a row, in the place of a school
            if known is None:
                db_session.add(StoreFactRow(name=KEY_CHECK, value=self._key_ring.check_value))
            elif not hmac.compare_digest(known.value, self._key_ring.check_value):
                raise StorageError(_("The school key does not belong to this database."), _(HOW_TO_RECOVER))


def _missing(target: str | Path) -> StorageError:
    place = (
        target if isinstance(target, Path) else make_url(target).render_as_string()
    )  # without the password
    return StorageError(
        _("The database is missing or empty, although this school has a key: {place}.", place=place),
        _(
            "Bring the file back or restore a backup with “kiosk restore”. “kiosk new-school” begins a new school here and puts"
            " the old key aside."
        ),
    )
