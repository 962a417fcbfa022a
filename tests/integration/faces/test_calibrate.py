"""``kiosk calibrate`` over a real database, the real detector and the built-in model."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kiosk import cli
from tests.fakes.faces.drawn_people import draw_people

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(
    tmp_path: Path, models_dir: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    monkeypatch.setenv("KIOSK_MODELS_DIR", str(models_dir))
    monkeypatch.setenv("KIOSK_DATA_DIR", str(tmp_path / "data"))

    def invoke(*arguments: str | Path) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["kiosk", *map(str, arguments)])
        with pytest.raises(SystemExit) as stop:
            cli.main()
        out, err = capsys.readouterr()
        return int(stop.value.code or 0), out, err

    return invoke


def calibrated(run: Run, *arguments: str) -> dict[str, Any]:
    code, out, _ = run("calibrate", "--course", "C1", "--json", *arguments)
    assert code == 0
    found = json.loads(out)
    assert isinstance(found, dict)
    return found


def test_a_dry_run_measures_and_leaves_what_is_in_use(run: Run, tmp_path: Path) -> None:
    roster = tmp_path / "roster.csv"
    roster.write_text(
        "student_no,full_name\n" + "".join(f"P{one},Person {one}\n" for one in range(1, 6)), encoding="utf-8"
    )
    assert run("people", "import", roster, "--course", "C1")[0] == 0
    code, out, err = run("calibrate", "--course", "C1")
    assert (code, out) == (1, "")
    assert "Too few faces" in err
    faces = draw_people(tmp_path / "faces", people=5, pictures=2)
    assert run("faces", "import", faces, "--consent-recorded")[0] == 0

    rehearsed = calibrated(run, "--dry-run")
    assert not rehearsed["changed"]
    assert rehearsed["before"]["origin"] == "default"
    assert (rehearsed["people"], rehearsed["fpir_trials"]) == (5, 10)
    assert 0 < rehearsed["fpir_at_most"] <= 1

    code, out, _ = run("calibrate", "--course", "C1", "--dry-run")
    assert code == 0
    assert "With 5 people and 10 pictures" in out
    assert "Nothing was changed: accept 0.500 stays in use (the model's own)." in out

    done = calibrated(run)
    assert done["changed"]
    assert done["before"]["origin"] == "default"
    assert done["thresholds"] == rehearsed["thresholds"]
    assert done["thresholds"]["accept"] < 0.5

    again = calibrated(run, "--dry-run")
    assert again["before"]["origin"] == "calibrated on C1: 5 people, 10 pictures"
    assert again["before"]["accept"] == pytest.approx(done["thresholds"]["accept"], abs=1e-6)
