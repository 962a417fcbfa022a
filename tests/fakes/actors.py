"""People who act in tests and have no account, so that nothing is read of them."""

from kiosk.domain.people.staff import Role
from kiosk.domain.trust.rights import Actor, rights_of


def admin(name: str = "Ada") -> Actor:
    """Somebody with an admin's rights."""
    return Actor(name, rights_of(Role.ADMIN))


def teacher(name: str = "Tom") -> Actor:
    """Somebody with a teacher's rights."""
    return Actor(name, rights_of(Role.TEACHER))
