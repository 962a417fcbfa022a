"""What works on this PC and what to do about the rest: a module a subject. Any thread but the window's main one."""

from collections.abc import Callable, Sequence
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Final

from kiosk.bootstrap.health.place import OpenedKiosk, Place
from kiosk.errors import KioskError
from kiosk.services.app import KioskApp
from kiosk.services.core import Core
from kiosk.services.ports.health import Check, CheckState, Remedy
from kiosk.translation import N_

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["KioskHealth", "OpenedKiosk", "Place", "running_place"]


_REMEDIES: Final = {
    "camera": Remedy.CAMERA,
    "models": Remedy.MODELS,
    "backups": Remedy.BACKUPS,
    "certificate": Remedy.CERTIFICATE,
    "address": Remedy.NETWORK,
}
"""What helps where looking itself fails."""


class KioskHealth:
    """Implements `HealthChecks` over a place; what a check needs is imported when it is made."""

    def __init__(self, place: Place) -> None:
        self._place = place

    def names(self) -> Sequence[str]:
        """In the order in which somebody would look."""
        return (
            *(N_("database"), N_("pages"), N_("kept here"), N_("camera"), N_("models"), N_("codes")),
            *(N_("display"), N_("address"), N_("code size"), N_("certificate"), N_("clock"), N_("disk")),
            *(N_("backups"), N_("left-overs")),
        )

    def look(self, name: str) -> Check:
        """Look at one; changes nothing but makes the built-in model."""
        try:
            return self._checks()[name]()
        except KioskError as error:
            return Check(name, CheckState.FAULT, error.user_text, error.hint, _REMEDIES.get(name))

    def _checks(self) -> dict[str, Callable[[], Check]]:
        from kiosk.bootstrap.health import data, phones, seeing

        place = self._place
        return {
            "database": partial(data.look_at_database, place),
            "pages": partial(data.look_at_pages, place),
            "kept here": partial(data.look_at_kept_here, place),
            "camera": partial(seeing.look_at_camera, place),
            "models": partial(seeing.look_at_models, place),
            "codes": phones.look_at_codes,
            "display": partial(phones.look_at_display, place),
            "address": partial(phones.look_at_address, place),
            "code size": partial(phones.look_at_code_size, place),
            "certificate": partial(phones.look_at_certificate, place),
            "clock": seeing.look_at_clock,
            "disk": partial(data.look_at_disk, place),
            "backups": partial(data.look_at_backups, place),
            "left-overs": partial(data.look_at_left_overs, place),
        }


def running_place(
    core: Core,
    app: Callable[[], KioskApp],
    *,
    database: "Path | None",
    chosen_model: Callable[[], str],
) -> Place:
    """The kiosk that runs, for its window; `app` and `chosen_model` are asked only when something is looked at."""

    @contextmanager
    def opened() -> "Iterator[OpenedKiosk]":
        yield OpenedKiosk(app(), database)

    return Place(
        data_dir=core.directories.data,
        models_dir=core.directories.models,
        opened=opened,
        chosen_model=chosen_model,
        is_shown=True,
        is_in_class=lambda: app().attendance.running.current is not None,
    )
