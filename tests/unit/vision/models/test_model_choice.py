"""Which model a kiosk uses: the chosen one, taken up at the next class; the built-in one, and why, when it fails."""

import logging
import shutil
from pathlib import Path

import numpy as np
import pytest

from kiosk.domain.faces.recognition import BUILTIN_MODEL
from kiosk.errors import ModelError, NotFoundError
from kiosk.settings import Engine, ModelChoice, Reach
from kiosk.vision.embedding.sketched_faces import sketch_face
from kiosk.vision.factory import build_embedder, load_embedder
from kiosk.vision.models.manifest import read_manifest
from kiosk.vision.models.model_choice import model_in_use
from kiosk.vision.recognition_models import RecognitionModels
from tests.unit.vision.conftest import SeededModels

NAME = "facenet512"


@pytest.fixture
def installed(tmp_path: Path, seeded_model: SeededModels) -> Path:
    """A store with facenet512 in it."""
    made = seeded_model(NAME)
    for name in (made.record.file, f"{NAME}.json"):
        shutil.copyfile(made.models_dir / name, tmp_path / name)
    return tmp_path


def cut(models_dir: Path) -> None:
    (path,) = models_dir.glob(f"{NAME}-*.tflite")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def swap(models_dir: Path) -> None:
    """Another file of the same length."""
    (path,) = models_dir.glob(f"{NAME}-*.tflite")
    path.write_bytes(path.read_bytes()[::-1])


def test_every_choice_is_a_model_of_the_manifest() -> None:
    recognition = {entry.name for entry in read_manifest().values() if entry.task == "recognition"}
    assert {choice.value for choice in ModelChoice} == recognition | {"auto"}


def test_published_thresholds_are_in_the_manifest() -> None:
    published = {"facenet512": 0.30, "facenet128": 0.40, "vggface": 0.68}
    for name, threshold in published.items():
        info = read_manifest()[name].recognition
        assert info is not None
        assert info.thresholds.reject == threshold
        assert info.thresholds.accept == pytest.approx(0.85 * threshold, abs=5e-4)
        assert info.thresholds.margin == pytest.approx(0.1 * threshold, abs=0.02)


def test_facenet512_takes_over_once_it_is_installed(installed: Path, models_dir: Path) -> None:
    assert model_in_use(models_dir) == BUILTIN_MODEL
    assert build_embedder(models_dir).embedder.info.name == BUILTIN_MODEL
    assert model_in_use(installed) == NAME
    choice = build_embedder(installed)
    assert (choice.embedder.info.name, choice.warning) == (NAME, "")
    assert build_embedder(installed, model=BUILTIN_MODEL).embedder.info.name == BUILTIN_MODEL


@pytest.mark.parametrize("harm", [cut, swap])
def test_a_damaged_model_gives_way_to_the_built_in_one(installed: Path, harm: object) -> None:
    assert callable(harm)
    harm(installed)
    choice = build_embedder(installed)
    assert choice.embedder.info.name == BUILTIN_MODEL
    assert "damaged or was swapped" in choice.warning
    assert "kiosk models install facenet512" in choice.warning
    assert choice.warning.endswith("The built-in model recognises instead.")
    with pytest.raises(ModelError, match="damaged or was swapped"):
        load_embedder(installed, NAME)


def test_a_damaged_record_gives_way_too(installed: Path) -> None:
    (installed / f"{NAME}.json").write_text("{", "utf-8")
    assert model_in_use(installed) == BUILTIN_MODEL
    assert "record" in build_embedder(installed).warning


@pytest.mark.parametrize("name", ["vggface", "arcface"])
def test_a_chosen_model_that_is_not_there_is_said(models_dir: Path, name: str) -> None:
    choice = build_embedder(models_dir, model=name)
    assert choice.embedder.info.name == BUILTIN_MODEL
    assert name in choice.warning
    assert model_in_use(models_dir, name) == BUILTIN_MODEL


def test_an_unknown_model_is_not_found(models_dir: Path) -> None:
    with pytest.raises(NotFoundError, match="arcface"):
        load_embedder(models_dir, "arcface")


def test_without_kept_weights_litert_runs_and_the_reason_is_said(installed: Path) -> None:
    choice = build_embedder(installed, engine="tensorflow")
    assert choice.embedder.info.name == NAME
    assert "--keep-weights" in choice.warning
    (installed / read_manifest()[NAME].file).write_bytes(b"others")
    assert "not the one" in build_embedder(installed, engine="tensorflow").warning


def test_a_changed_choice_is_taken_up_by_the_next_class(installed: Path) -> None:
    models = RecognitionModels(models_dir=installed, reach=Reach.NEAR)
    assert models.model_name() == NAME
    _, first = models.get()
    assert models.get()[1] is first
    models.choose(model=BUILTIN_MODEL, engine=Engine.LITERT)
    assert models.model_name() == BUILTIN_MODEL
    _, second = models.get()
    assert (first.info.name, second.info.name) == (NAME, BUILTIN_MODEL)
    image, face = sketch_face(1)
    assert first.embed(image, [face]).shape == (1, 512), "whoever still has the old one goes on with it"
    assert models.build_embedder(NAME).info.name == NAME
    assert models.build(Reach.NEAR)[1].info.name == BUILTIN_MODEL


def test_a_model_that_is_installed_meanwhile_is_taken_up(installed: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    store.mkdir()
    models = RecognitionModels(models_dir=store, reach=Reach.NEAR)
    assert models.get()[1].info.name == BUILTIN_MODEL
    for path in installed.glob(f"{NAME}*"):
        shutil.copyfile(path, store / path.name)
    assert models.model_name() == NAME
    assert models.get()[1].info.name == NAME


@pytest.mark.logs_warnings
def test_the_models_say_why_and_tries_again(
    installed: Path, seeded_model: SeededModels, caplog: pytest.LogCaptureFixture
) -> None:
    swap(installed)
    models = RecognitionModels(models_dir=installed, reach=Reach.NEAR)
    assert (models.model_name(), models.warning) == (NAME, ""), "nothing was read yet"
    assert models.get()[1].info.name == BUILTIN_MODEL
    assert "damaged or was swapped" in models.warning
    assert models.model_name() == BUILTIN_MODEL
    assert [record.levelno for record in caplog.records if "swapped" in record.message] == [logging.WARNING]
    made = seeded_model(NAME)
    shutil.copyfile(made.models_dir / made.record.file, installed / made.record.file)
    assert models.get()[1].info.name == NAME
    assert models.warning == ""


def test_both_models_embed_the_same_face_into_their_own_space(installed: Path) -> None:
    image, face = sketch_face(1)
    vectors = [
        build_embedder(installed, model=name).embedder.embed(image, [face]) for name in (NAME, BUILTIN_MODEL)
    ]
    assert [vector.shape for vector in vectors] == [(1, 512), (1, 128)]
    assert all(np.isfinite(vector).all() for vector in vectors)
