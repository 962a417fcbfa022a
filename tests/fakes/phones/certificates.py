"""Certificates made for a test: a root that a client is told to trust, an issuer between, and a kiosk's own."""

import ipaddress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

Key = ec.EllipticCurvePrivateKey
NOW = datetime.now(UTC)


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _san(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


class Authority:
    """Issues certificates; made by itself or by another one."""

    def __init__(self, name: str, issuer: "Authority | None" = None) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self._name = _name(name)
        builder = self._builder(self._name, self.key, issuer._name if issuer else self._name)
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        self.certificate = builder.sign(issuer.key if issuer else self.key, hashes.SHA256())

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)

    def issue(
        self,
        *names: str,
        key: Key,
        begins: datetime = NOW - timedelta(days=1),
        ends: datetime = NOW + timedelta(days=90),
        use: ObjectIdentifier = ExtendedKeyUsageOID.SERVER_AUTH,
    ) -> bytes:
        builder = self._builder(_name("kiosk"), key, self._name, begins, ends)
        builder = builder.add_extension(x509.ExtendedKeyUsage([use]), critical=False)
        if names:
            builder = builder.add_extension(x509.SubjectAlternativeName(map(_san, names)), critical=False)
        return builder.sign(self.key, hashes.SHA256()).public_bytes(Encoding.PEM)

    @staticmethod
    def _builder(
        subject: x509.Name,
        key: Key,
        issuer: x509.Name,
        begins: datetime = NOW - timedelta(days=1),
        ends: datetime = NOW + timedelta(days=3650),
    ) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(begins)
            .not_valid_after(ends)
        )


class SchoolFiles:
    """A school's root, an issuer below it, and the files that a kiosk is given."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.root = Authority("School root")
        self.issuer = Authority("School servers", self.root)
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.certificate_path = folder / "kiosk.pem"
        self.key_path = folder / "kiosk-key.pem"
        self.root_path = folder / "root.pem"
        self.root_path.write_bytes(self.root.pem)

    def write(self, *names: str, passphrase: str = "", **details: object) -> None:
        """Write the kiosk's certificate with its chain, and its key."""
        own = self.issuer.issue(*names, key=self.key, **details)  # type: ignore[arg-type]  # mypy does not see the names
        self.certificate_path.write_bytes(own + self.issuer.pem)
        self.key_path.write_bytes(key_pem(self.key, passphrase))


def key_pem(key: Key, passphrase: str = "") -> bytes:
    locked = BestAvailableEncryption(passphrase.encode()) if passphrase else NoEncryption()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, locked)
