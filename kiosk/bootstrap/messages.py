"""Wires e-mail to students and guardians. Making it reads nothing."""

from contextlib import AbstractContextManager

from kiosk.domain.messages.mail import MailServer
from kiosk.services.app import MessageCases, ReportCases
from kiosk.services.core import Core
from kiosk.services.messages.contacts import Contacts
from kiosk.services.messages.mail_servers import MailServers
from kiosk.services.messages.messages import Warnings
from kiosk.services.ports.mail import MailConnection
from kiosk.services.school.school_settings import School


def build_messages(core: Core, shared: School, reports: ReportCases, *, mail_key: bytes) -> MessageCases:
    """Wire it over a store; `mail_key` seals the password of the mail server."""
    servers = MailServers(core, vault=_Vault(mail_key), mailer=_connect)
    warnings = Warnings(core, reports=reports.shown, school=shared, servers=servers, mailer=_connect)
    return MessageCases(servers, warnings, Contacts(core))


class _Vault:
    """Implements `Vault`."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def seal(self, text: str) -> str:
        from kiosk.storage.keys.sealing import context, seal

        return seal(self._key, text.encode(), bound_to=context("mail password")).hex()

    def unseal(self, sealed: str) -> str:
        from kiosk.storage.keys.sealing import context, unseal

        return unseal(self._key, bytes.fromhex(sealed), bound_to=context("mail password")).decode()


def _connect(server: MailServer) -> AbstractContextManager[MailConnection]:
    from kiosk.mail.smtp import smtp_mailer

    return smtp_mailer(server)
