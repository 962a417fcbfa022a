"""The web part as the runtime sees it."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from kiosk.errors import CertificateError
from kiosk.translation import _


class WebServer(Protocol):
    """Serves phones from a thread of its own; a dead web part never touches recognition."""

    def prepare(self) -> None:
        """Read the certificate's files, before the port is free; one that is started again later uses what it read.

        Raises:
            CertificateError: The certificate cannot be loaded.
        """

    def start(self) -> str:
        """Bind the port and serve; returns the base URL to show, such as ``http://10.20.4.17:8080``.

        Raises:
            SourceError: The port is taken or may not be used.
            CertificateError: The certificate cannot be loaded.
        """

    def stop(self, timeout_s: float) -> bool:
        """Stop accepting, finish what is under way; False when the thread did not end in time."""

    def is_running(self) -> bool:
        """Whether it serves; False once its thread has ended by itself."""

    def address(self) -> str:
        """The base URL to show now: follows the adapter when the PC moves to another network."""

    def has_new_certificate(self) -> bool:
        """Whether the certificate's files say something else than when it started; False where they cannot be read."""


@dataclass(frozen=True, slots=True)
class CertificateFacts:
    """What a certificate says.

    Attributes:
        names: DNS names and addresses that it is good for.
        issuer: Who issued it.
        not_before: Aware.
        not_after: Aware; the earliest end in the chain.
        is_self_signed: Whether only devices that were given this very certificate trust it.
        subject: For whom it was issued: its common name, which browsers ignore.
    """

    names: tuple[str, ...]
    issuer: str
    not_before: datetime
    not_after: datetime
    is_self_signed: bool
    subject: str = ""


@dataclass(frozen=True, slots=True)
class CertificateReport:
    """What was found in a certificate and its key.

    Attributes:
        facts: None where no certificate could be read.
        names_host: Whether it names the address that phones are shown.
        problems: Why phones would refuse it, or why it cannot be used; the most fundamental first. Empty: all is well.
    """

    facts: CertificateFacts | None
    names_host: bool
    problems: tuple[CertificateError, ...]

    def checked(self) -> CertificateFacts:
        """The facts. Raises CertificateError: there is a problem."""
        for problem in self.problems:
            raise problem
        if self.facts is None:
            raise CertificateError(_("There is no certificate."))
        return self.facts


class CertificateReader(Protocol):
    """Reads a certificate and its key and finds what phones would refuse."""

    def __call__(self, certificate: Path, key: Path | None, *, host: str, now: datetime) -> CertificateReport:
        """What the certificate says, checked for `host` at `now`; without a key the rest is checked. Raises nothing."""


@dataclass(frozen=True, slots=True)
class AdapterLine:
    """One of this PC's networks.

    Attributes:
        name: As the operating system names the adapter.
        address: Its IPv4 address.
        is_usable: Whether phones may be there: it is up, no VPN and no network inside the PC.
        is_recommended: Whether the kiosk would choose it by itself.
    """

    name: str
    address: str
    is_usable: bool
    is_recommended: bool
