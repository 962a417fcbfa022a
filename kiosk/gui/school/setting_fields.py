"""Reads settings classes and says what each field needs on a form. Pure; any thread.

The form is generated from the class: title, description, unit, bounds, kind. So a new setting appears in the dialog by
itself, with the same words as in the documentation. The class marks its texts; here they come into the language.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Any

from annotated_types import Ge, Le
from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from kiosk.settings import said
from kiosk.translation import _
from kiosk.wording.settings import choice_title


class FieldKind(Enum):
    """Which widget a field gets."""

    SWITCH = "switch"
    WHOLE = "whole"
    DECIMAL = "decimal"
    CHOICE = "choice"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class SettingField:
    """One line of a form.

    Attributes:
        unit: Such as ``s``; empty for none.
        lowest: Smallest value of a number; None for no bound.
        highest: Largest value of a number; None for no bound.
        choices: (value, words) of an enumeration.
        value: What is set now.
    """

    name: str
    title: str
    description: str
    kind: FieldKind
    unit: str
    lowest: float | None
    highest: float | None
    choices: tuple[tuple[str, str], ...]
    value: Any


def fields_of(group: BaseModel) -> list[SettingField]:
    """The fields of a settings group, in the order of the class."""
    return [_field(name, info, getattr(group, name)) for name, info in type(group).model_fields.items()]


def problems(group: BaseModel, values: Mapping[str, Any]) -> dict[str, str]:
    """What is wrong with some values: a sentence for each field at fault; empty when all are good."""
    try:
        type(group).model_validate(dict(values))
    except ValidationError as error:
        return {str(one["loc"][0]) if one["loc"] else "": _sentence(said(one)) for one in error.errors()}
    return {}


def _field(name: str, info: FieldInfo, value: Any) -> SettingField:
    extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
    lowest = next((float(str(bound.ge)) for bound in info.metadata if isinstance(bound, Ge)), None)
    highest = next((float(str(bound.le)) for bound in info.metadata if isinstance(bound, Le)), None)
    return SettingField(
        name=name,
        title=_(info.title) if info.title else "",
        description=_(info.description) if info.description else "",
        kind=_kind(info.annotation),
        unit=_(str(extra.get("unit", ""))),
        lowest=lowest,
        highest=highest,
        choices=_choices(info.annotation),
        value=value,
    )


def _kind(annotation: Any) -> FieldKind:
    if annotation is bool:
        return FieldKind.SWITCH
    if annotation is int:
        return FieldKind.WHOLE
    if annotation is float:
        return FieldKind.DECIMAL
    return FieldKind.CHOICE if _is_enumeration(annotation) else FieldKind.TEXT


def _choices(annotation: Any) -> tuple[tuple[str, str], ...]:
    """Each value with its words."""
    if not _is_enumeration(annotation):
        return ()
    return tuple((member.value, choice_title(member)) for member in annotation)


def _is_enumeration(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, StrEnum)


def _sentence(message: str) -> str:
    return f"{message[0].upper()}{message[1:].rstrip('.')}."
