"""Files that the kiosk makes itself: whole or not there."""

import sys
from pathlib import Path

import pytest

from kiosk.errors import ModelError
from kiosk.vision.models.model_files import load_made, save_made


def test_saved_file_is_read_back(tmp_path: Path) -> None:
    models = tmp_path / "not" / "yet" / "there"
    save_made(models, "net.onnx", b"graph", recipe="graph-1")
    assert load_made(models, "net.onnx", recipe="graph-1") == b"graph"
    assert sorted(path.name for path in models.iterdir()) == ["net.onnx", "net.onnx.sha256"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other rights")
def test_other_accounts_of_the_pc_may_read_what_was_saved(tmp_path: Path) -> None:
    save_made(tmp_path, "net.onnx", b"graph", recipe="graph-1")
    assert [path.stat().st_mode & 0o777 for path in tmp_path.iterdir()] == [0o644, 0o644]


def test_missing_file_is_absent(tmp_path: Path) -> None:
    assert load_made(tmp_path, "net.onnx", recipe="graph-1") is None


def test_file_without_its_record_is_absent(tmp_path: Path) -> None:
    (tmp_path / "net.onnx").write_bytes(b"graph")
    assert load_made(tmp_path, "net.onnx", recipe="graph-1") is None


@pytest.mark.parametrize("damage", [b"grapH", b"grap", b""])
def test_damaged_file_is_absent(tmp_path: Path, damage: bytes) -> None:
    save_made(tmp_path, "net.onnx", b"graph", recipe="graph-1")
    (tmp_path / "net.onnx").write_bytes(damage)
    assert load_made(tmp_path, "net.onnx", recipe="graph-1") is None


def test_record_that_is_no_text_is_absent(tmp_path: Path) -> None:
    save_made(tmp_path, "net.onnx", b"graph", recipe="graph-1")
    (tmp_path / "net.onnx.sha256").write_bytes(b"\xff\xfe")
    assert load_made(tmp_path, "net.onnx", recipe="graph-1") is None


def test_file_of_an_older_recipe_is_absent(tmp_path: Path) -> None:
    save_made(tmp_path, "net.onnx", b"graph", recipe="graph-1")
    assert load_made(tmp_path, "net.onnx", recipe="graph-2") is None


def test_directory_that_cannot_be_made_is_said_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(ModelError, match="cannot be written") as caught:
        save_made(tmp_path / "file" / "models", "net.onnx", b"graph", recipe="graph-1")
    assert "KIOSK_MODELS_DIR" in caught.value.hint


def test_failed_write_leaves_nothing_half_written(tmp_path: Path) -> None:
    (tmp_path / "net.onnx").mkdir()
    with pytest.raises(ModelError, match="cannot be written"):
        save_made(tmp_path, "net.onnx", b"graph", recipe="graph-1")
    assert [path.name for path in tmp_path.iterdir()] == ["net.onnx"]
