"""A kiosk wired as the program wires it, with the school's certificate in its settings."""

import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from kiosk import bootstrap
from kiosk.domain.attendance.choices import ProofPolicy
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.errors import CertificateError, SourceError
from kiosk.services.events import Event, WebStateChanged
from kiosk.services.ports.outputs import PinSlip
from kiosk.settings import SETTINGS_FILE, KioskSettings, WebSettings
from tests.fakes.actors import admin
from tests.fakes.phones.certificates import SchoolFiles
from tests.fakes.phones.handset import form, heading
from tests.fakes.recorder import EventRecorder
from tests.world.kiosk import build_kiosk


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as one:
        port: int = one.getsockname()[1]
        return port


def settings_of(files: SchoolFiles) -> KioskSettings:
    return KioskSettings(
        web=WebSettings(
            host="127.0.0.1",
            port=free_port(),
            certificate=str(files.certificate_path),
            certificate_key=str(files.key_path),
        )
    )


@pytest.fixture
def files(tmp_path: Path) -> SchoolFiles:
    folder = tmp_path / "certificate"
    folder.mkdir()
    return SchoolFiles(folder)


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    bootstrap.prepare_data_dir(folder)
    return folder


def first_web_state(data_dir: Path, settings: KioskSettings, ask: ssl.SSLContext | None) -> WebStateChanged:
    recorder = EventRecorder()
    kiosk = build_kiosk(data_dir, models_dir=data_dir, settings=settings, with_web=True)
    kiosk.events.subscribe(Event, recorder.on_event)
    try:
        kiosk.start()
        recorder.wait_for(lambda event: isinstance(event, WebStateChanged))
        state = recorder.of(WebStateChanged)[0]
        if ask is not None:
            answer = httpx.get(state.base_url, verify=ask)
            assert answer.status_code == 200
    finally:
        kiosk.stop()
    return state


def test_phones_come_by_https(data_dir: Path, files: SchoolFiles) -> None:
    files.write("127.0.0.1")
    settings = settings_of(files)
    state = first_web_state(data_dir, settings, ssl.create_default_context(cafile=files.root_path))
    assert state.base_url == f"https://127.0.0.1:{settings.web.port}"


def test_with_a_certificate_that_phones_refuse_nobody_is_served_by_plain_http_instead(
    data_dir: Path, files: SchoolFiles
) -> None:
    files.write("kiosk.school.test")
    state = first_web_state(data_dir, settings_of(files), None)
    assert not state.running
    assert "does not name 127.0.0.1" in state.user_text


def test_such_a_certificate_is_not_saved(data_dir: Path, files: SchoolFiles) -> None:
    files.write("kiosk.school.test")
    recorder = EventRecorder()
    kiosk = build_kiosk(data_dir, models_dir=data_dir)
    kiosk.events.subscribe(Event, recorder.on_event)
    kiosk.start()
    try:
        with pytest.raises(CertificateError, match="does not name"):
            kiosk.app.school.settings.change(settings_of(files), actor=admin("test"))
        assert bootstrap.load_settings(data_dir) == KioskSettings()
        files.write("127.0.0.1")
        kiosk.app.school.settings.change(settings_of(files), actor=admin("test"))
        assert bootstrap.load_settings(data_dir).web.certificate == str(files.certificate_path)
    finally:
        kiosk.stop()


class Running:
    """A kiosk that serves phones by plain HTTP, with its settings stored."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self.recorder = EventRecorder()
        web = WebSettings(host="127.0.0.1", port=free_port())
        KioskSettings(web=web).save(data_dir / SETTINGS_FILE)
        self.kiosk = build_kiosk(data_dir, models_dir=data_dir, with_web=True)
        self.kiosk.events.subscribe(Event, self.recorder.on_event)
        self.kiosk.start()
        self.address()

    def address(self, number: int = 1) -> str:
        """Where phones are sent after so many changes."""
        self.recorder.wait_for(lambda _event: len(self.recorder.of(WebStateChanged)) >= number)
        return self.recorder.of(WebStateChanged)[number - 1].base_url

    def save(self, **changes: object) -> None:
        stored = bootstrap.load_settings(self.data_dir)
        web = stored.web.model_copy(update=changes)
        self.kiosk.app.school.settings.change(stored.model_copy(update={"web": web}), actor=admin("test"))

    def show_class(self, policy: ProofPolicy = ProofPolicy.EITHER) -> ClassSession:
        app = self.kiosk.app
        course = app.courses.lists.add_course(code="CS 101", title="Algorithms", room="", actor=admin("test"))
        session = app.attendance.sessions.start(
            course.course_id, actor=admin("test"), model="none", policy=policy
        )
        app.attendance.running.show(session, course)
        return session

    def anita(self) -> PinSlip:
        """A student of the course, with her PIN."""
        app = self.kiosk.app
        class_list = self.data_dir / "class.csv"
        class_list.write_text("student_no,full_name\nS2041,Anita Rao\n")
        app.courses.lists.import_roster(
            class_list, course_code="CS 101", since=app.core.today(), actor=admin("test")
        )
        course = app.courses.lists.course("CS 101")
        (slip,), put_into_force = app.people.pins.prepare(
            course.course_id, on=app.core.today(), actor=admin("test")
        )
        put_into_force()
        return slip

    def scanned(self) -> str:
        code = self.kiosk.app.attendance.running.code()
        assert code is not None
        return code.url


class Browser:
    """A student's, which follows where it is sent."""

    def __init__(self, running: Running, trust: ssl.SSLContext | None = None) -> None:
        self._running = running
        self.client = httpx.Client(follow_redirects=True, verify=trust or True)

    def get(self, address: str) -> httpx.Response:
        origin = self._running.kiosk.app.attendance.running.base_url
        return self.client.get(address if address.startswith(origin) else origin + address)

    def press(self, page: httpx.Response, button: str, **fields: str) -> httpx.Response:
        action, hidden = form(page.text, button)
        origin = self._running.kiosk.app.attendance.running.base_url
        return self.client.post(origin + action, data=hidden | fields, headers={"Origin": origin})

    def sign_in(self, page: httpx.Response, slip: PinSlip) -> httpx.Response:
        return self.press(page, "Sign in", student_no=slip.student.student_no, pin=slip.pin)


