from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kiosk.errors import CertificateError
from kiosk.services.phones.school_certificate import SchoolCertificate
from kiosk.services.ports.web import CertificateFacts, CertificateReport
from kiosk.settings import KioskSettings, WebSettings
from tests.fakes.clock import FakeClock
from tests.fakes.models.model_store import SettingsInMemory

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
GIVEN = WebSettings(certificate="/etc/kiosk.pem", certificate_key="/etc/key.pem", address="kiosk.school.test")


class Reader:
    """Reads no file; notes what it was asked."""

    def __init__(self, ends: datetime) -> None:
        self.ends = ends
        self.asked: list[tuple[Path, Path | None, str, datetime]] = []

    def __call__(self, certificate: Path, key: Path | None, *, host: str, now: datetime) -> CertificateReport:
        self.asked.append((certificate, key, host, now))
        facts = CertificateFacts((host,), "School", START, self.ends, False)
        ended = CertificateError("The certificate ended.", "Ask.")
        return CertificateReport(facts, True, (ended,) if now > self.ends else ())


def certificate_of(reader: Reader, settings: WebSettings = GIVEN) -> SchoolCertificate:
    return SchoolCertificate(
        read=reader,
        settings=SettingsInMemory(KioskSettings(web=settings)),
        shown_host=lambda web: web.address,
        clock=FakeClock(START),
    )


def test_without_a_certificate_there_is_nothing_to_check() -> None:
    reader = Reader(START)
    certificate = certificate_of(reader, WebSettings())
    assert certificate.check(WebSettings()) is None
    assert certificate.problem() is None
    assert reader.asked == []


def test_it_is_checked_for_the_address_shown_and_for_now() -> None:
    reader = Reader(START + timedelta(days=90))
    assert certificate_of(reader).check(GIVEN) is not None
    assert reader.asked == [(Path("/etc/kiosk.pem"), Path("/etc/key.pem"), "kiosk.school.test", START)]


@pytest.mark.parametrize(
    ("left", "said"),
    [(timedelta(days=30), "in 30 days"), (timedelta(days=1, hours=3), "in 1 day)"), (timedelta(hours=3), "today")],
)  # fmt: skip
def test_thirty_days_before_its_end_it_warns(left: timedelta, said: str) -> None:
    problem = certificate_of(Reader(START + left)).problem()
    assert problem is not None
    assert said in problem.user_text
    assert problem.hint


def test_earlier_it_says_nothing() -> None:
    assert certificate_of(Reader(START + timedelta(days=30, seconds=1))).problem() is None


def test_what_phones_refuse_is_a_problem() -> None:
    problem = certificate_of(Reader(START - timedelta(days=1))).problem()
    assert problem is not None
    assert problem.user_text == "The certificate ended."


def test_a_certificate_without_its_key_yet_is_examined_all_the_same() -> None:
    reader = Reader(START + timedelta(days=90))
    certificate = certificate_of(reader)
    report = certificate.examine(GIVEN.model_copy(update={"certificate_key": ""}))
    assert reader.asked[0][1] is None
    assert report.facts is not None
    assert certificate.days_left(report.facts) == 90


@pytest.mark.parametrize(
    ("settings", "left", "url"),
    [
        (GIVEN, 90, "https://kiosk.school.test:8080"),
        (GIVEN, -1, ""),
        (GIVEN.model_copy(update={"enabled": False}), 90, ""),
        (GIVEN.model_copy(update={"address": "fd00::1", "port": 8443}), 90, "https://[fd00::1]:8443"),
        (WebSettings(), 90, ""),
    ],
)
def test_where_phones_will_come_by_https_is_known_before_anything_serves(
    settings: WebSettings, left: int, url: str
) -> None:
    assert certificate_of(Reader(START + timedelta(days=left))).secure_url(settings) == url
