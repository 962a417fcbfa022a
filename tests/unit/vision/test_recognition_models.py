"""The models takes up what is installed while the kiosk runs."""

import shutil
from pathlib import Path

import pytest

from kiosk.settings import Reach
from kiosk.vision.models.model_choice import detector_files
from kiosk.vision.recognition_models import RecognitionModels

YUNET = "face_detection_yunet_2026may.onnx"


@pytest.mark.shared_data
def test_detector_installed_or_removed_meanwhile_is_taken_up_by_the_next_class(
    tmp_path: Path, models_dir: Path, shared_dir: Path
) -> None:
    store = tmp_path / "models"
    shutil.copytree(models_dir, store)
    models = RecognitionModels(models_dir=store, reach=Reach.NEAR)
    detector, embedder = models.get()
    assert detector.name == "dlib-hog"
    assert models.get() == (detector, embedder)
    shutil.copyfile(shared_dir / "models" / YUNET, store / YUNET)
    assert models.get()[0].name == "yunet-2026may"
    (store / YUNET).unlink()
    assert models.get()[0].name == "dlib-hog"


def test_detectors_in_an_absent_directory_are_none(tmp_path: Path) -> None:
    assert detector_files(tmp_path / "absent") == ()
