"""The real server with a real certificate, asked by a client that trusts the school's root only."""

import contextlib
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from kiosk.errors import CertificateError
from kiosk.settings import WebSettings
from kiosk.web.http.entrance import PromptLoop
from kiosk.web.http.server import UvicornServer
from tests.fakes.phones.certificates import SchoolFiles
from tests.fakes.phones.handset import form, get_at_last, heading
from tests.world.classroom import ANITA, PIN, Classroom


@pytest.fixture
def files(tmp_path: Path) -> SchoolFiles:
    files = SchoolFiles(tmp_path)
    files.write("127.0.0.1")
    return files


@pytest.fixture
def settings(files: SchoolFiles) -> WebSettings:
    given = WebSettings(
        host="127.0.0.1", certificate=str(files.certificate_path), certificate_key=str(files.key_path)
    )
    return given.model_copy(update={"port": 0})


@pytest.fixture
def server(classroom: Classroom, settings: WebSettings) -> Iterator[UvicornServer]:
    server = UvicornServer(classroom.app(secure=True), settings)
    yield server
    assert server.stop(60)


@pytest.fixture
def phone(server: UvicornServer, files: SchoolFiles) -> Iterator[httpx.Client]:
    trust = ssl.create_default_context(cafile=files.root_path)
    with httpx.Client(base_url=server.start(), verify=trust, follow_redirects=True) as client:
        yield client


def post(phone: httpx.Client, page: httpx.Response, button: str, **fields: str) -> httpx.Response:
    action, hidden = form(page.text, button)
    return phone.post(action, data=hidden | fields, headers={"Origin": str(phone.base_url).rstrip("/")})


def test_a_student_checks_in_by_https(phone: httpx.Client, classroom: Classroom) -> None:
    session = classroom.open_class()
    assert phone.base_url.scheme == "https"
    page = post(phone, phone.get(classroom.scan_path()), "Sign in", student_no=ANITA, pin=PIN)
    done = post(phone, page, "I am here")
    assert "Anita Rao" in done.text, heading(done)
    assert len(classroom.records(session)) == 1


def test_cookies_are_bound_to_the_host_and_secure(phone: httpx.Client, classroom: Classroom) -> None:
    classroom.open_class()
    page = phone.get(classroom.scan_path())
    post(phone, page, "Sign in", student_no=ANITA, pin=PIN)
    cookies = list(phone.cookies.jar)
    assert {one.name for one in cookies} == {
        "__Host-kiosk_browser",
        "__Host-kiosk_known",
        "__Host-kiosk_sign_in",
    }
    for one in cookies:
        assert one.secure
        assert one.path == "/"
        assert not one.domain_specified
        assert one.has_nonstandard_attr("HttpOnly")
        assert one.get_nonstandard_attr("SameSite") == "lax"


def test_a_form_from_the_plain_address_is_refused(phone: httpx.Client, classroom: Classroom) -> None:
    classroom.open_class()
    action, hidden = form(phone.get(classroom.scan_path()).text, "Sign in")
    plain = str(phone.base_url).rstrip("/").replace("https://", "http://")
    answer = phone.post(action, data=hidden | {"student_no": ANITA, "pin": PIN}, headers={"Origin": plain})
    assert answer.status_code == 403


def test_a_proxy_that_keeps_the_host_and_speaks_https_is_seen_through(
    phone: httpx.Client, classroom: Classroom
) -> None:
    classroom.open_class()
    host = {"Host": "kiosk.school.test:8080", "X-Forwarded-Proto": "http", "X-Forwarded-For": "10.0.0.1"}
    action, hidden = form(phone.get(classroom.scan_path(), headers=host).text, "Sign in")
    fields = hidden | {"student_no": ANITA, "pin": PIN}
    headers = host | {"Origin": "https://kiosk.school.test:8080"}
    assert phone.post(action, data=fields, headers=headers).status_code == 200
    assert phone.post(action, data=fields, headers=headers | {"Host": "10.0.0.1:8080"}).status_code == 403


