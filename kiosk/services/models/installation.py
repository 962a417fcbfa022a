"""Models as an admin manages them: what there is, installing in the background, choosing, removing, the offer.

One installation runs at a time, on a thread of its own, so that closing a dialog does not stop it; screens look at
`Models.job` a few times a second. What is done is written to the audit log of the school, besides the acceptance that
the model store keeps.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from kiosk.domain.models.model_comparison import ModelComparison
from kiosk.domain.trust.rights import Actor, Right
from kiosk.errors import ConflictError, InstallStoppedError, KioskError
from kiosk.services.ports.clock import Clock
from kiosk.services.ports.model_store import (
    InstalledModel,
    InstallProgress,
    InstallStep,
    ModelState,
    ModelStore,
)
from kiosk.services.ports.settings import StoredSettings
from kiosk.services.trust.rights import require
from kiosk.settings import RecognitionSettings
from kiosk.storage.store import Store
from kiosk.translation import N_, _

GROUPS: Final = {
    "detector": (
        N_("YuNet face detector"),
        N_("Finds faces farther away and from the side, in half the time of the built-in detector."),
    ),
    "liveness": (
        N_("MiniFASNet liveness"),
        N_("Notices photographs and screens that are held up to the camera. Two small networks."),
    ),
}
"""Installed and removed as one thing: what people call it, and what it is good for."""
CLOSE_S: Final = 5.0
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ModelOption:
    """One line of the models dialog: a recognition model, or a group that is installed as one.

    Attributes:
        name: To install or remove it by.
        title: What people call it.
        good_for: One sentence for who chooses.
        models: What is in it.
        whole: What they are together, for a recognition model of several.
    """

    name: str
    title: str
    good_for: str
    models: tuple[InstalledModel, ...]
    whole: InstalledModel | None = None

    @property
    def task(self) -> str:
        """``recognition``, ``detection`` or ``liveness``."""
        return self.models[0].task

    @property
    def shown(self) -> InstalledModel:
        """Whose licence and source stand for it."""
        return self.whole or self.models[0]

    @property
    def state(self) -> ModelState:
        """Damaged when one is, not installed when one is missing."""
        if self.whole is not None:
            return self.whole.state
        states = {model.state for model in self.models}
        for state in (ModelState.DAMAGED, ModelState.MISSING, ModelState.INSTALLED):
            if state in states:
                return state
        return ModelState.BUILT_IN

    @property
    def size(self) -> int:
        return sum(model.size for model in self.models)

    @property
    def in_use(self) -> bool:
        if self.whole is not None:
            return self.whole.in_use
        return all(model.in_use for model in self.models)

    @property
    def problem(self) -> str:
        """Why it is damaged; empty when it is not."""
        return next((model.problem for model in self.models if model.problem), "")

    @property
    def obstacle(self) -> str:
        """Why it cannot be downloaded and converted on this PC; empty when it can."""
        return next((model.obstacle for model in self.models if model.obstacle), "")

    @property
    def is_there(self) -> bool:
        """Whether there is something to remove."""
        return any(model.state.is_removable for model in self.models)


@dataclass(frozen=True, slots=True)
class InstallJob:
    """An installation, running or over.

    Attributes:
        choice: What is installed; as it is there once it is over.
        progress: How far it is.
        running: Whether it goes on.
        error: Why it failed; None while it runs and when it succeeded or was stopped.
        stopped: Whether somebody stopped it.
    """

    choice: ModelOption
    progress: InstallProgress
    running: bool = True
    error: KioskError | None = None
    stopped: bool = False


@dataclass(frozen=True, slots=True)
class BetterModel:
    """An installed model that was measured to err less on this school's people than the one in use.

    Attributes:
        choice: It.
        in_use: What is in use.
        found: The measurement.
    """

    choice: ModelOption
    in_use: ModelOption
    found: ModelComparison


class _Progress:
    """One installation as screens see it, written by its thread."""

    def __init__(self, job: InstallJob | None = None) -> None:
        self.job = job
        self.cancelled = threading.Event()

    def show(self, progress: InstallProgress) -> None:
        self._change(progress=progress)

    def is_cancelled(self) -> bool:
        return self.cancelled.is_set()

    def end(self, **changes: Any) -> None:
        self._change(running=False, **changes)

    def _change(self, **changes: Any) -> None:
        if self.job is not None:
            self.job = replace(self.job, **changes)


class Models:
    """The models of this kiosk. Everything but `install`, `job`, `stop` and `later` may take a second: use a task."""

    def __init__(
        self,
        *,
        open_store: Callable[[], ModelStore],
        store: Store,
        clock: Clock,
        settings: StoredSettings,
        chosen: Callable[[], str],
        measured: Callable[[], ModelComparison | None],
    ) -> None:
        """Look at nothing yet.

        Args:
            open_store: Makes the model store when it is first needed.
            store: For the log.
            clock: For the log.
            settings: Where the choice is kept.
            chosen: What that choice comes to.
            measured: The last comparison on this school's people.
        """
        self._open_store = open_store
        self._store = store
        self._clock = clock
        self._settings = settings
        self._chosen = chosen
        self._measured = measured
        self._lock = threading.Lock()
        self._model_store: ModelStore | None = None
        self._progress = _Progress()
        self._thread: threading.Thread | None = None
        self._put_off = False

    # -- looking -----------------------------------------------------------------------------------------------------

    def choices(self) -> list[ModelOption]:
        """What an admin can install and choose, recognition first.

        Raises:
            KioskError: The settings or the list of models cannot be read.
        """
        models = self._models()
        rows = {row.name: row for row in models.models(chosen=self._chosen())}
        found = []
        for row in rows.values():
            if row.task == "recognition":
                members = tuple(rows[one] for one in models.names(row.name))
                whole = None if members == (row,) else row
                found.append(ModelOption(row.name, row.title, row.good_for, members, whole))
        for name, (title, good_for) in GROUPS.items():
            members = tuple(rows[one] for one in models.names(name))
            found.append(ModelOption(name, _(title), _(good_for), members))
        return found

    def offer(self) -> BetterModel | None:
        """What to offer on *Today*: what was measured to err less here, is there, and was not put off or refused.

        A model that is not installed was not measured here, and is not offered.
        """
        if self._put_off or not self._settings.load().recognition.offer_model:
            return None
        found = self._measured()
        if found is None:
            return None
        choices = {one.name: one for one in self.choices() if one.task == "recognition"}
        in_use = next((one for one in choices.values() if one.in_use), None)
        better = None if in_use is None else found.better_than(in_use.name)
        choice = None if better is None else choices.get(better.model)
        if in_use is None or choice is None or not choice.state.is_whole:
            return None
        return BetterModel(choice, in_use, found)

    @property
    def job(self) -> InstallJob | None:
        """The installation that runs, or the last one since the program started."""
        return self._progress.job

    # -- doing -------------------------------------------------------------------------------------------------------

    def install(self, choice: ModelOption, *, actor: Actor, origin: Path | None = None) -> None:
        """Begin to install; `actor` has read the licences and accepts them. Returns at once, see `job`.

        Raises:
            ConflictError: Another installation is under way.
        """
        require(self._store, actor, Right.ADMINISTER)
        with self._lock:
            if self._progress.job is not None and self._progress.job.running:
                raise ConflictError(_("Another model is being installed."), _("Wait until it is done."))
            self._progress = _Progress(
                InstallJob(choice, InstallProgress(InstallStep.DOWNLOAD, 0, choice.size))
            )
            self._thread = threading.Thread(
                target=self._run, args=(choice, actor.name, origin), name="model-install", daemon=True
            )
            self._thread.start()

    def stop(self) -> None:
        """Stop the installation soon; what was downloaded is kept for the next time."""
        self._progress.cancelled.set()

    def close(self) -> None:
        """Stop it and wait a little. A connection that hangs is left behind: a cut does no harm."""
        self.stop()
        thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join(CLOSE_S)

    def remove(self, choice: ModelOption, *, actor: Actor) -> None:
        """Delete its files. Raises KioskError: it is built in, is not there, or cannot be deleted."""
        require(self._store, actor, Right.ADMINISTER)
        for model in choice.models:
            if model.state.is_removable:
                self._models().remove(model.name)
                self._audit(actor.name, "model.removed", model.name, "")

    def use(self, choice: ModelOption, *, actor: Actor) -> None:
        """Recognise with it from the next class on.

        Raises:
            ConflictError: It is not installed, or damaged.
            SettingsError: The settings cannot be written.
        """
        require(self._store, actor, Right.ADMINISTER)
        if not choice.state.is_whole:
            raise ConflictError(
                _("{title} is not installed.", title=choice.title), _("Install it, then choose it.")
            )
        self._change_settings(model=choice.name)
        self._audit(actor.name, "model.chosen", choice.name, "")

    def later(self) -> None:
        """Do not offer again before the next start of the program."""
        self._put_off = True

    def never(self, *, actor: Actor) -> None:
        """Do not offer again; the setting can be turned on again.

        Raises:
            SettingsError: The settings cannot be written.
        """
        require(self._store, actor, Right.ADMINISTER)
        self._put_off = True
        self._change_settings(offer_model=False)

    # -- inside ------------------------------------------------------------------------------------------------------

    def _run(self, choice: ModelOption, actor: str, origin: Path | None) -> None:
        """The thread: installs one model after the other."""
        try:
            for model in choice.models:
                self._install(model, actor, origin)
            installed = next(one for one in self.choices() if one.name == choice.name)
        except InstallStoppedError:
            self._progress.end(stopped=True)
        except KioskError as error:
            self._progress.end(error=error)
        except Exception:  # the top of a thread
            log.exception("installing %s met something unforeseen", choice.name)
            self._progress.end(
                error=KioskError(
                    _("The model could not be installed."), _("The log of the program says why.")
                )
            )
        else:
            self._progress.end(choice=installed)

    def _install(self, model: InstalledModel, actor: str, origin: Path | None) -> None:
        models = self._models()
        if not model.accepted_by:
            models.accept_licence(model.name, by=actor)
            self._audit(actor, "model.licence_accepted", model.name, model.licence)
        models.install(model.name, origin=origin, keep_weights=False, watcher=self._progress)
        installed = next(row for row in models.models(chosen="") if row.name == model.name)
        self._audit(actor, "model.installed", model.name, f"sha256 {installed.sha256}")

    def _models(self) -> ModelStore:
        with self._lock:
            if self._model_store is None:
                self._model_store = self._open_store()
            return self._model_store

    def _change_settings(self, **changes: object) -> None:
        settings = self._settings.load()
        recognition = RecognitionSettings.model_validate(settings.recognition.model_dump() | changes)
        self._settings.save(settings.model_copy(update={"recognition": recognition}))

    def _audit(self, actor: str, action: str, subject: str, detail: str) -> None:
        at = self._clock.now()
        self._store.write(lambda repositories: repositories.audit.add(at, actor, action, subject, detail))
