"""Evaluating over fake vision: a picture file holds the numbers of the people in it, and how they look in it."""

from pathlib import Path

import pytest

from kiosk.domain.faces.calibration import Verdict
from kiosk.domain.faces.error_rates import Rate
from kiosk.errors import ConflictError, NotFoundError
from kiosk.services.faces.evaluation.evaluation import Evaluation
from kiosk.services.faces.evaluation.labelled_pictures import MAX_BYTES, Failure
from tests.fakes.progress import WatchedProgress
from tests.fakes.vision.crowds import CrowdDetector, CrowdEmbedder, read_picture, write
from tests.fakes.vision.recognition import FakeQualityMeter


@pytest.fixture
def evaluation() -> Evaluation:
    return Evaluation(
        detector=CrowdDetector(),
        embedder=CrowdEmbedder(),
        quality=FakeQualityMeter(),
        read_picture=read_picture,
        write_picture=lambda _image: b"jpeg",
    )


@pytest.fixture
def people(tmp_path: Path) -> Path:
    """Four people with three pictures each, 0.1 apart from themselves and 1.41 from each other."""
    folder = tmp_path / "people"
    for person in range(1, 5):
        write(folder / f"P{person}", a=f"{person}/0", b=f"{person}/10", c=f"{person}/20")
    return folder


@pytest.fixture
def outsiders(tmp_path: Path) -> Path:
    """P1 beside two others, and a picture of one other who looks a little like P2."""
    return write(tmp_path / "outsiders", pair="1/30 6/0 7/0", single="5/0")


def test_each_picture_is_searched_with_and_without_its_person(evaluation: Evaluation, people: Path) -> None:
    report = evaluation.run(people)

    assert report.measurement.people == 4
    assert (report.pictures, report.outsiders) == (12, 0)
    assert report.rates.fnir == Rate(0, 12)
    assert report.rates.fpir == Rate(0, 12)
    assert report.rates.rank1 == 1
    assert report.names == {1: "P1", 2: "P2", 3: "P3", 4: "P4"}
    assert (report.model.name, report.detector) == ("fake-model", "crowd")


def test_the_known_face_is_the_closest_one_and_the_rest_are_outsiders(
    evaluation: Evaluation, people: Path, outsiders: Path
) -> None:
    report = evaluation.run(people, outsiders=outsiders, known=["P1"])

    # P1 is taken to stand in each of the pictures, and somebody must be the closest in the second one, too.
    assert [(one.picture, one.person) for one in report.known] == [("pair.jpg", "P1"), ("single.jpg", "P1")]
    assert report.known[0].distance == pytest.approx(0.1, abs=1e-6)
    assert report.outsiders == 2
    assert report.rates.fnir == Rate(1, 14)
    assert report.rates.fpir == Rate(0, 14)


def test_without_known_people_every_face_is_an_outsiders(
    evaluation: Evaluation, people: Path, outsiders: Path
) -> None:
    report = evaluation.run(people, outsiders=outsiders)

    assert report.outsiders == 4
    assert report.rates.fpir == Rate(1, 16)


def test_two_known_people_take_a_face_each(evaluation: Evaluation, people: Path, tmp_path: Path) -> None:
    both = write(tmp_path / "both", pair="2/25 1/25 6/0")

    report = evaluation.run(people, outsiders=both, known=["P1", "P2", "P1"])

    assert sorted(one.person for one in report.known) == ["P1", "P2"]
    assert {round(one.distance, 3) for one in report.known} == {0.05}
    assert report.outsiders == 1
    assert report.rates.fnir == Rate(0, 14)


def test_pictures_that_cannot_be_used_are_named_with_the_reason(evaluation: Evaluation, people: Path) -> None:
    write(people / "P1", d="no picture", e="", f="1/0 2/0", g="1/0")
    write(people / "P9", a="rubbish")
    with (people / "P2" / "huge.png").open("wb") as file:
        file.truncate(MAX_BYTES + 1)

    report = evaluation.run(people)

    assert report.failures == (
        Failure("P1/d.jpg", "The file is no picture, or it is damaged."),
        Failure("P1/e.jpg", "No face was found in it."),
        Failure("P1/f.jpg", "It shows more than one face."),
        Failure("P1/g.jpg", "It is the same file as P1/a.jpg."),
        Failure("P2/huge.png", "It is larger than 200 MB."),
        Failure("P9/a.jpg", "The file is no picture, or it is damaged."),
    )
    assert report.not_enrolled == ("P9",)
    assert report.fnir_with_failures == Rate(6, 18)
    assert report.rates.fnir == Rate(0, 12)


def test_progress_counts_every_picture(evaluation: Evaluation, people: Path, outsiders: Path) -> None:
    told = WatchedProgress()

    evaluation.run(people, outsiders=outsiders, progress=told)

    assert told.seen == [(done, 14) for done in range(1, 15)]


def test_few_pictures_are_judged_by_the_models_own_thresholds(evaluation: Evaluation, tmp_path: Path) -> None:
    write(tmp_path / "P1", a="1/0", b="1/10")
    write(tmp_path / "P2", a="2/0")

    report = evaluation.run(tmp_path)

    assert report.measurement.calibration.verdict is Verdict.TOO_FEW
    assert report.rates == report.rates_of_model
    assert report.rates.fnir == Rate(0, 2)
    assert report.rates.fpir == Rate(0, 3)


def test_a_folder_that_is_not_there_is_said(evaluation: Evaluation, people: Path, tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="There is no folder"):
        evaluation.run(tmp_path / "nowhere")
    with pytest.raises(NotFoundError, match="There is no folder"):
        evaluation.run(people, outsiders=tmp_path / "nowhere")


def test_folders_without_pictures_are_said(evaluation: Evaluation, people: Path, tmp_path: Path) -> None:
    empty = write(tmp_path / "empty")
    (empty / "P1").mkdir()
    with pytest.raises(NotFoundError, match="no pictures of people"):
        evaluation.run(empty)
    with pytest.raises(NotFoundError, match="has no pictures"):
        evaluation.run(people, outsiders=empty)


@pytest.mark.parametrize(
    ("pictures", "sentence"),
    [
        ({"P1": ["1/0", "1/10"]}, "Only one person"),
        ({"P1": ["1/0"], "P2": ["rubbish"]}, "Only one person"),
        ({"P1": ["1/0"]}, "Only one person"),
        ({"P1": ["1/0"], "P2": ["2/0"]}, "Nobody in .* has two usable pictures"),
        ({"P1": ["rubbish"], "P2": [""]}, "None of the pictures"),
    ],
)
def test_too_little_to_go_by_is_said(
    evaluation: Evaluation, tmp_path: Path, pictures: dict[str, list[str]], sentence: str
) -> None:
    for person, texts in pictures.items():
        write(tmp_path / person, **{f"p{place}": text for place, text in enumerate(texts)})

    with pytest.raises(ConflictError, match=sentence):
        evaluation.run(tmp_path)


def test_a_known_person_must_be_one_of_the_people(
    evaluation: Evaluation, people: Path, outsiders: Path
) -> None:
    write(people / "P9", a="rubbish")
    with pytest.raises(NotFoundError, match="P7 is none of the people"):
        evaluation.run(people, outsiders=outsiders, known=["P7"])
    with pytest.raises(ConflictError, match="P9 has no usable picture"):
        evaluation.run(people, outsiders=outsiders, known=["P9"])
