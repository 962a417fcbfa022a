"""Terms and holidays of a school: spans of days, the last one included."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from kiosk.errors import ConflictError
from kiosk.translation import _

NAME_LENGTH: Final = 64


@dataclass(frozen=True, slots=True)
class Span:
    """A named span of days, the last one included."""

    name: str
    first_day: date
    last_day: date

    def covers(self, day: date) -> bool:
        """Whether a day lies in it."""
        return self.first_day <= day <= self.last_day

    def checked(self) -> "Span":
        """Itself. Raises ConflictError: it has no name, or ends before it begins."""
        if not 1 <= len(self.name) <= NAME_LENGTH:
            raise ConflictError(
                _("A name must have 1 to {most} characters.", most=NAME_LENGTH),
                _("Please choose another name."),
            )
        if self.last_day < self.first_day:
            raise ConflictError(
                _("“{name}” would end before it begins.", name=self.name),
                _("Choose a last day that is not before the first."),
            )
        return self


@dataclass(frozen=True, slots=True)
class Term:
    """A term of the school; a course that belongs to one meets each week only in it."""

    term_id: int
    span: Span

    @property
    def name(self) -> str:
        return self.span.name


@dataclass(frozen=True, slots=True)
class Holiday:
    """Days on which no course of the school meets."""

    holiday_id: int
    span: Span

    @property
    def name(self) -> str:
        return self.span.name
