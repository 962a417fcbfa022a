"""Whose weights are measured, and what deepface is given so that it loads nothing from the internet."""

from pathlib import Path

import cv2
import pytest

from kiosk.bench.sides.deepface_side import YUNET, DeepfaceHome, find_yunet, users_weights
from kiosk.bench.weights import installed_model, scratch_models
from kiosk.domain.faces.recognition import BUILTIN_MODEL
from kiosk.errors import NotFoundError


def test_model_that_is_not_installed_is_to_be_seeded(tmp_path: Path) -> None:
    assert installed_model("facenet512", tmp_path) is None


def test_damaged_model_counts_as_not_installed(tmp_path: Path) -> None:
    (tmp_path / "facenet512.json").write_text("{", encoding="utf-8")
    assert installed_model("facenet512", tmp_path) is None


def test_built_in_model_always_has_its_author_s_weights(tmp_path: Path) -> None:
    model = installed_model(BUILTIN_MODEL, tmp_path)
    assert model is not None
    assert model.official


def test_detector_is_no_recognition_model(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="facenet512"):
        installed_model("yunet-2026may", tmp_path)


def test_experiments_leave_the_model_store_alone(tmp_path: Path) -> None:
    store = tmp_path / "store"
    store.mkdir()
    (store / "face_detection_yunet_2026may.onnx").write_bytes(b"detector")
    (store / "facenet512.json").write_text("{}", encoding="utf-8")
    scratch = scratch_models(store, tmp_path / "scratch")
    (scratch / "face_detection_yunet_2026may.onnx").write_bytes(b"other")
    assert [file.name for file in scratch.iterdir()] == ["face_detection_yunet_2026may.onnx"]
    assert (store / "face_detection_yunet_2026may.onnx").read_bytes() == b"detector"


def test_deepface_finds_offered_files_under_its_own_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "face_detection_yunet_2026may.onnx"
    file.write_bytes(b"detector")
    DeepfaceHome(tmp_path / "home").offer(file, YUNET)
    monkeypatch.setenv("DEEPFACE_HOME", str(tmp_path / "home"))
    offered = users_weights(YUNET)
    assert offered is not None
    assert offered.read_bytes() == b"detector"


def test_installed_yunet_serves_deepface_too_else_the_one_it_loaded_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEEPFACE_HOME", str(tmp_path / "home"))
    assert find_yunet(tmp_path) is None
    theirs = tmp_path / "home" / ".deepface" / "weights" / YUNET
    theirs.parent.mkdir(parents=True)
    theirs.write_bytes(b"loaded by deepface")
    assert find_yunet(tmp_path) == theirs
    ours = tmp_path / "face_detection_yunet_2023mar.onnx"
    ours.write_bytes(b"installed")
    assert find_yunet(tmp_path) == ours
    monkeypatch.setattr(cv2, "__version__", "5.0.0")
    newer = tmp_path / "face_detection_yunet_2026may.onnx"
    newer.write_bytes(b"installed")
    assert find_yunet(tmp_path) == newer
    monkeypatch.setattr(cv2, "__version__", "4.12.0")
    assert find_yunet(tmp_path) == ours
