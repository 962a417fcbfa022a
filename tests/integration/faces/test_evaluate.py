"""``kiosk evaluate`` with the real detector and the built-in model: its figures, its JSON, and what it says of bad input."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from tests.fakes.faces.drawn_people import draw_people
from tests.world.evaluate_command import Evaluate


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three drawn people with two pictures each."""
    return draw_people(tmp_path_factory.mktemp("drawn"), people=3, pictures=2)


@pytest.mark.shared_data
def test_the_photographs_are_told_apart_and_nobody_is_named_wrongly(
    evaluate: Evaluate, shared_dir: Path, tmp_path: Path
) -> None:
    faces = shared_dir / "faces"
    plot = tmp_path / "distances.png"
    done = evaluate(
        faces / "people", "--outsiders", faces / "group", "--known", "S001", "--plot", plot, "--json"
    )
    found = done.answer

    assert done.code == 0
    assert found["model"] == "dlib-resnet-v1"
    assert found["people"] == 13
    assert found["pictures"] == 61
    assert found["probes"] == 63
    assert found["outsiders"] >= 4
    assert found["strangers"] == 61 + found["outsiders"]
    assert found["failures_to_acquire"] == []
    assert found["rank1"] >= 0.98
    assert found["fpir"] == 0
    assert found["false_identifications"] == 0
    assert found["fnir"] <= 0.05
    low, high = found["fnir_interval"]
    assert low <= found["fnir"] <= high
    # 63 pictures cannot show more than this: the doubt is said, not hidden.
    assert high >= 0.05
    assert found["fpir_at_most"] >= 0.04
    assert found["threshold"] <= found["models_own"]["thresholds"]["accept"]
    assert found["eer"] <= 0.01
    assert {one["person"] for one in found["known"]} == {"S001"}
    assert all(one["distance"] < 0.45 for one in found["known"])
    with Image.open(plot) as picture:
        assert picture.size == (1920, 700)


def test_drawn_people_are_evaluated_and_the_answer_has_every_key(evaluate: Evaluate, drawn: Path) -> None:
    found = evaluate(drawn, "--json").answer

    assert {"model", "people", "probes", "rank1", "fnir", "fpir", "threshold", "eer"} <= found.keys()
    assert (found["people"], found["probes"], found["strangers"]) == (3, 6, 6)
    assert found["rank1"] == 1
    for name in ("rank1", "fnir", "fpir", "fmr", "fnmr"):
        low, high = found[f"{name}_interval"]
        assert 0 <= low <= found[name] <= high <= 1


def test_what_a_person_reads_says_how_little_few_pictures_show(evaluate: Evaluate, drawn: Path) -> None:
    done = evaluate(drawn)

    assert done.code == 0
    assert "3 people, 6 of 6 pictures usable, 0 outsiders" in done.out
    assert "the model's own for 3 people" in done.out
    assert "strangers in a row would have to be turned away" in done.out


def test_odd_pictures_are_refused_one_by_one(evaluate: Evaluate, drawn: Path, tmp_path: Path) -> None:
    folder = tmp_path / "people"
    for inner in drawn.iterdir():
        (folder / inner.name).mkdir(parents=True)
        for file in inner.iterdir():
            (folder / inner.name / file.name).write_bytes(file.read_bytes())
    odd = folder / "odd"
    odd.mkdir()
    (odd / "half.jpg").write_bytes(b"\xff\xd8\xff\xe0 half a picture")
    Image.new("1", (20_000, 6_000)).save(odd / "huge.png")
    Image.new("RGB", (1, 1)).save(odd / "pixel.png")
    cv2.imwrite(str(odd / "wall.png"), np.full((300, 300, 3), 128, np.uint8))

    found = evaluate(folder, "--json").answer

    reasons = {one["picture"]: one["reason"] for one in found["failures_to_acquire"]}
    assert reasons.keys() == {"odd/half.jpg", "odd/huge.png", "odd/pixel.png", "odd/wall.png"}
    assert "damaged" in reasons["odd/half.jpg"]
    assert "100 megapixels" in reasons["odd/huge.png"]
    assert reasons["odd/wall.png"] == reasons["odd/pixel.png"] == "No face was found in it."
    assert found["failures_to_enrol"] == ["odd"]
    assert found["probes"] == 6
    assert found["fnir_with_failures_trials"] == 10


def test_what_cannot_be_evaluated_is_one_sentence(evaluate: Evaluate, drawn: Path, tmp_path: Path) -> None:
    first = next(iter(sorted(drawn.iterdir())))
    (tmp_path / "one" / "P1").mkdir(parents=True)
    (tmp_path / "one" / "P1" / "a.png").write_bytes((first / "0.png").read_bytes())
    empty = tmp_path / "empty"
    empty.mkdir()
    for arguments, words in (
        ((tmp_path / "nowhere",), "There is no folder"),
        ((empty,), "no pictures of people"),
        ((tmp_path / "one",), "Only one person"),
        ((drawn, "--outsiders", empty), "has no pictures"),
        ((drawn, "--outsiders", drawn / first.name, "--known", "nobody"), "nobody is none of the people"),
        ((drawn, "--plot", tmp_path / "no" / "such.png"), "cannot be written"),
        ((drawn, "--model", "no-such-model"), "no-such-model"),
    ):
        done = evaluate(*arguments)
        assert (done.code, done.out) == (1, ""), arguments
        assert words in done.err
        assert "Traceback" not in done.err


@pytest.mark.shared_data
def test_attacks_are_told_from_the_live_face(
    evaluate: Evaluate, shared_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for model in (shared_dir / "models").glob("*.onnx"):
        (tmp_path / model.name).write_bytes(model.read_bytes())
    monkeypatch.setenv("KIOSK_MODELS_DIR", str(tmp_path))
    found = evaluate("--pad", shared_dir / "pad", "--json").answer["pad"]

    assert found["presentations"] == 3
    assert (found["bpcer"], found["bpcer_trials"]) == (0, 1)
    assert found["apcer"].keys() == {"attack"}
    assert (found["apcer"]["attack"]["apcer"], found["apcer"]["attack"]["apcer_trials"]) == (0, 2)
    # Three pictures prove next to nothing, and the intervals say so.
    assert found["bpcer_interval"][1] > 0.9
    assert found["apcer"]["attack"]["apcer_interval"][1] > 0.8


def test_attacks_cannot_be_judged_without_the_model(evaluate: Evaluate, tmp_path: Path) -> None:
    (tmp_path / "real_01.jpg").write_bytes(b"")
    done = evaluate("--pad", tmp_path)

    assert (done.code, done.out) == (1, "")
    assert "is not installed" in done.err


@pytest.mark.parametrize(
    "arguments", [(), ("--plot", "f.png", "--pad", "."), ("--outsiders", ".", "--pad", ".")]
)
def test_without_people_there_is_nothing_to_evaluate(evaluate: Evaluate, arguments: tuple[str, ...]) -> None:
    assert evaluate(*arguments).code == 2


def test_known_people_without_outsiders_are_wrong_usage(evaluate: Evaluate, drawn: Path) -> None:
    done = evaluate(drawn, "--known", "P1")

    assert done.code == 2
    assert "--outsiders" in done.err
