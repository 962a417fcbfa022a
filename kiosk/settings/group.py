"""What all groups of settings have in common. Pure; any thread."""

from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from kiosk.errors import SettingsError
from kiosk.settings.about import Subject
from kiosk.translation import _, ngettext


class SettingsGroup(BaseModel):
    """Frozen and typed; an unknown name is an error.

    Attributes:
        subject: Of the fields that say no other one.
    """

    subject: ClassVar[Subject] = Subject.SCHOOL

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
        message = said(problem)
        sentences.append(f"{name}: {message[0].lower()}{message[1:]}.")
    return " ".join(sentences)


def said(problem: ErrorDetails) -> str:
    """What is wrong with one value, without a full stop; what pydantic alone says is looked up as it stands."""
    bounds = problem.get("ctx", {})
    match problem["type"]:
        case "greater_than_equal":
            return _("Input should be greater than or equal to {ge:g}", ge=bounds["ge"])
        case "less_than_equal":
            return _("Input should be less than or equal to {le:g}", le=bounds["le"])
        case "string_too_long":
            most = int(bounds["max_length"])
            return ngettext(
                "String should have at most {most} character",
                "String should have at most {most} characters",
                most,
                most=most,
            )
        case "extra_forbidden":
            return _("Extra inputs are not permitted")
        case "enum":
            return _("Input should be {expected}", expected=bounds["expected"])
        case "value_error":
            return problem["msg"].removeprefix("Value error, ").strip()
        case _:
            return _(problem["msg"])
