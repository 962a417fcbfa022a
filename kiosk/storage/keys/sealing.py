"""AES-256-GCM with bound context, and keys derived for one purpose each. Pure; any thread.

A sealed value is ``nonce (12 bytes) || ciphertext || tag (16 bytes)``; nonces are random (NIST SP 800-38D,
8.2.2: a key may seal 2**32 values so; a student's has tens). What a value belongs to goes in as associated
data, so that a ciphertext moved to another row no longer opens.
"""

import os
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from kiosk.errors import StorageError
from kiosk.translation import _

KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12


def new_key() -> bytes:
    """32 random bytes from the operating system."""
    return os.urandom(KEY_BYTES)


def derive(key: bytes, purpose: str) -> bytes:
    """A 32-byte key for one purpose (HKDF-SHA256, RFC 5869), so that no key does two jobs."""
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=b"kiosk " + purpose.encode()).derive(
        key
    )


def context(kind: str, *parts: int | str) -> bytes:
    """Associated data of a value: what it is and where it belongs; parts are length-prefixed."""
    fields = [kind, *(str(part) for part in parts)]
    return b"".join(len(raw).to_bytes(4, "big") + raw for raw in (text.encode() for text in fields))


def seal(key: bytes, plain: bytes, *, bound_to: bytes) -> bytes:
    """Encrypt and authenticate `plain` together with its context."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, bound_to)


def unseal(key: bytes, sealed: bytes, *, bound_to: bytes) -> bytes:
    """The plain bytes of a sealed value.

    Raises:
        StorageError: Another key, another context, or changed bytes.
    """
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], bound_to)
    except (InvalidTag, ValueError):
        raise StorageError(
            _("An encrypted entry in the database was changed or belongs to another key."),
            _("Restore the newest backup, or enrol the student's face again."),
        ) from None
