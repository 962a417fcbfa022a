"""Listing models: what is installed, whole and in use."""

from pathlib import Path

import pytest

from kiosk.services.ports.model_store import InstalledModel, ModelState
from kiosk.vision.models.conversion_record import record_path
from kiosk.vision.models.installed import installed_models
from kiosk.vision.models.manifest import read_manifest
from tests.fakes.models.model_files import DETECTOR, WEIGHTS, FakeConversions, small_manifest
from tests.fakes.models.onlooker import Onlooker

MANIFEST = small_manifest()


def rows(models_dir: Path, chosen: str = "") -> dict[str, InstalledModel]:
    return {row.name: row for row in installed_models(models_dir, chosen=chosen, manifest=MANIFEST)}


def convert(models_dir: Path) -> Path:
    """Install the network and return its converted file."""
    weights = models_dir / "net.h5"
    weights.write_bytes(WEIGHTS)
    record = FakeConversions().convert(
        MANIFEST["net"], weights, models_dir, weights_from="the test", watcher=Onlooker()
    )
    weights.unlink()
    return models_dir / record.file


def test_nothing_is_installed_in_an_absent_directory(tmp_path: Path) -> None:
    found = rows(tmp_path / "absent")
    assert {name: row.state for name, row in found.items()} == {
        "dlib-resnet-v1": ModelState.BUILT_IN,
        "net": ModelState.MISSING,
        "small": ModelState.MISSING,
    }
    assert [name for name, row in found.items() if row.in_use] == ["dlib-resnet-v1"]


def test_installed_models_show_the_checksum_of_what_was_installed(tmp_path: Path) -> None:
    (tmp_path / "small.onnx").write_bytes(DETECTOR)
    convert(tmp_path)
    found = rows(tmp_path)
    assert found["small"].state is ModelState.INSTALLED
    assert found["small"].sha256 == MANIFEST["small"].sha256
    assert found["net"].state is ModelState.INSTALLED
    assert len(found["net"].sha256) == 64


def test_the_chosen_model_is_in_use_once_it_is_installed(tmp_path: Path) -> None:
    assert not rows(tmp_path, "net")["net"].in_use
    convert(tmp_path)
    found = rows(tmp_path, "net")
    assert (found["net"].in_use, found["dlib-resnet-v1"].in_use) == (True, False)
    assert rows(tmp_path, "dlib-resnet-v1")["dlib-resnet-v1"].in_use


def test_the_built_in_model_takes_over_for_a_damaged_one(tmp_path: Path) -> None:
    file = convert(tmp_path)
    file.write_bytes(file.read_bytes()[: len(WEIGHTS) // 2])
    found = rows(tmp_path, "net")
    assert found["net"].state is ModelState.DAMAGED
    assert "damaged or was swapped" in found["net"].problem
    assert "kiosk models install net" in found["net"].problem
    assert found["dlib-resnet-v1"].in_use


@pytest.mark.parametrize("content", ["", "{", "[]"])
def test_a_damaged_record_is_a_damaged_model(tmp_path: Path, content: str) -> None:
    convert(tmp_path)
    record_path(tmp_path, "net").write_text(content, "utf-8")
    assert rows(tmp_path)["net"].state is ModelState.DAMAGED


def test_a_changed_detector_is_damaged(tmp_path: Path) -> None:
    (tmp_path / "small.onnx").write_bytes(DETECTOR.upper())
    assert rows(tmp_path)["small"].state is ModelState.DAMAGED


@pytest.mark.shared_data
def test_the_detector_for_this_opencv_is_in_use(tmp_path: Path, shared_dir: Path) -> None:
    for name in ("yunet-2026may", "minifasnet-v2"):
        file = read_manifest()[name].file
        (tmp_path / file).write_bytes((shared_dir / "models" / file).read_bytes())

    def in_use(opencv: str) -> list[str]:
        return [row.name for row in installed_models(tmp_path, opencv=opencv) if row.in_use]

    assert in_use("5.0.0") == ["dlib-resnet-v1", "dlib-five-points", "yunet-2026may"]
    file = read_manifest()["minifasnet-v1se"].file
    (tmp_path / file).write_bytes((shared_dir / "models" / file).read_bytes())
    assert in_use("5.0.0")[2:] == ["minifasnet-v2", "minifasnet-v1se", "yunet-2026may"]
