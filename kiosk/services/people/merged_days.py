"""The days on which two students who are merged were in each course: united, and parted again.

Runs inside the caller's transaction. What was before is given back as JSON, so that the way back needs no memory.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TypedDict

from sqlalchemy import delete, select
from sqlmodel import col

from kiosk.domain.people.merging import Period, united
from kiosk.storage.database.tables import CourseRow, RegistrationRow
from kiosk.storage.repositories.repository import Repository


class Days(TypedDict):
    """Periods in one course, as ISO days: of both before, and of the one who stays after."""

    course: int
    kept: list[list[str | None]]
    gone: list[list[str | None]]
    after: list[list[str | None]]


class MergedDays(Repository):
    """Days in courses of two students by their ids: `kept` stays, `gone` gives."""

    def new_courses(self, kept: int, gone: int) -> tuple[str, ...]:
        """Codes of the courses in which only `gone` is or was, by code."""
        mine = select(col(RegistrationRow.course_id)).where(col(RegistrationRow.student_id) == kept)
        theirs = select(col(RegistrationRow.course_id)).where(col(RegistrationRow.student_id) == gone)
        wanted = select(col(CourseRow.code)).where(
            col(CourseRow.id).in_(theirs), col(CourseRow.id).not_in(mine)
        )
        return tuple(self._db_session.scalars(wanted.order_by(col(CourseRow.code_folded))))

    def unite(self, kept: int, gone: int) -> list[Days]:
        """Let `kept` be in each course on the days of either; returns what was before and what is after."""
        done: list[Days] = []
        theirs = self._days(gone)
        mine = self._days(kept)
        for course_id, periods in sorted(theirs.items()):
            after = united([*mine.get(course_id, []), *periods])
            self._write_days(gone, course_id, [])
            self._write_days(kept, course_id, after)
            done.append(
                Days(
                    course=course_id,
                    kept=_texts(mine.get(course_id, [])),
                    gone=_texts(periods),
                    after=_texts(after),
                )
            )
        return done

    def part(self, days: Sequence[Days], kept: int, gone: int) -> None:
        """The way back; where somebody changed the days of `kept` meanwhile, these stay."""
        now = self._days(kept)
        for one in days:
            if _texts(now.get(one["course"], [])) == one["after"]:
                self._write_days(kept, one["course"], _periods(one["kept"]))
            self._write_days(gone, one["course"], _periods(one["gone"]))

    def _days(self, student_id: int) -> dict[int, list[Period]]:
        wanted = (
            select(col(RegistrationRow.course_id), col(RegistrationRow.since), col(RegistrationRow.until))
            .where(col(RegistrationRow.student_id) == student_id)
            .order_by(col(RegistrationRow.since))
        )
        found: dict[int, list[Period]] = {}
        for course_id, since, until in self._db_session.execute(wanted):
            found.setdefault(course_id, []).append((since, until))
        return found

    def _write_days(self, student_id: int, course_id: int, periods: Sequence[Period]) -> None:
        mine = (col(RegistrationRow.student_id) == student_id) & (col(RegistrationRow.course_id) == course_id)
        self._db_session.execute(delete(RegistrationRow).where(mine))
        self._db_session.add_all(
            RegistrationRow(course_id=course_id, student_id=student_id, since=since, until=until)
            for since, until in periods
        )
        self._db_session.flush()


def _texts(periods: Iterable[Period]) -> list[list[str | None]]:
    return [[since.isoformat(), until.isoformat() if until is not None else None] for since, until in periods]


def _periods(texts: Iterable[Sequence[str | None]]) -> list[Period]:
    return [
        (date.fromisoformat(since), date.fromisoformat(until) if until is not None else None)
        for since, until in texts
        if since is not None
    ]
