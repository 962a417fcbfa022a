"""The arithmetic between measured times and the figures that are told."""

import numpy as np
import pytest

from kiosk.bench.figures import Figures, least_cosine, ratio, rounded
from kiosk.bench.report import Report
from kiosk.bench.target import Target, targets
from tests.unit.bench.measured import everything, nothing


def test_ratios_compare_the_least_times_of_one_run() -> None:
    ratios = Figures(everything()).ratios()
    assert ratios["embedding_vs_deepface"] == pytest.approx(200 / 10)
    assert ratios["embedding_vs_dlib"] == pytest.approx(60 / 2)
    assert ratios["loop_vs_deepface_find"] == pytest.approx(500 / 20)
    assert ratios["loop_vs_face_recognition"] == pytest.approx(200 / 20)
    assert ratios["loop_vs_face_recognition_every_other"] == pytest.approx(100 / 20)


def test_nothing_is_made_up_for_what_was_not_measured() -> None:
    figures = Figures(nothing())
    assert set(figures.ratios().values()) == {None}
    assert figures.latency_ms() == {"p50": None, "p95": None}
    assert figures.rss_mb() is None
    assert figures.tensorflow_imported() is None
    assert {target.holds for target in targets(figures)} == {None}


def test_frames_a_second_come_from_the_fastest_round() -> None:
    assert Figures(everything()).fps("ours") == pytest.approx(50)


def test_percentiles_are_of_every_student_in_the_queue() -> None:
    latency = Figures(everything()).latency_ms()
    assert latency["p50"] == pytest.approx(50.5)
    assert latency["p95"] == pytest.approx(np.percentile(range(1, 101), 95))


def test_memory_is_the_most_of_any_running_kiosk() -> None:
    assert Figures(everything()).rss_mb() == 400


def test_built_in_model_is_its_own_embedding() -> None:
    measured = everything()
    measured.model = "dlib-resnet-v1"
    assert Figures(measured).ours_ms()["embedding"] == 2


def test_ratio_of_an_unknown_or_empty_time_is_unknown() -> None:
    assert ratio(1.0, None) is None
    assert ratio(None, 1.0) is None
    assert ratio(1.0, 0.0) is None


def test_cosine_is_that_of_the_pair_that_agrees_least() -> None:
    ours = np.array([[1, 0], [0, 2]], np.float32)
    theirs = np.array([[3, 0], [1, 1]], np.float32)
    assert least_cosine(ours, theirs) == pytest.approx(np.sqrt(0.5))


@pytest.mark.parametrize(
    ("value", "at_least", "holds"),
    [(10.0, True, True), (9.9, True, False), (10.0, False, True), (10.1, False, False), (None, True, None)],
)
def test_bound_itself_is_good_enough(value: float | None, at_least: bool, holds: bool | None) -> None:
    assert Target("a", "A", value, 10, at_least, "×").holds is holds


def test_each_network_of_deepface_has_its_own_bound() -> None:
    bounds = {}
    for model in ("facenet512", "facenet128", "vggface", "dlib-resnet-v1"):
        measured = nothing()
        measured.model = model
        found = {target.name: target.bound for target in targets(Figures(measured))}
        bounds[model] = found.get("embedding_vs_deepface")
    assert bounds == {"facenet512": 10, "facenet128": 10, "vggface": 2, "dlib-resnet-v1": None}


def test_vggface_is_measured_against_deepface_but_not_held_to_what_its_size_forbids() -> None:
    measured = everything()
    measured.model = "vggface"
    names = {target.name for target in targets(Figures(measured))}
    assert "embedding_vs_deepface" in names
    assert not names & {"rss_mb", "loop_vs_deepface_find", "search_100000_templates_ms"}
    assert "search_300_people_ms" in names
    assert Report(measured).as_json()["rss_mb"] == 400
    assert Report(measured).as_json()["ratio"]["loop_vs_deepface_find"] == 25
    text = Report(measured).as_text()
    assert "Memory of the running kiosk" in text
    assert "search among 100,000 templates" in text


def test_figures_are_rounded_to_four_places_that_count() -> None:
    assert rounded(123456.0) == 123500
    assert rounded(0.0012345) == pytest.approx(0.001234, abs=1e-6)
    assert rounded(None) is None
