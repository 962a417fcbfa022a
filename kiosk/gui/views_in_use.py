"""The pages that the main window shows besides the kiosk screen; imported when they are first needed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from kiosk.gui.theme import Theme
from kiosk.services.app import KioskApp

MakeView = Callable[[KioskApp, Theme], Any]
"""Makes a widget whose signals and methods the window knows by name (see `Views`)."""


def _first_start(app: KioskApp, theme: Theme) -> Any:
    from kiosk.gui.people.first_start import FirstStartView

    return FirstStartView(app.people, app.trust, theme)


def _sign_in(app: KioskApp, theme: Theme) -> Any:
    from kiosk.gui.people.sign_in import SignInView

    return SignInView(app.people, theme)


def _today(app: KioskApp, theme: Theme) -> Any:
    from kiosk.gui.attendance.today import TodayView

    return TodayView(app, theme)


def _roster(app: KioskApp, theme: Theme) -> Any:
    from kiosk.gui.attendance.roster.panel import RosterPanel

    return RosterPanel(app, theme)


@dataclass(frozen=True, slots=True)
class Views:
    """How to make each page.

    Attributes:
        first_start: Signal ``done(User)``.
        sign_in: Signal ``signed_in(User)``.
        today: Methods ``show_for(user)``, ``on_event(event)`` and ``show_error(error)``; signals
            ``start_requested(int, LivenessMode)``, ``resume_requested(int)``, ``sign_out_requested()``.
        roster: Methods ``show_session(session_id, actor)`` and ``on_event(event)``; signal ``closed()``.
    """

    first_start: MakeView = _first_start
    sign_in: MakeView = _sign_in
    today: MakeView = _today
    roster: MakeView = _roster
