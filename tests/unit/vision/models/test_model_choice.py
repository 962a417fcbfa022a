"""Which model a kiosk uses: the chosen one, taken up at the next class; the built-in one, and why, when it fails."""

import logging
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from kiosk.domain.faces.recognition import BUILTIN_MODEL, BUILTIN_TEMPLATES
from kiosk.errors import DatabaseError, ModelError, NotFoundError
from kiosk.settings import Engine, ModelChoice, Reach
from kiosk.vision.embedding.deepface_networks import fed_by_deepface
from kiosk.vision.embedding.sketched_faces import sketch_face
from kiosk.vision.factory import build_embedder, load_embedder
from kiosk.vision.models.installed import installed_models
from kiosk.vision.models.manifest import read_manifest
from kiosk.vision.models.model_choice import model_in_use, settled_model
from kiosk.vision.recognition_models import RecognitionModels
from tests.unit.vision.conftest import SeededModels

NAME = "facenet128"
TEMPLATES = "facenet128-stretched"


@pytest.fixture
def installed(tmp_path: Path, seeded_model: SeededModels) -> Path:
    """A store with facenet128 in it."""
    made = seeded_model(NAME)
    shutil.copyfile(made.models_dir / made.record.file, tmp_path / made.record.file)
    published = replace(made.record, weights_from=read_manifest()[NAME].urls[0])
    published.save(tmp_path)
    return tmp_path


@pytest.fixture
def of_another_run(installed: Path, seeded_model: SeededModels) -> str:
    """The same store, whose weights came from a file that nobody knows; how templates refer to them."""
    record = seeded_model(NAME).record
    replace(record, weights_from="weights.h5").save(installed)
    return f"{TEMPLATES}-{record.weights_sha256[:8]}"


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


def test_published_thresholds_are_those_of_deepfaces_own_way() -> None:
    published = {"facenet512": 0.30, "facenet128": 0.40, "vggface": 0.68}
    for name, threshold in published.items():
        known = read_manifest()[name].recognition
        assert known is not None
        info = fed_by_deepface(known)
        assert (info.name, info.known_as, info.dimensions) == (name, name, known.dimensions)
        assert info.thresholds.reject == threshold
        assert info.thresholds.accept == pytest.approx(0.85 * threshold, abs=5e-4)
        assert info.thresholds.margin == pytest.approx(0.1 * threshold, abs=0.02)


def test_facenet128_takes_over_once_it_is_installed(installed: Path, models_dir: Path) -> None:
    assert model_in_use(models_dir) == BUILTIN_TEMPLATES
    assert build_embedder(models_dir).embedder.info.name == BUILTIN_TEMPLATES
    assert model_in_use(installed) == TEMPLATES
    choice = build_embedder(installed)
    assert (choice.embedder.info.name, choice.warning) == (TEMPLATES, "")
    assert build_embedder(installed, model=BUILTIN_MODEL).embedder.info.name == BUILTIN_TEMPLATES


def test_weights_of_an_unknown_run_never_go_by_the_models_name(installed: Path, of_another_run: str) -> None:
    """They are used where somebody chose them, have templates of their own, and are called what they are."""
    assert model_in_use(installed) == BUILTIN_TEMPLATES
    assert build_embedder(installed).embedder.info.name == BUILTIN_TEMPLATES
    assert model_in_use(installed, NAME) == of_another_run
    chosen = load_embedder(installed, NAME).info
    assert (chosen.name, chosen.known_as) == (of_another_run, NAME)
    assert load_embedder(installed, of_another_run).info == chosen
    (row,) = (row for row in installed_models(installed) if row.name == NAME)
    assert row.title == "FaceNet-128, other weights (training unknown)"
    assert not row.in_use


@pytest.mark.parametrize("harm", [cut, swap])
def test_a_damaged_model_gives_way_to_the_built_in_one(installed: Path, harm: object) -> None:
    assert callable(harm)
    harm(installed)
    choice = build_embedder(installed)
    assert choice.embedder.info.name == BUILTIN_TEMPLATES
    assert "damaged or was swapped" in choice.warning
    assert "kiosk models install facenet128" in choice.warning
    assert choice.warning.endswith("The built-in model recognises instead.")
    with pytest.raises(ModelError, match="damaged or was swapped"):
        load_embedder(installed, NAME)


def test_a_damaged_record_gives_way_too(installed: Path) -> None:
    (installed / f"{NAME}.json").write_text("{", "utf-8")
    assert model_in_use(installed) == BUILTIN_TEMPLATES
    assert "record" in build_embedder(installed).warning


@pytest.mark.parametrize("name", ["vggface", "arcface"])
def test_a_chosen_model_that_is_not_there_is_said(models_dir: Path, name: str) -> None:
    choice = build_embedder(models_dir, model=name)
    assert choice.embedder.info.name == BUILTIN_TEMPLATES
    assert name in choice.warning
    assert model_in_use(models_dir, name) == BUILTIN_TEMPLATES


def test_an_unknown_model_is_not_found(models_dir: Path) -> None:
    with pytest.raises(NotFoundError, match="arcface"):
        load_embedder(models_dir, "arcface")


def test_without_kept_weights_litert_runs_and_the_reason_is_said(installed: Path) -> None:
    choice = build_embedder(installed, engine="tensorflow")
    assert choice.embedder.info.name == TEMPLATES
    assert "--keep-weights" in choice.warning
    (installed / read_manifest()[NAME].file).write_bytes(b"others")
    assert "not the one" in build_embedder(installed, engine="tensorflow").warning


