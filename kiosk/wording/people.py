"""Who signs in. Pure; any thread."""

from typing import assert_never

from kiosk.domain.people.staff import Role
from kiosk.translation import _


def role_title(role: Role) -> str:
    """What an account may do, alone."""
    match role:
        case Role.TEACHER:
            return _("Teacher")
        case Role.ADMIN:
            return _("Admin")
        case _:
            assert_never(role)
