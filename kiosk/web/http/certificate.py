"""Reads the school's certificate and says in one sentence what is wrong with it. Pure but for two files; any thread.

A phone shows students a warning page for a certificate that is expired, names another address or lacks a link, and
who learns to tap such pages away is no safer than without TLS. So what a phone would refuse is refused here, when the
certificate is given and each time the web part starts.
"""

import ipaddress
import re
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from kiosk.errors import CertificateError
from kiosk.services.ports.web import CertificateFacts, CertificateReport
from kiosk.translation import N_, _
from kiosk.wording.dates import numeric_day

MAX_BYTES: Final = 1024 * 1024
"""A chain has some ten kilobytes; what is larger is something else."""

_PEM: Final = b"-----BEGIN "
_KEY: Final = re.compile(
    rb"-----BEGIN (?P<kind>[A-Z ]*PRIVATE KEY)-----.+?-----END (?P=kind)-----", re.DOTALL
)
_ASK: Final = N_("Ask who runs the school’s network for a new one.")


def read_certificate(certificate: Path, key: Path | None, *, host: str, now: datetime) -> CertificateReport:
    """Find out whether phones will trust these files at an address.

    Args:
        certificate: PEM: the kiosk's own certificate, then the ones that lead to the issuer that phones know.
        key: PEM, not encrypted; may be the same file. None: the rest is checked.
        host: The name or address that the QR code shows.
        now: Aware; against which the days are checked.

    Returns:
        What the certificate says and all that is wrong with it.
    """
    try:
        chain = _chain(certificate)
    except CertificateError as error:
        return CertificateReport(None, False, (error,))
    own = chain[0]
    names = _names(own)
    checks: list[Callable[[], None]] = [partial(_check_key, chain, key)] if key is not None else []
    checks += [partial(_check_days, link, now, own=link is own) for link in chain]
    checks += [
        partial(_check_issuer, own),
        partial(_check_purpose, own),
        partial(_check_order, chain),
        partial(_check_names, names, host),
    ]
    problems = []
    for check in checks:
        try:
            check()
        except CertificateError as error:
            problems.append(error)
    facts = CertificateFacts(
        names=names,
        issuer=_common_name(own.issuer),
        not_before=own.not_valid_before_utc,
        not_after=min(link.not_valid_after_utc for link in chain),
        is_self_signed=own.issuer == own.subject,
        subject=_common_name(own.subject),
    )
    return CertificateReport(facts, _named(names, host), tuple(problems))


def _read(path: Path, *, is_key: bool) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise CertificateError(
            _("The key cannot be read: {path} ({why}).", path=path, why=error.strerror or error)
            if is_key
            else _("The certificate cannot be read: {path} ({why}).", path=path, why=error.strerror or error),
            _("Check the path, and that this account may read the file."),
        ) from error
    if _PEM not in data or len(data) > MAX_BYTES:
        raise CertificateError(
            _("The key is no PEM file: {path}.", path=path)
            if is_key
            else _("The certificate is no PEM file: {path}.", path=path),
            _(
                "A PEM file is text that has a line beginning with -----BEGIN. A .pfx or .p12 file must be converted first."
            ),
        )
    return data


def _chain(path: Path) -> list[x509.Certificate]:
    data = _read(path, is_key=False)
    try:
        return x509.load_pem_x509_certificates(data)
    except ValueError as error:
        raise CertificateError(
            _("There is no certificate in {path}, or it is damaged.", path=path),
            _("Choose the file with -----BEGIN CERTIFICATE----- in it; the key has a field of its own."),
        ) from error


