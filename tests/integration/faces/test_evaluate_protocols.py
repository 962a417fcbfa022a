"""``kiosk evaluate --pairs`` and ``--roster`` with real detectors and the built-in model, and what they say of bad input."""

import shutil
from pathlib import Path

import pytest

from tests.fakes.faces.drawn_people import draw_people
from tests.world.evaluate_command import Evaluate


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four drawn people with three pictures each, 0 to 2."""
    return draw_people(tmp_path_factory.mktemp("drawn"), people=4, pictures=3)


@pytest.fixture
def pairs(tmp_path: Path) -> Path:
    file = tmp_path / "pairs.tsv"
    file.write_text("0\tP1\t0\t1\n0\tP1\t0\tP2\t0\n1\tP3\t0\t2\n1\tP3\t1\tP4\t1\n", encoding="utf-8")
    return file


def test_the_answer_has_what_both_protocols_promise(evaluate: Evaluate, drawn: Path, pairs: Path) -> None:
    found = evaluate(
        drawn, "--pairs", pairs, "--roster", 2, "--enrol", 2, "--draws", 3, "--strangers", 2, "--json"
    ).answer

    assert {
        "model",
        "detector",
        "pictures",
        "pairs",
        "missed",
        "accuracy",
        "accuracy_sd",
        "eer",
    } <= found.keys()
    assert found["fnmr_at_fmr"].keys() == {"0.01", "0.001", "0.0001"}
    assert {"rank1", "fnir", "fpir", "wrong", "ambiguous"} <= found.keys()
    assert found["thresholds"].keys() == {"accept", "reject", "margin"}
    assert found["fnir_at_fpir"].keys() == {"0.01", "0.001"}
    assert (found["pictures"], found["pairs"], found["missed"]) == (12, 4, 0)
    assert (found["probes"], found["stranger_searches"]) == (6, 6)
    assert found["rank1"] == 1
    # Twelve pictures make 54 pairs of different people: too few to show one in a hundred, and that is said by nothing.
    assert found["fnmr_at_fmr"]["0.001"] is None
    for name in ("accuracy", "eer", "rank1", "fnir", "fpir", "wrong", "ambiguous"):
        low, high = found["intervals"][name]
        assert 0 <= low <= high <= 1
        assert found["interval_methods"][name]


def test_a_person_reads_the_same(evaluate: Evaluate, drawn: Path, pairs: Path) -> None:
    done = evaluate(drawn, "--pairs", pairs, "--roster", 2, "--enrol", 2, "--seed", 7)

    assert done.code == 0
    assert "12 pictures of 4 people, no face found in 0." in done.out
    assert "Equal error rate (EER)" in done.out
    assert "10 drawn (seed 7)" in done.out
    assert "Too few strangers to show the FNIR at an FPIR of 0.10" in done.out


def test_the_detector_is_a_choice(evaluate: Evaluate, drawn: Path) -> None:
    assert (
        evaluate(drawn, "--roster", 2, "--enrol", 2, "--detector", "dlib-hog", "--json").answer["detector"]
        == "dlib-hog"
    )

    unknown = evaluate(drawn, "--roster", 2, "--enrol", 2, "--detector", "eagle")
    assert (unknown.code, unknown.out) == (1, "")
    assert "There is no face detector eagle. Known: dlib-hog, " in unknown.err


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--pairs", "nothing.tsv"], 1, "There is no file nothing.tsv."),
        (["--roster", "5", "--enrol", "2"], 1, "fewer than the roster's 5"),
        (["--roster", "2", "--enrol", "3"], 1, "so nobody can be looked for"),
        (["--roster", "2", "--enrol", "0"], 2, "--enrol"),
        (["--roster", "0"], 2, "--roster"),
        (["--roster", "3", "--enrol", "2", "--strangers", "2"], 1, "1 person outside the roster"),
        (["--enrol", "2"], 2, "say what --roster draws"),
        (["--roster", "2", "--plot", "p.png"], 2, "do not go with"),
    ],
)
def test_what_cannot_be_measured_is_one_plain_sentence(
    evaluate: Evaluate, drawn: Path, arguments: list[str], code: int, said: str
) -> None:
    done = evaluate(drawn, *arguments)

    assert (done.code, done.out) == (code, "")
    assert said in " ".join(done.err.replace("│", " ").split())


def test_pairs_without_a_folder_are_wrong_usage(evaluate: Evaluate) -> None:
    assert evaluate("--pad", "pad", "--roster", 3).code == 2


def test_a_roster_of_one_has_its_figures(evaluate: Evaluate, drawn: Path) -> None:
    found = evaluate(drawn, "--roster", 1, "--enrol", 2, "--draws", 4, "--json").answer

    assert (found["rank1"], found["wrong"], found["fpir"]) == (1, 0, 0)


def test_the_same_pictures_under_two_names_are_named_and_count_as_errors(
    evaluate: Evaluate, drawn: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "twins"
    for name in ("Ann", "Bea"):
        shutil.copytree(drawn / "P1", folder / name)

    done = evaluate(folder, "--roster", 2, "--enrol", 2, "--json").answer

    assert ["Ann/0.png", "Bea/0.png"] in done["same_file"]
    assert done["fnir"] > 0.5


@pytest.mark.shared_data
def test_a_part_of_lfw_is_measured(evaluate: Evaluate, shared_dir: Path, tmp_path: Path) -> None:
    lfw = shared_dir / "lfw"
    if not lfw.is_dir():
        pytest.skip("shared data absent: lfw")
    lines = (lfw / "pairs.tsv").read_text("utf-8").splitlines()
    chosen = [line for start in (0, 300, 600, 900) for line in lines[start : start + 25]]
    names = {one for line in chosen for one in line.split("\t")[1:4:2] if not one.isdecimal()}
    people = tmp_path / "people"
    people.mkdir()
    for name in names:
        (people / name).symlink_to(lfw / "people" / name)
    (tmp_path / "pairs.tsv").write_text("\n".join(chosen), "utf-8")

    found = evaluate(people, "--pairs", tmp_path / "pairs.tsv", "--json").answer

    assert found["pairs"] == 100
    assert found["accuracy"] >= 0.93
    assert found["fnmr_at_fmr"]["0.01"] <= 0.1
