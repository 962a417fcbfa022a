"""The bench's class is enrolled, whatever a network without skill makes of its portraits."""

from pathlib import Path

import pytest

from kiosk.bench.sides.enrolled_class import EnrolClass, Model
from kiosk.domain.faces.recognition import BUILTIN_MODEL
from kiosk.errors import ModelError
from tests.fakes.faces.drawn_people import draw_people


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    """Two people with two portraits each, which show two different people: so a network without skill sees any two."""
    folder = draw_people(tmp_path / "portraits", people=2, pictures=2)
    kept = (folder / "P1" / "1.png").rename(tmp_path / "kept.png")
    (folder / "P2" / "1.png").rename(folder / "P1" / "1.png")
    kept.rename(folder / "P2" / "1.png")
    return folder


def test_with_seeded_weights_one_portrait_of_each_is_enrolled(
    tmp_path: Path, mixed: Path, models_dir: Path
) -> None:
    model = Model(BUILTIN_MODEL, models_dir, official=False)
    assert next(EnrolClass(tmp_path / "class", model, mixed).rounds()) == 2


def test_a_class_of_which_nobody_can_be_enrolled_is_no_measurement(
    tmp_path: Path, mixed: Path, models_dir: Path
) -> None:
    model = Model(BUILTIN_MODEL, models_dir, official=True)
    with pytest.raises(ModelError, match="could be enrolled"):
        next(EnrolClass(tmp_path / "class", model, mixed).rounds())
