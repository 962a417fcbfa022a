"""The pages that the main window shows besides the kiosk screen; imported when they are first needed."""

from typing import Any

from kiosk.domain.people.staff import User
from kiosk.gui.bridge import Bridge
from kiosk.gui.theme import Theme
from kiosk.services.app import KioskApp


class Views:
    """Makes each page, a widget whose signals and methods the window knows by name."""

    def first_start(self, app: KioskApp, theme: Theme) -> Any:
        """Has the signal ``done(User)``."""
        from kiosk.gui.set_up.assistant import SetUpAssistant

        return SetUpAssistant(app, theme)

    def set_up(self, app: KioskApp, theme: Theme, user: User) -> Any:
        """The same for an admin who goes on with it; has the signal ``done(User)``."""
        from kiosk.gui.set_up.assistant import SetUpAssistant

        return SetUpAssistant(app, theme, user)

    def sign_in(self, app: KioskApp, theme: Theme, bridge: Bridge) -> Any:
        """Has the signal ``signed_in(User)``."""
        from kiosk.gui.people.sign_in import SignInView
        from kiosk.gui.widgets.store_banner import StoreBanner

        trouble = StoreBanner(theme, app.core.store, bridge)
        return SignInView(app.people, app.attendance.sessions, trouble, theme)

    def desk(self, app: KioskApp, theme: Theme, bridge: Bridge) -> Any:
        """Has the methods ``show_for(user)`` and ``show_error(error)`` and the signals ``start_requested(int,
        LivenessMode, ProofPolicy)``, ``resume_requested(int)`` and ``sign_out_requested()``.
        """
        from kiosk.gui.desk import Desk
        from kiosk.gui.remembered import Remembered

        return Desk(app, theme, bridge, remembered=Remembered(app.core.directories.data))

    def summary(self, app: KioskApp, theme: Theme, bridge: Bridge) -> Any:
        """Has the method ``show_class(session_id, actor)`` and the signal ``done()``."""
        from kiosk.gui.attendance.lesson.summary_view import SummaryView

        return SummaryView(app, theme, bridge)

    def roster(self, app: KioskApp, theme: Theme, bridge: Bridge) -> Any:
        """Has the methods ``show_session(session_id, actor)`` and ``veil(bool)`` and the signal ``closed()``."""
        from kiosk.gui.attendance.roster.panel import RosterPanel

        return RosterPanel(app, theme, bridge)
