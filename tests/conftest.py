"""What every test runs under: no threads left behind, no unexpected warnings in the log, no network but loopback."""

import ipaddress
import logging
import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

SHARED = Path(os.environ.get("KIOSK_SHARED_DIR", Path(__file__).parents[2] / "shared"))
JOIN_S = 5.0


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
def _no_leaked_threads() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    left = [thread for thread in threading.enumerate() if thread not in before]
    for thread in left:
        thread.join(JOIN_S)
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
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in {socket.AF_INET, socket.AF_INET6} and self.type == socket.SOCK_STREAM:
            host = address[0]
            if host != "localhost" and not ipaddress.ip_address(host).is_loopback:
                raise AssertionError(f"a test reached for the network: {host}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)
