"""The kiosk whose health is looked at: one that runs, or one that is opened for a moment."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from kiosk.bootstrap.settings import SettingsFile
from kiosk.services.app import KioskApp
from kiosk.settings import KioskSettings


@dataclass(frozen=True, slots=True)
class OpenedKiosk:
    """Its use cases, and its database file; None on a server."""

    app: KioskApp
    database: Path | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a kiosk keeps its things, and how it is reached.

    Attributes:
        opened: Opens it for a look; one that runs is there already.
        chosen_model: What the setting *Model* comes to.
        is_shown: Whether its window is on a screen.
        is_in_class: Whether a class is open here, which has the camera and must not be slowed down.
    """

    data_dir: Path
    models_dir: Path
    opened: Callable[[], AbstractContextManager[OpenedKiosk]]
    chosen_model: Callable[[], str]
    is_shown: bool = False
    is_in_class: Callable[[], bool] = lambda: False


def settings_of(place: Place) -> KioskSettings:
    """As they are stored now.

    Raises:
        SettingsError: ``kiosk.toml`` has a wrong value.
    """
    return SettingsFile(place.data_dir).load()
