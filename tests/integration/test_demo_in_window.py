"""The demo as a person starts it: the real window on a virtual display, the phones reading the code from the window."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

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
