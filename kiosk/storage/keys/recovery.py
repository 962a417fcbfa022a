"""The recovery passphrase: a second way to the school key when its file is lost. Pure; any thread.

The passphrase has 30 characters of Crockford's base 32 (150 random bits) in six groups, so no search finds
it; argon2id in front makes each guess cost 64 MiB on top. It is shown once and never stored. What is stored
is the school key sealed with a key from the passphrase; without the passphrase that says nothing.
"""

import base64
import json
import os
import secrets
from typing import Final

from argon2.low_level import Type, hash_secret_raw

from kiosk.errors import SignInError, StorageError
from kiosk.storage.keys.sealing import KEY_BYTES, context, seal, unseal
from kiosk.translation import _

GROUPS: Final = 6
GROUP_CHARACTERS: Final = 5

_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD: Final = str.maketrans("OIL", "011")
_BOUND_TO: Final = context("recovery", 1)
_TIME_COST: Final = 3
_MEMORY_KIB: Final = 65536


def new_passphrase() -> str:
    """Six groups of five characters, such as ``7QX2M-…``; letters that look like digits do not occur."""
    groups = (
        "".join(secrets.choice(_ALPHABET) for _unused in range(GROUP_CHARACTERS))
        for _unused2 in range(GROUPS)
    )
    return "-".join(groups)


def lock_away(school_key: bytes, passphrase: str) -> bytes:
    """JSON that gives `school_key` back to whoever has the passphrase."""
    salt = os.urandom(16)
    sealed = seal(_stretched(passphrase, salt, _TIME_COST, _MEMORY_KIB), school_key, bound_to=_BOUND_TO)
    fields = {
        "format": 1,
        "kdf": "argon2id",
        "time_cost": _TIME_COST,
        "memory_kib": _MEMORY_KIB,
        "salt": base64.b64encode(salt).decode(),
        "sealed_school_key": base64.b64encode(sealed).decode(),
    }
    return json.dumps(fields, indent=2).encode()


def bring_back(locked_away: bytes, passphrase: str) -> bytes:
    """The school key (32 bytes); case, spaces and dashes of the passphrase do not matter.

    Raises:
        SignInError: The passphrase is wrong.
        StorageError: The recovery file is damaged.
    """
    try:
        fields = json.loads(locked_away)
        salt = base64.b64decode(fields["salt"], validate=True)
        sealed = base64.b64decode(fields["sealed_school_key"], validate=True)
        costs = int(fields["time_cost"]), min(int(fields["memory_kib"]), 4 * _MEMORY_KIB)
    except (ValueError, KeyError, TypeError):
        raise StorageError(
            _("The recovery file is damaged."), _("Take keys/recovery.json from a backup.")
        ) from None
    try:
        school_key = unseal(_stretched(passphrase, salt, *costs), sealed, bound_to=_BOUND_TO)
    except StorageError:
        raise SignInError(
            _("This recovery passphrase does not fit."),
            _(
                "It has {groups} groups of {group_characters} characters; check each of them.",
                groups=GROUPS,
                group_characters=GROUP_CHARACTERS,
            ),
        ) from None
    if len(school_key) != KEY_BYTES:
        raise StorageError(_("The recovery file is damaged."), _("Take keys/recovery.json from a backup."))
    return school_key


def _stretched(passphrase: str, salt: bytes, time_cost: int, memory_kib: int) -> bytes:
    plain = "".join(letter for letter in passphrase.upper() if letter.isalnum()).translate(_MISREAD)
    return hash_secret_raw(
        plain.encode(),
        salt,
        time_cost=time_cost,
        memory_cost=memory_kib,
        parallelism=1,
        hash_len=KEY_BYTES,
        type=Type.ID,
    )
