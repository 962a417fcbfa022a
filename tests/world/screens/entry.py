"""Before anybody is signed in: the first start, the passphrase, signing in."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Final

from PySide6.QtWidgets import QWidget

from kiosk.gui.people.first_start import FirstStartView
from kiosk.gui.people.sign_in import SignInView
from kiosk.gui.widgets.store_banner import StoreBanner
from tests.world.screens.school import PASSWORD, School, bare_kiosk, school
from tests.world.screens.shot import Screen, Shot, wait_until

EXAMPLE_PHRASE: Final = "amber-violin-harbour-cactus-lantern-pebble-orchid-tunnel"


def _sign_in(set_up: School, shot: Shot) -> SignInView:
    app, trouble = set_up.app, StoreBanner(shot.theme, set_up.app.core.store, None)
    return SignInView(app.people, app.attendance.sessions, trouble, shot.theme)


@contextmanager
def sign_in(shot: Shot) -> Iterator[QWidget]:
    """Name and password."""
    with school() as set_up:
        view = _sign_in(set_up, shot)
        with shot.window(view) as window:
            view.name.edit.setText("Ada Lindgren")
            view.password.edit.setText(PASSWORD)
            yield window


@contextmanager
def sign_in_refused(shot: Shot) -> Iterator[QWidget]:
    """A wrong password."""
    with school() as set_up:
        view = _sign_in(set_up, shot)
        with shot.window(view) as window:
            view.name.edit.setText("Ada Lindgren")
            view.password.edit.setText("wrong")
            view.button.click()
            wait_until(lambda: bool(view.banner.text))
            yield window


@contextmanager
def first_start(shot: Shot) -> Iterator[QWidget]:
    """The first admin is made."""
    with bare_kiosk() as app:
        view = FirstStartView(app.core, app.people, app.trust, shot.theme)
        with shot.window(view) as window:
            yield window


@contextmanager
def recovery(shot: Shot) -> Iterator[QWidget]:
    """The passphrase, shown once."""
    with bare_kiosk() as app:
        trust = replace(app.trust, recovery_passphrase=EXAMPLE_PHRASE)
        view = FirstStartView(app.core, app.people, trust, shot.theme)
        with shot.window(view) as window:
            view.name.edit.setText("Ada Lindgren")
            for field in (view.password, view.again):
                field.edit.setText(PASSWORD)
            view.button.click()
            wait_until(lambda: view.recovery is not None)
            yield window


SCREENS: Final[dict[str, Screen]] = {
    "first-start": first_start,
    "recovery": recovery,
    "sign-in": sign_in,
    "sign-in-refused": sign_in_refused,
}
