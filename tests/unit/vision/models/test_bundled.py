"""What the folder app carries is copied once, whole, and never over what is there."""

from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.vision.models.bundled import copy_bundled_models, copy_models
from kiosk.vision.models.conversion_record import converted_model, read_record
from kiosk.vision.models.manifest import PackageFile
from tests.fakes.models.model_files import DETECTOR, WEIGHTS, FakeConversions, small_manifest
from tests.fakes.models.onlooker import Onlooker

PACKAGE = PackageFile("nets==1.0", "0" * 64, True, "nets/net.h5", 1, "0" * 64)
MANIFEST = {
    name: entry if entry.builtin else replace(entry, package=PACKAGE)
    for name, entry in small_manifest().items()
}


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """The models of a bundle: a converted network and a detector."""
    folder = tmp_path / "bundle"
    folder.mkdir()
    weights = tmp_path / "net.h5"
    weights.write_bytes(WEIGHTS)
    FakeConversions().convert(MANIFEST["net"], weights, folder, weights_from="nets==1.0", watcher=Onlooker())
    (folder / "small.onnx").write_bytes(DETECTOR)
    return folder


def test_everything_is_copied_once(bundle: Path, tmp_path: Path) -> None:
    store = tmp_path / "models"
    assert copy_models(bundle, store, MANIFEST) == ["net", "small"]
    assert converted_model(store, MANIFEST["net"]).read_bytes() == WEIGHTS[::-1]
    assert (store / "small.onnx").read_bytes() == DETECTOR
    assert copy_models(bundle, store, MANIFEST) == []


def test_what_was_removed_since_does_not_come_back(bundle: Path, tmp_path: Path) -> None:
    store = tmp_path / "models"
    copy_models(bundle, store, MANIFEST)
    (store / "net.json").unlink()
    assert copy_models(bundle, store, MANIFEST) == []
    assert read_record(store, MANIFEST["net"]) is None


def test_what_is_there_already_stays(bundle: Path, tmp_path: Path) -> None:
    store = tmp_path / "models"
    store.mkdir()
    (store / "small.onnx").write_bytes(b"another")
    copy_models(bundle, store, MANIFEST)
    assert (store / "small.onnx").read_bytes() == b"another"


@pytest.mark.logs_warnings
def test_a_damaged_file_of_the_bundle_is_not_copied(bundle: Path, tmp_path: Path) -> None:
    (graph,) = bundle.glob("net-*")
    graph.write_bytes(b"half")
    assert copy_models(bundle, tmp_path / "models", MANIFEST) == []
    assert read_record(tmp_path / "models", MANIFEST["net"]) is None


def test_without_a_bundle_nothing_is_copied(tmp_path: Path) -> None:
    assert copy_bundled_models(tmp_path / "models") == []
    assert not (tmp_path / "models").exists()
