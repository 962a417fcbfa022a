"""All records of all courses as one list, and one record with everything about it. Any thread but the window's.

A teacher is shown the records of the courses that are assigned to the teacher's account (`courses_seen`), an admin all.
"""

from collections.abc import Collection
from typing import TYPE_CHECKING

from kiosk.domain.courses.courses import Course
from kiosk.domain.people.students import Student
from kiosk.domain.records.record_list import Outline, RecordLine, RecordQuestion
from kiosk.domain.trust.rights import Actor, Right
from kiosk.errors import NotFoundError
from kiosk.services.core import Core
from kiosk.services.courses.course_teachers import courses_seen
from kiosk.services.courses.own_courses import students_reached
from kiosk.services.records.record_file import RecordFile
from kiosk.services.trust.rights import require
from kiosk.storage.store import Repositories
from kiosk.translation import _

if TYPE_CHECKING:
    from kiosk.services.records.record_list_queries import RecordListQueries


class AllRecords:
    """Counts the list, reads pages of it, and opens one record."""

    def __init__(self, core: Core) -> None:
        self._store = core.store
        self._zone = core.zone
        self._today = core.today

    def outline(self, asked: RecordQuestion, *, actor: Actor) -> Outline:
        """How long the list is, and where its parts lie; a fraction of a second for a million records.

        Raises:
            ConflictError: The days that are asked for end before they begin.
        """
        require(self._store, actor, Right.SEE_RECORDS)
        asked = asked.on(self._today())
        asked.require_days_in_order()
        return self._store.read(lambda repositories: self._queries(repositories, actor).outline(asked))

    def page(self, outline: Outline, first: int, most: int, *, actor: Actor) -> list[RecordLine]:
        """The lines from `first` (0 is the top) on, at most so many.

        A record that came since the outline was made is not shown, and one that went leaves its place to the next.
        """
        require(self._store, actor, Right.SEE_RECORDS)
        parts = list(outline.parts(first, most))
        if not parts:
            return []
        return self._store.read(
            lambda repositories: self._queries(repositories, actor).page(outline.question, parts)
        )

    def lines(self, record_ids: Collection[int], *, actor: Actor) -> list[RecordLine]:
        """These records as they stand now, newest class first; those that the actor may not see are left out."""
        require(self._store, actor, Right.SEE_RECORDS)
        found = self._store.read(lambda repositories: self._queries(repositories, actor).lines_of(record_ids))
        return sorted(found, key=lambda line: (line.started_at, line.record_id), reverse=True)

    def courses(self, *, actor: Actor) -> list[Course]:
        """Courses whose records the actor is shown, by code."""
        require(self._store, actor, Right.SEE_RECORDS)

        def query(repositories: Repositories) -> list[Course]:
            seen = courses_seen(repositories, actor)
            return [one for one in repositories.courses.all() if seen is None or one.course_id in seen]

        return self._store.read(query)

    def starters(self, *, actor: Actor) -> list[str]:
        """Names of those who began the class sessions that the actor is shown."""
        require(self._store, actor, Right.SEE_RECORDS)
        return self._store.read(lambda repositories: self._queries(repositories, actor).starters())

    def student(self, student_id: int, *, actor: Actor) -> Student | None:
        """Whom a filter names; None where the student does not exist, or is in none of the actor's courses."""
        require(self._store, actor, Right.SEE_RECORDS)

        def query(repositories: Repositories) -> Student | None:
            reached = students_reached(repositories, actor).among([student_id])
            return repositories.students.get(student_id) if reached else None

        return self._store.read(query)

    def file(self, record_id: int, *, actor: Actor) -> RecordFile:
        """One record with its class, its history, messages and what was noticed.

        Raises:
            NotFoundError: There is no such record, or the actor is not shown it: both are said alike.
        """
        require(self._store, actor, Right.SEE_RECORDS)

        def query(repositories: Repositories) -> RecordFile:
            found = self._queries(repositories, actor).lines_of([record_id])
            if not found:
                raise NotFoundError(
                    _("There is no such record."), _("The list may be older than the database.")
                )
            return RecordFile.read(repositories, found[0])

        return self._store.read(query)

    def _queries(self, repositories: Repositories, actor: Actor) -> "RecordListQueries":
        from kiosk.services.records.record_list_queries import RecordListQueries, Scope

        scope = Scope(courses_seen(repositories, actor), self._zone)
        return RecordListQueries(db_session=repositories.db_session, scope=scope)
