"""The school's mail server: which one, its password (sealed), and whether it takes messages."""

from dataclasses import replace
from typing import Final, Protocol

from kiosk.domain.messages.mail import ADDRESS, MailMessage, MailSecurity, MailServer
from kiosk.domain.trust.rights import Actor, Right
from kiosk.errors import ConflictError
from kiosk.services.core import Core
from kiosk.services.ports.mail import Mailer
from kiosk.services.trust.rights import require, require_within
from kiosk.storage.store import Repositories
from kiosk.translation import _

PREFIX: Final = "mail."


class Vault(Protocol):
    """Seals texts with a key that lies outside of the database."""

    def seal(self, text: str) -> str: ...
    def unseal(self, sealed: str) -> str:
        """Raises StorageError: it belongs to another key."""


class MailServers:
    """Reads and changes it. `test` waits for the network: call from a worker thread."""

    def __init__(self, core: Core, *, vault: Vault, mailer: Mailer) -> None:
        self._core = core
        self._vault = vault
        self._mailer = mailer

    @property
    def is_set(self) -> bool:
        """Whether the school sends e-mail at all."""
        return self.server().is_set

    def server(self) -> MailServer:
        """The server in force; one without a host where none is set."""
        texts = self._core.store.read(lambda repositories: repositories.school_settings.all())
        kept = {name.removeprefix(PREFIX): text for name, text in texts.items() if name.startswith(PREFIX)}
        sealed = kept.get("password", "")
        return MailServer(
            host=kept.get("host", ""),
            port=int(kept.get("port", "587")),
            security=MailSecurity(kept.get("security", MailSecurity.STARTTLS.value)),
            user=kept.get("user", ""),
            password=self._vault.unseal(sealed) if sealed else "",
            sender=kept.get("sender", ""),
        )

    def change(self, server: MailServer, *, actor: Actor) -> None:
        """Use another server, or none (without a host). The password stands sealed in the database and nowhere in the log.

        Raises:
            ConflictError: Port or sender cannot be used.
        """
        require(self._core.store, actor, Right.ADMINISTER)
        server = _checked(server)

        def work(repositories: Repositories) -> None:
            require_within(repositories, actor, Right.ADMINISTER)
            values = {
                "host": server.host,
                "port": str(server.port),
                "security": server.security.value,
                "user": server.user,
                "sender": server.sender,
                "password": self._vault.seal(server.password) if server.password else "",
            }
            for name, value in values.items():
                repositories.school_settings.put(PREFIX + name, value)
            shown = f"{server.sender}, user {server.user or 'none'}, {server.security.value}"
            place = f"{server.host}:{server.port}" if server.host else "none"
            repositories.audit.add(self._core.clock.now(), actor.name, "mail.server", place, shown)

        self._core.store.write(work)

    def test(self, server: MailServer, to: str, *, actor: Actor) -> None:
        """Send one message over a server that need not be in force yet.

        Raises:
            MailServerError: It cannot be sent; the sentence says why.
            AddressRefusedError: The server does not take the address.
            ConflictError: An address or the port cannot be used.
        """
        require(self._core.store, actor, Right.ADMINISTER)
        server = _checked(server)
        if not server.host:
            raise ConflictError(_("There is no mail server to try."), _("Type its name."))
        if not ADDRESS.fullmatch(to):
            raise ConflictError(_("“{text}” is not an e-mail address.", text=to[:60]))
        message = MailMessage(
            to, _("The attendance kiosk can send e-mail"), _("This message was sent to try the mail server.")
        )
        with self._mailer(server) as connection:
            connection.send(message)


def _checked(server: MailServer) -> MailServer:
    server = replace(server, host=server.host.strip(), user=server.user.strip(), sender=server.sender.strip())
    if not server.host:
        return MailServer()
    if not 1 <= server.port <= 65_535:
        raise ConflictError(_("The port is a number from 1 to 65535."))
    if any(sign.isspace() for sign in server.host):
        raise ConflictError(_("The name of the mail server has a blank in it."))
    if not ADDRESS.fullmatch(server.sender):
        raise ConflictError(
            _("“{text}” is not an e-mail address.", text=server.sender[:60]),
            _("Type the address that messages come from."),
        )
    return server
