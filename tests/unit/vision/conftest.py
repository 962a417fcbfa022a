"""What several tests of `vision` need, loaded once."""

from pathlib import Path

import pytest

from kiosk.vision.dlib_resnet import DlibResNetEmbedder
from kiosk.vision.factory import build_builtin_embedder
from kiosk.vision.hog_detector import HogDetector
from kiosk.vision.reach import Reach


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
