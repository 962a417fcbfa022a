"""Deleting a student: everything about the person goes, the counts of past classes stay. Any thread but the window's."""

from dataclasses import dataclass
from datetime import timedelta

from kiosk.domain.people.students import Student
from kiosk.domain.trust.rights import Actor, Right
from kiosk.errors import ConflictError, NotFoundError
from kiosk.services.core import Core
from kiosk.services.events import ConsentWithdrawn, PinReplaced
from kiosk.services.trust.rights import require
from kiosk.storage.store import Repositories
from kiosk.translation import _


@dataclass(frozen=True, slots=True)
class RemovedStudent:
    """What was deleted, and what stays.

    Attributes:
        number: Of the entry in the log; the log goes on to name the student's number, for it cannot be changed.
        records: Records of past classes that stay under a number that says nothing.
    """

    number: int
    pictures: int
    records: int


class StudentRemoval:
    """Deletes students."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def remove(self, student: Student, *, actor: Actor) -> RemovedStudent:
        """Delete a student: face, key, answers, PIN, traces, messages, name, number and address, in one transaction.

        Records of past classes keep status, time and method under a number that says nothing, so every count stays.

        Raises:
            NotFoundError: There is no such student (any more).
            ConflictError: A class that is open has the student in it.
        """
        require(self._core.store, actor, Right.MANAGE_PEOPLE)
        require(self._core.store, actor, Right.DELETE_FACES)
        now, student_id = self._core.clock.now(), student.student_id
        # A class of this morning keeps its roster: nobody leaves a course before the day is over.
        leaves_on = self._core.today() + timedelta(days=1)

        def work(repositories: Repositories) -> RemovedStudent:
            from kiosk.storage.repositories.student_removal import StudentRemoval as Removal
            from kiosk.storage.repositories.student_removal import remove_student

            if student_id not in {one.student_id for one in repositories.students.all()}:
                raise NotFoundError(_("That student does not exist any more."))
            if Removal(db_session=repositories.db_session).has_open_class(student_id):
                raise ConflictError(_("A class of this student is open."), _("End it first."))
            gone = remove_student(
                *(repositories, student),
                actor=actor.name,
                now=now,
                deleted_at=now,
                leaves_on=leaves_on,
            )
            return RemovedStudent(repositories.audit.entries(1)[0].entry_id, gone.pictures, gone.records)

        removed = self._core.store.write(work)
        self._core.events.emit(ConsentWithdrawn(student_id))
        self._core.events.emit(PinReplaced(student_id))
        return removed
