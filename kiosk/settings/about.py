"""What a settings class says about its fields beside bounds and words: the subject, the unit, whom it is for. Pure."""

from enum import StrEnum
from typing import Any

from pydantic.fields import FieldInfo


class Subject(StrEnum):
    """What a setting is about, as a school thinks of it; in the order in which they are offered."""

    SCHOOL = "school"
    LISTS = "lists"
    PHONES = "phones"
    CAMERA = "camera"
    PRIVACY = "privacy"
    BACKUPS = "backups"
    USERS = "users"
    LOOK = "look"


def about(
    subject: Subject | None = None, *, unit: str = "", advanced: bool = False, also: str = ""
) -> dict[str, Any]:
    """The `json_schema_extra` of a field.

    Args:
        subject: Where it is shown; None: with the rest of its class.
        unit: Such as ``s``.
        advanced: Whether it is folded away with what only few schools touch.
        also: Words by which people look for it that stand in neither title nor description.
    """
    said: dict[str, Any] = {"unit": unit, "advanced": advanced, "also": also}
    return said if subject is None else said | {"subject": subject.value}


def said_about(info: FieldInfo) -> dict[str, Any]:
    """What a field's class says of it; nothing where it says nothing."""
    return info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
