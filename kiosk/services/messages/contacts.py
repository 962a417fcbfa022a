"""A guardian's address, whether messages are wanted, and what one student's people were sent."""

from kiosk.domain.messages.mail import ADDRESS, SentMessage, StudentContact
from kiosk.domain.trust.rights import Actor, Right
from kiosk.errors import ConflictError, ForbiddenError
from kiosk.services.core import Core
from kiosk.services.courses.own_courses import require_student
from kiosk.services.messages.messages_store import message_queries
from kiosk.services.trust.rights import require, require_within
from kiosk.settings import SchoolRules
from kiosk.storage.store import Repositories
from kiosk.translation import _


def sees_contacts(repositories: Repositories, actor: Actor) -> bool:
    """Whether an actor is shown addresses of the students that he or she reaches."""
    rules = SchoolRules.from_texts(repositories.school_settings.all())
    return actor.may(Right.MANAGE_PEOPLE) or rules.teachers_see_contacts


class ContactChangedError(ConflictError):
    """Somebody else changed it meanwhile; `now` is what they made of it, and nothing of that is lost."""

    def __init__(self, now: StudentContact) -> None:
        super().__init__(
            _("Somebody else changed address or stop while you did."),
            _(
                "There is now: {address}, {stop}.",
                address=now.guardian_email or _("no address"),
                stop=_("no messages") if now.stopped_at is not None else _("messages may be sent"),
            ),
        )
        self.now = now


class Contacts:
    """Reads and changes them."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def of_student(self, student_id: int, *, actor: Actor) -> tuple[StudentContact, list[SentMessage]]:
        """What is known of a student, and the messages, newest first.

        Raises:
            ForbiddenError: The student is in none of the actor's courses, or the school shows addresses to admins alone.
        """
        require(self._core.store, actor, Right.SEE_RECORDS)

        def query(repositories: Repositories) -> tuple[StudentContact, list[SentMessage]]:
            require_student(repositories, actor, student_id)
            if not sees_contacts(repositories, actor):
                raise ForbiddenError(_("This school shows addresses to admins alone."), _("Ask an admin."))
            queries = message_queries(repositories)
            known = queries.contacts([student_id]).get(student_id, StudentContact(student_id))
            return known, queries.of_student(student_id)

        return self._core.store.read(query)

    def change(
        self, before: StudentContact, *, guardian_email: str, stopped: bool, actor: Actor
    ) -> StudentContact:
        """Keep a guardian's address (or none), and stop messages or allow them again.

        Args:
            before: What the form showed at first.
            guardian_email: What stands there now.
            stopped: Whether no messages are wanted.
            actor: Who changes it.

        Raises:
            ContactChangedError: It is not what `before` says any more.
            ConflictError: That is no address.
            NotFoundError: There is no such student (any more).
        """
        require(self._core.store, actor, Right.MANAGE_PEOPLE)
        address, now = guardian_email.strip(), self._core.clock.now()
        student_id = before.student_id
        if address and not ADDRESS.fullmatch(address):
            raise ConflictError(_("“{text}” is not an e-mail address.", text=address[:60]))

        def work(repositories: Repositories) -> StudentContact:
            require_within(repositories, actor, Right.MANAGE_PEOPLE)
            student = repositories.students.present(student_id)
            queries = message_queries(repositories)
            known = queries.contacts([student_id]).get(student_id, StudentContact(student_id))
            after = StudentContact(student_id, address, (known.stopped_at or now) if stopped else None)
            if after == known:
                return known
            if known != before:
                raise ContactChangedError(known)
            queries.keep_contact(after)
            if after.guardian_email != known.guardian_email:
                action = "guardian.changed" if address else "guardian.removed"
                repositories.audit.add(now, actor.name, action, student.student_no)
            if (after.stopped_at is None) != (known.stopped_at is None):
                action = "messages.stopped" if stopped else "messages.allowed"
                repositories.audit.add(now, actor.name, action, student.student_no)
            return after

        return self._core.store.write(work)
