"""The demo as a person starts it: the real window on a virtual display, the phones reading the code from the window."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.bootstrap.display import has_display

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def display() -> Iterator[str]:
    """Name of a display that nobody sees."""
    reads, writes = os.pipe()
    with subprocess.Popen(
        ["Xvfb", "-displayfd", str(writes), "-screen", "0", "1920x1080x24", "-nolisten", "tcp"],
        pass_fds=[writes],
        stderr=subprocess.DEVNULL,
    ) as server:
        os.close(writes)
        try:
            with os.fdopen(reads) as answer:
                yield f":{int(answer.readline())}"
        finally:
            server.terminate()


@pytest.mark.window
def test_a_display_is_one_while_it_answers(display: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("QT_QPA_PLATFORM", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DISPLAY", display)
    assert has_display()
    monkeypatch.setenv("DISPLAY", ":97")
    assert not has_display()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has such displays")
def test_a_wayland_display_is_one_while_it_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("QT_QPA_PLATFORM", "DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-7")
    assert not has_display()
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as door:
        door.bind(str(tmp_path / "wayland-7"))
        assert not has_display()
        door.listen()
        assert has_display()


@pytest.mark.window
def test_a_class_in_the_real_window_marks_everybody(display: str, tmp_path: Path, models_dir: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "QT_QPA_PLATFORM"}
    environment |= {"DISPLAY": display, "KIOSK_MODELS_DIR": str(models_dir)}
    choice = ["--students", "2", "--unenrolled", "0", "--json", "--data-dir", str(tmp_path / "data")]

    ran = subprocess.run(
        [sys.executable, "-P", "-m", "kiosk", "demo", *choice],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert ran.returncode == 0, ran.stderr
    said = json.loads(ran.stdout)
    assert sorted(record["student_no"] for record in said["records"]) == sorted(said["expected"])
    assert {record["method"] for record in said["records"]} == {"face", "phone"}
