"""What several tests of `vision` need, loaded once."""

import os
import pickle
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from filelock import FileLock

from kiosk.vision.detection.hog_detector import HogDetector
from kiosk.vision.detection.reach import Reach
from kiosk.vision.embedding.dlib_resnet import DlibResNetEmbedder
from kiosk.vision.factory import build_builtin_embedder
from tests.conftest import SHARED
from tests.fakes.vision.seeded_models import SeededModel, make_seeded_model

SeededModels = Callable[[str], SeededModel]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whichever test comes first loads and converts a network: half a minute, or a quarter of an hour of a busy machine, and
    twice that where TensorFlow stood still."""
    for item in items:
        if isinstance(item, pytest.Function) and "seeded_model" in item.fixturenames:
            item.add_marker(pytest.mark.timeout(1500))


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
    """deepface's networks by name, seeded and converted when first asked for, by whichever process that is."""
    base = tmp_path_factory.getbasetemp()
    run = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base

    @cache
    def model(name: str) -> SeededModel:
        folder = run / f"seeded-{name}"
        folder.mkdir(exist_ok=True)
        kept = folder / "made.pickle"
        with FileLock(folder / "lock"):
            if not kept.exists():
                kept.write_bytes(pickle.dumps(make_seeded_model(name, folder, SHARED)))
            found: SeededModel = pickle.loads(kept.read_bytes())
        return found

    return model
