from datetime import UTC, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID

from kiosk.errors import CertificateError
from kiosk.services.ports.web import CertificateFacts
from kiosk.web.http.certificate import read_certificate
from tests.fakes.phones.certificates import NOW, Authority, SchoolFiles, key_pem

HOST = "kiosk.school.test"


@pytest.fixture
def files(tmp_path: Path) -> SchoolFiles:
    return SchoolFiles(tmp_path)


def read(files: SchoolFiles, host: str = HOST) -> CertificateFacts:
    return read_certificate(files.certificate_path, files.key_path, host=host, now=NOW).checked()


def test_a_good_certificate_says_whom_it_names_and_until_when(files: SchoolFiles) -> None:
    files.write(HOST, "10.20.4.17", ends=NOW + timedelta(days=90))
    facts = read(files)
    assert facts.names == (HOST, "10.20.4.17")
    assert facts.issuer == "School servers"
    assert facts.not_after == (NOW + timedelta(days=90)).replace(microsecond=0)
    assert facts.not_after.tzinfo is UTC
    assert not facts.is_self_signed


@pytest.mark.parametrize(
    ("named", "host"),
    [(HOST, "KIOSK.School.Test"), ("*.school.test", HOST), ("10.20.4.17", "10.20.4.17"), ("fd00::7", "fd00:0::7")],
)  # fmt: skip
def test_the_address_shown_may_be_named_in_these_ways(files: SchoolFiles, named: str, host: str) -> None:
    files.write(named)
    assert read(files, host).names


@pytest.mark.parametrize(
    ("named", "host"),
    [("other.school.test", HOST), ("*.test", HOST), ("*.school.test", "school.test"), ("*.4.17", "20.0.4.17"),
     ("*.0.4.17", "20.0.4.17"), ("10.20.4.17", "10.20.4.18"), (HOST, "10.20.4.17")],
)  # fmt: skip
def test_a_certificate_for_another_address_is_refused(files: SchoolFiles, named: str, host: str) -> None:
    files.write(named)
    with pytest.raises(CertificateError, match=f"does not name {host}") as caught:
        read(files, host)
    assert named in caught.value.hint


def test_a_common_name_alone_names_nobody(files: SchoolFiles) -> None:
    files.write()
    with pytest.raises(CertificateError, match="does not name kiosk") as caught:
        read(files, "kiosk")
    assert "It names: none." in caught.value.hint


def test_an_expired_certificate_is_refused(files: SchoolFiles) -> None:
    files.write(HOST, begins=NOW - timedelta(days=9), ends=NOW - timedelta(days=2))
    with pytest.raises(CertificateError, match=f"ended on {NOW - timedelta(days=2):%Y-%m-%d}"):
        read(files)


def test_a_certificate_of_tomorrow_is_refused_and_the_clock_doubted(files: SchoolFiles) -> None:
    files.write(HOST, begins=NOW + timedelta(days=1))
    with pytest.raises(CertificateError, match="begins on") as caught:
        read(files)
    assert "clock" in caught.value.hint


def test_a_key_of_another_certificate_is_refused(files: SchoolFiles) -> None:
    files.write(HOST)
    files.key_path.write_bytes(key_pem(ec.generate_private_key(ec.SECP256R1())))
    with pytest.raises(CertificateError, match="does not belong to the certificate"):
        read(files)


def test_a_protected_key_is_refused_with_the_command_that_opens_it(files: SchoolFiles) -> None:
    files.write(HOST, passphrase="secret")
    with pytest.raises(CertificateError, match="passphrase") as caught:
        read(files)
    assert "openssl pkey -in kiosk-key.pem" in caught.value.hint


def test_a_chain_in_the_wrong_order_is_refused(files: SchoolFiles) -> None:
    files.write(HOST)
    own, between = files.certificate_path.read_bytes(), files.issuer.pem
    files.certificate_path.write_bytes(between + own.removesuffix(between))
    with pytest.raises(CertificateError, match="wrong order"):
        read(files)


def test_a_chain_of_strangers_is_refused(files: SchoolFiles) -> None:
    files.write(HOST)
    own = files.certificate_path.read_bytes().removesuffix(files.issuer.pem)
    files.certificate_path.write_bytes(own + Authority("School servers").pem)
    with pytest.raises(CertificateError, match="chain is broken"):
        read(files)


def test_a_certificate_for_mail_is_refused(files: SchoolFiles) -> None:
    files.write(HOST, use=ExtendedKeyUsageOID.EMAIL_PROTECTION)
    with pytest.raises(CertificateError, match="not made for a server"):
        read(files)


def test_key_and_certificate_may_share_a_file(files: SchoolFiles) -> None:
    files.write(HOST)
    both = files.key_path.read_bytes() + files.certificate_path.read_bytes()
    files.certificate_path.write_bytes(both)
    report = read_certificate(files.certificate_path, files.certificate_path, host=HOST, now=NOW)
    assert report.checked().names == (HOST,)


def test_a_certificate_that_its_own_key_signed_is_refused(files: SchoolFiles) -> None:
    alone = Authority("kiosk")
    files.certificate_path.write_bytes(alone.issue(HOST, key=alone.key))
    files.key_path.write_bytes(key_pem(alone.key))
    report = read_certificate(files.certificate_path, files.key_path, host=HOST, now=NOW)
    assert report.facts is not None
    assert report.facts.is_self_signed
    with pytest.raises(CertificateError, match="issued by itself"):
        report.checked()


@pytest.mark.parametrize(
    ("which", "content", "said"),
    [
        ("certificate", None, "cannot be read"),
        ("certificate", b"0\x82\x04\x00 a .pfx file", "is no PEM file"),
        ("certificate", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "damaged"),
        ("certificate", b"-----BEGIN " + b"x" * 2_000_000, "is no PEM file"),
        ("key", None, "cannot be read"),
        ("key", b"", "is no PEM file"),
        ("key", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "no private key"),
        ("key", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "damaged"),
    ],
)  # fmt: skip
def test_a_file_that_is_something_else_is_named(
    files: SchoolFiles, which: str, content: bytes | None, said: str
) -> None:
    files.write(HOST)
    path = files.certificate_path if which == "certificate" else files.key_path
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(CertificateError, match=said) as caught:
        read(files)
    assert str(path) in caught.value.user_text
    assert caught.value.hint


def test_a_folder_is_no_certificate(files: SchoolFiles) -> None:
    files.write(HOST)
    with pytest.raises(CertificateError, match="cannot be read"):
        read_certificate(files.folder, files.key_path, host=HOST, now=NOW).checked()


def test_everything_that_is_wrong_is_found_at_once_and_what_it_says_is_told_all_the_same(
    files: SchoolFiles,
) -> None:
    files.write("other.school.test", begins=NOW - timedelta(days=9), ends=NOW - timedelta(days=2))
    files.key_path.write_bytes(key_pem(ec.generate_private_key(ec.SECP256R1())))
    report = read_certificate(files.certificate_path, files.key_path, host=HOST, now=NOW)
    said = [problem.user_text for problem in report.problems]
    assert len(said) == 3
    for words, sentence in zip(("does not belong", "ended on", f"does not name {HOST}"), said, strict=True):
        assert words in sentence
    assert report.facts is not None
    assert (report.facts.names, report.facts.subject) == (("other.school.test",), "kiosk")
    assert not report.names_host


def test_without_its_key_the_rest_is_checked(files: SchoolFiles) -> None:
    files.write(HOST)
    report = read_certificate(files.certificate_path, None, host=HOST, now=NOW)
    assert report.problems == ()
    assert report.names_host
