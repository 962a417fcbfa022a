"""Slow, salted hashes of passwords and PINs. Stateless; runs on the web part's pool and the store thread."""

import base64
import os

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError


class Argon2Hasher:
    """argon2id with the parameters that OWASP's password storage cheat sheet names: 19 MiB, 2 passes, 1 lane."""

    def __init__(self) -> None:
        self._argon2 = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1, hash_len=32, salt_len=16)
        self._decoy = _decoy_of(self._argon2)

    def hash(self, secret: str) -> str:
        """The encoded hash, with its parameters and a fresh salt (97 characters)."""
        return self._argon2.hash(secret)

    def verify(self, secret_hash: str | None, secret: str) -> bool:
        """Whether `secret` fits; without a hash the same work is done on one that fits nothing."""
        try:
            self._argon2.verify(self._decoy if secret_hash is None else secret_hash, secret)
        except (VerificationError, InvalidHashError, UnicodeEncodeError):
            return False
        return secret_hash is not None

    def is_outdated(self, secret_hash: str) -> bool:
        """Whether a hash was made with other parameters, or is none at all."""
        try:
            return self._argon2.check_needs_rehash(secret_hash)
        except InvalidHashError:
            return True


def _decoy_of(argon2: PasswordHasher) -> str:
    # A well-formed hash of nothing: random salt and random output, so that no secret fits.
    salt, output = (
        base64.b64encode(os.urandom(size)).decode().rstrip("=") for size in (argon2.salt_len, argon2.hash_len)
    )
    cost = f"m={argon2.memory_cost},t={argon2.time_cost},p={argon2.parallelism}"
    return f"$argon2id$v=19${cost}${salt}${output}"
