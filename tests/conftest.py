"""What every test runs under: no threads left behind, no unexpected warnings in the log, no network but loopback,
no waiting for the disk."""

import asyncio
import gc
import ipaddress
import logging
import os
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from httpx._config import DEFAULT_TIMEOUT_CONFIG
from pytestqt.qtbot import QtBot

from kiosk.gui.collecting import collect_what_is_due
from kiosk.storage.database import engine
from kiosk.storage.repositories.repositories import Repositories
from kiosk.storage.store_worker import StoreWorker, T

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault(
    "OPENCV_FFMPEG_LOGLEVEL", "-8"
)  # looked at once, by whichever test is first to use a video

SHARED = Path(os.environ.get("KIOSK_SHARED_DIR", Path(__file__).parents[2] / "shared"))
PATIENCE_S = 60.0
"""How long a busy machine may take for what comes at once on an idle one."""

for wait in (QtBot.waitUntil, QtBot.waitSignal, QtBot.waitSignals, QtBot.waitExposed, QtBot.waitActive):
    wait.__kwdefaults__ = {**(wait.__kwdefaults__ or {}), "timeout": round(PATIENCE_S * 1000)}
for phase in ("connect", "read", "write", "pool"):
    setattr(DEFAULT_TIMEOUT_CONFIG, phase, PATIENCE_S)
hypothesis.settings.register_profile(
    "untimed", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("untimed")


@pytest.fixture(scope="session")
def shared_dir() -> Path:
    """Photographs and models beside the repository; tests that need them skip where they are absent."""
    if not (SHARED / "faces").is_dir():
        pytest.skip(f"shared data absent: {SHARED}")
    return SHARED


@pytest.fixture(scope="session")
def models_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One models directory for the whole run: the built-in model is made in it once."""
    return tmp_path_factory.mktemp("models")


@pytest.fixture(autouse=True)
def _collected_on_this_thread() -> Iterator[None]:
    """Python's collector runs between tests only, as it runs on the main thread only beside the window.

    On whatever thread allocates next it would destroy a Qt object that an earlier test left in a cycle, and Qt crashes.
    """
    gc.disable()
    yield
    gc.disable()  # a window that a test closed has turned it on again
    collect_what_is_due()


@pytest.fixture(autouse=True)
def _no_leaked_threads() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    left = [thread for thread in threading.enumerate() if thread not in before]
    for thread in left:
        thread.join(PATIENCE_S)
    alive = [thread.name for thread in left if thread.is_alive()]
    assert not alive, f"threads left behind: {alive}"


@pytest.fixture(autouse=True)
def _no_unexpected_warnings(
    request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture
) -> Iterator[None]:
    """A test that expects a warning of ours says so with `caplog.clear()` or the marker of the same name."""
    yield
    if request.node.get_closest_marker("logs_warnings"):
        return
    found = [
        record
        for phase in ("setup", "call")
        for record in caplog.get_records(phase)
        if record.name.startswith("kiosk") and record.levelno >= logging.WARNING
    ]
    assert not found, f"unexpected in the log: {[record.getMessage() for record in found]}"


@pytest.fixture(autouse=True)
def _only_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    for proxy in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(proxy, raising=False)
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in {socket.AF_INET, socket.AF_INET6} and self.type == socket.SOCK_STREAM:
            host = address[0]
            if host != "localhost" and not ipaddress.ip_address(host).is_loopback:
                raise AssertionError(f"a test reached for the network: {host}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A database that is opened after this waits only a moment for another program's lock, and its store tries soon again."""
    monkeypatch.setattr("kiosk.storage.database.engine.BUSY_TIMEOUT_MS", 50)
    monkeypatch.setitem(StoreWorker.__init__.__kwdefaults__ or {}, "probe_s", 0.05)


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The program gives its own threads and processes as long as a busy machine may need for them."""
    for limit in (
        "kiosk.bootstrap.background.JOIN_S",
        "kiosk.codes.reader.START_S",
        "kiosk.pipeline.enrolment_run.JOIN_S",
        "kiosk.pipeline.runtime.JOIN_S",
        "kiosk.pipeline.web_supervisor.STOP_S",
        "kiosk.web.http.server.START_S",
    ):
        monkeypatch.setattr(limit, PATIENCE_S)
    from kiosk.codes.reader import PyzbarReader

    monkeypatch.setitem(PyzbarReader.read.__kwdefaults__ or {}, "timeout_s", PATIENCE_S)


@pytest.fixture(autouse=True)
def _window_and_phones_wait_for_no_write(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both would stand still while the store waits for its disk or server; they write in threads of their own.

    See `kiosk.gui.tasks` and `kiosk.web.http.workers`.
    """
    write = StoreWorker.write

    def guarded(
        self: StoreWorker, work: Callable[[Repositories], T], *, then: Callable[[T], None] | None = None
    ) -> T:
        if threading.current_thread() is threading.main_thread():
            assert not _is_called_by("kiosk.gui."), "the window writes on its main thread"
        if asyncio._get_running_loop() is not None:
            assert not _is_called_by("kiosk.web."), "a page writes on the event loop"
        return write(self, work, then=then)

    monkeypatch.setattr(StoreWorker, "write", guarded)


def _is_called_by(package: str) -> bool:
    """Whether code of `package` stands in this thread's stack: a test itself may write where that must not."""
    frame = sys._getframe()
    while frame.f_back is not None:
        frame = frame.f_back
        if frame.f_globals.get("__name__", "").startswith(package):
            return True
    return False


@pytest.fixture(autouse=True)
def _not_forced_to_disk(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test cuts the power, and on a busy machine tests would wait for the disk longest.

    A test that is about it has the marker `durable`; processes that a test starts write as they always do.
    """
    if request.node.get_closest_marker("durable"):
        return
    monkeypatch.setattr(engine, "EXTRA", 0)
    monkeypatch.setattr(os, "fsync", lambda _descriptor: None)
