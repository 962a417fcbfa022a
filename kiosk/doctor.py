"""What works on this PC and what to do about the rest: ``kiosk doctor``. The window has the same as a page."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from kiosk import bootstrap
from kiosk.bootstrap.health import KioskHealth, OpenedKiosk, Place
from kiosk.services.ports.health import Check, CheckState
from kiosk.translation import _


def examine(data_dir: Path, models_dir: Path) -> list[Check]:
    """Look at everything that a class needs; takes a few seconds. Changes nothing but makes the built-in model.

    Where there is no school yet, none is begun, and what is looked for in one says so.
    """

    @contextmanager
    def opened() -> Iterator[OpenedKiosk]:
        kiosk = bootstrap.build(data_dir, models_dir=models_dir)
        try:
            yield OpenedKiosk(kiosk.app, kiosk.database.path)
        finally:
            kiosk.database.close()

    chosen_model = partial(bootstrap.chosen_model, data_dir, models_dir)
    health = KioskHealth(Place(data_dir, models_dir, opened, chosen_model))
    looked_for_in_a_school = set() if bootstrap.holds_school(data_dir) else {"database", "pages", "backups"}
    return [
        _no_school(name, data_dir) if name in looked_for_in_a_school else health.look(name)
        for name in health.names()
    ]


def _no_school(name: str, data_dir: Path) -> Check:
    if name != "database":
        return Check(name, CheckState.GOOD, _("There is no school yet."), "")
    return Check(
        name,
        CheckState.WARNING,
        _("There is no school in {place} yet.", place=data_dir),
        _("Check --data-dir. A school begins with the window, “kiosk users add” or “kiosk people import”."),
    )
