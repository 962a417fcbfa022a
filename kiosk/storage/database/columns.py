"""Column types and constraints that all tables share; used on every thread, holds no state."""

from collections.abc import Iterable
from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, DateTime, Dialect
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC moment with microseconds.

    Naive values are refused: nobody could tell later which zone they were meant in. SQLite keeps text in
    UTC (``2026-03-02 08:02:00.000000``), PostgreSQL a ``timestamptz``; both give aware UTC back.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn an aware value into UTC. Raises ValueError: the value has no zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone cannot be stored")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def one_of(column: str, kinds: type[StrEnum]) -> CheckConstraint:
    """A CHECK that keeps everything but the values of `kinds` (and NULL, where allowed) out of a column."""
    return CheckConstraint(f"{column} IN ({_listed(kind.value for kind in kinds)})", name=column)


def _listed(values: Iterable[str]) -> str:
    return ", ".join(f"'{value}'" for value in values)
