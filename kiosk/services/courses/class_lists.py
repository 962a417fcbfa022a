"""Courses, rosters and importing them from a class list."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from kiosk.domain.courses.courses import Course, checked_code
from kiosk.domain.courses.list_columns import ListChoices
from kiosk.domain.courses.list_questions import Answers
from kiosk.domain.people.students import Student, clean_text
from kiosk.domain.trust.rights import Actor, Right
from kiosk.errors import ConflictError, NotFoundError
from kiosk.services.courses.list_import import ImportReport, ListImport
from kiosk.services.ports.clock import Clock
from kiosk.services.ports.outputs import RosterFileReader
from kiosk.services.trust.rights import require
from kiosk.storage.store import Repositories, Store
from kiosk.translation import _


class ClassLists:
    """Courses, who is registered in them, and the class lists that say so."""

    def __init__(self, *, store: Store, clock: Clock, read_roster: RosterFileReader) -> None:
        self._store = store
        self._clock = clock
        self._read_roster = read_roster

    def courses(self) -> list[Course]:
        """Courses that are not archived, by code."""
        return self._store.read(lambda repositories: repositories.courses.active())

    def all_courses(self) -> list[Course]:
        """All courses, by code, archived ones, too: for records."""
        return self._store.read(lambda repositories: repositories.courses.all())

    def students(self) -> list[Student]:
        """All students, by name."""
        return self._store.read(lambda repositories: repositories.students.all())

    def roster(self, course_id: int, on: date) -> list[Student]:
        """Students registered on that day, by name."""
        return self._store.read(lambda repositories: repositories.courses.roster(course_id, on))

    def course(self, code: str) -> Course:
        """Find a course by its code. Raises NotFoundError: there is none; the hint lists those that exist."""
        found = self._store.read(lambda repositories: repositories.courses.by_code(code))
        if found is None:
            known = ", ".join(course.code for course in self.courses()[:10])
            hint = (
                _("Known courses: {known}.", known=known)
                if known
                else _("Import a class list with --course first.")
            )
            raise NotFoundError(_("There is no course {code}.", code=code), hint)
        return found

    def student(self, student_no: str) -> Student:
        """Find a student by number. Raises NotFoundError: there is none."""
        found = self._store.read(lambda repositories: repositories.students.by_no(student_no))
        if found is None:
            raise NotFoundError(
                _("There is no student {student_no}.", student_no=student_no),
                _("Check the number, or import the class list."),
            )
        return found

    def add_course(self, *, code: str, title: str, room: str, actor: Actor) -> Course:
        """Make a course. Raises ConflictError: the code is not usable or taken."""
        require(self._store, actor, Right.MANAGE_COURSES)
        code = checked_code(code)

        def work(repositories: Repositories) -> Course:
            course = repositories.courses.add(
                code=code, title=clean_text(title) or code, room=clean_text(room)
            )
            repositories.audit.add(self._clock.now(), actor.name, "course.added", code)
            return course

        return self._store.write(work)

    def update_course(self, course: Course, *, actor: Actor) -> None:
        """Change a course's title or room; white space is folded."""
        require(self._store, actor, Right.MANAGE_COURSES)
        course = replace(course, title=clean_text(course.title), room=clean_text(course.room))

        def work(repositories: Repositories) -> None:
            repositories.courses.update(course)
            repositories.audit.add(self._clock.now(), actor.name, "course.changed", course.code)

        self._store.write(work)

    def end_registrations(
        self, course: Course, students: Sequence[Student] | None, *, on: date, actor: Actor
    ) -> list[Student]:
        """Take students (None: everybody) out of a course from a day on; their records stay.

        Returns:
            Those who were in it, by name.

        Raises:
            ConflictError: A class of the course is open.
        """
        require(self._store, actor, Right.MANAGE_COURSES)

        def work(repositories: Repositories) -> list[Student]:
            if any(one.course_id == course.course_id for one in repositories.class_sessions.open_ones()):
                raise ConflictError(_("A class of this course is open."), _("End it first."))
            wanted = None if students is None else {one.student_id for one in students}
            leaving = [
                one
                for one in repositories.courses.roster(course.course_id, on)
                if wanted is None or one.student_id in wanted
            ]
            for one in leaving:
                repositories.courses.unregister(course.course_id, one.student_id, on)
                repositories.audit.add(
                    self._clock.now(), actor.name, "registration.ended", one.student_no, course.code
                )
            return leaving

        return self._store.write(work)

    def import_roster(
        self,
        path: Path,
        *,
        course_code: str | None,
        since: date,
        actor: Actor,
        dry_run: bool = False,
        choices: ListChoices | None = None,
        answers: Answers | None = None,
    ) -> ImportReport:
        """Take in a class list: add new students, update changed ones, register them in the course.

        All in one transaction: either every usable row is in, or none. The course is made when new. What would make
        somebody of somebody else is asked (`list_questions`), and left as it is unless `answers` say what is meant.

        Raises:
            FileFormatError: The file is no class list; `ListChoiceError` where sheet or columns must be chosen.
            ConflictError: The course code is not usable, or somebody would leave a course of which a class is open.
        """
        require(self._store, actor, Right.MANAGE_PEOPLE)
        if course_code is not None:
            require(self._store, actor, Right.MANAGE_COURSES)
        code = checked_code(course_code) if course_code is not None else None
        file = self._read_roster(path, choices or ListChoices())

        def work(repositories: Repositories) -> ImportReport:
            now = self._clock.now()
            report = ListImport(
                repositories,
                file=file,
                answers=answers or Answers(),
                now=now,
                since=since,
                actor=actor.name,
                dry_run=dry_run,
            ).run(code)
            if dry_run:
                return report
            if report.changes or not report.left_out:
                repositories.audit.add(
                    now,
                    actor.name,
                    "people.imported",
                    path.name,
                    f"{len(report.added)} added, {len(report.updated)} updated, "
                    f"{len(report.registered)} registered, {len(report.refused)} refused",
                )
            return report

        return self._store.read(work) if dry_run else self._store.write(work)
