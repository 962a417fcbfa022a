"""Sending e-mail: the port to the school's mail server."""

from contextlib import AbstractContextManager
from typing import Protocol

from kiosk.domain.messages.mail import MailMessage, MailServer
from kiosk.errors import KioskError


class MailServerError(KioskError):
    """Nothing can be sent: the server does not answer, refuses the login, or wants another one."""


class ServerRefusedError(MailServerError):
    """The server answered that it takes no message from this sender, or not this one."""


class NoAnswerError(MailServerError):
    """The server had the whole message and went away before it answered: it may have been sent."""


class AddressRefusedError(KioskError):
    """The server does not take this one address; others may be."""


class MailConnection(Protocol):
    """An open connection to a mail server."""

    def send(self, message: MailMessage) -> None:
        """Give one message to the server.

        Raises:
            AddressRefusedError: The server does not take the address.
            NoAnswerError: It may have been sent.
            ServerRefusedError: The server takes nothing from this sender.
            MailServerError: The server is gone; it does not have the message.
        """


class Mailer(Protocol):
    """Opens connections."""

    def __call__(self, server: MailServer) -> AbstractContextManager[MailConnection]:
        """Connect and sign in. Raises MailServerError: it says in one sentence why not."""
