import pytest

from kiosk.domain.phones.phone_key import Site, site_of


@pytest.mark.parametrize(
    ("host", "site"),
    [
        ("kiosk.school.test", Site("https://kiosk.school.test", "kiosk.school.test")),
        ("Kiosk.School.test:443", Site("https://kiosk.school.test", "kiosk.school.test")),
        ("kiosk.school.test:8443", Site("https://kiosk.school.test:8443", "kiosk.school.test")),
        ("localhost:8443", Site("https://localhost:8443", "localhost")),
        ("10.0.0.7:8443", None),
        ("[fe80::1]:8443", None),
        ("", None),
    ],
)
def test_a_kiosk_with_a_name_is_a_site_and_an_address_is_none(host: str, site: Site | None) -> None:
    assert site_of("https", host) == site
    assert site_of("http", host) is None
