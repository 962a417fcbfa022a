"""A model store in memory: what is installed is a set of names, and an installation waits until the test lets it go on."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kiosk.domain.models.model_comparison import ModelComparison
from kiosk.errors import InstallStoppedError, KioskError, ModelError
from kiosk.services.models.installation import Models
from kiosk.services.ports.model_store import (
    InstalledModel,
    InstallProgress,
    InstallStep,
    InstallWatcher,
    ModelState,
)
from kiosk.settings import KioskSettings
from kiosk.storage.store import Store
from kiosk.vision.models.manifest import read_manifest
from kiosk.vision.models.model_choice import PREFERRED
from tests.fakes.clock import FakeClock

GROUPS = {"liveness": ("minifasnet-v2", "minifasnet-v1se"), "detector": ("yunet-2026may",)}


@dataclass(slots=True)
class FakeModelStore:
    """`ModelStore` with the kiosk's own list of models.

    Attributes:
        installed: Names of what is installed.
        damaged: Names of what is installed and damaged.
        obstacle: Said of every model that needs conversion.
        refuse: Raised by `install` and `remove`.
        gate: `install` goes on when it is set; set from the beginning unless a test clears it.
        began: Set when an installation has shown its first progress.
        accepted: Name of a model to who accepted its licence.
        origins: Where each installation came from.
    """

    installed: set[str] = field(default_factory=set)
    damaged: set[str] = field(default_factory=set)
    obstacle: str = ""
    refuse: Exception | None = None
    gate: threading.Event = field(default_factory=threading.Event)
    began: threading.Event = field(default_factory=threading.Event)
    accepted: dict[str, str] = field(default_factory=dict)
    origins: list[tuple[str, Path | None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.gate.set()

    def names(self, name: str) -> Sequence[str]:
        if name in GROUPS:
            return GROUPS[name]
        return read_manifest()[name].parts or (name,)

    def models(self, *, chosen: str) -> list[InstalledModel]:
        whole = self.installed - self.damaged
        joint = {
            entry.name for entry in read_manifest().values() if entry.parts and whole.issuperset(entry.parts)
        }
        best = next((name for name in PREFERRED if name in whole | joint), "")
        recognises = best if chosen in {"", "auto"} else chosen
        if recognises not in whole | joint:
            recognises = "dlib-resnet-v1"
        rows = []
        for entry in read_manifest().values():
            state = ModelState.BUILT_IN if entry.builtin else ModelState.MISSING
            if entry.parts and self.installed.issuperset(entry.parts):
                state = ModelState.INSTALLED if entry.name in joint else ModelState.DAMAGED
            elif entry.name in self.installed:
                state = ModelState.DAMAGED if entry.name in self.damaged else ModelState.INSTALLED
            rows.append(
                InstalledModel(
                    name=entry.name,
                    task=entry.task,
                    state=state,
                    licence=entry.licence,
                    size=entry.size,
                    source=entry.source,
                    terms=entry.terms,
                    good_for=entry.good_for,
                    in_use=state.is_whole and (entry.task != "recognition" or entry.name == recognises),
                    problem="Its file is damaged. Install it again." if state is ModelState.DAMAGED else "",
                    sha256="4c55425295850c96" * 4 if state is ModelState.INSTALLED else "",
                    accepted_by=self.accepted.get(entry.name, ""),
                    accepted_at="2026-11-02T08:00:00+00:00" if entry.name in self.accepted else "",
                    title=entry.title,
                    obstacle=self.obstacle if entry.converted else "",
                )
            )
        return rows

    def accept_licence(self, name: str, *, by: str) -> None:
        self.accepted[name] = by

    def install(self, name: str, *, origin: Path | None, keep_weights: bool, watcher: InstallWatcher) -> None:
        self.origins.append((name, origin))
        size = read_manifest()[name].size
        watcher.show(InstallProgress(InstallStep.DOWNLOAD, size // 8, size))
        self.began.set()
        while not self.gate.wait(0.01):
            if watcher.is_cancelled():
                raise InstallStoppedError("The download was stopped.")
        if self.refuse is not None:
            raise self.refuse
        watcher.show(InstallProgress(InstallStep.CONVERT, 50, 100))
        self.installed.add(name)
        self.damaged.discard(name)

    def take(self, name: str, folder: Path, *, watcher: InstallWatcher) -> bool:
        self.install(name, origin=folder, keep_weights=False, watcher=watcher)
        return True

    def remove(self, name: str) -> None:
        if self.refuse is not None:
            raise self.refuse
        if name not in self.installed:
            raise ModelError(f"The model {name} is not installed.")
        self.installed.discard(name)


@dataclass(slots=True)
class SettingsInMemory:
    """What `Models` reads and writes instead of ``kiosk.toml``."""

    settings: KioskSettings = field(default_factory=KioskSettings)
    refuse: KioskError | None = None

    def load(self) -> KioskSettings:
        return self.settings

    def save(self, changed: KioskSettings) -> None:
        if self.refuse is not None:
            raise self.refuse
        self.settings = changed


def models_over(
    model_store: FakeModelStore,
    *,
    store: Store,
    settings: SettingsInMemory,
    opened: Callable[[], None] = lambda: None,
    chosen: Callable[[], str] | None = None,
    measured: Callable[[], ModelComparison | None] = lambda: None,
) -> Models:
    """The service over the fakes; close it at the end of a test. What is chosen is what the settings say, unless told."""

    def open_store() -> FakeModelStore:
        opened()
        return model_store

    return Models(
        open_store=open_store,
        store=store,
        clock=FakeClock(),
        settings=settings,
        chosen=chosen or (lambda: str(settings.settings.recognition.model)),
        measured=measured,
    )
