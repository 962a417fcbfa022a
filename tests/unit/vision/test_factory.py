"""Which detector and embedder are made from what is installed."""

import shutil
from pathlib import Path

import cv2
import pytest

from kiosk.errors import ModelError
from kiosk.vision.factory import build_builtin_embedder, build_detector, yunet_names
from tests.fakes.faces.drawn_face import scene

YUNET = "face_detection_yunet_2026may.onnx"


def test_builtin_detector_is_used_where_nothing_is_installed(tmp_path: Path) -> None:
    choice = build_detector(tmp_path / "absent", reach="near")
    assert choice.detector.name == "dlib-hog"
    assert choice.warning == ""


@pytest.mark.shared_data
def test_yunet_is_used_when_installed(tmp_path: Path, shared_dir: Path) -> None:
    shutil.copyfile(shared_dir / "models" / YUNET, tmp_path / YUNET)
    choice = build_detector(tmp_path, reach="far")
    assert choice.detector.name == "yunet-2026may"
    assert choice.warning == ""


def test_damaged_yunet_falls_back_to_the_builtin_detector_and_says_so(tmp_path: Path) -> None:
    (tmp_path / YUNET).write_bytes(b"half a download")
    choice = build_detector(tmp_path, reach="near")
    assert choice.detector.name == "dlib-hog"
    assert "damaged" in choice.warning
    assert "install the model again" in choice.warning


def test_each_opencv_tries_the_yunet_made_for_it_first() -> None:
    assert yunet_names("5.0.0") == ("yunet-2026may", "yunet-2023mar", "yunet-2023mar-int8bq")
    assert yunet_names("4.12.0-dev") == ("yunet-2023mar", "yunet-2023mar-int8bq", "yunet-2026may")
    assert yunet_names("10.1.0")[0] == "yunet-2026may"


@pytest.mark.shared_data
def test_damaged_yunet_of_the_other_opencv_does_not_hide_the_whole_one(
    tmp_path: Path, shared_dir: Path
) -> None:
    shutil.copyfile(shared_dir / "models" / YUNET, tmp_path / YUNET)
    (tmp_path / "face_detection_yunet_2023mar.onnx").write_bytes(b"half a download")
    assert build_detector(tmp_path, reach="near").detector.name == "yunet-2026may"


@pytest.mark.shared_data
def test_yunet_that_this_opencv_cannot_run_is_said_and_the_builtin_detector_used(
    tmp_path: Path, shared_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copyfile(shared_dir / "models" / YUNET, tmp_path / YUNET)

    def refuse(*_arguments: object) -> object:
        raise cv2.error("Layer with dynamic shape is not supported")

    monkeypatch.setattr(cv2.FaceDetectorYN, "create", refuse)
    monkeypatch.setattr(cv2, "__version__", "4.12.0")
    choice = build_detector(tmp_path, reach="near")
    assert choice.detector.name == "dlib-hog"
    assert "OpenCV 4.12.0 cannot run the face detector yunet-2026may" in choice.warning


def test_reach_is_handed_on() -> None:
    image = scene((300, 100, 150))
    assert build_detector(Path("absent"), reach="near").detector.detect(image) == []
    assert len(build_detector(Path("absent"), reach="far").detector.detect(image)) == 1


def test_unwritable_models_directory_is_said_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(ModelError, match="cannot be written"):
        build_builtin_embedder(tmp_path / "file")
