"""Managing models: installing in the background, choosing, removing, and the offer."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kiosk.domain.models.model_comparison import ModelComparison
from kiosk.errors import ConflictError, ModelError, SettingsError
from kiosk.services.models.installation import BetterModel, InstallJob, ModelOption, Models
from kiosk.services.ports.model_store import InstallProgress, InstallStep, ModelState
from tests.fakes.actors import admin
from tests.fakes.models.comparisons import BUILT_IN, PAIR, pair_is_better
from tests.fakes.models.model_store import FakeModelStore, SettingsInMemory, models_over
from tests.world.school import SmallSchool


@pytest.fixture
def model_store() -> FakeModelStore:
    return FakeModelStore()


@pytest.fixture
def settings() -> SettingsInMemory:
    return SettingsInMemory()


@pytest.fixture
def models(
    model_store: FakeModelStore, settings: SettingsInMemory, threaded_school: SmallSchool
) -> Iterator[Models]:
    made = models_over(model_store, store=threaded_school.store, settings=settings)
    yield made
    made.close()


def choice(models: Models, name: str) -> ModelOption:
    return next(one for one in models.choices() if one.name == name)


def wait_for(models: Models) -> InstallJob:
    for thread in threading.enumerate():
        if thread.name == "model-install":
            thread.join(60)
    assert models.job is not None
    assert not models.job.running
    return models.job


def audit(school: SmallSchool) -> list[tuple[str, str, str, str]]:
    entries = school.store.read(lambda repositories: repositories.audit.entries())
    return [(one.actor, one.action, one.subject, one.detail) for one in reversed(entries)]


def test_nothing_is_looked_at_before_it_is_needed(threaded_school: SmallSchool) -> None:
    opened: list[str] = []
    models_over(
        FakeModelStore(),
        store=threaded_school.store,
        settings=SettingsInMemory(),
        opened=lambda: opened.append("opened"),
    ).close()
    assert opened == []


def test_choices_are_recognition_models_and_what_is_installed_as_one(models: Models) -> None:
    found = models.choices()
    assert [one.name for one in found] == [
        "dlib-resnet-v1",
        "facenet-sface",
        "facenet512",
        "facenet128",
        "vggface",
        "sface",
        "detector",
        "liveness",
    ]
    assert [one.name for one in found[-1].models] == ["minifasnet-v2", "minifasnet-v1se"]
    assert found[-1].size == 1_745_063 + 1_744_345
    assert found[0].state is ModelState.BUILT_IN
    assert found[0].in_use


def test_two_networks_that_recognise_together_are_one_line(
    models: Models, model_store: FakeModelStore
) -> None:
    model_store.installed.add("sface")
    assert choice(models, "facenet-sface").state is ModelState.MISSING
    model_store.installed.add("facenet128")
    both = choice(models, "facenet-sface")
    assert [one.name for one in both.models] == ["facenet128", "sface"]
    assert (both.state, both.in_use) == (ModelState.INSTALLED, True)
    assert not choice(models, "sface").in_use
    models.use(choice(models, "sface"), actor=admin("Ada"))
    assert choice(models, "sface").in_use
    assert not choice(models, "facenet-sface").in_use


def test_half_a_group_is_not_installed_and_a_damaged_part_damages_it(
    models: Models, model_store: FakeModelStore
) -> None:
    model_store.installed.add("minifasnet-v2")
    assert choice(models, "liveness").state is ModelState.MISSING
    assert choice(models, "liveness").is_there
    model_store.installed.add("minifasnet-v1se")
    assert choice(models, "liveness").state is ModelState.INSTALLED
    model_store.damaged.add("minifasnet-v1se")
    assert choice(models, "liveness").state is ModelState.DAMAGED
    assert choice(models, "liveness").problem


def test_installation_runs_in_the_background_and_is_logged(
    models: Models, model_store: FakeModelStore, threaded_school: SmallSchool
) -> None:
    model_store.gate.clear()
    models.install(choice(models, "facenet512"), actor=admin("Ada"))
    assert model_store.began.wait(60)
    job = models.job
    assert job is not None
    assert job.running
    assert job.progress == InstallProgress(InstallStep.DOWNLOAD, 11_875_000, 95_000_000)
    with pytest.raises(ConflictError, match="Another model is being installed"):
        models.install(choice(models, "vggface"), actor=admin("Ada"))
    model_store.gate.set()
    job = wait_for(models)
    assert (job.error, job.stopped) == (None, False)
    assert not choice(models, "facenet512").in_use, (
        "nobody measured it, so it is used where somebody chooses it"
    )
    assert audit(threaded_school) == [
        ("Ada", "model.licence_accepted", "facenet512", "MIT"),
        ("Ada", "model.installed", "facenet512", f"sha256 {'4c55425295850c96' * 4}"),
    ]


def test_a_licence_accepted_before_is_not_accepted_again(
    models: Models, model_store: FakeModelStore, threaded_school: SmallSchool
) -> None:
    model_store.accepted["facenet512"] = "local:root"
    models.install(choice(models, "facenet512"), actor=admin("Ada"))
    wait_for(models)
    assert [action for _, action, _, _ in audit(threaded_school)] == ["model.installed"]


def test_group_is_installed_from_one_folder(
    models: Models, model_store: FakeModelStore, tmp_path: Path
) -> None:
    models.install(choice(models, "liveness"), actor=admin("Ada"), origin=tmp_path)
    wait_for(models)
    assert model_store.origins == [("minifasnet-v2", tmp_path), ("minifasnet-v1se", tmp_path)]
    assert choice(models, "liveness").in_use


def test_stopped_installation_says_so_and_can_be_begun_again(
    models: Models, model_store: FakeModelStore
) -> None:
    model_store.gate.clear()
    models.install(choice(models, "facenet512"), actor=admin("Ada"))
    assert model_store.began.wait(60)
    models.stop()
    job = wait_for(models)
    assert (job.stopped, job.error) == (True, None)
    assert choice(models, "facenet512").state is ModelState.MISSING
    model_store.gate.set()
    models.install(choice(models, "facenet512"), actor=admin("Ada"))
    assert wait_for(models).stopped is False
    assert choice(models, "facenet512").state is ModelState.INSTALLED


def test_closing_the_kiosk_stops_the_installation(models: Models, model_store: FakeModelStore) -> None:
    model_store.gate.clear()
    models.install(choice(models, "facenet512"), actor=admin("Ada"))
    assert model_store.began.wait(60)
    models.close()
    assert models.job is not None
    assert models.job.stopped


def test_failed_installation_carries_its_sentence(models: Models, model_store: FakeModelStore) -> None:
    model_store.refuse = ModelError("The disk is full.", "Make room.")
    models.install(choice(models, "facenet512"), actor=admin("Ada"))
    job = wait_for(models)
    assert job.error is model_store.refuse


@pytest.mark.logs_warnings
def test_unforeseen_failure_is_logged_and_put_into_words(models: Models, model_store: FakeModelStore) -> None:
    model_store.refuse = RuntimeError("a defect of ours")
    models.install(choice(models, "facenet512"), actor=admin("Ada"))
    job = wait_for(models)
    assert job.error is not None
    assert "log" in job.error.hint


def test_removed_model_is_gone_and_logged(
    models: Models, model_store: FakeModelStore, threaded_school: SmallSchool
) -> None:
    model_store.installed |= {"minifasnet-v2", "minifasnet-v1se"}
    models.remove(choice(models, "liveness"), actor=admin("Ada"))
    assert model_store.installed == set()
    assert [(action, subject) for _, action, subject, _ in audit(threaded_school)] == [
        ("model.removed", "minifasnet-v2"),
        ("model.removed", "minifasnet-v1se"),
    ]


def test_chosen_model_is_written_into_the_settings_and_logged(
    models: Models, model_store: FakeModelStore, settings: SettingsInMemory, threaded_school: SmallSchool
) -> None:
    model_store.installed |= {"facenet512", "facenet128"}
    models.use(choice(models, "facenet128"), actor=admin("Ada"))
    assert str(settings.settings.recognition.model) == "facenet128"
    assert choice(models, "facenet128").in_use
    assert audit(threaded_school) == [("Ada", "model.chosen", "facenet128", "")]


def test_choice_that_cannot_be_written_is_not_logged(
    models: Models, model_store: FakeModelStore, settings: SettingsInMemory, threaded_school: SmallSchool
) -> None:
    settings.refuse = SettingsError("The settings file cannot be written.")
    with pytest.raises(SettingsError):
        models.use(choice(models, "dlib-resnet-v1"), actor=admin("Ada"))
    assert audit(threaded_school) == []


def test_a_model_that_is_installed_is_used_only_once_somebody_chooses_it(
    model_store: FakeModelStore, settings: SettingsInMemory, threaded_school: SmallSchool
) -> None:
    """Faces are enrolled with the built-in model, so that *Best installed* stays with it."""

    def chosen() -> str:
        model = str(settings.settings.recognition.model)
        return BUILT_IN if model == "auto" else model

    models = models_over(
        model_store, store=threaded_school.store, settings=settings, chosen=chosen, measured=pair_is_better
    )
    models.install(choice(models, PAIR), actor=admin("Ada"))
    job = wait_for(models)
    assert (job.choice.state, job.choice.in_use) == (ModelState.INSTALLED, False)
    assert choice(models, BUILT_IN).in_use
    models.use(choice(models, PAIR), actor=admin("Ada"))
    assert choice(models, PAIR).in_use
    assert models.offer() is None, "it is in use"


def test_only_what_errs_measurably_less_here_is_offered(
    model_store: FakeModelStore, settings: SettingsInMemory, threaded_school: SmallSchool
) -> None:
    def offered(measured: Callable[[], ModelComparison | None]) -> BetterModel | None:
        return models_over(
            model_store,
            store=threaded_school.store,
            settings=settings,
            chosen=lambda: BUILT_IN,
            measured=measured,
        ).offer()

    assert offered(pair_is_better) is None, "it is not installed any more"
    model_store.installed |= {"facenet128", "sface"}
    assert offered(lambda: None) is None, "nothing was measured"
    assert offered(lambda: pair_is_better(surely=False)) is None
    better = offered(pair_is_better)
    assert better is not None
    assert (better.choice.name, better.in_use.name) == (PAIR, BUILT_IN)
    model_store.damaged.add("sface")
    assert offered(pair_is_better) is None


def test_later_is_until_the_next_start_and_never_is_for_ever(
    model_store: FakeModelStore, settings: SettingsInMemory, threaded_school: SmallSchool
) -> None:
    model_store.installed |= {"facenet128", "sface"}

    def started() -> Models:
        return models_over(
            model_store,
            store=threaded_school.store,
            settings=settings,
            chosen=lambda: BUILT_IN,
            measured=pair_is_better,
        )

    models = started()
    models.later()
    assert models.offer() is None
    restarted = started()
    assert restarted.offer() is not None
    restarted.never(actor=admin())
    assert restarted.offer() is None
    assert started().offer() is None
    assert not settings.settings.recognition.offer_model
