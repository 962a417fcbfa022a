"""Which camera this kiosk uses: what there is, looking through one, and choosing it. Any thread but the window's."""

import threading
from collections.abc import Callable

from kiosk.domain.trust.rights import Actor, Right
from kiosk.errors import ConflictError
from kiosk.services.attendance.running_class import RunningClass
from kiosk.services.core import Core
from kiosk.services.ports.cameras import CameraLister, CameraTrial, FoundCamera
from kiosk.services.school.settings_change import SettingsChange
from kiosk.services.trust.rights import require
from kiosk.translation import _


class CameraChoice:
    """One camera is looked through at a time, and none while a class uses its own."""

    def __init__(
        self,
        core: Core,
        *,
        running: RunningClass,
        settings: SettingsChange,
        find: CameraLister,
        begin: Callable[[str], CameraTrial],
    ) -> None:
        """`begin` opens what a text of the settings names; raises SourceError where that is nothing."""
        self._core = core
        self._running = running
        self._settings = settings
        self._find = find
        self._begin = begin
        self._lock = threading.Lock()
        self._trial: CameraTrial | None = None

    def found(self) -> list[FoundCamera]:
        """The cameras that are plugged in now; may take some seconds."""
        return self._find()

    def chosen(self) -> str:
        """What the settings call the one in use."""
        return self._core.settings.camera.source

    def look_through(self, source: str, *, actor: Actor) -> CameraTrial:
        """Open a camera for a look; the one that was looked through before is let go.

        Raises:
            ConflictError: A class is open and uses the camera.
            SourceError: There is nothing of that name.
        """
        require(self._core.store, actor, Right.ADMINISTER)
        if self._running.is_open:
            raise ConflictError(_("A class is open and uses the camera."), _("End the class first."))
        self.close()
        trial = self._begin(source)
        with self._lock:
            self._trial = trial
        return trial

    def choose(self, source: str, *, actor: Actor) -> None:
        """Use it from the next class on. Raises SettingsError: the settings cannot be written."""
        require(self._core.store, actor, Right.ADMINISTER)
        stored = self._settings.load()
        camera = stored.camera.model_copy(update={"source": source})
        self._settings.change(stored.model_copy(update={"camera": camera}), actor=actor)

    def close(self) -> None:
        """Let go of what is looked through."""
        with self._lock:
            trial, self._trial = self._trial, None
        if trial is not None:
            trial.stop()
