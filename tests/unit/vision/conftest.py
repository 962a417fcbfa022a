"""What several tests of `vision` need, loaded once."""

from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.vision.detection.hog_detector import HogDetector
from kiosk.vision.detection.reach import Reach
from kiosk.vision.embedding.dlib_resnet import DlibResNetEmbedder
from kiosk.vision.factory import build_builtin_embedder
from tests.conftest import SHARED
from tests.fakes.seeded_models import SeededModel, make_seeded_model

SeededModels = Callable[[str], SeededModel]


@pytest.fixture(scope="session")
def embedder(models_dir: Path) -> DlibResNetEmbedder:
    """The built-in embedder."""
    return build_builtin_embedder(models_dir)


@pytest.fixture(scope="session")
def near_hog() -> HogDetector:
    """The built-in detector; loading it takes a third of a second."""
    return HogDetector(reach=Reach.NEAR)


@pytest.fixture(scope="session")
def far_hog() -> HogDetector:
    """The same with the far reach."""
    return HogDetector(reach=Reach.FAR)


@pytest.fixture(scope="session")
def seeded_model(tmp_path_factory: pytest.TempPathFactory) -> SeededModels:
    """deepface's networks by name, seeded and converted when first asked for."""
    made: dict[str, SeededModel] = {}

    def model(name: str) -> SeededModel:
        if name not in made:
            made[name] = make_seeded_model(name, tmp_path_factory.mktemp(name), SHARED)
        return made[name]

    return model
