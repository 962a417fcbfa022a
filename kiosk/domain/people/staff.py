"""Those who run the school: teachers and administrators."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a signed-in person may do."""

    TEACHER = "teacher"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class User:
    """A teacher or an admin who signs in at the kiosk."""

    user_id: int
    name: str
    role: Role
    active: bool = True
