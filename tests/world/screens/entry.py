"""Before anybody is signed in: the first start, step after step, and signing in."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Final

from PySide6.QtWidgets import QWidget

from kiosk.domain.people.staff import Role
from kiosk.domain.school.set_up import SetUpStep, StepState
from kiosk.gui.people.sign_in import SignInView
from kiosk.gui.set_up.assistant import FIRST, SetUpAssistant
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
    """The assistant's first question."""
    with bare_kiosk() as app:
        view = SetUpAssistant(app, shot.theme)
        with shot.window(view) as window:
            view.next_button.click()
            wait_until(lambda: view.page is view.school)
            view.school.name.edit.setText("Lindgren School")
            yield window


def set_up_page(step: SetUpStep) -> Screen:
    """The assistant at a step of a school that has an admin, unless that is the step."""

    @contextmanager
    def shown(shot: Shot) -> Iterator[QWidget]:
        with bare_kiosk() as bare:
            app = replace(bare, trust=replace(bare.trust, recovery_passphrase=EXAMPLE_PHRASE))
            ada = None
            if step is not SetUpStep.ADMIN:
                ada = app.people.accounts.add(
                    name="Ada Lindgren", role=Role.ADMIN, password=PASSWORD, actor=FIRST
                )
            app.school.set_up.begin(actor=FIRST)
            for one in SetUpStep:
                if one is step:
                    break
                if one is not SetUpStep.ADMIN:
                    app.school.set_up.note(one, StepState.SKIPPED, actor=FIRST)
            view = SetUpAssistant(app, shot.theme, ada)
            with shot.window(view) as window:
                wait_until(lambda: view.page.step is step)
                yield window

    return shown


SCREENS: Final[dict[str, Screen]] = {
    "first-start": first_start,
    **{f"set-up-{step}": set_up_page(step) for step in SetUpStep if step is not SetUpStep.SCHOOL},
    "sign-in": sign_in,
    "sign-in-refused": sign_in_refused,
}
