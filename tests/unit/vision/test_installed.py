"""Listing and installing model files; a small manifest entry stands in for YuNet where its file is absent."""

import hashlib
from pathlib import Path

import pytest

from kiosk.errors import ModelError, NotFoundError
from kiosk.vision import installed
from kiosk.vision.installed import ModelState, install_model, installed_models
from kiosk.vision.manifest import ModelEntry

DATA = b"the bytes of a detector"


def entry(data: bytes = DATA) -> ModelEntry:
    return ModelEntry(
        name="small",
        task="detection",
        builtin=False,
        file="small.onnx",
        source="the test",
        licence="MIT",
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        input="pixels",
        recognition=None,
    )


@pytest.fixture(autouse=True)
def _manifest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installed, "read_manifest", lambda: {"small": entry()})


def states(models_dir: Path) -> list[ModelState]:
    return [row.state for row in installed_models(models_dir)]


def test_a_model_is_installed_from_a_file_or_a_folder(tmp_path: Path) -> None:
    (tmp_path / "small.onnx").write_bytes(DATA)
    for number, origin in enumerate((tmp_path, tmp_path / "small.onnx")):
        store = tmp_path / f"store-{number}"
        assert states(store) == [ModelState.MISSING]
        assert install_model("small", origin, store).read_bytes() == DATA
        assert states(store) == [ModelState.INSTALLED]
        assert [path.name for path in store.iterdir()] == ["small.onnx"]


def test_a_damaged_file_is_refused_and_the_old_state_stays(tmp_path: Path) -> None:
    store = tmp_path / "store"
    store.mkdir()
    (store / "small.onnx").write_bytes(DATA)
    (tmp_path / "bad.onnx").write_bytes(DATA[:-1])

    with pytest.raises(ModelError, match="damaged"):
        install_model("small", tmp_path / "bad.onnx", store)
    assert (store / "small.onnx").read_bytes() == DATA


def test_an_installed_file_that_was_changed_is_called_damaged(tmp_path: Path) -> None:
    (tmp_path / "small.onnx").write_bytes(DATA.upper())

    assert states(tmp_path) == [ModelState.DAMAGED]


def test_unknown_names_and_missing_files_are_said(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="no model large"):
        install_model("large", tmp_path, tmp_path)
    with pytest.raises(ModelError, match="not installed"):
        install_model("small", tmp_path, tmp_path / "store")


def test_a_store_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "small.onnx").write_bytes(DATA)
    (tmp_path / "store").write_text("not a folder")

    with pytest.raises(ModelError, match="cannot be written"):
        install_model("small", tmp_path, tmp_path / "store")
