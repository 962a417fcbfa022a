"""One student at the desk: everything about the person in one reading, and changing it. Any thread but the window's."""

from dataclasses import fields, replace
from datetime import date
from typing import TYPE_CHECKING

from kiosk.domain.attendance.attendance_rates import is_below, summed
from kiosk.domain.courses.courses import Course
from kiosk.domain.people.consents import NEVER_ASKED, ConsentKind
from kiosk.domain.people.person import MOST_RECORDS, Person, usable
from kiosk.domain.people.students import Student
from kiosk.domain.trust.rights import Actor, Right
from kiosk.errors import ConflictError, NotFoundError
from kiosk.services.core import Core
from kiosk.services.courses.course_teachers import courses_seen
from kiosk.services.events import GalleryChanged
from kiosk.services.faces.drifted_faces import forget_drift
from kiosk.services.trust.rights import require, require_within
from kiosk.settings import SchoolRules
from kiosk.storage.store import Repositories
from kiosk.translation import _

if TYPE_CHECKING:
    pass


class PersonChangedError(ConflictError):
    """Somebody else changed the person meanwhile; `now` is what they made of it, and nothing of that is lost."""

    def __init__(self, now: Student) -> None:
        super().__init__(
            _("Somebody else changed this person while you did."),
            _("Look at both versions and choose what stays."),
        )
        self.now = now


