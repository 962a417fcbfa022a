"""A kiosk wired as the program wires it, with the school's certificate in its settings."""

import socket
import ssl
from pathlib import Path

import httpx
import pytest

from kiosk import bootstrap
from kiosk.errors import CertificateError
from kiosk.services.events import WebStateChanged
from kiosk.settings import KioskSettings, WebSettings
from tests.fakes.certificates import SchoolFiles
from tests.fakes.recorder import EventRecorder


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
    kiosk = bootstrap.build(
        data_dir, models_dir=data_dir, on_event=recorder, settings=settings, with_web=True
    )
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
    kiosk = bootstrap.build(data_dir, models_dir=data_dir, on_event=recorder)
    kiosk.start()
    try:
        with pytest.raises(CertificateError, match="does not name"):
            kiosk.app.save_settings(settings_of(files))
        assert bootstrap.load_settings(data_dir) == KioskSettings()
        files.write("127.0.0.1")
        kiosk.app.save_settings(settings_of(files))
        assert bootstrap.load_settings(data_dir).web.certificate == str(files.certificate_path)
    finally:
        kiosk.stop()
