"""What several tests of `vision` need: the shared data and the built-in embedder, made once."""

import os
from pathlib import Path

import pytest

from kiosk.vision.dlib_resnet import DlibResNetEmbedder
from kiosk.vision.factory import build_builtin_embedder
from kiosk.vision.hog_detector import HogDetector
from kiosk.vision.reach import Reach


@pytest.fixture(scope="session")
def shared_dir() -> Path:
    """The data beside the repository; skips where it is absent."""
    beside = Path(__file__).resolve().parents[3].parent / "shared"
    path = Path(os.environ.get("KIOSK_SHARED_DIR", beside))
    if not path.is_dir():
        pytest.skip(f"shared data absent: {path}")
    return path


@pytest.fixture(scope="session")
def models_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A models directory that holds what the kiosk made itself."""
    return tmp_path_factory.mktemp("models")


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
