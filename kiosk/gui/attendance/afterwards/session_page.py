"""One class session on a page of its own: what it is, who was there, and what can be done to it. Main thread."""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.attendance.class_tally import ClassTally
from kiosk.domain.trust.rights import NOBODY, Actor
from kiosk.gui.attendance.afterwards.session_menu import SessionMenu
from kiosk.gui.attendance.afterwards.session_words import session_facts, session_state, session_title
from kiosk.gui.attendance.afterwards.undo_line import UndoLine
from kiosk.gui.attendance.roster.panel import RosterPanel
from kiosk.gui.attendance.roster.state import RosterState
from kiosk.gui.tasks import Tasks
from kiosk.gui.theme import Theme, Tone
from kiosk.gui.widgets.banner import Banner
from kiosk.gui.widgets.buttons import SecondaryButton
from kiosk.gui.widgets.layouts import horizontal, vertical
from kiosk.gui.widgets.surfaces import PageTitle, Text
from kiosk.services.app import KioskApp
from kiosk.services.attendance.afterwards.held_sessions import SessionFacts
from kiosk.translation import _


class SessionPage(QWidget):
    """`show_session` opens it.

    Signals:
        closed: Back to where it was opened from.
        resume_requested: The session was opened again: its id.
    """

    closed = Signal()
    resume_requested = Signal(int)

    def __init__(self, app: KioskApp, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._app = app
        self._tasks = Tasks(self)
        self._actor = NOBODY
        self._session_id = 0
        self._counted: ClassTally | None = None
        self.back_button = SecondaryButton(_("&Back"))
        self.back_button.set_icon("arrow-left", theme)
        self.title = PageTitle("")
        self.facts = Text(tone=Tone.MUTED, wrap=True)
        self.banner = Banner(theme)
        self.undo = UndoLine(app, theme)
        self.menu = SessionMenu(app, theme)
        self.register = RosterPanel(app, theme, closable=False)
        self._lay_out(theme)
        self.back_button.clicked.connect(self.closed)
        self.menu.changed.connect(lambda _session: self._read_all())
        self.menu.deleted.connect(self._follow_deletion)
        self.menu.opened_again.connect(lambda session: self.resume_requested.emit(session.session_id))
        self.menu.failed.connect(self.banner.show_error)
        self.undo.restored.connect(lambda _session: self.show_session(self._session_id, self._actor))
        self.undo.failed.connect(self.banner.show_error)
        self.register.changed.connect(self._follow)

    def show_session(self, session_id: int, actor: Actor) -> None:
        """Show a session; what is done to it is written down as done by `actor`."""
        self._session_id, self._actor, self._counted = session_id, actor, None
        self.banner.clear()
        self.undo.hide()
        self.menu.show_session(None, actor)
        self.register.show()
        self.register.show_session(session_id, actor, focus=False)
        self._read()

    def _lay_out(self, theme: Theme) -> None:
        space = theme.space
        self.setProperty("surface", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        head = horizontal(self.back_button, (self.title, 1), self.menu, spacing=space(2))
        vertical(
            head,
            self.facts,
            self.banner,
            self.undo,
            (self.register, 1),
            on=self,
            edges=(space(6), space(3), space(6), space(3)),
            spacing=space(1.5),
        )

    def _read_all(self) -> None:
        self.register.reader.read_again()
        self._read()

    def _read(self) -> None:
        session_id = self._session_id

        def then(facts: SessionFacts) -> None:
            if session_id == self._session_id:
                self._show(facts)

        read = partial(self._app.attendance.afterwards.held.facts, session_id, actor=self._actor)
        self._tasks.run(read, then=then, failed=self.banner.show_error)

    def _show(self, facts: SessionFacts) -> None:
        session, zone = facts.session, self._app.core.zone
        self.title.setText(session_title(session, zone))
        self.facts.setText(session_facts(facts, zone))
        self.menu.show_session(session, self._actor)
        if session.cancelled is not None:
            self.banner.say(
                _("This session is cancelled: {reason}", reason=session.cancelled.reason),
                _("Its records count for and against nobody."),
                Tone.LATE,
            )
        elif state := session_state(session, facts.count.total):
            counts = not session.is_to_mark(facts.count.total)
            self.banner.say(
                f"{state[:1].upper()}{state[1:]}", "" if counts else _("It counts from the first mark on.")
            )
        else:
            self.banner.clear()

    def _follow(self, state: RosterState) -> None:
        """Numbers follow what is changed in the register."""
        shown = state.session
        if shown is None or shown.session_id != self._session_id:
            return
        before, self._counted = self._counted, state.count
        if before is not None and before != self._counted:
            self._read()

    def _follow_deletion(self, session: ClassSession) -> None:
        self.register.hide()
        self.facts.setText("")
        self.menu.show_session(None, self._actor)
        self.undo.offer(session, self._actor)