def _check_key(chain: Sequence[x509.Certificate], path: Path) -> None:
    found = _KEY.search(_read(path, is_key=True))
    if found is None:
        raise CertificateError(
            _("There is no private key in {path}.", path=path),
            _("Choose the file with PRIVATE KEY in its first line."),
        )
    try:
        key = load_pem_private_key(found[0], password=None)
    except TypeError as error:
        raise CertificateError(
            _("The key is protected with a passphrase, and the kiosk starts with nobody there to type it."),
            _(
                "Store it without: openssl pkey -in {name} -out kiosk-key.pem. Let nobody else read that file.",
                name=path.name,
            ),
        ) from error
    except (ValueError, UnsupportedAlgorithm) as error:
        raise CertificateError(
            _("The key in {path} is damaged or of an unknown kind.", path=path),
            _("Use an RSA or EC key in PEM."),
        ) from error
    shape = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    public = key.public_key().public_bytes(*shape)
    fits = [link.public_key().public_bytes(*shape) == public for link in chain]
    if fits[0]:
        return
    if any(fits):
        raise CertificateError(
            _("The certificates in the file are in the wrong order."),
            _("The kiosk’s own must come first, then the one that issued it."),
        )
    raise CertificateError(
        _("The key does not belong to the certificate."),
        _("Choose the key that the certificate was asked for with."),
    )


def _check_days(link: x509.Certificate, now: datetime, *, own: bool) -> None:
    if now > link.not_valid_after_utc:
        day = numeric_day(link.not_valid_after_utc)
        raise CertificateError(
            _("The certificate ended on {day}.", day=day)
            if own
            else _(
                "The issuer’s certificate ({name}) ended on {day}.", name=_common_name(link.subject), day=day
            ),
            _(_ASK),
        )
    if now < link.not_valid_before_utc:
        day = numeric_day(link.not_valid_before_utc)
        raise CertificateError(
            _("The certificate begins on {day} only.", day=day)
            if own
            else _(
                "The issuer’s certificate ({name}) begins on {day} only.",
                name=_common_name(link.subject),
                day=day,
            ),
            _("If that day is over, this PC’s clock is wrong."),
        )


def _check_issuer(own: x509.Certificate) -> None:
    if own.issuer == own.subject:
        raise CertificateError(
            _("The certificate was issued by itself: phones would show a page that warns of it."),
            _("Ask who runs the school’s network for one from an issuer that phones know."),
        )


def _check_purpose(own: x509.Certificate) -> None:
    try:
        uses = own.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return
    if not {ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE} & set(uses):
        raise CertificateError(
            _("The certificate is not made for a server."), _("Ask for one for “server authentication”.")
        )


def _check_order(chain: Sequence[x509.Certificate]) -> None:
    for link, issuer in pairwise(chain):
        try:
            link.verify_directly_issued_by(issuer)
        except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm) as error:
            raise CertificateError(
                _(
                    "The chain is broken: “{issuer}” did not issue “{name}”.",
                    issuer=_common_name(issuer.subject),
                    name=_common_name(link.subject),
                ),
                _("Each certificate in the file must be followed by the one that issued it."),
            ) from error


def _check_names(names: Sequence[str], host: str) -> None:
    if not _named(names, host):
        raise CertificateError(
            _("The certificate does not name {host}, the address that phones are shown.", host=host),
            _(
                "It names: {names}. Let phones be shown one of these (“Address shown” in the settings "
                "under Phones), or ask for a certificate that names {host}.",
                names=", ".join(names) or _("none"),
                host=host,
            ),
        )


def _named(names: Sequence[str], host: str) -> bool:
    return any(matches(name, host) for name in names)


def _names(own: x509.Certificate) -> tuple[str, ...]:
    """DNS names, then addresses. The common name does not count: browsers have ignored it since 2017."""
    try:
        names = own.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return ()
    addresses = [str(address) for address in names.get_values_for_type(x509.IPAddress)]
    return (*names.get_values_for_type(x509.DNSName), *addresses)


def matches(name: str, host: str) -> bool:
    """RFC 6125: ignoring case; a star stands for the one leftmost label, and never for an address."""
    try:
        return ipaddress.ip_address(name) == ipaddress.ip_address(host)
    except ValueError:
        pass
    name, host = name.lower().rstrip("."), host.lower().rstrip(".")
    if name == host:
        return True
    first, _unused, rest = host.partition(".")
    return name.startswith("*.") and bool(first) and name[2:] == rest and not _is_address(host)


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _common_name(name: x509.Name) -> str:
    found = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(found[0].value) if found else name.rfc4514_string() or _("no name")
