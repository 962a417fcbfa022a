"""Changing, archiving and copying courses, and registering students in one."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date

from kiosk.domain.courses.courses import Course, checked_code
from kiosk.domain.courses.meetings import WeeklySlot
from kiosk.domain.people.students import Student, clean_text
from kiosk.domain.trust.rights import Actor, Right
from kiosk.errors import ConflictError, NotFoundError
from kiosk.services.core import Core
from kiosk.services.courses.course_teachers import teacher_queries
from kiosk.services.courses.going_on import archived
from kiosk.services.courses.timetables import timetable_queries
from kiosk.services.trust.rights import require_within
from kiosk.storage.store import Repositories
from kiosk.translation import _


@dataclass(frozen=True, slots=True)
class CopyWishes:
    """What goes into the copy of a course."""

    code: str
    title: str
    term_id: int | None = None
    with_students: bool = False
    with_slots: bool = False
    with_teachers: bool = True


class CourseEditing:
    """Changes courses; adding one stands in `ClassLists`, beside the import that does the same."""

    def __init__(self, core: Core) -> None:
        self._store = core.store
        self._clock = core.clock
        self._today = core.today

    def course(self, course_id: int) -> Course:
        """A course as it stands now. Raises NotFoundError: it does not exist any more."""
        return _course(self._store.read(lambda repositories: repositories.courses.get(course_id)))

    def change(self, course: Course, *, actor: Actor) -> Course:
        """Write code, title, room and term of a course as it was read and then edited; white space is folded.

        Raises:
            ConflictError: Somebody else changed the course meanwhile, or the code is not usable or another's.
            NotFoundError: The course does not exist any more.
        """
        wanted = replace(
            course,
            code=checked_code(course.code),
            title=clean_text(course.title) or checked_code(course.code),
            room=clean_text(course.room),
        )

        def work(repositories: Repositories) -> Course:
            require_within(repositories, actor, Right.MANAGE_COURSES)
            before = repositories.courses.hold(course.course_id)
            saved = repositories.courses.update(wanted)
            renamed = f"was {before.code}" if before is not None and before.code != saved.code else ""
            repositories.audit.add(self._clock.now(), actor.name, "course.changed", saved.code, renamed)
            return saved

        return self._store.write(work)

    def archive(self, course: Course, *, actor: Actor) -> Course:
        """Hide a course that is over everywhere but in records; `reopen` undoes it. Nothing of it is deleted.

        Raises:
            ConflictError: A class of the course is open.
            NotFoundError: The course does not exist any more.
        """
        now = self._clock.now()

        def work(repositories: Repositories) -> Course:
            require_within(repositories, actor, Right.MANAGE_COURSES)
            held = _course(repositories.courses.hold(course.course_id))
            if held.is_archived:
                return held
            if any(one.course_id == held.course_id for one in repositories.class_sessions.open_ones()):
                raise ConflictError(
                    _("A class of {code} is open.", code=held.code),
                    _("End it first, then archive the course."),
                )
            repositories.audit.add(now, actor.name, "course.archived", held.code)
            return repositories.courses.set_archived(held.course_id, now)

        return self._store.write(work)

    def reopen(self, course: Course, *, actor: Actor) -> Course:
        """Bring an archived course back. Raises NotFoundError: it does not exist any more."""

        def work(repositories: Repositories) -> Course:
            require_within(repositories, actor, Right.MANAGE_COURSES)
            held = _course(repositories.courses.hold(course.course_id))
            if not held.is_archived:
                return held
            repositories.audit.add(self._clock.now(), actor.name, "course.reopened", held.code)
            return repositories.courses.set_archived(held.course_id, None)

        return self._store.write(work)

    def copy(self, course: Course, wishes: CopyWishes, *, actor: Actor) -> Course:
        """Make a course like another: who is in that today, its teachers and weekly slots, as wished; never its records.

        Raises:
            ConflictError: The code is not usable, or taken.
            NotFoundError: The course does not exist any more.
        """
        code, today = checked_code(wishes.code), self._today()

        def work(repositories: Repositories) -> Course:
            require_within(repositories, actor, Right.MANAGE_COURSES)
            source = _course(repositories.courses.get(course.course_id))
            made = repositories.courses.add(
                code=code, title=clean_text(wishes.title) or source.title, room=source.room
            )
            if wishes.term_id is not None:
                made = repositories.courses.update(replace(made, term_id=wishes.term_id))
            if wishes.with_students:
                students = repositories.courses.roster(source.course_id, today)
                ids = [one.student_id for one in students]
                repositories.courses.register_all(made.course_id, ids, today)
            if wishes.with_teachers:
                teachers = teacher_queries(repositories)
                taught = teachers.of_course(source.course_id)
                teachers.assign(made.course_id, [one.user_id for one in taught])
            if wishes.with_slots:
                _copy_slots(repositories, source, made)
            repositories.audit.add(
                self._clock.now(), actor.name, "course.added", made.code, f"a copy of {source.code}"
            )
            return made

        return self._store.write(work)

    def register(
        self, course: Course, students: Collection[Student], *, since: date, actor: Actor
    ) -> Sequence[Student]:
        """Register students in a course from a day on; returns those who were not in it.

        Raises:
            ConflictError: The course is archived.
            NotFoundError: The course or a student does not exist any more.
        """

        def work(repositories: Repositories) -> Sequence[Student]:
            require_within(repositories, actor, Right.MANAGE_COURSES)
            held = _course(repositories.courses.hold(course.course_id))
            if held.is_archived:
                raise archived(held)
            wanted = [one.student_id for one in students]
            fresh = repositories.courses.register_all(held.course_id, wanted, since)
            joined = [one for one in students if one.student_id in fresh]
            for one in joined:
                repositories.audit.add(
                    self._clock.now(), actor.name, "registration.added", one.student_no, held.code
                )
            return joined

        return self._store.write(work)


def _copy_slots(repositories: Repositories, source: Course, made: Course) -> None:
    queries = timetable_queries(repositories)
    for one in queries.slots([source.course_id]):
        queries.put_slot(WeeklySlot(0, made.course_id, one.weekday, one.begins, one.minutes, one.room))


def _course(found: Course | None) -> Course:
    if found is None:
        raise NotFoundError(_("That course does not exist any more."))
    return found
