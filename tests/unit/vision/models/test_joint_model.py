"""The default, FaceNet-128 with SFace: there when both are, and as whole as both are. No network is loaded."""

import hashlib
from pathlib import Path

import pytest

from kiosk.domain.faces.recognition import BUILTIN_MODEL, BUILTIN_TEMPLATES
from kiosk.errors import ModelError
from kiosk.services.ports.model_store import ModelState
from kiosk.vision.factory import load_embedder
from kiosk.vision.models.conversion import DeepfaceConversions
from kiosk.vision.models.conversion_record import ConversionRecord
from kiosk.vision.models.installed import installed_models
from kiosk.vision.models.installer import LocalModelStore
from kiosk.vision.models.manifest import read_manifest
from kiosk.vision.models.model_choice import installed_as, model_in_use, wanted_model

PAIR = "facenet-sface"
TEMPLATES = "facenet-sface-stretched-30-70"


def install(models_dir: Path, name: str, *, known: bool = True) -> None:
    """A file that no network is in, with the record of one."""
    package = read_manifest()[name].package
    assert package is not None
    data = f"the network {name}".encode()
    file = f"{name}-0000{Path(read_manifest()[name].converted).suffix}"
    (models_dir / file).write_bytes(data)
    ConversionRecord(
        model=name,
        file=file,
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        weights_file=package.file,
        weights_size=package.size,
        weights_sha256=package.sha256 if known else "0" * 64,
        weights_from="a file",
        cosine=1.0,
        made_at="2026-11-29T08:00:00+00:00",
        made_with="a test",
    ).save(models_dir)


@pytest.fixture
def both(tmp_path: Path) -> Path:
    install(tmp_path, "facenet128")
    install(tmp_path, "sface")
    return tmp_path


def states(models_dir: Path, chosen: str = "") -> dict[str, tuple[ModelState, bool]]:
    rows = installed_models(models_dir, chosen=chosen)
    return {row.name: (row.state, row.in_use) for row in rows if row.task == "recognition"}


def test_both_together_are_the_default(both: Path) -> None:
    assert wanted_model(both, "auto") == PAIR
    assert model_in_use(both) == TEMPLATES
    found = states(both)
    assert found[PAIR] == (ModelState.INSTALLED, True)
    assert found["sface"] == found["facenet128"] == (ModelState.INSTALLED, False)


def test_each_alone_and_the_built_in_one_stay_a_choice(both: Path) -> None:
    assert model_in_use(both, "sface") == "sface"
    assert model_in_use(both, "facenet128") == "facenet128-stretched"
    assert model_in_use(both, BUILTIN_MODEL) == BUILTIN_TEMPLATES
    assert states(both, "sface")["sface"] == (ModelState.INSTALLED, True)
    assert states(both, "sface")[PAIR] == (ModelState.INSTALLED, False)


@pytest.mark.parametrize("alone", ["facenet128", "sface"])
def test_where_one_is_missing_the_other_recognises(tmp_path: Path, alone: str) -> None:
    install(tmp_path, alone)
    assert wanted_model(tmp_path, "auto") == alone
    assert states(tmp_path)[PAIR] == (ModelState.MISSING, False)
    assert states(tmp_path)[alone] == (ModelState.INSTALLED, True)
    assert model_in_use(tmp_path, PAIR) == BUILTIN_TEMPLATES


def test_weights_of_an_unknown_run_are_no_part_of_it(both: Path) -> None:
    """Its weights and thresholds were measured with the published ones."""
    install(both, "facenet128", known=False)
    assert wanted_model(both, "auto") == "sface"
    assert model_in_use(both, PAIR) == BUILTIN_TEMPLATES
    assert states(both)[PAIR] == (ModelState.MISSING, False)


def test_it_is_damaged_when_one_part_is(both: Path) -> None:
    (both / "sface-0000.onnx").write_bytes(b"a work nets")
    rows = {row.name: row for row in installed_models(both)}
    assert rows[PAIR].state is ModelState.DAMAGED
    assert "sface-0000.onnx" in rows[PAIR].problem
    assert rows["facenet128"].state is ModelState.INSTALLED
    with pytest.raises(ModelError):
        load_embedder(both, PAIR)


def test_deepfaces_own_way_runs_one_network_at_a_time(both: Path) -> None:
    with pytest.raises(ModelError, match="one network of deepface's at a time, not facenet-sface"):
        load_embedder(both, PAIR, engine="tensorflow")


def test_a_part_installed_again_is_noticed(both: Path) -> None:
    before = installed_as(both, PAIR)
    assert len(before) == 2
    (both / "sface-0000.onnx").write_bytes(b"another network")
    assert installed_as(both, PAIR) != before
    assert installed_as(both, "vggface") == ()


def test_the_store_installs_and_removes_its_parts(both: Path) -> None:
    store = LocalModelStore(models_dir=both, conversions=DeepfaceConversions())
    assert store.names(PAIR) == ("facenet128", "sface")
    store.accept_licence("facenet128", by="Ada")
    assert next(row for row in store.models(chosen="") if row.name == PAIR).accepted_by == ""
    store.accept_licence("sface", by="Ada")
    row = next(row for row in store.models(chosen="") if row.name == PAIR)
    assert (row.accepted_by, row.licence) == ("Ada", "MIT AND Apache-2.0")
    assert row.title == "FaceNet-128 with SFace"
    for part in store.names(PAIR):
        store.remove(part)
    assert states(both)[PAIR] == (ModelState.MISSING, False)
