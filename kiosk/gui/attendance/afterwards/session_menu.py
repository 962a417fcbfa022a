"""What can be done to one session, as the menu of a button. Main thread; what it does runs in tasks."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QWidget

from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.trust.rights import NOBODY, Actor, Right
from kiosk.errors import KioskError
from kiosk.gui.attendance.afterwards.cancel_session import CancelSessionDialog
from kiosk.gui.attendance.afterwards.describe_session import DescribeSessionDialog
from kiosk.gui.attendance.afterwards.import_marks import ImportMarksDialog
from kiosk.gui.attendance.afterwards.reopen_session import ReopenSessionDialog
from kiosk.gui.attendance.afterwards.session_words import session_title
from kiosk.gui.attendance.afterwards.times_dialog import SessionTimesDialog
from kiosk.gui.icons import ICONS
from kiosk.gui.tasks import Tasks
from kiosk.gui.theme import Theme
from kiosk.gui.widgets.buttons import SecondaryButton
from kiosk.gui.widgets.dialogs import ConfirmDialog, Dialog
from kiosk.services.app import KioskApp
from kiosk.translation import _


class SessionMenu(SecondaryButton):
    """*This session*, for the one that `show_session` names.

    Signals:
        changed: Something about it is different now: the session.
        deleted: It is gone, and can be put back: the session.
        opened_again: It is open: the session.
        failed: `KioskError`, for the page's banner.
    """

    changed = Signal(object)
    deleted = Signal(object)
    opened_again = Signal(object)
    failed = Signal(object)

    def __init__(self, app: KioskApp, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(_("&This session"), parent)
        self._app = app
        self._theme = theme
        self._tasks = Tasks(self)
        self._actor = NOBODY
        self._session: ClassSession | None = None
        self.dialog: Dialog | None = None
        self.menu_of_session = QMenu(self)
        self.setMenu(self.menu_of_session)
        self.menu_of_session.aboutToShow.connect(self._fill)
        self.setEnabled(False)
        theme.changed.connect(self._style)
        self._style()

    def _style(self) -> None:
        px = self._theme.px
        chevron = (ICONS / "qss-chevron-down.svg").as_posix()
        self.setStyleSheet(
            f'QPushButton {{ padding-right: {px(48)}px; }} QPushButton::menu-indicator {{ image: url("{chevron}"); '
            f"width: {px(18)}px; height: {px(18)}px; subcontrol-origin: padding; "
            f"subcontrol-position: right center; right: {px(18)}px; }}"
        )

    def show_session(self, session: ClassSession | None, actor: Actor) -> None:
        """Offer what can be done to this one; None: nothing."""
        self._session, self._actor = session, actor
        self.setEnabled(session is not None and actor.may(Right.CORRECT))

    def offered(self) -> dict[str, Callable[[], None]]:
        """What can be done to the session now, by the words for it."""
        session = self._session
        if session is None or not self._actor.may(Right.CORRECT):
            return {}
        offers = {_("&Room and note…"): self._describe, _("&Import marks…"): self._import_marks}
        if session.is_open:
            return offers
        offers[_("Change the &times…")] = self._change_times
        if session.counts:
            if session.added_at is None and self._actor.may(Right.TAKE):
                offers[_("&Open again…")] = self._open_again
            offers[_("&Cancel the session…")] = self._cancel
        else:
            offers[_("&Let it count again")] = self._count_again
        offers[_("&Delete…")] = self._ask_delete
        return offers

    def _fill(self) -> None:
        self.menu_of_session.clear()
        for words, do in self.offered().items():
            self.menu_of_session.addAction(words).triggered.connect(partial(self._do, do))

    def _do(self, offered: Callable[[], None], _checked: bool = False) -> None:
        offered()

    def _held(self) -> ClassSession:
        if self._session is None:
            raise RuntimeError("no session is shown")
        return self._session

    def _show_dialog(self, dialog: Dialog) -> None:
        session = self._held()
        self.dialog = dialog
        dialog.accepted.connect(lambda: self.changed.emit(session))
        dialog.open()

    def _describe(self) -> None:
        cases, session = self._app.attendance.afterwards, self._held()
        self._show_dialog(DescribeSessionDialog(cases.held, self._theme, self._actor, session, self.window()))

    def _import_marks(self) -> None:
        self._show_dialog(ImportMarksDialog(self._app, self._theme, self._actor, self._held(), self.window()))

    def _change_times(self) -> None:
        self._show_dialog(
            SessionTimesDialog(self._app, self._theme, self._actor, self._held(), self.window())
        )

    def _cancel(self) -> None:
        cases, session = self._app.attendance.afterwards, self._held()
        self._show_dialog(
            CancelSessionDialog(cases.cancelling, self._theme, self._actor, session, self.window())
        )

    def _open_again(self) -> None:
        cases, session = self._app.attendance.afterwards, self._held()
        dialog = ReopenSessionDialog(cases.reopening, self._theme, self._actor, session, self.window())
        dialog.opened_again.connect(self.opened_again)
        self._show_dialog(dialog)

    def _count_again(self) -> None:
        cases, session = self._app.attendance.afterwards, self._held()
        self._tasks.run(
            partial(cases.cancelling.take_back, session.session_id, actor=self._actor),
            then=self.changed.emit,
            failed=self._fail,
        )

    def _ask_delete(self) -> None:
        session = self._held()
        asked = ConfirmDialog(
            self._theme,
            self.window(),
            title=_("Delete this session?"),
            text=_(
                "{title}: the session and all of its records are gone from every list and count. You can put it back "
                "for a month.",
                title=session_title(session, self._app.core.zone),
            ),
            action=_("&Delete"),
            danger=True,
        )
        self.dialog = asked
        asked.accepted.connect(partial(self._delete, session))

    def _delete(self, session: ClassSession) -> None:
        cases = self._app.attendance.afterwards
        self._tasks.run(
            partial(cases.deleting.delete, session.session_id, actor=self._actor),
            then=self.deleted.emit,
            failed=self._fail,
        )

    def _fail(self, error: KioskError) -> None:
        self.failed.emit(error)
