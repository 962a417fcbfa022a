"""``kiosk calibrate`` over a real database, the real detector and the built-in model."""

from pathlib import Path
from typing import Any

import pytest

from tests.fakes.faces.drawn_people import draw_people
from tests.world.command_line import Run


def calibrated(run: Run, *arguments: str) -> dict[str, Any]:
    done = run("calibrate", "--course", "C1", "--json", *arguments)
    assert done.code == 0
    return done.answer


def test_a_dry_run_measures_and_leaves_what_is_in_use(run: Run, tmp_path: Path) -> None:
    roster = tmp_path / "roster.csv"
    roster.write_text(
        "student_no,full_name\n" + "".join(f"P{one},Person {one}\n" for one in range(1, 6)), encoding="utf-8"
    )
    assert run("people", "import", roster, "--course", "C1").code == 0
    refused = run("calibrate", "--course", "C1")
    assert (refused.code, refused.out) == (1, "")
    assert "Too few faces" in refused.err
    faces = draw_people(tmp_path / "faces", people=5, pictures=2)
    assert run("faces", "import", faces, "--consent-recorded").code == 0

    rehearsed = calibrated(run, "--dry-run")
    assert not rehearsed["changed"]
    assert rehearsed["before"]["origin"] == "default"
    assert (rehearsed["people"], rehearsed["fpir_trials"]) == (5, 10)
    assert 0 < rehearsed["fpir_at_most"] <= 1

    said = run("calibrate", "--course", "C1", "--dry-run")
    assert said.code == 0
    assert "With 5 people and 10 pictures" in said.out
    assert "Nothing was changed: accept 0.500 stays in use (the model's own)." in said.out

    done = calibrated(run)
    assert done["changed"]
    assert done["before"]["origin"] == "default"
    assert done["thresholds"] == rehearsed["thresholds"]
    assert done["thresholds"]["accept"] < 0.5

    again = calibrated(run, "--dry-run")
    assert again["before"]["origin"] == "calibrated on C1: 5 people, 10 pictures"
    assert again["before"]["accept"] == pytest.approx(done["thresholds"]["accept"], abs=1e-6)
