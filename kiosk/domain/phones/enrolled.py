"""A phone that a teacher enrolled for one student at the kiosk. Pure.

The phone keeps a random secret in a cookie; the kiosk keeps its digest, so that whoever reads the database has no phone, and a
phone that is removed counts no more. Where phones come by HTTPS, one that can has a key in its hardware besides.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from kiosk.domain.phones.phone_key import PhoneKey

MOST_PHONES: Final = 3
"""So many may be enrolled for one student: an old one, a new one, a tablet."""

_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{43}")

_KINDS: Final = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "Chromebook"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True, slots=True)
class EnrolledPhone:
    """One phone of one student.

    Attributes:
        kind: What the browser said it runs on (`kind_of`), to tell a student's phones apart; empty when it did not say.
        enrolled_at: Aware UTC.
        enrolled_by: Who showed the code for it.
        key: What it must sign with to count; None for one that is known by its cookie alone.
    """

    phone_id: int
    student_id: int
    kind: str
    enrolled_at: datetime
    enrolled_by: str
    key: PhoneKey | None = None


def digest_of(secret: str) -> str | None:
    """What is kept of a phone's secret (64 hexadecimal digits); None for what cannot be one.

    A plain SHA-256: nobody can try 256 random bits.
    """
    return hashlib.sha256(secret.encode()).hexdigest() if _SECRET.fullmatch(secret) else None


def kind_of(agent: str) -> str:
    """What a browser says it runs on, as a proper name; empty when it does not say."""
    return next((kind for mark, kind in _KINDS if mark in agent), "")
