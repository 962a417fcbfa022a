"""Pairs and drawn rosters over fake vision."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from kiosk.domain.faces.error_rates import Rate
from kiosk.domain.faces.frames import BgrImage, Detection
from kiosk.domain.faces.protocols.rosters import RosterPlan
from kiosk.errors import ConflictError, KioskError, NotFoundError
from kiosk.services.faces.evaluation import protocols
from kiosk.services.faces.evaluation.protocols import Protocols
from tests.fakes.progress import WatchedProgress
from tests.fakes.vision.crowds import CrowdDetector, CrowdEmbedder, read_picture, write


class CountingEmbedder(CrowdEmbedder):
    """Remembers how many faces it embedded."""

    embedded = 0

    def embed(self, image: BgrImage, faces: Sequence[Detection]) -> NDArray[np.float32]:
        self.embedded += len(faces)
        return super().embed(image, faces)


@pytest.fixture
def embedder() -> CountingEmbedder:
    return CountingEmbedder()


@pytest.fixture
def measuring(embedder: CountingEmbedder) -> Protocols:
    return Protocols(detector=CrowdDetector(), embedder=embedder, read_picture=read_picture)


@pytest.fixture
def people(tmp_path: Path) -> Path:
    """Six people with three pictures each, 0.1 apart from themselves and 1.41 from each other; nobody in the last one."""
    folder = tmp_path / "people"
    for person in range(1, 7):
        write(folder / f"P{person}", a_1=f"{person}/0", a_2=f"{person}/10", a_3=f"{person}/20")
    write(folder / "P6", a_3="")
    return folder


@pytest.fixture
def pairs(tmp_path: Path) -> Path:
    file = tmp_path / "pairs.tsv"
    file.write_text(
        "0\tP1\t1\t2\n0\tP1\t1\tP2\t1\n1\tP3\t1\t3\n1\tP3\t1\tP4\t1\n1\tP6\t1\t3\n", encoding="utf-8"
    )
    return file


PLAN = RosterPlan(people=3, enrol=2, draws=4, strangers=2, seed=1)


def test_pairs_and_rosters_rest_on_one_embedding_of_each_picture(
    measuring: Protocols, embedder: CountingEmbedder, people: Path, pairs: Path
) -> None:
    progress = WatchedProgress()

    report = measuring.run(people, pairs=pairs, rosters=PLAN, progress=progress)

    assert embedder.embedded == 17
    assert progress.seen[-1] == (40, 40)
    assert report.pairs is not None
    assert report.rosters is not None
    assert (report.pairs.pairs, report.pairs.missed) == (5, 1)
    # Five people with three pictures and one with two that show a face.
    assert report.pairs.impostors == 10 * 9 + 5 * 3 * 2
    assert report.pairs.rates.folds == pytest.approx((1, 2 / 3))
    assert report.pairs.rates.fnmr[0.01] == Rate(1, 3)
    rates = report.rosters.rates.by_name
    assert rates["fpir"].rate.errors == rates["wrong"].rate.errors == 0
    assert rates["fnir"].rate.trials == 12


def test_a_picture_without_a_face_is_a_miss_when_it_is_looked_for(measuring: Protocols, people: Path) -> None:
    report = measuring.run(people, rosters=RosterPlan(people=6, enrol=2, draws=60, strangers=0, seed=1))

    assert report.rosters is not None
    rates = report.rosters.rates.by_name
    # The picture without a face is one of P6's three: looked for in a third of the draws, enrolled in the others.
    assert 0 < rates["fnir"].rate.errors < 60
    assert rates["fpir"].rate == Rate(0, 0)


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        (RosterPlan(7, 2, 1, 0, 1), "6 people with enough pictures to be enrolled"),
        (RosterPlan(2, 3, 1, 0, 1), "Nobody in .* has more pictures than are enrolled"),
        (RosterPlan(4, 2, 1, 3, 1), "2 people outside the roster, fewer than 3 strangers"),
    ],
    ids=["roster too large", "all enrolled", "too many strangers"],
)
def test_what_cannot_be_drawn_is_said_before_the_first_picture(
    measuring: Protocols, embedder: CountingEmbedder, people: Path, plan: RosterPlan, said: str
) -> None:
    with pytest.raises(ConflictError, match=said):
        measuring.run(people, rosters=plan)
    assert embedder.embedded == 0


def test_a_list_that_names_nobody_here_is_said_before_the_first_picture(
    measuring: Protocols, embedder: CountingEmbedder, people: Path, pairs: Path
) -> None:
    pairs.write_text("0\tP1\t1\t2\n1\tEve\t1\t2\n", encoding="utf-8")

    with pytest.raises(NotFoundError, match="Line 2 names Eve"):
        measuring.run(people, pairs=pairs)
    assert embedder.embedded == 0


def test_more_pictures_than_can_be_compared_are_refused(
    measuring: Protocols, people: Path, pairs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(protocols, "MAX_PICTURES", 17)

    with pytest.raises(ConflictError, match="18 pictures are too many to compare each with each; 17 can be"):
        measuring.run(people, pairs=pairs)


def test_pictures_without_a_single_face_are_refused(measuring: Protocols, tmp_path: Path) -> None:
    folder = tmp_path / "walls"
    for name in ("A", "B"):
        write(folder / name, w_1="", w_2="")

    with pytest.raises(KioskError, match="No face was found in any of the pictures"):
        measuring.run(folder, rosters=RosterPlan(1, 1, 1, 1, 1))
