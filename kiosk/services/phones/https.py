"""Turning HTTPS on and off with the school's certificate, while the program runs. Reads and writes files; any thread."""

from typing import Final

from kiosk.domain.trust.rights import Actor, Right
from kiosk.errors import SettingsError
from kiosk.services.phones.certificate_draft import CertificateDraft, CertificateOpinion
from kiosk.services.phones.school_certificate import SchoolCertificate
from kiosk.services.ports.clock import Clock
from kiosk.services.ports.settings import StoredSettings
from kiosk.services.ports.web import CertificateReport
from kiosk.services.trust.rights import require
from kiosk.settings import KioskSettings, WebSettings
from kiosk.storage.store import Store
from kiosk.translation import _, ngettext

PATH_CHARACTERS: Final = 1000
"""As long as a path may be in the settings."""


class Https:
    """What an admin does with the certificate's two files."""

    def __init__(
        self, *, store: Store, clock: Clock, certificate: SchoolCertificate, settings: StoredSettings
    ) -> None:
        """Saving `settings` puts another web part in the place of the one that serves."""
        self._store = store
        self._clock = clock
        self._certificate = certificate
        self._settings = settings

    def stored(self) -> WebSettings:
        """The settings for phones as they are stored."""
        return self._settings.load().web

    def examine(self, draft: CertificateDraft) -> CertificateOpinion:
        """What phones will think of some files. Raises SettingsError: a path is too long."""
        stored = self.stored()
        report, web = self._examine(stored, draft, stored.address if draft.address is None else draft.address)
        if draft.address is None and not report.names_host:
            for address in ("", *_names_to_show(report)):
                report, web = self._examine(stored, draft, address)
                if report.names_host:
                    break
        return CertificateOpinion(
            draft=draft,
            report=report,
            address=web.address,
            host=self._certificate.host(web),
            days_left=self._certificate.days_left(report.facts) if report.facts is not None else 0,
        )

    def use(self, opinion: CertificateOpinion, *, actor: Actor) -> None:
        """Serve phones by HTTPS from now on.

        Raises:
            CertificateError: Phones would refuse it; nothing was changed.
            SourceError: The web part does not start with it; phones are served as before.
            SettingsError: The settings cannot be written.
        """
        require(self._store, actor, Right.ADMINISTER)
        opinion.report.checked()
        stored = self._settings.load()
        web = _with_files(stored.web, opinion.draft, opinion.address)
        self._save(stored, web, "https.turned_on", actor)

    def _examine(
        self, stored: WebSettings, draft: CertificateDraft, address: str
    ) -> tuple[CertificateReport, WebSettings]:
        web = _with_files(stored, draft, address)
        return self._certificate.examine(web), web

    def stop(self, *, actor: Actor) -> None:
        """Serve phones by plain HTTP from now on.

        Raises:
            SourceError: The web part does not start; phones are served as before.
            SettingsError: The settings cannot be written.
        """
        require(self._store, actor, Right.ADMINISTER)
        stored = self._settings.load()
        web = stored.web.model_copy(update={"certificate": "", "certificate_key": ""})
        self._save(stored, web, "https.turned_off", actor)

    def _save(self, stored: KioskSettings, web: WebSettings, action: str, actor: Actor) -> None:
        self._settings.save(stored.model_copy(update={"web": web}))
        self._store.write(
            lambda repositories: repositories.audit.add(
                self._clock.now(), actor.name, action, web.certificate or stored.web.certificate
            )
        )


def _names_to_show(report: CertificateReport) -> tuple[str, ...]:
    """Names in a certificate that can stand in a QR code: not those with a star."""
    names = report.facts.names if report.facts is not None else ()
    return tuple(name for name in names if "*" not in name)


def _with_files(web: WebSettings, draft: CertificateDraft, address: str) -> WebSettings:
    """Settings with these files, by their whole paths."""
    files = (draft.certificate, draft.key)
    paths = [str(path.expanduser().absolute()) if path is not None else "" for path in files]
    if any(len(path) > PATH_CHARACTERS for path in paths):
        raise SettingsError(
            _("The path of the file is too long."),
            ngettext(
                "It may have {n} character.",
                "It may have {n} characters.",
                PATH_CHARACTERS,
                n=PATH_CHARACTERS,
            ),
        )
    return web.model_copy(
        update={"certificate": paths[0], "certificate_key": paths[1], "address": address.strip()}
    )
