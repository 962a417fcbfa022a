"""Slow, salted hashes of passwords and PINs. Runs on the threads of whoever signs in, a few at a time."""

import base64
import hmac
import os
import threading
from hashlib import sha256
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

AT_ONCE: Final = 2
"""Each hash takes 19 MiB of memory and a core; more at once would take them from recognition and be no faster."""


PEPPERED: Final = "hmac1:"
"""Stands before hashes of HMAC-SHA256 of a secret under the school's pepper."""


class Argon2Hasher:
    """argon2id with the parameters that OWASP's password storage cheat sheet names: 19 MiB, 2 passes, 1 lane."""

    def __init__(self, pepper: bytes) -> None:
        """`pepper` is a key of the school that the database does not hold: without it a hash can be tried against nothing."""
        self._pepper = pepper
        self._free = threading.BoundedSemaphore(AT_ONCE)
        self._argon2 = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1, hash_len=32, salt_len=16)
        self._decoy = _decoy_of(self._argon2)

    def hash(self, secret: str) -> str:
        """The encoded hash, with its parameters and a fresh salt (103 characters)."""
        with self._free:
            return PEPPERED + self._argon2.hash(self._keyed(secret))

    def verify(self, secret_hash: str | None, secret: str) -> bool:
        """Whether `secret` fits; without a hash the same work is done on one that fits nothing.

        Hashes of earlier versions, without a pepper, are good still, and outdated.
        """
        known = self._decoy if secret_hash is None else secret_hash
        try:
            with self._free:
                if known.startswith(PEPPERED):
                    self._argon2.verify(known.removeprefix(PEPPERED), self._keyed(secret))
                else:
                    self._argon2.verify(known, secret)
        except (VerificationError, InvalidHashError, UnicodeEncodeError):
            return False
        return secret_hash is not None

    def is_outdated(self, secret_hash: str) -> bool:
        """Whether a hash was made with other parameters or without the pepper, or is none at all."""
        if not secret_hash.startswith(PEPPERED):
            return True
        try:
            return self._argon2.check_needs_rehash(secret_hash.removeprefix(PEPPERED))
        except InvalidHashError:
            return True

    def _keyed(self, secret: str) -> bytes:
        return hmac.new(self._pepper, secret.encode(), sha256).digest()


def _decoy_of(argon2: PasswordHasher) -> str:
    # A well-formed hash of nothing: random salt and random output, so that no secret fits.
    salt, output = (
        base64.b64encode(os.urandom(size)).decode().rstrip("=") for size in (argon2.salt_len, argon2.hash_len)
    )
    cost = f"m={argon2.memory_cost},t={argon2.time_cost},p={argon2.parallelism}"
    return f"{PEPPERED}$argon2id$v=19${cost}${salt}${output}"
