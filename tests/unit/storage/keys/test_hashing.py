import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from argon2 import PasswordHasher as Argon2
from argon2 import extract_parameters
from argon2.exceptions import VerifyMismatchError

from kiosk.services.ports.outputs import PasswordHasher
from kiosk.storage.keys.hashing import AT_ONCE, PEPPERED, Argon2Hasher


@pytest.fixture(scope="module")
def hasher() -> PasswordHasher:
    return Argon2Hasher(b"p" * 32)


def test_only_the_right_secret_fits(hasher: PasswordHasher) -> None:
    secret_hash = hasher.hash("4711")
    assert hasher.verify(secret_hash, "4711")
    assert not hasher.verify(secret_hash, "4712")
    assert not hasher.verify(secret_hash, "")


def test_hashes_are_salted_and_name_their_parameters(hasher: PasswordHasher) -> None:
    first, second = hasher.hash("4711"), hasher.hash("4711")
    assert first != second
    assert first.startswith("hmac1:$argon2id$v=19$m=19456,t=2,p=1$")


def test_two_hashes_at_most_are_made_at_a_time(
    hasher: PasswordHasher, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock, together = threading.Lock(), threading.Barrier(AT_ONCE)
    at_work = most = 0
    verify = Argon2.verify

    def watched(argon2: Argon2, secret_hash: str, secret: str) -> bool:
        nonlocal at_work, most
        with lock:
            at_work += 1
            most = max(most, at_work)
        together.wait(60)  # as many as are allowed come this far together
        try:
            return verify(argon2, secret_hash, secret)
        finally:
            with lock:
                at_work -= 1

    secret_hash = hasher.hash("4711")
    monkeypatch.setattr(Argon2, "verify", watched)
    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(lambda _: hasher.verify(secret_hash, "4711"), range(8)))
    assert most == AT_ONCE == 2


def test_without_a_hash_nothing_fits(hasher: PasswordHasher) -> None:
    assert not hasher.verify(None, "")
    assert not hasher.verify(None, "4711")


def test_without_a_hash_the_same_work_is_done(
    hasher: PasswordHasher, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`bench_answers.py` measures that it takes as long."""
    worked_on: list[str] = []
    verify = Argon2.verify

    def watched(argon2: Argon2, secret_hash: str, secret: str) -> bool:
        worked_on.append(secret_hash)
        return verify(argon2, secret_hash, secret)

    secret_hash = hasher.hash("4711")
    monkeypatch.setattr(Argon2, "verify", watched)
    hasher.verify(secret_hash, "4712")
    hasher.verify(None, "4712")
    known, unknown = (extract_parameters(one) for one in worked_on)
    assert known == unknown


@pytest.mark.parametrize("damaged", ["", "plain", "$argon2id$v=19$m=19456,t=2,p=1$AAAA$", "$argon2id$…"])
def test_a_damaged_hash_fits_nothing(hasher: PasswordHasher, damaged: str) -> None:
    assert not hasher.verify(damaged, "4711")


def test_a_hash_of_weaker_parameters_still_fits_and_is_outdated(hasher: PasswordHasher) -> None:
    weaker = Argon2(time_cost=1, memory_cost=8192, parallelism=1).hash("4711")
    assert hasher.verify(weaker, "4711")
    assert hasher.is_outdated(weaker)
    assert hasher.is_outdated("plain")
    assert not hasher.is_outdated(hasher.hash("4711"))


def test_a_stolen_database_gives_no_pin_without_the_schools_key(hasher: PasswordHasher) -> None:
    """Trying all million PINs on a hash took a thief 12 hours of one core."""
    secret_hash = hasher.hash("471147")
    assert not Argon2Hasher(b"q" * 32).verify(secret_hash, "471147")
    with pytest.raises(VerifyMismatchError):
        Argon2().verify(secret_hash.removeprefix(PEPPERED), "471147")


def test_a_hash_without_a_pepper_is_good_still_and_outdated(hasher: PasswordHasher) -> None:
    old = Argon2(time_cost=2, memory_cost=19456, parallelism=1).hash("471147")
    assert hasher.verify(old, "471147")
    assert not hasher.verify(old, "471148")
    assert hasher.is_outdated(old)
    assert not hasher.is_outdated(hasher.hash("471147"))
