"""The screen that the kiosk would be shown on. Any thread; takes about a second."""

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

from kiosk.domain.phones.reading_distance import ScreenShape

READ_S = 20.0


def this_screen() -> ScreenShape | None:
    """Its size; None where it tells none, or where no display is reached."""
    from kiosk.gui.screens import read_screen

    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as beside:
        try:
            return beside.submit(read_screen).result(READ_S)
        except (BrokenProcessPool, TimeoutError):
            return None
