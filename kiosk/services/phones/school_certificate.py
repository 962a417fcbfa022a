"""The school's certificate: whether phones will trust it, and the warning before it ends. Reads two files; any thread."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Final

from kiosk.errors import CertificateError
from kiosk.services.ports.clock import Clock
from kiosk.services.ports.settings import StoredSettings
from kiosk.services.ports.web import CertificateFacts, CertificateReader, CertificateReport
from kiosk.settings import WebSettings
from kiosk.translation import _, ngettext
from kiosk.wording.dates import numeric_day

WARN_BEFORE: Final = timedelta(days=30)
"""Time enough for a school to ask for the next one."""


class SchoolCertificate:
    """Checks the certificate of some settings."""

    def __init__(
        self,
        *,
        read: CertificateReader,
        settings: StoredSettings,
        shown_host: Callable[[WebSettings], str],
        clock: Clock,
    ) -> None:
        """`shown_host` says by which name or address phones are shown the kiosk with some settings."""
        self._read = read
        self._settings = settings
        self._shown_host = shown_host
        self._clock = clock

    def check(self, settings: WebSettings) -> CertificateFacts | None:
        """What the certificate in `settings` says; None when they name none.

        Raises:
            CertificateError: Phones would refuse it.
        """
        return self.examine(settings).checked() if settings.certificate else None

    def examine(self, settings: WebSettings) -> CertificateReport:
        """All that can be said about the certificate in `settings`, which name one, with its key or still without."""
        key = settings.certificate_key
        return self._read(
            Path(settings.certificate).expanduser(),
            Path(key).expanduser() if key else None,
            host=self._shown_host(settings),
            now=self._clock.now(),
        )

    def host(self, settings: WebSettings) -> str:
        """The name or address that phones are shown with some settings."""
        return self._shown_host(settings)

    def secure_url(self, settings: WebSettings) -> str:
        """Where phones reach the kiosk by HTTPS with some settings whenever it serves; empty where they cannot."""
        try:
            usable = settings.enabled and self.check(settings) is not None
        except CertificateError:
            return ""
        return f"https://{self._shown_place(settings)}" if usable else ""

    def shown_url(self, settings: WebSettings) -> str:
        """Where phones reach the kiosk whenever it serves, by HTTPS or not; empty where they cannot."""
        if not settings.enabled:
            return ""
        return self.secure_url(settings) or f"http://{self._shown_place(settings)}"

    def _shown_place(self, settings: WebSettings) -> str:
        host = self._shown_host(settings)
        return f"{f'[{host}]' if ':' in host else host}:{settings.port}"

    def days_left(self, facts: CertificateFacts) -> int:
        """Whole days until its end; negative once it has ended."""
        return (facts.not_after - self._clock.now()).days

    def problem(self) -> CertificateError | None:
        """What an admin should know about the certificate that is set; None when all is well or none is set."""
        try:
            facts = self.check(self._settings.load().web)
        except CertificateError as error:
            return error
        if facts is None:
            return None
        left = facts.not_after - self._clock.now()
        if left > WARN_BEFORE:
            return None
        return CertificateError(
            _ends_words(numeric_day(facts.not_after), left.days),
            _(
                "Ask who runs the school’s network for a new one, and put it in the place of the old files: the kiosk takes it by "
                "itself. After that day phones cannot check in until the new one is there."
            ),
        )


def _ends_words(day: str, days: int) -> str:
    if days == 0:
        return _("The certificate for phones ends on {day} (today).", day=day)
    return ngettext(
        "The certificate for phones ends on {day} (in {days} day).",
        "The certificate for phones ends on {day} (in {days} days).",
        days,
        day=day,
        days=days,
    )
