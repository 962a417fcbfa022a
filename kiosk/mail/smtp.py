"""E-mail over SMTP (RFC 5321) with the standard library. Waits for the network: any thread but the window's."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.errors import HeaderParseError
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import Final

from kiosk.domain.messages.mail import MailMessage, MailSecurity, MailServer
from kiosk.services.ports.mail import (
    AddressRefusedError,
    MailServerError,
    NoAnswerError,
    ServerRefusedError,
)
from kiosk.translation import _

TIMEOUT_S: Final = 20.0

_GO_ON: Final = 354


class _Answers(smtplib.SMTP):
    """Knows whether the server was given a whole message and has not answered: only then it may have been sent.

    354 lets the message begin (RFC 5321, 4.1.1.4); the next answer says what became of it.
    """

    gave_message = False

    def getreply(self) -> tuple[int, bytes]:
        code, text = super().getreply()
        self.gave_message = code == _GO_ON
        return code, text


class _Tls(_Answers, smtplib.SMTP_SSL):
    """Over a connection that is protected from the start."""


class SmtpConnection:
    """Implements `MailConnection`."""

    def __init__(self, smtp: _Answers, server: MailServer) -> None:
        self._smtp = smtp
        self._server = server

    def send(self, message: MailMessage) -> None:
        """Give one message to the server; raises as `MailConnection.send`."""
        self._smtp.gave_message = False
        with _plain_errors(self._server):
            try:
                self._smtp.send_message(_letter(message, self._server.sender))
            except smtplib.SMTPRecipientsRefused as error:
                said = "; ".join(_answer(answer[1]) for answer in error.recipients.values())
                # The transaction is still open at the server, or the next message would be refused for it.
                with suppress(smtplib.SMTPException):
                    self._smtp.rset()
                raise _refused(message, said) from error
            except (smtplib.SMTPNotSupportedError, HeaderParseError, UnicodeError, ValueError) as error:
                raise _refused(
                    message, _("It has signs that this server or e-mail does not carry.")
                ) from error
            except (smtplib.SMTPServerDisconnected, OSError) as error:
                if not self._smtp.gave_message:
                    raise
                raise NoAnswerError(
                    _(
                        "The mail server {place} went away before it said whether it takes a message.",
                        place=_place(self._server),
                    ),
                    _("The message may have been sent. Ask before you send it again."),
                ) from error


@contextmanager
def smtp_mailer(server: MailServer, *, timeout_s: float = TIMEOUT_S) -> Iterator[SmtpConnection]:
    """Connect, protect the connection, sign in; implements `Mailer`."""
    with _plain_errors(server):
        smtp = _connect(server, timeout_s)
    try:
        with _plain_errors(server):
            _protect(smtp, server)
            if server.user:
                smtp.login(server.user, server.password)
        yield SmtpConnection(smtp, server)
    finally:
        with suppress(smtplib.SMTPException, OSError):
            smtp.quit()
        smtp.close()


def _refused(message: MailMessage, why: str) -> AddressRefusedError:
    return AddressRefusedError(
        _("The mail server does not take the address {address}.", address=message.to), why
    )


def _connect(server: MailServer, timeout_s: float) -> _Answers:
    if server.security is MailSecurity.TLS:
        return _Tls(server.host, server.port, timeout=timeout_s, context=ssl.create_default_context())
    return _Answers(server.host, server.port, timeout=timeout_s)


def _protect(smtp: smtplib.SMTP, server: MailServer) -> None:
    if server.security is MailSecurity.STARTTLS:
        smtp.starttls(context=ssl.create_default_context())
    smtp.ehlo_or_helo_if_needed()


def _letter(message: MailMessage, sender: str) -> EmailMessage:
    letter = EmailMessage()
    letter["From"] = sender
    letter["To"] = message.to
    letter["Subject"] = " ".join(message.subject.split())
    letter["Date"] = formatdate(localtime=True)
    letter["Message-ID"] = make_msgid(domain=sender.partition("@")[2] or None)
    letter["List-Unsubscribe"] = f"<mailto:{sender}?subject=STOP>"
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(message.text)
    return letter


@contextmanager
def _plain_errors(server: MailServer) -> Iterator[None]:
    """Say what went wrong in a sentence for the person at the desk."""
    try:
        yield
    except (smtplib.SMTPException, OSError, HeaderParseError, UnicodeError, ValueError) as error:
        raise _explained(error, server) from error


def _place(server: MailServer) -> str:
    return f"{server.host}:{server.port}"


def _explained(error: Exception, server: MailServer) -> MailServerError:
    place = _place(server)
    check = _("Check name, port and security (Settings → School and late rule → Mail server…).")
    match error:
        case smtplib.SMTPAuthenticationError():
            return MailServerError(
                _("The mail server {place} does not take this user and password.", place=place),
                _(
                    "Type them again (Settings → School and late rule → Mail server…); some servers want a password for programs."
                ),
            )
        case smtplib.SMTPNotSupportedError():
            return MailServerError(
                _("The mail server {place} wants another security or another login.", place=place), check
            )
        case smtplib.SMTPSenderRefused():
            return ServerRefusedError(
                _(
                    "The mail server {place} takes no messages from {sender}.",
                    place=place,
                    sender=server.sender,
                ),
                _answer(error.smtp_error) or _("It may want a user and a password."),
            )
        case ssl.SSLError():
            return MailServerError(
                _("The connection to the mail server {place} cannot be protected.", place=place), check
            )
        case smtplib.SMTPResponseException():
            return ServerRefusedError(
                _("The mail server {place} refused the message.", place=place), _answer(error.smtp_error)
            )
        case smtplib.SMTPServerDisconnected() | OSError():
            return MailServerError(_("The mail server {place} does not answer.", place=place), check)
        case _:
            return MailServerError(
                _("The message cannot be sent: it has signs that e-mail does not carry."),
                _("Look at the subject and the address."),
            )


def _answer(said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return " ".join(text.split())[:200]
