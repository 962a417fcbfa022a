"""Personal QR passes: what a signed-in student's phone shows to the kiosk's camera. Pure.

A pass is ``PASS1:``, a handle and a MAC, all in characters that QR codes hold in 5.5 bits each, so that it fits version 2
with error correction M (25 modules a side) and stays large on the phone. The handle stands for one student on one phone in
one showing of a class session; it is an HMAC, so a pass that is photographed tells neither a name nor a number. The MAC
binds it to a step on the kiosk's monotonic clock, and only the current and the previous step are good.

Both are made with the key of the session's rotating codes (`kiosk.services.attendance.running_class`), each under a label of its own, so that
a pass is never a code and dies with the class: nothing is kept that could be stolen, and nothing has to be revoked.
"""

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass
from typing import Final, Self

from kiosk.domain.phones.codes import REMEMBERED_STEPS, CodeState, Rotation

PREFIX: Final = "PASS1:"
"""Tells a pass from everything else that is held up, the kiosk's own code among them."""

HANDLE_CHARACTERS: Final = 10
"""50 bits: among 1,000 phones two share a handle with a chance of 5 in 10,000,000,000."""

MAC_CHARACTERS: Final = 12
"""60 bits: the camera tries some ten a second, so nobody guesses one."""

ROTATION: Final = Rotation(20)
"""A photographed pass is worthless after 40 s at the latest."""

_FORM: Final = re.compile(rf"{PREFIX}([A-Z2-7]{{{HANDLE_CHARACTERS}}})([A-Z2-7]{{{MAC_CHARACTERS}}})")


def handle_of(key: bytes, *, session_id: int, student_id: int, device: str) -> str:
    """What a student's phone is called in the passes of one showing of a session."""
    numbers = session_id.to_bytes(8, "big") + student_id.to_bytes(8, "big")
    return _digest(key, b"attendance-pass-handle-v1" + numbers + device.encode(), HANDLE_CHARACTERS)


def mint(key: bytes, handle: str, step: int) -> str:
    """The text of a pass."""
    return PREFIX + handle + _mac(key, handle, step)


@dataclass(frozen=True, slots=True)
class PresentedPass:
    """A text that has the form of a pass; nothing is known about it yet."""

    handle: str
    mac: str

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """A pass from what a code says; None for every other text."""
        found = _FORM.fullmatch(text)
        return None if found is None else cls(found[1], found[2])

    def step(self, key: bytes, current_step: int) -> int | None:
        """The step that it was made for, up to `REMEMBERED_STEPS` back; None when the kiosk did not make it.

        How long this takes tells which step matched, and nothing about a MAC.
        """
        for step in range(current_step, max(-1, current_step - REMEMBERED_STEPS - 1), -1):
            if hmac.compare_digest(self.mac, _mac(key, self.handle, step)):
                return step
        return None


def state_of(step: int | None, current_step: int) -> CodeState:
    """What a pass of that step is worth now."""
    if step is None:
        return CodeState.FORGED
    return CodeState.VALID if current_step - step in {0, 1} else CodeState.EXPIRED


def _mac(key: bytes, handle: str, step: int) -> str:
    message = b"attendance-pass-v1" + handle.encode() + step.to_bytes(8, "big")
    return _digest(key, message, MAC_CHARACTERS)


def _digest(key: bytes, message: bytes, characters: int) -> str:
    """RFC 4648's base 32 of an HMAC, cut."""
    return base64.b32encode(hmac.digest(key, message, hashlib.sha256)).decode()[:characters]
