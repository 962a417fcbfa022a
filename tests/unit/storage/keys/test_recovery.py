import json
import re

import pytest

from kiosk.errors import SignInError, StorageError
from kiosk.storage.keys.recovery import bring_back, lock_away, new_passphrase

KEY = bytes(range(32))


@pytest.fixture(scope="module")
def passphrase() -> str:
    return new_passphrase()


@pytest.fixture(scope="module")
def locked_away(passphrase: str) -> bytes:
    return lock_away(KEY, passphrase)


def test_a_passphrase_has_six_groups_without_letters_that_look_like_digits() -> None:
    found = {new_passphrase() for _ in range(50)}
    assert len(found) == 50
    assert all(re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{5}(-[0-9A-HJKMNP-TV-Z]{5}){5}", one) for one in found)


def test_the_passphrase_gives_the_key_back(passphrase: str, locked_away: bytes) -> None:
    assert bring_back(locked_away, passphrase) == KEY


def test_case_spaces_and_misread_letters_do_not_matter() -> None:
    locked_away = lock_away(KEY, "01A0B-1C1D1-22222-33333-44444-55555")
    assert bring_back(locked_away, " oiaob lclds".replace("s", "i") + "22222 33333 4444455555") == KEY


def test_a_wrong_passphrase_is_said_in_words(locked_away: bytes) -> None:
    with pytest.raises(SignInError, match="does not fit"):
        bring_back(locked_away, new_passphrase())


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b'{"salt": 1}', b"\xff\xfe"])
def test_a_damaged_recovery_file_is_said_in_words(content: bytes, passphrase: str) -> None:
    with pytest.raises(StorageError, match="damaged"):
        bring_back(content, passphrase)


def test_the_stored_form_names_its_parameters(locked_away: bytes) -> None:
    fields = json.loads(locked_away)
    assert fields["kdf"] == "argon2id"
    assert fields["memory_kib"] >= 65536
