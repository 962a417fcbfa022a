"""Those who attend, and how their numbers and names are written."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

STUDENT_NO: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,31}")
"""A student number: 1 to 32 letters, digits, dots, dashes, underscores or slashes."""

JOINERS: Final = frozenset("\u200c\u200d")
"""Zero-width non-joiner and joiner: ordinary spelling in Persian, Sinhala and Malayalam, and left out when names are compared."""


@dataclass(frozen=True, slots=True)
class Student:
    """Somebody who can be marked.

    Attributes:
        student_id: Key in the store.
        student_no: The school's own number, unique; compared without regard to case.
        full_name: As the roster writes it.
        email: Optional.
        family_name: As somebody wrote it down; empty: as `kiosk.domain.people.names` takes it from the full name.
        called: What the screen in the room greets with; empty: the full name.
        system_id: What the school's own system knows the student by, as its lists say; stays when number and name change.
    """

    student_id: int
    student_no: str
    full_name: str
    email: str | None = None
    family_name: str = ""
    called: str = ""
    system_id: str = ""

    @property
    def shown_name(self) -> str:
        """The name on the screen that everybody in the room reads."""
        return self.called or self.full_name


def clean_text(text: str) -> str:
    """Fold white space and compose accents (NFC), so that one name has one spelling."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def fold(text: str) -> str:
    """The form in which names and numbers are compared and searched: no case, no accents."""
    decomposed = unicodedata.normalize("NFKD", clean_text(text).casefold())
    return "".join(
        letter for letter in decomposed if not unicodedata.combining(letter) and letter not in JOINERS
    )
