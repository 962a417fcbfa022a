"""The rotating codes of a class session, one to scan and one to type: HMAC over the session and a step counter.

The scheme is that of a time-based one-time password (RFC 6238) with a key of its own for each showing of a class
session. A code is the MAC alone, cut to a few characters, so that the QR code stays small. Only the current and the
previous step are valid, so with a rotation of at most 30 s a code never lives longer than 60 s; the codes of earlier
steps are computed again to tell an expired code from a forged one.

Steps are counted on the kiosk's monotonic clock from the start of the display, so neither a phone's wrong
clock nor a change of the kiosk's wall clock matters.

How short a code may be. A key of 256 bits cannot be found from its codes, so a code can only be guessed, and only by
asking the kiosk. The scanned code has 40 bits: 2,000 guesses a second through a class of four hours hit one of the two
valid codes with a chance of 5 in 100,000. That is what lets ``HTTP://192.168.100.100:8080/S/`` and the code (38
characters) fit QR version 2 with error correction M. The typed code has 24^6 values (27.5 bits) and is therefore
limited in tries: see `kiosk.services.phones.typed_code`.
"""

import hashlib
import hmac
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

KEY_BYTES: Final = 32

REMEMBERED_STEPS: Final = 120
"""How far back an expired code is told from a forged one: 10 min to an hour. Bounds the work for a forged one."""


class CodeState(StrEnum):
    """What a presented code turned out to be."""

    VALID = "valid"
    EXPIRED = "expired"
    FORGED = "forged"


@dataclass(frozen=True, slots=True)
class Rotation:
    """When codes change.

    Attributes:
        period_s: Seconds that a code is shown, 5 to 30. Lowering it leaves less time to pass a code on
            and less time to scan it.
    """

    period_s: float

    def __post_init__(self) -> None:
        """Refuse periods that would let a code live for over 60 s.

        Raises:
            ValueError: The period lies outside 5 to 30 s.
        """
        if not 5 <= self.period_s <= 30:
            raise ValueError(f"a code must rotate every 5 to 30 s, not {self.period_s}")

    def step(self, elapsed_s: float) -> int:
        """Number of the step that is shown `elapsed_s` seconds after the display began."""
        return int(elapsed_s // self.period_s)

    def remaining_s(self, elapsed_s: float) -> float:
        """Seconds until the shown code changes."""
        return self.period_s - elapsed_s % self.period_s


@dataclass(frozen=True, slots=True)
class CodeForm:
    """One way to write a code.

    Attributes:
        label: What keeps the codes of one form from being codes of another.
        alphabet: Its characters, upper case.
        length: Characters of a code.
    """

    label: bytes
    alphabet: str
    length: int

    @property
    def values(self) -> int:
        """How many different codes there are."""
        number: int = len(self.alphabet) ** self.length
        return number

    def mint(self, key: bytes, session_id: int, step: int) -> str:
        """The code of one step."""
        message = self.label + session_id.to_bytes(8, "big") + step.to_bytes(8, "big")
        # 256 bits cut to 40 or fewer: no character is likelier than another by more than 2**-200.
        digest: bytes = hmac.digest(key, message, hashlib.sha256)
        number = int.from_bytes(digest, "big")
        characters = []
        for _ in range(self.length):
            characters.append(self.alphabet[number % len(self.alphabet)])
            number //= len(self.alphabet)
        return "".join(characters)

    def tidy(self, text: str) -> str | None:
        """A presented code in upper case, without spaces and hyphens; None where it has not the form of one."""
        tidied = text[:64].replace(" ", "").replace("-", "").upper()
        # Upper case makes plain letters of a few others, such as the dotless i.
        has_form = (
            text.isascii()
            and len(tidied) == self.length
            and all(character in self.alphabet for character in tidied)
        )
        return tidied if has_form else None

    def judge(self, code: str, *, key: bytes, session_id: int, current_step: int) -> CodeState:
        """Judge a tidied code against the session that is open now.

        Which of the valid codes it resembles cannot be told from the time this takes; expired ones are no secret.
        """
        presented = code.encode()
        valid = False
        for step in (current_step, current_step - 1):
            same = step >= 0 and hmac.compare_digest(presented, self.mint(key, session_id, step).encode())
            valid = valid or same
        if valid:
            return CodeState.VALID
        oldest = max(0, current_step - REMEMBERED_STEPS)
        steps = range(oldest, max(oldest, current_step - 1))
        expired = any(self.mint(key, session_id, step) == code for step in steps)
        return CodeState.EXPIRED if expired else CodeState.FORGED


SCANNED: Final = CodeForm(b"attendance-code-v2", "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 8)
"""In the QR code: RFC 4648's base 32, which QR codes hold in their alphanumeric mode (5.5 bits a character)."""

TYPED: Final = CodeForm(b"attendance-typed-code-v1", "ACDEFGHJKMNPQRTVWXY34679", 6)
"""To type by hand: nothing that looks like another (0 O, 1 I L, 2 Z, 5 S, 8 B, U V)."""
