"""Who teaches which course, in the database. Runs inside the caller's transaction."""

from collections import defaultdict
from collections.abc import Collection, Iterable

from sqlalchemy import delete, or_, update
from sqlmodel import Session, col, select

from kiosk.domain.people.staff import User
from kiosk.storage.database.course_tables import CourseTeacherRow
from kiosk.storage.database.tables import ClassSessionRow, CourseRow, RegistrationRow, UserRow
from kiosk.storage.repositories.accounts import user_of
from kiosk.storage.repositories.class_sessions import is_there
from kiosk.storage.repositories.repository import Repository


class TeacherQueries(Repository):
    """Assignments of accounts to courses."""

    def taught_by(self, user_id: int) -> frozenset[int]:
        """Ids of the courses that an account teaches."""
        wanted = select(CourseTeacherRow.course_id).where(CourseTeacherRow.user_id == user_id)
        return frozenset(self._db_session.exec(wanted))

    def was_assigned(self, user_id: int) -> bool:
        """Whether an account was ever assigned to a course, also one that it does not teach any more."""
        wanted = select(UserRow.was_assigned).where(UserRow.id == user_id)
        return bool(self._db_session.exec(wanted).first())

    def of_course(self, course_id: int) -> list[User]:
        """Accounts that teach a course, by name; closed ones, too."""
        return self.of_courses([course_id]).get(course_id, [])

    def of_courses(self, course_ids: Collection[int]) -> dict[int, list[User]]:
        """The same of many courses, by course id; courses that nobody teaches are missing."""
        wanted = (
            select(CourseTeacherRow.course_id, UserRow)
            .join(UserRow, col(UserRow.id) == CourseTeacherRow.user_id)
            .where(col(CourseTeacherRow.course_id).in_(course_ids))
            .order_by(col(UserRow.name_folded))
        )
        found: defaultdict[int, list[User]] = defaultdict(list)
        for course_id, row in self._db_session.exec(wanted):
            found[course_id].append(user_of(row))
        return dict(found)

    def codes_by_user(self) -> dict[int, tuple[str, ...]]:
        """Codes of the courses that each account teaches, by code; accounts that teach none are missing."""
        wanted = (
            select(CourseTeacherRow.user_id, CourseRow.code)
            .join(CourseRow, col(CourseRow.id) == CourseTeacherRow.course_id)
            .order_by(col(CourseRow.code_folded))
        )
        found: defaultdict[int, list[str]] = defaultdict(list)
        for user_id, code in self._db_session.exec(wanted):
            found[user_id].append(code)
        return {user_id: tuple(codes) for user_id, codes in found.items()}

    def assign(self, course_id: int, user_ids: Iterable[int]) -> None:
        """Let exactly these accounts teach a course.

        Raises:
            NotFoundError: There is no such course or account.
        """
        wanted = frozenset(user_ids)
        known = {one.user_id for one in self.of_course(course_id)}
        gone = known - wanted
        self._db_session.execute(
            delete(CourseTeacherRow).where(
                col(CourseTeacherRow.course_id) == course_id, col(CourseTeacherRow.user_id).in_(gone)
            )
        )
        fresh = sorted(wanted - known)
        self._insert_all(
            [CourseTeacherRow(course_id=course_id, user_id=user_id) for user_id in fresh],
            (CourseRow, course_id),
            *((UserRow, user_id) for user_id in fresh),
        )
        self._db_session.execute(update(UserRow).where(col(UserRow.id).in_(fresh)).values(was_assigned=True))


class StudentsReached(Repository):
    """Students who are or were in one of the courses that somebody sees (None: all), or in a class that he or she holds now."""

    def __init__(self, *, db_session: Session, seen: frozenset[int] | None, name: str) -> None:
        super().__init__(db_session=db_session)
        self._seen = seen
        self._name = name

    def among(self, student_ids: Collection[int]) -> frozenset[int]:
        """Those of these students."""
        if self._seen is None:
            return frozenset(student_ids)
        held = select(ClassSessionRow.course_id).where(
            col(ClassSessionRow.ended_at).is_(None), ClassSessionRow.started_by == self._name, is_there()
        )
        course = col(RegistrationRow.course_id)
        wanted = select(RegistrationRow.student_id).where(
            col(RegistrationRow.student_id).in_(student_ids), or_(course.in_(self._seen), course.in_(held))
        )
        return frozenset(self._db_session.exec(wanted))