def test_a_phone_that_does_not_know_the_school_is_warned(server: UvicornServer) -> None:
    with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
        httpx.get(server.start())


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_phones_of_the_last_years_connect(
    server: UvicornServer, files: SchoolFiles, version: ssl.TLSVersion
) -> None:
    trust = ssl.create_default_context(cafile=files.root_path)
    trust.minimum_version = trust.maximum_version = version
    assert httpx.get(server.start(), verify=trust).status_code == 200


def test_plain_http_gets_nothing_and_disturbs_nobody(phone: httpx.Client) -> None:
    plain = str(phone.base_url).replace("https://", "http://")
    with pytest.raises(httpx.RemoteProtocolError):
        httpx.get(plain)
    assert phone.get("/").status_code == 200


def test_those_who_never_shake_hands_are_dropped(
    server: UvicornServer, files: SchoolFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PromptLoop, "handshake_s", 0.2)
    address = httpx.URL(server.start())
    place = (address.host, address.port or 0)
    dawdlers = [socket.create_connection(place, timeout=60) for _ in range(50)]
    trust = ssl.create_default_context(cafile=files.root_path)
    assert get_at_last(address, trust).status_code == 200
    for one in dawdlers:
        with contextlib.suppress(ConnectionResetError), one:
            assert one.recv(100) == b""


def test_a_certificate_that_vanished_is_said(
    settings: WebSettings, files: SchoolFiles, classroom: Classroom
) -> None:
    files.key_path.unlink()
    server = UvicornServer(classroom.app(secure=True), settings)
    with pytest.raises(CertificateError, match="cannot be read"):
        server.start()


def test_a_key_that_cannot_be_loaded_is_said(
    settings: WebSettings, files: SchoolFiles, classroom: Classroom
) -> None:
    files.key_path.write_bytes(b"nonsense")
    server = UvicornServer(classroom.app(secure=True), settings)
    with pytest.raises(CertificateError, match="cannot be used"):
        server.start()


def test_renewed_files_are_noticed_and_the_server_starts_again_with_them(
    classroom: Classroom, settings: WebSettings, files: SchoolFiles
) -> None:
    server = UvicornServer(classroom.app(secure=True), settings)
    trust = ssl.create_default_context(cafile=files.root_path)
    try:
        address = httpx.URL(server.start())
        assert not server.has_new_certificate()
        first = served_certificate(address, trust)
        files.write("127.0.0.1")
        assert server.has_new_certificate()
        assert served_certificate(address, trust) == first, "what serves holds the old ones"
        assert server.stop(60)
        address = httpx.URL(server.start())
        assert served_certificate(address, trust) == first, "until it is prepared anew"
        server.prepare()
        assert server.stop(60)
        address = httpx.URL(server.start())
        assert not server.has_new_certificate()
        assert served_certificate(address, trust) != first
        files.key_path.unlink()
        assert not server.has_new_certificate()
    finally:
        assert server.stop(60)


def test_idle_phones_do_not_hold_up_a_stop(
    classroom: Classroom, settings: WebSettings, files: SchoolFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else nobody is served for three seconds each time that another web part takes the place of this one."""
    monkeypatch.setattr("kiosk.web.http.server.FINISH_S", 600)
    server = UvicornServer(classroom.app(secure=True), settings)
    trust = ssl.create_default_context(cafile=files.root_path)
    with httpx.Client(base_url=server.start(), verify=trust) as idle:
        assert idle.get("/").status_code == 200
        assert server.stop(60)


def served_certificate(address: httpx.URL, trust: ssl.SSLContext) -> bytes:
    with (
        socket.create_connection((address.host, address.port or 0), timeout=60) as plain,
        trust.wrap_socket(plain, server_hostname=address.host) as one,
    ):
        found = one.getpeercert(binary_form=True)
    assert found is not None
    return found
