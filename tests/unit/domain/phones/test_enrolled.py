import secrets

import pytest

from kiosk.domain.phones.enrolled import digest_of, kind_of


def test_a_secret_has_a_digest_that_says_nothing_of_it() -> None:
    secret = secrets.token_urlsafe(32)
    digest = digest_of(secret)
    assert digest is not None
    assert (len(digest), digest) == (64, digest_of(secret))
    assert secret not in digest
    assert digest_of(secrets.token_urlsafe(32)) != digest


@pytest.mark.parametrize("text", ["", "a", "a" * 44, "ä" * 43, "0" * 42 + "\n"])
def test_what_cannot_be_a_secret_has_none(text: str) -> None:
    assert digest_of(text) is None


@pytest.mark.parametrize(
    ("agent", "kind"),
    [
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15", "iPhone"),
        ("Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/126", "Android"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:127.0) Firefox/127.0", "Windows"),
        ("curl/8", ""),
    ],
)
def test_the_kind_of_phone_is_told_from_what_the_browser_says(agent: str, kind: str) -> None:
    assert kind_of(agent) == kind