@pytest.fixture
def running(data_dir: Path) -> Iterator[Running]:
    made = Running(data_dir)
    yield made
    made.kiosk.stop()


def test_https_begins_and_ends_at_once_while_a_class_is_open(running: Running, files: SchoolFiles) -> None:
    files.write("127.0.0.1")
    trust = ssl.create_default_context(cafile=files.root_path)
    running.show_class()
    assert httpx.get(running.scanned(), follow_redirects=True).status_code == 200
    running.save(certificate=str(files.certificate_path), certificate_key=str(files.key_path))
    assert running.address(2).startswith("https://127.0.0.1:")
    answer = httpx.get(running.scanned(), verify=trust, follow_redirects=True)
    assert answer.url.scheme == "https"
    assert "Sign in" in answer.text
    running.save(certificate="", certificate_key="")
    assert httpx.get(running.scanned(), follow_redirects=True).url.scheme == "http"


def test_where_the_new_port_is_taken_everything_stays_as_it_was(running: Running) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]
        with pytest.raises(SourceError, match=f"Port {taken} is used"):
            running.save(port=taken)
    assert bootstrap.load_settings(running.data_dir).web.port != taken
    assert running.kiosk.app.phones.address.web.port != taken
    assert httpx.get(running.address(2)).status_code == 200


def test_a_form_on_a_phone_outlives_a_restart_of_the_web_part(running: Running) -> None:
    running.show_class()
    phone = httpx.Client(follow_redirects=True)
    page = phone.get(running.scanned())
    running.kiosk.runtime.restart_web()
    action, hidden = form(page.text, "Sign in")
    origin = running.address(2)
    answer = phone.post(
        origin + action, data=hidden | {"student_no": "S9", "pin": "123456"}, headers={"Origin": origin}
    )
    phone.close()
    assert "S9" in answer.text, "it was read, and not refused as a form from elsewhere"


def test_a_marked_student_keeps_the_result_when_another_web_part_serves(running: Running) -> None:
    running.show_class()
    phone = Browser(running)
    asked = phone.sign_in(phone.get(running.scanned()), running.anita())
    told = phone.press(asked, "I am here")
    assert heading(told) == "You are marked present"
    assert 'class="present"' in told.text
    running.save(allowed_subnets="127.0.0.0/8")
    running.address(2)
    assert phone.get(str(told.url)).text == told.text
    assert phone.get(str(asked.url)).text == told.text, "the scan's own page leads there, too"
    stranger = Browser(running)
    assert stranger.get(str(told.url)).status_code == 410
    for browser in (phone, stranger):
        browser.client.close()


def test_a_phone_that_waits_for_the_teacher_waits_on_in_another_web_part(running: Running) -> None:
    session, slip, phone = running.show_class(ProofPolicy.BOTH), running.anita(), Browser(running)
    waiting = phone.press(phone.sign_in(phone.get(running.scanned()), slip), "I am here")
    assert heading(waiting) == "Almost done: your teacher confirms you"
    running.kiosk.runtime.restart_web()
    assert phone.get(str(waiting.url)).text == waiting.text
    student_id = slip.student.student_id
    running.kiosk.app.attendance.claims.confirm(session.session_id, student_id, actor=admin("test"))
    running.kiosk.runtime.restart_web()
    assert heading(phone.get(str(waiting.url))) == "You are marked present"
    phone.client.close()


def test_a_consent_receipt_is_kept_when_another_web_part_serves(running: Running, files: SchoolFiles) -> None:
    files.write("127.0.0.1")
    running.save(certificate=str(files.certificate_path), certificate_key=str(files.key_path))
    running.address(2)
    running.show_class()
    slip = running.anita()
    phone = Browser(running, ssl.create_default_context(cafile=files.root_path))
    phone.sign_in(phone.get("/sign-in"), slip)
    receipt = phone.press(phone.get("/me/consent"), "I consent")
    assert heading(receipt) == "Your consent is recorded"
    files.write("127.0.0.1")
    running.kiosk.runtime.restart_web()
    assert phone.get(str(receipt.url)).text == receipt.text
    phone.client.close()
