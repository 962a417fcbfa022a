"""E-mail over a real connection to a mail server on this PC."""

import socket

import pytest

from kiosk.domain.messages.mail import MailMessage, MailSecurity, MailServer
from kiosk.mail.smtp import smtp_mailer
from kiosk.services.ports.mail import (
    AddressRefusedError,
    MailServerError,
    NoAnswerError,
    ServerRefusedError,
)
from tests.fakes.messages.smtp_server import SmtpBehaviour, smtp_server

MESSAGE = MailMessage("zoe@school.example", "Attendance of Zoë", "Zoë came to 3 of 8 classes.\nŁódź\n")


def server(port: int, **changes: object) -> MailServer:
    values = {"user": "", "password": "", "security": MailSecurity.NONE} | changes
    return MailServer(host="127.0.0.1", port=port, sender="office@school.example", **values)  # type: ignore[arg-type]


def test_a_message_arrives_as_it_was_written_with_a_way_to_stop_it() -> None:
    behaviour = SmtpBehaviour()
    with smtp_server(behaviour) as port, smtp_mailer(server(port)) as connection:
        connection.send(MESSAGE)
    (message,) = behaviour.messages
    assert message["To"] == "zoe@school.example"
    assert message["From"] == "office@school.example"
    assert message["Subject"] == "Attendance of Zoë"
    assert message["List-Unsubscribe"] == "<mailto:office@school.example?subject=STOP>"
    assert message.get_content().splitlines() == MESSAGE.text.splitlines()


def test_several_messages_go_over_one_connection_after_a_login() -> None:
    behaviour = SmtpBehaviour(login=("office", "secret"))
    with (
        smtp_server(behaviour) as port,
        smtp_mailer(server(port, user="office", password="secret")) as connection,
    ):
        for _number in range(3):
            connection.send(MESSAGE)
    assert len(behaviour.messages) == 3


def test_a_refused_address_leaves_the_connection_good_for_the_next() -> None:
    behaviour = SmtpBehaviour(refused=frozenset({"gone@school.example"}))
    with smtp_server(behaviour) as port, smtp_mailer(server(port)) as connection:
        with pytest.raises(AddressRefusedError, match="does not take the address gone@school") as refused:
            connection.send(MailMessage("gone@school.example", "a", "b"))
        connection.send(MESSAGE)
    assert "no such person" in refused.value.hint
    assert len(behaviour.messages) == 1


def test_a_wrong_password_is_said() -> None:
    with (
        smtp_server(SmtpBehaviour(login=("office", "secret"))) as port,
        pytest.raises(MailServerError, match="does not take this user and password"),
        smtp_mailer(server(port, user="office", password="wrong")),
    ):
        pass


def test_a_server_that_wants_another_login_is_said() -> None:
    with (
        smtp_server(SmtpBehaviour()) as port,
        pytest.raises(MailServerError, match="another login"),
        smtp_mailer(server(port, user="office", password="secret")),
    ):
        pass


def test_a_server_without_the_wanted_security_gets_nothing() -> None:
    with (
        smtp_server(SmtpBehaviour()) as port,
        pytest.raises(MailServerError, match="another security"),
        smtp_mailer(server(port, security=MailSecurity.STARTTLS)),
    ):
        pass


def test_a_server_that_takes_nothing_from_this_sender_is_said_in_its_words() -> None:
    behaviour = SmtpBehaviour(says="530 5.7.0 Authentication required")
    with (
        smtp_server(behaviour) as port,
        smtp_mailer(server(port)) as connection,
        pytest.raises(MailServerError, match="takes no messages from office") as refused,
    ):
        connection.send(MESSAGE)
    assert "Authentication required" in refused.value.hint


def test_a_server_that_does_not_answer_is_said() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    with pytest.raises(MailServerError, match="does not answer"), smtp_mailer(server(port)):
        pass


def test_a_server_that_says_nothing_is_given_up() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        port = silent.getsockname()[1]
        with (
            pytest.raises(MailServerError, match="does not answer"),
            smtp_mailer(server(port), timeout_s=0.2),
        ):
            pass


def test_a_server_that_hangs_up_after_the_whole_message_leaves_it_unknown_whether_it_was_sent() -> None:
    behaviour = SmtpBehaviour(hangs_up_after=1)
    with (
        smtp_server(behaviour) as port,
        smtp_mailer(server(port)) as connection,
        pytest.raises(NoAnswerError, match="went away before it said"),
    ):
        connection.send(MESSAGE)
    assert len(behaviour.messages) == 1


@pytest.mark.parametrize("at", ["MAIL", "RCPT", "DATA"])
def test_a_server_that_hangs_up_before_does_not_have_the_message(at: str) -> None:
    behaviour = SmtpBehaviour(hangs_up_at=at)
    with (
        smtp_server(behaviour) as port,
        smtp_mailer(server(port)) as connection,
        pytest.raises(MailServerError, match="does not answer") as said,
    ):
        connection.send(MESSAGE)
    assert not isinstance(said.value, NoAnswerError | ServerRefusedError)
    assert behaviour.messages == []


@pytest.mark.parametrize("verdict", ["451 4.3.0 try later", "554 5.7.1 looks like spam"])
def test_a_message_that_the_server_does_not_take_is_refused_in_its_words(verdict: str) -> None:
    behaviour = SmtpBehaviour(verdict=verdict)
    with (
        smtp_server(behaviour) as port,
        smtp_mailer(server(port)) as connection,
        pytest.raises(ServerRefusedError, match="refused the message") as said,
    ):
        connection.send(MESSAGE)
    assert verdict[4:] in said.value.hint


def test_a_message_that_e_mail_cannot_carry_leaves_the_connection_good_for_the_next() -> None:
    behaviour = SmtpBehaviour()
    with smtp_server(behaviour) as port, smtp_mailer(server(port)) as connection:
        with pytest.raises(AddressRefusedError, match="does not take the address"):
            connection.send(MailMessage("a\ud800@school.example", "a", "b"))
        connection.send(MESSAGE)
    assert len(behaviour.messages) == 1


def test_no_header_can_be_smuggled_in() -> None:
    behaviour = SmtpBehaviour()
    with smtp_server(behaviour) as port, smtp_mailer(server(port)) as connection:
        connection.send(MailMessage("zoe@school.example", "Hello\r\nBcc: all@school.example", "x"))
    (message,) = behaviour.messages
    assert message["Bcc"] is None


def test_a_password_is_never_shown() -> None:
    assert "secret" not in repr(server(25, password="secret"))
