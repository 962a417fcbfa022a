"""A guardian's address, whether messages are wanted, and what one student's people were sent."""

from kiosk.domain.messages.mail import ADDRESS, SentMessage, StudentContact
from kiosk.domain.trust.rights import Actor, Right
from kiosk.errors import ConflictError, NotFoundError
from kiosk.services.core import Core
from kiosk.services.messages.messages import message_queries
from kiosk.services.trust.rights import require, require_within
from kiosk.storage.store import Repositories
from kiosk.translation import _


class Contacts:
    """Reads and changes them."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def of_student(self, student_id: int, *, actor: Actor) -> tuple[StudentContact, list[SentMessage]]:
        """What is known of a student, and the messages, newest first."""
        require(self._core.store, actor, Right.SEE_RECORDS)

        def query(repositories: Repositories) -> tuple[StudentContact, list[SentMessage]]:
            queries = message_queries(repositories)
            known = queries.contacts([student_id]).get(student_id, StudentContact(student_id))
            return known, queries.of_student(student_id)

        return self._core.store.read(query)

    def change(self, student_id: int, *, guardian_email: str, stopped: bool, actor: Actor) -> StudentContact:
        """Keep a guardian's address (or none), and stop messages or allow them again.

        Raises:
            ConflictError: That is no address.
            NotFoundError: There is no such student.
        """
        require(self._core.store, actor, Right.MANAGE_PEOPLE)
        address, now = guardian_email.strip(), self._core.clock.now()
        if address and not ADDRESS.fullmatch(address):
            raise ConflictError(_("“{text}” is not an e-mail address.", text=address[:60]))

        def work(repositories: Repositories) -> StudentContact:
            require_within(repositories, actor, Right.MANAGE_PEOPLE)
            student = repositories.students.get(student_id)
            if student is None:
                raise NotFoundError(_("That student does not exist any more."))
            queries = message_queries(repositories)
            before = queries.contacts([student_id]).get(student_id, StudentContact(student_id))
            since = (before.stopped_at or now) if stopped else None
            after = StudentContact(student_id, address, since)
            if after == before:
                return before
            queries.keep_contact(after)
            if after.guardian_email != before.guardian_email:
                action = "guardian.changed" if address else "guardian.removed"
                repositories.audit.add(now, actor.name, action, student.student_no)
            if (after.stopped_at is None) != (before.stopped_at is None):
                action = "messages.stopped" if stopped else "messages.allowed"
                repositories.audit.add(now, actor.name, action, student.student_no)
            return after

        return self._core.store.write(work)
