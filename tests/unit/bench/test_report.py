"""What the command prints, for programs and for people."""

import json
from typing import Final

import pytest

from kiosk.bench.answers import RunningAnswer
from kiosk.bench.measurements import Measurements
from kiosk.bench.report import Report
from kiosk.translation import speaking
from tests.fakes.pseudo_language import PseudoLanguage, outside
from tests.unit.bench.measured import everything, nothing

STABLE = {
    "machine",
    "model",
    "weights",
    "stages_ms",
    "fps",
    "latency_ms",
    "contenders_ms",
    "ratio",
    "cosine_vs_deepface",
    "rss_mb",
}
"""Keys that other programs read."""


CODES: Final = ("DeepFace.find", "detect", "embed", "ms", "s", "MB")
"""Names of programs, stages and units."""


def test_json_has_every_stable_key_whether_measured_or_not() -> None:
    for measured in (everything(), nothing()):
        found = json.loads(json.dumps(Report(measured).as_json()))
        assert set(found) >= STABLE
        assert set(found["latency_ms"]) == {"p50", "p95"}
        assert set(found["ratio"]) >= {
            "embedding_vs_deepface",
            "embedding_vs_dlib",
            "loop_vs_deepface_find",
            "loop_vs_face_recognition",
        }


def test_json_tells_the_measured_figures() -> None:
    found = Report(everything()).as_json()
    assert found["fps"] == 50
    assert found["ratio"]["embedding_vs_deepface"] == 20
    assert found["contenders_ms"]["deepface_find_frame"] == 500
    assert found["stages_ms"] == {"detect": 7, "embed": 24}
    assert found["queue"] == {"students": 30, "marked": 30, "mistaken": 0, "frames": 900, "dropped": 3}
    assert found["window"] == {"shown_fps": 29.5, "looked_at_fps": 28, "rss_mb": 400}
    assert found["tensorflow_imported"] is False
    assert all(target["holds"] for target in found["targets"])


def test_seeded_weights_are_never_hidden() -> None:
    measured = everything()
    assert Report(measured).as_json()["weights"] == "seeded"
    assert "seeded weights" in Report(measured).as_text()
    measured.official = True
    assert Report(measured).as_json()["weights"] == "official"
    assert "seeded" not in Report(measured).as_text().lower()


def test_table_shows_what_was_reached_and_what_was_not() -> None:
    measured = everything()
    measured.search = None
    measured.missing["search_ms"] = "It did not answer within 240 s."
    lines = Report(measured).as_text().splitlines()

    def row(words: str) -> str:
        return next(line for line in lines if words in line)

    assert row("against deepface's client").startswith("✓")
    assert "20 ×" in row("against deepface's client")
    assert "wanted ≥ 10 ×" in row("against deepface's client")
    assert row("Search among 300").startswith("–")
    assert "not measured" in row("Search among 300")
    assert row("Not measured: search_ms").endswith("It did not answer within 240 s.")


def test_table_crosses_out_what_misses_its_mark() -> None:
    slow = everything()
    slow.running = RunningAnswer(12.0, 12.0, 900.0, tensorflow=True)
    text = Report(slow).as_text()
    assert "✗ Pictures shown with five faces" in text
    assert "✗ Memory of the running kiosk" in text
    assert "✗ The running kiosk imports TensorFlow" in text
    assert "✓ Search among 300 people" in text


def test_contender_that_ran_differently_is_explained() -> None:
    measured = everything()
    measured.notes["face_recognition"] = "not installed: its calls of dlib"
    assert "face_recognition: not installed: its calls of dlib." in Report(measured).as_text()
    assert Report(measured).as_json()["notes"] == {"face_recognition": "not installed: its calls of dlib"}


@pytest.mark.parametrize("measured", [everything(), nothing()])
def test_the_table_is_said_in_any_language(measured: Measurements) -> None:
    with speaking(PseudoLanguage()):
        said = Report(measured).as_text()
    assert outside(said, (*measured.missing, *measured.notes, *CODES)) == ""
