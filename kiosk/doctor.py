"""What works on this PC and what to do about the rest: ``kiosk doctor``. The window has the same as a page."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from kiosk import bootstrap
from kiosk.bootstrap.health import KioskHealth, OpenedKiosk, Place
from kiosk.services.ports.health import Check


def examine(data_dir: Path, models_dir: Path) -> list[Check]:
    """Look at everything that a class needs; takes a few seconds. Changes nothing but makes the built-in model."""

    @contextmanager
    def opened() -> Iterator[OpenedKiosk]:
        kiosk = bootstrap.build(data_dir, models_dir=models_dir)
        try:
            yield OpenedKiosk(kiosk.app, kiosk.database.path)
        finally:
            kiosk.database.close()

    chosen_model = partial(bootstrap.chosen_model, data_dir, models_dir)
    health = KioskHealth(Place(data_dir, models_dir, opened, chosen_model))
    return [health.look(name) for name in health.names()]
