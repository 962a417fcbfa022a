"""A mail server on this PC that takes, refuses or hangs up, as a test says."""

import base64
import email
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default


@dataclass
class SmtpBehaviour:
    """What the server does.

    Attributes:
        login: User and password that it wants; None: it offers no login.
        refused: Addresses that it does not take.
        hangs_up_after: It ends the connection after so many messages, without an answer to the last one; None: never.
        hangs_up_at: The command at which it ends the connection instead of answering.
        verdict: What it answers to a message.
        says: What it answers to the sender instead of taking it, such as ``530 5.7.0 Authentication required``.
        messages: What it took.
    """

    login: tuple[str, str] | None = None
    refused: frozenset[str] = frozenset()
    hangs_up_after: int | None = None
    hangs_up_at: str = ""
    verdict: str = "250 taken"
    says: str = ""
    messages: list[EmailMessage] = field(default_factory=list)


class _Handler(socketserver.StreamRequestHandler):
    timeout = 60

    def handle(self) -> None:
        behaviour: SmtpBehaviour = self.server.behaviour  # type: ignore[attr-defined]
        self._say("220 fake ESMTP")
        while line := self.rfile.readline().decode().strip():
            word, _, rest = line.partition(" ")
            if word.upper() == behaviour.hangs_up_at:
                return
            match word.upper():
                case "EHLO":
                    offers = ["250-fake", "250-8BITMIME"]
                    offers += ["250-AUTH PLAIN"] if behaviour.login else []
                    self._say("\r\n".join([*offers, "250 SMTPUTF8"]))
                case "AUTH":
                    given = base64.b64decode(rest.split()[1]).decode().split("\0")[1:]
                    right = behaviour.login is not None and given == list(behaviour.login)
                    self._say("235 welcome" if right else "535 5.7.8 wrong user or password")
                case "MAIL":
                    self._say(behaviour.says or "250 ok")
                case "RCPT":
                    address = rest.partition("<")[2].partition(">")[0]
                    self._say("550 5.1.1 no such person" if address in behaviour.refused else "250 ok")
                case "DATA":
                    self._say("354 go on")
                    self._take(behaviour)
                    if behaviour.hangs_up_after == len(behaviour.messages):
                        return
                    self._say(behaviour.verdict)
                case "QUIT":
                    self._say("221 bye")
                    return
                case _:
                    self._say("250 ok")

    def _take(self, behaviour: SmtpBehaviour) -> None:
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line)
        behaviour.messages.append(email.message_from_bytes(b"".join(lines), policy=default))

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True

    def __init__(self, behaviour: SmtpBehaviour) -> None:
        self.behaviour = behaviour
        super().__init__(("127.0.0.1", 0), _Handler)


@contextmanager
def smtp_server(behaviour: SmtpBehaviour) -> Iterator[int]:
    """Serve until the end of the block; gives the port."""
    server = _Server(behaviour)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield int(server.server_address[1])
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
