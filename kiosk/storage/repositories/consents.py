"""Consents in the database: only ever added to. Runs inside the caller's transaction."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, func
from sqlalchemy import select as select_columns
from sqlmodel import col, select

from kiosk.domain.people.consents import (
    FIRST_NOTICE,
    NEVER_ASKED,
    AnsweredBy,
    Answerer,
    Consent,
    ConsentKind,
    Standing,
    standing,
)
from kiosk.domain.people.students import fold
from kiosk.storage.database.tables import ConsentNoticeRow, ConsentRow
from kiosk.storage.repositories.repository import Repository


def consent_of(row: ConsentRow) -> Consent:
    """The domain value of a row."""
    who = Answerer(AnsweredBy(row.answered_by), row.answered_name) if row.answered_by is not None else None
    return Consent(
        row.student_id,
        ConsentKind(row.kind),
        row.given,
        row.recorded_at,
        row.recorded_by,
        who,
        row.notice_version,
        row.notice_hash,
        row.answered_on,
    )


class Consents(Repository):
    """What was allowed; the order in which words were written counts, whatever the PC's clock said then.

    What they come to is `kiosk.domain.people.consents.standing`; `given_by` is the same in SQL, which a test holds.
    """

    def newest(self, student_id: int, kind: ConsentKind) -> Consent | None:
        wanted = (
            select(ConsentRow)
            .where(ConsentRow.student_id == student_id, ConsentRow.kind == kind.value)
            .order_by(col(ConsentRow.id).desc())
            .limit(1)
        )
        row = self._db_session.exec(wanted).one_or_none()
        return consent_of(row) if row else None

    def given_by(
        self, student_ids: Iterable[int], kind: ConsentKind, *, since: datetime | None = None
    ) -> set[int]:
        """Those of `student_ids` whose faces may be measured; with `since`: by a yes recorded then or later."""
        ranked = _ranked(kind, col(ConsentRow.student_id).in_(set(student_ids))).subquery()
        refused = select_columns(ranked.c.student_id).where(
            ranked.c.own_rank == 1, ranked.c.answered_by.is_not(None), ~ranked.c.given
        )
        willing = select_columns(ranked.c.student_id).where(
            ranked.c.rank == 1,
            ranked.c.given,
            ranked.c.notice_version >= _oldest_in_force(),
            ranked.c.student_id.not_in(refused),
        )
        if since is not None:
            willing = willing.where(ranked.c.recorded_at >= since)
        return set(self._db_session.scalars(willing))

    def standing(self, student_id: int, kind: ConsentKind) -> Standing:
        """What all words about one student come to."""
        return self.standings_of([student_id], kind).get(student_id, NEVER_ASKED)

    def standings_of(self, student_ids: Iterable[int], kind: ConsentKind) -> dict[int, Standing]:
        """The same of several; whoever was never asked is missing."""
        return self._standings(kind, col(ConsentRow.student_id).in_(set(student_ids)))

    def standings(self, kind: ConsentKind) -> dict[int, Standing]:
        """The same of everybody about whom there is a word, by student id."""
        return self._standings(kind)

    def _standings(self, kind: ConsentKind, *where: ColumnElement[bool]) -> dict[int, Standing]:
        wanted = select(ConsentRow).where(ConsentRow.kind == kind.value, *where).order_by(col(ConsentRow.id))
        words: dict[int, list[Consent]] = {}
        for row in self._db_session.exec(wanted):
            words.setdefault(row.student_id, []).append(consent_of(row))
        notice, in_force = self._notice_versions()
        return {one: standing(said, notice=notice, in_force=in_force) for one, said in words.items()}

    def words(self, student_id: int) -> Sequence[Consent]:
        """Every word about one student, newest first."""
        wanted = (
            select(ConsentRow).where(ConsentRow.student_id == student_id).order_by(col(ConsentRow.id).desc())
        )
        return tuple(consent_of(row) for row in self._db_session.exec(wanted))

    def newest_words(self, kind: ConsentKind) -> dict[int, bool]:
        """The newest word of everybody who ever gave one, by student id."""
        ranked = _ranked(kind).subquery()
        newest = select_columns(ranked.c.student_id, ranked.c.given).where(ranked.c.rank == 1)
        return {student_id: bool(given) for student_id, given in self._db_session.execute(newest)}

    def add(self, consent: Consent) -> None:
        who = consent.answerer
        self._db_session.add(
            ConsentRow(
                student_id=consent.student_id,
                kind=consent.kind.value,
                given=consent.given,
                recorded_at=consent.recorded_at,
                recorded_by=consent.recorded_by,
                answered_by=who.by.value if who else None,
                answered_name=who.name if who else "",
                answered_name_folded=fold(who.name) if who else "",
                notice_version=consent.notice,
                notice_hash=consent.notice_hash,
                answered_on=consent.answered_on,
            )
        )
        self._db_session.flush()

    def _notice_versions(self) -> tuple[int, int]:
        """The newest version, and the oldest whose answers are used."""
        newest = select_columns(func.coalesce(func.max(col(ConsentNoticeRow.version)), FIRST_NOTICE))
        return (
            self._db_session.scalars(newest).one(),
            self._db_session.scalars(select_columns(_oldest_in_force())).one(),
        )


def _oldest_in_force() -> ScalarSelect[int]:
    return (
        select_columns(func.coalesce(func.max(col(ConsentNoticeRow.version)), FIRST_NOTICE))
        .where(col(ConsentNoticeRow.is_enforced))
        .scalar_subquery()
    )


def _ranked(kind: ConsentKind, *where: ColumnElement[bool]) -> Select[tuple[Any, ...]]:
    """Every word of one kind, numbered from the newest for each student, and for each who answered."""
    newest_first = col(ConsentRow.id).desc()
    student, who, name = (
        col(ConsentRow.student_id),
        col(ConsentRow.answered_by),
        col(ConsentRow.answered_name_folded),
    )
    return select_columns(
        student,
        who,
        col(ConsentRow.given),
        col(ConsentRow.recorded_at),
        col(ConsentRow.notice_version),
        func.row_number().over(partition_by=student, order_by=newest_first).label("rank"),
        func.row_number().over(partition_by=(student, who, name), order_by=newest_first).label("own_rank"),
    ).where(col(ConsentRow.kind) == kind.value, *where)
