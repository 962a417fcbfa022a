"""What all groups of settings have in common. Pure; any thread."""

from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from kiosk.errors import SettingsError
from kiosk.translation import _


class SettingsGroup(BaseModel):
    """Frozen and typed; an unknown name is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def validated(group: BaseModel, **changes: Any) -> BaseModel:
    """A copy of a settings group with some values changed.

    Raises:
        SettingsError: A value is out of bounds; the hint names it.
    """
    try:
        return type(group).model_validate(group.model_dump() | changes)
    except ValidationError as error:
        raise SettingsError(_("That value cannot be used."), explain(error)) from error


def explain(error: ValidationError) -> str:
    """Which settings are wrong, and how, in words."""
    sentences = []
    for problem in error.errors():
        name = ".".join(str(part) for part in problem["loc"])
        message = problem["msg"].removeprefix("Value error, ")
        sentences.append(f"{name}: {message[0].lower()}{message[1:]}.")
    return " ".join(sentences)
