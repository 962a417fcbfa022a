"""The rotating code of a class session: HMAC over the session and a step counter.

The scheme is that of a time-based one-time password (RFC 6238) with a key of its own for each class
session. A code says ``<session>.<step>.<mac>``: the step travels in the clear so that an expired code can be
told from a forged one; the MAC covers session and step. Only the current and the previous step are valid,
so with a rotation of at most 30 s a code never lives longer than 60 s.

Steps are counted on the kiosk's monotonic clock from the start of the display, so neither a phone's wrong
clock nor a change of the kiosk's wall clock matters.
"""

import hashlib
import hmac
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

KEY_BYTES: Final = 32
MAC_CHARACTERS: Final = 16
"""Base-32 characters of the MAC: 80 bits."""

_ALPHABET: Final = "abcdefghijklmnopqrstuvwxyz234567"
_FORM: Final = re.compile(rf"([0-9]{{1,10}})\.([0-9]{{1,10}})\.([a-z2-7]{{{MAC_CHARACTERS}}})")


class CodeState(StrEnum):
    """What a presented code turned out to be."""

    VALID = "valid"
    EXPIRED = "expired"
    FORGED = "forged"


@dataclass(frozen=True, slots=True)
class PresentedCode:
    """A code as it came in, taken apart but not yet believed."""

    session_id: int
    step: int
    mac: str


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


def mint(key: bytes, session_id: int, step: int) -> str:
    """The code of one step: lower-case text that is safe in an address."""
    return f"{session_id}.{step}.{_mac(key, session_id, step)}"


def take_apart(code: str) -> PresentedCode | None:
    """Split a presented code; None where it does not even have the form of one."""
    found = _FORM.fullmatch(code)
    if found is None:
        return None
    return PresentedCode(int(found[1]), int(found[2]), found[3])


def check(presented: PresentedCode, *, key: bytes, session_id: int, current_step: int) -> CodeState:
    """Judge a code against the session that is open now, in constant time for equal shapes."""
    genuine = hmac.compare_digest(presented.mac, _mac(key, presented.session_id, presented.step))
    if not genuine or presented.session_id != session_id or presented.step > current_step:
        return CodeState.FORGED
    return CodeState.VALID if current_step - presented.step <= 1 else CodeState.EXPIRED


def _mac(key: bytes, session_id: int, step: int) -> str:
    message = b"attendance-code-v1" + session_id.to_bytes(8, "big") + step.to_bytes(8, "big")
    digest = hmac.new(key, message, hashlib.sha256).digest()
    bits = int.from_bytes(digest, "big")
    return "".join(_ALPHABET[bits >> (256 - 5 * (place + 1)) & 31] for place in range(MAC_CHARACTERS))
