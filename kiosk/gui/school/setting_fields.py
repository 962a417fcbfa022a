"""Reads settings classes and says what each field needs on a form. Pure; any thread.

The form is generated from the class: title, description, unit, bounds, kind. So a new setting appears in the dialog by
itself, with the same words as in the documentation. The class marks its texts; here they come into the language.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Any
from unicodedata import combining, normalize

from annotated_types import Ge, Le
from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from kiosk.settings import Subject, said, said_about
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
        subject: What it is about.
        advanced: Whether it is folded away.
        also: Words by which people look for it, beside title and description.
        unit: Such as ``s``; empty for none.
        lowest: Smallest value of a number; None for no bound.
        highest: Largest value of a number; None for no bound.
        choices: (value, words) of an enumeration.
        value: What is set now.
        default: What is set where nobody changed it.
    """

    name: str
    subject: Subject
    advanced: bool
    also: str
    title: str
    description: str
    kind: FieldKind
    unit: str
    lowest: float | None
    highest: float | None
    choices: tuple[tuple[str, str], ...]
    value: Any
    default: Any

    def said(self, value: Any) -> str:
        """A value of this field in words."""
        match self.kind:
            case FieldKind.SWITCH:
                return _("On") if value else _("Off")
            case FieldKind.WHOLE | FieldKind.DECIMAL:
                return f"{value:g} {self.unit}".strip()
            case FieldKind.CHOICE:
                return dict(self.choices).get(str(value), str(value))
            case FieldKind.TEXT:
                return str(value) or _("empty")

    @property
    def words(self) -> str:
        """All by which it can be found."""
        return " ".join((self.title, self.description, self.also, *(words for _value, words in self.choices)))


def fields_of(group: BaseModel) -> list[SettingField]:
    """The fields of a settings group, in the order of the class."""
    usual = getattr(group, "subject", Subject.SCHOOL)
    return [
        _field(name, info, getattr(group, name), usual) for name, info in type(group).model_fields.items()
    ]


def problems(group: BaseModel, values: Mapping[str, Any]) -> dict[str, str]:
    """What is wrong with some values: a sentence for each field at fault; empty when all are good."""
    try:
        type(group).model_validate(dict(values))
    except ValidationError as error:
        return {str(one["loc"][0]) if one["loc"] else "": _sentence(said(one)) for one in error.errors()}
    return {}


def is_found(asked: str, *texts: str) -> bool:
    """Whether each word that was typed begins a word of the texts, whatever its case and accents."""
    words = _folded(" ".join(texts)).replace("-", " ").split()
    return all(
        any(word.startswith(one) for word in words) for one in _folded(asked).replace("-", " ").split()
    )


def _folded(text: str) -> str:
    plain = "".join(letter for letter in normalize("NFKD", text.casefold()) if not combining(letter))
    return "".join(letter if letter.isalnum() else " " for letter in plain)


def _field(name: str, info: FieldInfo, value: Any, usual: Subject) -> SettingField:
    extra = said_about(info)
    lowest = next((float(str(bound.ge)) for bound in info.metadata if isinstance(bound, Ge)), None)
    highest = next((float(str(bound.le)) for bound in info.metadata if isinstance(bound, Le)), None)
    return SettingField(
        name=name,
        subject=Subject(extra.get("subject", usual)),
        advanced=bool(extra.get("advanced", False)),
        also=_(str(extra["also"])) if extra.get("also") else "",
        title=_(info.title) if info.title else "",
        description=_(info.description) if info.description else "",
        kind=_kind(info.annotation),
        unit=_(str(extra["unit"])) if extra.get("unit") else "",
        lowest=lowest,
        highest=highest,
        choices=_choices(info.annotation),
        value=value,
        default=info.get_default(call_default_factory=True),
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
