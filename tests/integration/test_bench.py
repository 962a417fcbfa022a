"""``kiosk bench`` from the command to its JSON, as small as it can be; how fast it all is, benchmarks say."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.unit.bench.test_report import STABLE


def bench(models_dir: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "kiosk", "bench", *arguments],
        cwd=Path(__file__).parents[2],
        env={**os.environ, "KIOSK_MODELS_DIR": str(models_dir)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_quick_run_of_this_kiosk_alone(models_dir: Path) -> None:
    done = bench(models_dir, "--model", "dlib-resnet-v1", "--quick", "--skip-contenders", "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert set(found) >= STABLE
    assert found["missing"] == {}
    assert (found["model"], found["weights"]) == ("dlib-resnet-v1", "official")
    assert found["fps"] > 0
    # How many of them are seen in time is the machine's matter: the film is played as a camera would.
    assert 0 <= found["queue"]["marked"] <= found["queue"]["students"] == 4
    assert found["queue"]["mistaken"] == 0
    assert found["window"]["shown_fps"] > 0
    assert found["tensorflow_imported"] is False
    assert found["contenders_ms"]["deepface_forward"] is None
    assert found["ratio"]["loop_vs_deepface_find"] is None


def test_unknown_model_is_one_plain_sentence(models_dir: Path) -> None:
    done = bench(models_dir, "--model", "arcface")
    assert done.returncode == 1
    assert done.stderr.startswith("There is no recognition model arcface. Known: dlib-resnet-v1")
    assert done.stdout == ""
