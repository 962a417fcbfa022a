"""Who may do what: the one table that services, screens and the command line ask."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self, assert_never

from kiosk.domain.people.staff import Role, User
from kiosk.errors import ForbiddenError
from kiosk.translation import N_, _


class Right(StrEnum):
    """Something that people need leave for; the value says that one has it not."""

    OWN_ACCOUNT = N_("Only an admin may change their own password.")
    TAKE = N_("Only an admin may hold classes.")
    CORRECT = N_("Only an admin may change attendance by hand.")
    LEARN_FACE = N_("Only an admin may keep a face from the class.")
    SEE_RECORDS = N_("Only an admin may see the records.")
    EXPORT = N_("Only teachers and admins may export records.")
    ENROL = N_("Only an admin may enrol faces and record consent.")
    DELETE_FACES = N_("Only an admin may delete faces.")
    MANAGE_PEOPLE = N_("Only an admin may manage students and their PINs.")
    MANAGE_COURSES = N_("Only an admin may manage courses and who is in them.")
    ADMINISTER = N_("Only an admin may administer the kiosk.")


def rights_of(role: Role) -> frozenset[Right]:
    """The table."""
    match role:
        case Role.TEACHER:
            return frozenset(
                {
                    Right.OWN_ACCOUNT,
                    Right.TAKE,
                    Right.CORRECT,
                    Right.LEARN_FACE,
                    Right.SEE_RECORDS,
                    Right.EXPORT,
                }
            )
        case Role.ADMIN:
            return frozenset(Right)
        case _:
            assert_never(role)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, and what they may do.

    Attributes:
        name: As it is audited.
        rights: When the actor was made; of an account, services look at its present state.
        user_id: The account of somebody who signed in; None for anybody else.
    """

    name: str
    rights: frozenset[Right]
    user_id: int | None = None

    @classmethod
    def of(cls, user: User) -> Self:
        """Somebody who signed in; a closed account may do nothing."""
        return cls(user.name, rights_of(user.role) if user.active else frozenset(), user.user_id)

    @classmethod
    def local(cls, os_user: str) -> Self:
        """The command line: who may read the data directory may use it."""
        return cls.system(f"local:{os_user}")

    @classmethod
    def system(cls, name: str) -> Self:
        """The kiosk by itself, under the name of the part that acts."""
        return cls(name, frozenset(Right))

    def may(self, right: Right) -> bool:
        """Whether the actor has the right."""
        return right in self.rights

    def require(self, right: Right) -> None:
        """Refuse what the actor may not do. Raises ForbiddenError: the actor does not have the right."""
        if self.may(right):
            return
        if not self.name:
            raise ForbiddenError(_("Nobody is signed in."), _("Please sign in again."))
        if not self.rights:
            raise ForbiddenError(
                _("The account {name} is closed.", name=self.name), _("An admin can open it again.")
            )
        raise ForbiddenError(_(right.value), _("Ask an admin."))


NOBODY: Final = Actor("", frozenset())
"""While nobody is signed in."""
