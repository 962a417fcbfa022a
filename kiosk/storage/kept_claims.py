"""The file of claims that this PC keeps while the school's database server is away. Any thread.

A small SQLite file of its own in the data directory, set up as safely as a school's database: a claim is on the disk before
anybody is told that it is kept. Each claim stands under the server and the school key that it belongs to, so that another
school in this place never gets it.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final, Self

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    delete,
    func,
    select,
    update,
)
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import OperationalError

from kiosk.domain.attendance.choices import CheckInOutcome, Method
from kiosk.domain.attendance.kept import KeptClaim, RefusedClaim
from kiosk.errors import StorageError, UnknownOutcomeError
from kiosk.storage.database.columns import UtcDateTime
from kiosk.storage.database.engine import emptied_log, engine_for, reading, set_journal
from kiosk.storage.database.evidence import from_json, to_json
from kiosk.storage.database.sql_errors import is_disk_error, plain_errors
from kiosk.translation import _

KEPT_CLAIMS_FILE: Final = "kept-claims.sqlite3"

VERSION: Final = 1
"""Of the tables; a file of a newer program is left alone."""

REFUSED_FOR: Final = timedelta(days=30)
"""So long the teacher can be told of a kept claim that was refused."""

_TABLES: Final = MetaData()

_KEPT: Final = Table(
    "kept_claims",
    _TABLES,
    Column("id", Integer, primary_key=True),
    Column("place", Text, nullable=False),
    Column("school", Text, nullable=False),
    Column("session_id", Integer, nullable=False),
    Column("session_started_at", UtcDateTime, nullable=False),
    Column("student_id", Integer, nullable=False),
    Column("method", Text, nullable=False),
    Column("evidence", Text, nullable=False),
    Column("kept_at", UtcDateTime, nullable=False),
    UniqueConstraint("place", "school", "session_id", "session_started_at", "student_id", "method"),
    sqlite_autoincrement=True,
)

_REFUSED: Final = Table(
    "refused_claims",
    _TABLES,
    Column("id", Integer, primary_key=True),
    Column("place", Text, nullable=False),
    Column("school", Text, nullable=False),
    Column("session_id", Integer, nullable=False),
    Column("student_id", Integer, nullable=False),
    Column("method", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("outcome", Text),
    Column("refused_at", UtcDateTime, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Undelivered:
    """How many claims wait for one server, and since when."""

    place: str
    school: str
    number: int
    since: datetime


class KeptClaimsFile:
    """The claims of one school on one server. Several threads may use it at a time."""

    def __init__(self, *, engine: Engine, place: str, school: str) -> None:
        self._engine = engine
        self._reading = reading(engine)
        self._place = place
        self._school = school

    @classmethod
    def open(cls, data_dir: Path, *, place: str, school: str) -> Self:
        """Open the file of a data directory, and make it where there is none.

        Args:
            data_dir: Where the kiosk keeps its files.
            place: Tells one server from another (`kiosk.storage.database.engine.place_of`).
            school: Tells one school key from another (`KeyRing.check_value`).

        Raises:
            StorageError: It is damaged, not writable, or of a newer program.
        """
        engine = engine_for(data_dir / KEPT_CLAIMS_FILE)
        try:
            with plain_errors():
                set_journal(engine)
                with engine.begin() as connection:
                    _prepare(connection)
        except StorageError:
            engine.dispose()
            raise
        return cls(engine=engine, place=place, school=school)

    def keep(self, claims: Iterable[KeptClaim]) -> None:
        """Write claims down, all or none; one that is kept already (student, session, method) stays as it was.

        Raises:
            StorageError: Nothing was kept.
            UnknownOutcomeError: The disk failed, and nobody knows whether they were kept.
        """
        rows = [{**self._row_of(one), **self._whose} for one in claims]
        with self._writing() as connection:
            connection.execute(insert(_KEPT).on_conflict_do_nothing(), rows)

    def waiting(self) -> list[KeptClaim]:
        """All that this school has not delivered to this server, in the order of keeping.

        Raises:
            StorageError: It cannot be read.
        """
        wanted = select(_KEPT).filter_by(**self._whose).order_by(_KEPT.c.id)
        with plain_errors(), self._reading.begin() as connection:
            return [_claim_of(row) for row in connection.execute(wanted)]

    def settle(
        self, delivered: Sequence[KeptClaim], refused: Sequence[RefusedClaim], *, now: datetime
    ) -> None:
        """Forget claims that the server has judged, and note those that it refused.

        Raises:
            StorageError: They are kept as they were, and will be delivered once more.
        """
        refusals = [
            {
                "session_id": one.session_id,
                "student_id": one.student_id,
                "method": one.method.value,
                "at": one.at,
                "outcome": one.outcome.value if one.outcome is not None else None,
                "refused_at": now,
                **self._whose,
            }
            for one in refused
        ]
        with self._writing() as connection:
            connection.execute(delete(_KEPT).where(_KEPT.c.id.in_([one.kept_id for one in delivered])))
            connection.execute(delete(_REFUSED).where(_REFUSED.c.refused_at < now - REFUSED_FOR))
            if refusals:
                connection.execute(insert(_REFUSED), refusals)

    def refused(self, session_id: int) -> list[RefusedClaim]:
        """What was refused of a session in the last weeks, oldest first.

        Raises:
            StorageError: It cannot be read.
        """
        wanted = (
            select(_REFUSED)
            .filter_by(session_id=session_id, **self._whose)
            .order_by(_REFUSED.c.at, _REFUSED.c.id)
        )
        with plain_errors(), self._reading.begin() as connection:
            return [_refused_of(row) for row in connection.execute(wanted)]

    def forget_faces(self, student_id: int) -> None:
        """Leave nothing that was measured on a student's face; the claims stay.

        Raises:
            StorageError: It could not be changed.
        """
        theirs = select(_KEPT).filter_by(student_id=student_id, method=Method.FACE.value)
        with self._writing() as connection:
            for row in connection.execute(theirs).all():
                bare = _evidence_text(_claim_of(row).without_face())
                connection.execute(update(_KEPT).where(_KEPT.c.id == row.id).values(evidence=bare))
        with plain_errors():
            emptied_log(self._engine)

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    @property
    def _whose(self) -> dict[str, str]:
        return {"place": self._place, "school": self._school}

    def _row_of(self, claim: KeptClaim) -> dict[str, Any]:
        return {
            "session_id": claim.session_id,
            "session_started_at": claim.session_started_at,
            "student_id": claim.student_id,
            "method": claim.method.value,
            "evidence": _evidence_text(claim),
            "kept_at": claim.kept_at,
        }

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with plain_errors(), self._engine.begin() as connection:
            yield connection
            try:
                connection.commit()
            except OperationalError as error:
                if not is_disk_error(error):
                    raise
                raise UnknownOutcomeError(
                    _("The disk reported an error while saving, so it is not known whether this was saved."),
                    _("Look again in a moment, or do it once more: nothing is counted twice."),
                ) from error


def undelivered(data_dir: Path) -> list[Undelivered]:
    """What waits in the file of a data directory, whatever server and school it is for; looking makes no file.

    Raises:
        StorageError: It is damaged or cannot be read.
    """
    path = data_dir / KEPT_CLAIMS_FILE
    if not path.exists():
        return []
    engine = engine_for(path)
    counted = select(_KEPT.c.place, _KEPT.c.school, func.count(), func.min(_KEPT.c.kept_at)).group_by(
        _KEPT.c.place, _KEPT.c.school
    )
    try:
        with plain_errors(), reading(engine).begin() as connection:
            if not _version(connection):
                return []
            return [
                Undelivered(place, school, number, _moment(since))
                for place, school, number, since in connection.execute(counted)
            ]
    finally:
        engine.dispose()


def _version(connection: Connection) -> int:
    """Of the tables that are there; 0 for none."""
    version: int = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
    if version > VERSION:
        raise StorageError(
            _("The claims that are kept on this PC were written by a newer version of this program."),
            _("Start the newer version once, so that it delivers them."),
        )
    return version


def _prepare(connection: Connection) -> None:
    if _version(connection) < VERSION:
        _TABLES.create_all(connection)
        connection.exec_driver_sql(f"PRAGMA user_version={VERSION}")


def _evidence_text(claim: KeptClaim) -> str:
    return json.dumps(to_json([claim.evidence]))


def _claim_of(row: Any) -> KeptClaim:
    (evidence,) = from_json(json.loads(row.evidence))
    return KeptClaim(
        session_id=row.session_id,
        session_started_at=row.session_started_at,
        student_id=row.student_id,
        evidence=evidence,
        kept_at=row.kept_at,
        kept_id=row.id,
    )


def _refused_of(row: Any) -> RefusedClaim:
    outcome = CheckInOutcome(row.outcome) if row.outcome is not None else None
    return RefusedClaim(row.session_id, row.student_id, Method(row.method), row.at, outcome)


def _moment(since: Any) -> datetime:
    """An aggregate has the type of its column."""
    moment: datetime = since
    return moment.astimezone(UTC)
