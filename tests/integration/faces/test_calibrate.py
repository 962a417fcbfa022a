"""``kiosk calibrate`` over a real database, the real detector and the built-in model."""

from pathlib import Path
from typing import Any

from kiosk import bootstrap
from kiosk.domain.faces.recognition import Thresholds
from tests.fakes.actors import admin
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
    said = run("calibrate", "--course", "C1")
    assert said.code == 0
    assert "Fewer than 5 say nothing" in said.out
    faces = draw_people(tmp_path / "faces", people=5, pictures=2)
    assert run("faces", "import", faces, "--consent-recorded").code == 0

    rehearsed = calibrated(run, "--dry-run")
    assert not rehearsed["changed"]
    assert rehearsed["before"]["origin"] == "default"
    assert rehearsed["before"]["accept"] == rehearsed["models_own"]["accept"]
    assert (rehearsed["people"], rehearsed["fpir_trials"]) == (5, 10)
    assert 0 < rehearsed["fpir_at_most"] <= 1
    assert rehearsed["people_with_pictures_of_different_days"] == 0
    # Drawn people look far more alike than photographs of people do, and by photographs the built-in model misses many.
    assert rehearsed["verdict"] == "costly"
    assert rehearsed["expected"]["before"] == rehearsed["expected"]["fitting"]
    assert 0 < rehearsed["expected"]["before"]["missed"] < 1

    said = run("calibrate", "--course", "C1", "--dry-run")
    assert said.code == 0
    assert "With 5 people and 10 pictures" in said.out
    assert "Students missed of a hundred" in said.out
    assert "Nobody has pictures of two days" in said.out
    assert "Nothing was changed: accept" in said.out

    done = calibrated(run)
    assert not done["changed"]
    assert done["thresholds"] == done["models_own"]


def test_an_earlier_calibration_is_named_and_the_way_back_leads_to_the_models_own(
    run: Run, tmp_path: Path, models_dir: Path
) -> None:
    roster = tmp_path / "roster.csv"
    roster.write_text("student_no,full_name\nP1,Person 1\n", encoding="utf-8")
    assert run("people", "import", roster, "--course", "C1").code == 0
    kiosk = bootstrap.build(tmp_path / "data", models_dir=models_dir)
    kiosk.start()
    try:
        kiosk.app.school.shared.use_thresholds(
            kiosk.app.faces.calibrating.in_use().model,
            Thresholds(0.3, 0.4, 0.05),
            origin="calibrated on C1",
            actor=admin("the test"),
            fitted_to=None,
        )
    finally:
        kiosk.stop()

    said = run("calibrate", "--course", "C1")
    assert said.code == 0
    assert "Nothing was changed: accept 0.300 stays in use (calibrated on C1)." in said.out
    assert "calibrated on one sitting by an earlier version" in said.out

    assert calibrated(run, "--back")["changed"]
    again = calibrated(run, "--dry-run")
    assert (again["before"]["origin"], again["before"]["of_earlier_version"]) == ("default", False)
