"""One-time codes of letters about consent: twelve characters in groups of four, about 55 bits. Pure."""

import secrets
from typing import Final

ALPHABET: Final = "ACDEFGHJKMNPQRTVWXY34679"
"""No two that look alike."""

LENGTH: Final = 12
"""24^12 codes: with 2,000 letters out, a hit in a thousand takes more than ten thousand million tries."""

GROUP: Final = 4


def new_code() -> str:
    """A code as it is printed, such as ``ACDE-FGHJ-KMNP``."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return "-".join(letters[place : place + GROUP] for place in range(0, LENGTH, GROUP))


def tidy_code(text: str) -> str | None:
    """A typed code in upper case, without spaces and hyphens; None where it has not the form of one."""
    if not text.isascii():
        return None
    tidied = "".join(text[:64].split()).replace("-", "").upper()
    return tidied if len(tidied) == LENGTH and set(tidied) <= set(ALPHABET) else None
