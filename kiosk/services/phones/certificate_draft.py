"""A certificate that a person is about to use: its files, the address to show, and what is found in them. Pure values."""

from dataclasses import dataclass
from pathlib import Path

from kiosk.services.ports.web import CertificateReport


@dataclass(frozen=True, slots=True)
class CertificateDraft:
    """What a person chose.

    Attributes:
        certificate: The file with the certificate and its chain.
        key: The file with its key; None while nobody has chosen one.
        address: The name or address to show; empty: this PC's own. None: whichever fits the certificate.
    """

    certificate: Path
    key: Path | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True)
class CertificateOpinion:
    """What came of looking at it.

    Attributes:
        report: What the files say and what is wrong with them.
        address: The setting that goes with it: what the person chose, or what fits; empty: this PC's own address.
        host: What phones are shown with that.
        days_left: Whole days until its end; negative once it has ended, 0 where nothing can be read.
    """

    draft: CertificateDraft
    report: CertificateReport
    address: str
    host: str
    days_left: int

    @property
    def is_good(self) -> bool:
        """Whether phones will trust it."""
        return self.draft.key is not None and self.report.facts is not None and not self.report.problems
