import pytest

from kiosk.errors import StorageError
from kiosk.storage.keys.sealing import NONCE_BYTES, context, derive, new_key, seal, unseal

HERE = context("face sample", 1, "digest")


def test_what_was_sealed_opens_with_the_same_key_and_context() -> None:
    key = new_key()
    assert unseal(key, seal(key, b"face", bound_to=HERE), bound_to=HERE) == b"face"


def test_each_sealing_has_a_nonce_of_its_own() -> None:
    key = new_key()
    nonces = {seal(key, b"face", bound_to=HERE)[:NONCE_BYTES] for _ in range(100)}
    assert len(nonces) == 100


@pytest.mark.parametrize("position", [0, NONCE_BYTES, -1])
def test_a_changed_byte_shows(position: int) -> None:
    key = new_key()
    changed = bytearray(seal(key, b"face", bound_to=HERE))
    changed[position] ^= 1
    with pytest.raises(StorageError):
        unseal(key, bytes(changed), bound_to=HERE)


@pytest.mark.parametrize("length", [0, 5, NONCE_BYTES, NONCE_BYTES + 8])
def test_a_cut_off_value_shows(length: int) -> None:
    key = new_key()
    with pytest.raises(StorageError):
        unseal(key, seal(key, b"face", bound_to=HERE)[:length], bound_to=HERE)


def test_another_key_or_context_does_not_open() -> None:
    key = new_key()
    sealed = seal(key, b"face", bound_to=HERE)
    with pytest.raises(StorageError):
        unseal(new_key(), sealed, bound_to=HERE)
    with pytest.raises(StorageError):
        unseal(key, sealed, bound_to=context("face sample", 2, "digest"))


def test_contexts_cannot_be_shifted_into_each_other() -> None:
    contexts = {context("a", "bc"), context("ab", "c"), context("a", "b", "c"), context("abc")}
    assert len(contexts) == 4


def test_derived_keys_differ_by_purpose_and_are_repeatable() -> None:
    key = new_key()
    assert derive(key, "one") == derive(key, "one")
    assert len({key, derive(key, "one"), derive(key, "two"), derive(new_key(), "one")}) == 4