class Persons:
    """Reads and changes students."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def read(self, student_id: int, *, actor: Actor) -> Person:
        """Everything about one student; teachers read about students of their own courses, and of these courses only.

        Raises:
            NotFoundError: There is no such student (any more), or none whom the actor may see.
        """

        def query(repositories: Repositories) -> Person:
            require_within(repositories, actor, Right.SEE_RECORDS)
            return self._read(repositories, student_id, actor)

        return self._core.store.read(query)

    def change(self, before: Student, after: Student, *, actor: Actor) -> Student:
        """Write down what somebody made of a person.

        Args:
            before: The person as the form showed it at first.
            after: As it is now; white space is folded, signs that nobody sees go.
            actor: Who changes it.

        Raises:
            PersonChangedError: The person is another one than `before` by now.
            ConflictError: A field cannot be taken, or the number is somebody else's.
            NotFoundError: There is no such student (any more).
        """
        require(self._core.store, actor, Right.MANAGE_PEOPLE)
        wanted = usable(after)

        def work(repositories: Repositories) -> Student:
            known = _known(repositories, before.student_id)
            if known == wanted:
                return known
            if known != before:
                raise PersonChangedError(known)
            repositories.students.update(wanted)
            now = self._core.clock.now()
            changed = [
                one.name for one in fields(Student) if getattr(known, one.name) != getattr(wanted, one.name)
            ]
            if "student_no" in changed:
                repositories.audit.add(
                    now, actor.name, "student.renumbered", wanted.student_no, known.student_no
                )
            repositories.audit.add(now, actor.name, "student.changed", wanted.student_no, ", ".join(changed))
            return wanted

        return self._core.store.write(work)

    def set_active(self, student: Student, active: bool, *, actor: Actor) -> None:
        """Take a student out of all rosters from today on, or let him or her in again; everything else is kept.

        Raises:
            ConflictError: A class that is open has the student in it.
            NotFoundError: There is no such student (any more).
        """
        require(self._core.store, actor, Right.MANAGE_PEOPLE)
        today, now = self._core.today(), self._core.clock.now()

        def work(repositories: Repositories) -> None:
            from kiosk.storage.repositories.student_removal import StudentRemoval

            known = _known(repositories, student.student_id)
            if not active and StudentRemoval(db_session=repositories.db_session).has_open_class(
                student.student_id
            ):
                raise ConflictError(_("A class of this student is open."), _("End it first."))
            repositories.students.set_inactive(student.student_id, None if active else today)
            action = "student.reactivated" if active else "student.deactivated"
            repositories.audit.add(now, actor.name, action, known.student_no)

        self._core.store.write(work)
        self._core.events.emit(GalleryChanged())

    def register(self, student: Student, course: Course, since: date, *, actor: Actor) -> bool:
        """Put a student into a course from a day on; False where he or she is in it on that day already."""
        require(self._core.store, actor, Right.MANAGE_COURSES)

        def work(repositories: Repositories) -> bool:
            known = _known(repositories, student.student_id)
            is_new = repositories.courses.register(course.course_id, student.student_id, since)
            if is_new:
                repositories.audit.add(
                    self._core.clock.now(),
                    actor.name,
                    "registration.added",
                    known.student_no,
                    f"{course.code} {since.isoformat()}",
                )
            return is_new

        return self._core.store.write(work)

    def remove_picture(self, student: Student, sample_id: int, *, actor: Actor) -> None:
        """Delete one stored picture and its templates.

        Raises:
            NotFoundError: It is not stored any more.
        """
        require(self._core.store, actor, Right.DELETE_FACES)

        def work(repositories: Repositories) -> None:
            known = _known(repositories, student.student_id)
            if not repositories.faces.remove_one(student.student_id, sample_id):
                raise NotFoundError(_("This picture is not stored any more."))
            forget_drift(repositories, student.student_id)
            repositories.audit.add(
                self._core.clock.now(),
                actor.name,
                "faces.picture_deleted",
                known.student_no,
                "1 sample deleted",
            )

        self._core.store.write(work)
        self._core.events.emit(GalleryChanged())

    def open_picture(self, student_id: int, sample_id: int, *, actor: Actor) -> bytes:
        """One stored picture, encoded, for who enrols.

        Raises:
            NotFoundError: It is not stored any more.
            StorageError: It cannot be decrypted.
        """

        def query(repositories: Repositories) -> bytes:
            require_within(repositories, actor, Right.ENROL)
            found = repositories.faces.sample(sample_id)
            if found is None or found.student_id != student_id:
                raise NotFoundError(_("This picture is not stored any more."))
            return found.picture

        return self._core.store.read(query)

    def _read(self, repositories: Repositories, student_id: int, actor: Actor) -> Person:
        from kiosk.services.people.people_queries import PeopleQueries
        from kiosk.services.people.person_queries import PersonQueries
        from kiosk.services.records.student_queries import StudentQueries

        seen, db_session = courses_seen(repositories, actor), repositories.db_session
        queries, own = PersonQueries(db_session=db_session), StudentQueries(db_session=db_session)
        student = repositories.students.get(student_id)
        if student is None or not queries.is_seen(student_id, seen):
            raise NotFoundError(
                _("This person is not in the list any more."), _("The list may be older than the database.")
            )
        rules = SchoolRules.from_texts(repositories.school_settings.all())
        counts = {
            one.course.course_id: one.count
            for one in own.courses(student_id)
            if seen is None or one.course.course_id in seen
        }
        total = summed(counts.values())
        figures = PeopleQueries(db_session=db_session).figures(seen, [student_id]).get(student_id)
        enrols, manages = actor.may(Right.ENROL), actor.may(Right.MANAGE_PEOPLE)
        return Person(
            student=student if manages or rules.teachers_see_contacts else replace(student, email=None),
            inactive_from=repositories.students.inactive_from(student_id),
            has_pin=manages and repositories.students.pin_hash(student_id) is not None,
            count=total,
            seen_at=figures.seen_at if figures is not None else None,
            is_below=is_below(total, rules.attendance_limit_percent),
            courses=queries.courses(student_id, counts, seen),
            standing=repositories.consents.standing(student_id, ConsentKind.FACE_RECOGNITION)
            if enrols
            else NEVER_ASKED,
            words=tuple(repositories.consents.words(student_id)) if enrols else (),
            pictures=queries.pictures(student_id) if enrols else (),
            phones=tuple(repositories.enrolled_phones.of_student(student_id)),
            messages=queries.messages(student_id, seen),
            history=tuple(
                one
                for one in own.records(student_id, limit=MOST_RECORDS)
                if seen is None or one.course.course_id in seen
            ),
            picture=shown_picture(repositories, student_id) if rules.pictures_in_lists else None,
        )


def shown_picture(repositories: Repositories, student_id: int) -> bytes | None:
    """The picture that stands for a student where the school shows pictures, encoded; None where none is stored."""
    from kiosk.services.people.person_queries import PersonQueries

    newest = PersonQueries(db_session=repositories.db_session).newest_picture(student_id)
    found = repositories.faces.sample(newest) if newest is not None else None
    return found.picture if found is not None else None


def _known(repositories: Repositories, student_id: int) -> Student:
    from kiosk.services.people.person_queries import PersonQueries

    known = repositories.students.get(student_id)
    if known is None or not PersonQueries(db_session=repositories.db_session).is_seen(student_id, None):
        raise NotFoundError(_("That student does not exist any more."))
    return known
