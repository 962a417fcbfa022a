"""Notices about face recognition: versioned texts that consents answer. Pure."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from kiosk.errors import ConflictError
from kiosk.translation import _

MAX_LETTERS: Final = 2500


@dataclass(frozen=True, slots=True)
class Notice:
    """What whoever answers was told.

    Attributes:
        published_at: None for the first one, which is the program's own text.
        renew_by: The first day on which answers to earlier versions are not used any more; None for the first.
    """

    version: int
    text: str
    published_at: datetime | None = None
    published_by: str = ""
    renew_by: date | None = None

    @property
    def hash(self) -> str:
        """SHA-256 (hex) of the text in UTF-8."""
        return hash_of(self.text)


def hash_of(text: str) -> str:
    """SHA-256 (hex) of a notice's text in UTF-8."""
    return hashlib.sha256(text.encode()).hexdigest()


def usable_text(text: str) -> str:
    """The text without white space at the ends of its lines. Raises ConflictError: it is empty or too long."""
    tidy = "\n".join(line.rstrip() for line in text.strip().splitlines())
    if not tidy:
        raise ConflictError(_("The notice is empty."), _("Write what students and parents are told."))
    if len(tidy) > MAX_LETTERS:
        raise ConflictError(
            _("The notice has more than {most} letters.", most=MAX_LETTERS), _("It must fit on one letter.")
        )
    if not all(letter.isprintable() or letter == "\n" for letter in tidy):
        raise ConflictError(
            _("The notice holds characters that cannot be printed."), _("Paste it as plain text.")
        )
    return tidy