def test_a_changed_choice_is_taken_up_by_the_next_class(installed: Path) -> None:
    models = RecognitionModels(models_dir=installed, reach=Reach.NEAR)
    assert models.model_name() == TEMPLATES
    _, first = models.get()
    assert models.get()[1] is first
    models.choose(model=BUILTIN_MODEL, engine=Engine.LITERT)
    assert models.model_name() == BUILTIN_TEMPLATES
    _, second = models.get()
    assert (first.info.name, second.info.name) == (TEMPLATES, BUILTIN_TEMPLATES)
    image, face = sketch_face(1)
    assert first.embed(image, [face]).shape == (1, 128), "whoever still has the old one goes on with it"
    assert models.build_embedder(NAME).info.name == models.build_embedder(TEMPLATES).info.name == TEMPLATES
    assert models.build(Reach.NEAR)[1].info.name == BUILTIN_TEMPLATES


def test_a_model_that_is_installed_meanwhile_is_taken_up(installed: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    store.mkdir()
    models = RecognitionModels(models_dir=store, reach=Reach.NEAR)
    assert models.get()[1].info.name == BUILTIN_TEMPLATES
    for path in installed.glob(f"{NAME}*"):
        shutil.copyfile(path, store / path.name)
    assert models.model_name() == TEMPLATES
    assert models.get()[1].info.name == TEMPLATES


@pytest.mark.logs_warnings
def test_deepfaces_own_way_has_templates_of_its_own(installed: Path) -> None:
    models = RecognitionModels(models_dir=installed, reach=Reach.NEAR, engine=Engine.TENSORFLOW)
    assert models.model_name() == NAME
    assert models.get()[1].info.name == TEMPLATES, "TensorFlow has no weights here, so the converted one runs"
    assert models.model_name() == TEMPLATES


@pytest.mark.logs_warnings
def test_the_models_say_why_and_tries_again(
    installed: Path, seeded_model: SeededModels, caplog: pytest.LogCaptureFixture
) -> None:
    swap(installed)
    models = RecognitionModels(models_dir=installed, reach=Reach.NEAR)
    assert (models.model_name(), models.warning) == (TEMPLATES, ""), "nothing was read yet"
    assert models.get()[1].info.name == BUILTIN_TEMPLATES
    assert "damaged or was swapped" in models.warning
    assert models.model_name() == BUILTIN_TEMPLATES
    assert [record.levelno for record in caplog.records if "swapped" in record.message] == [logging.WARNING]
    made = seeded_model(NAME)
    shutil.copyfile(made.models_dir / made.record.file, installed / made.record.file)
    assert models.get()[1].info.name == TEMPLATES
    assert models.warning == ""


def test_both_models_embed_the_same_face_into_their_own_space(installed: Path) -> None:
    image, face = sketch_face(1)
    vectors = [
        build_embedder(installed, model=name).embedder.embed(image, [face]) for name in (NAME, BUILTIN_MODEL)
    ]
    assert [vector.shape for vector in vectors] == [(1, 128), (1, 128)]
    assert all(np.isfinite(vector).all() for vector in vectors)


def test_a_model_that_is_installed_later_waits_until_somebody_chooses_it(
    installed: Path, tmp_path: Path
) -> None:
    """It may err more on the people who are enrolled with another one."""
    store, enrolled = tmp_path / "store", {BUILTIN_MODEL: 12}
    store.mkdir()
    models = RecognitionModels(models_dir=store, reach=Reach.NEAR, enrolled=lambda: enrolled)
    assert models.model_name() == BUILTIN_TEMPLATES
    for path in installed.glob(f"{NAME}*"):
        shutil.copyfile(path, store / path.name)
    assert models.model_name() == models.info().name == BUILTIN_TEMPLATES
    assert models.chosen() == BUILTIN_MODEL
    models.choose(model=NAME, engine=Engine.LITERT)
    assert (models.model_name(), models.chosen()) == (TEMPLATES, NAME)
    models.choose(model=ModelChoice.AUTO.value, engine=Engine.LITERT)
    enrolled[TEMPLATES] = 12
    assert models.model_name() == BUILTIN_TEMPLATES, "what was settled stays"
    restarted = RecognitionModels(models_dir=store, reach=Reach.NEAR, enrolled=lambda: enrolled)
    assert restarted.model_name() == TEMPLATES, "both know everybody: the better one"


def test_best_installed_stays_with_what_the_enrolled_faces_know_as_long_as_it_is_there(
    installed: Path,
) -> None:
    enrolled = {"another-model": 3, TEMPLATES: 9, BUILTIN_MODEL: 2}
    assert settled_model(installed, enrolled) == NAME
    cut(installed)
    assert settled_model(installed, enrolled) == BUILTIN_MODEL
    assert settled_model(installed, {TEMPLATES: 9}) == NAME, "the damage is to be named"
    assert settled_model(installed, {}) == NAME


@pytest.mark.logs_warnings
def test_a_database_that_does_not_answer_changes_no_model(installed: Path) -> None:
    def enrolled() -> dict[str, int]:
        raise DatabaseError("The server is away.")

    assert RecognitionModels(models_dir=installed, reach=Reach.NEAR, enrolled=enrolled).chosen() == NAME
