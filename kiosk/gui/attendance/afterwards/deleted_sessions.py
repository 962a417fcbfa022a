"""Sessions that were deleted and can be put back. Main thread; reading and writing run in tasks."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from kiosk.domain.attendance.class_session import SESSIONS_KEPT_DAYS, ClassSession
from kiosk.domain.trust.rights import Actor
from kiosk.gui.attendance.afterwards.session_words import session_title
from kiosk.gui.theme import Theme, Tone
from kiosk.gui.widgets.buttons import PrimaryButton
from kiosk.gui.widgets.parts import ResultTable
from kiosk.gui.widgets.surfaces import Text
from kiosk.gui.widgets.work_dialog import WorkDialog
from kiosk.services.app import KioskApp
from kiosk.services.attendance.afterwards.deleting import DeletedLine
from kiosk.translation import _, ngettext
from kiosk.wording.actors import actor_name
from kiosk.wording.dates import day_and_time


class DeletedSessionsDialog(WorkDialog):
    """The list, and *Put back*. Signal `restored`: the session."""

    restored = Signal(object)

    def __init__(self, app: KioskApp, theme: Theme, actor: Actor, parent: QWidget | None = None) -> None:
        super().__init__(theme, _("Deleted sessions"), parent, width=1080)
        self._app = app
        self._actor = actor
        self._lines: list[DeletedLine] = []
        explained = ngettext(
            "A deleted session can be put back with all of its records for {n} day.",
            "A deleted session can be put back with all of its records for {n} days.",
            SESSIONS_KEPT_DAYS,
            n=SESSIONS_KEPT_DAYS,
        )
        self.words = Text(explained, tone=Tone.MUTED, wrap=True)
        headings = (_("Course"), _("Session"), _("Records"), _("Deleted"))
        self.table = ResultTable(theme, headings, name=_("Deleted sessions"), height=320, wide=1)
        self.form.addWidget(self.words)
        self.form.addWidget(self.table)
        self.restore_button = self.add_button(PrimaryButton(_("&Put back")), self._restore)
        self.restore_button.setEnabled(False)
        self.table.itemSelectionChanged.connect(self._allow)
        self._read()

    def _read(self) -> None:
        read = partial(self._app.attendance.afterwards.deleting.deleted, actor=self._actor)
        self.tasks.run(read, then=self._show, failed=self.banner.show_error)

    def _show(self, lines: list[DeletedLine]) -> None:
        self._lines, zone = lines, self._app.core.zone
        self.table.show_rows(
            [
                (
                    Tone.TEXT,
                    (
                        one.course.code,
                        session_title(one.deleted.session, zone),
                        str(one.count.total),
                        _(
                            "{when} by {who}",
                            when=day_and_time(one.deleted.deleted_at, zone),
                            who=actor_name(one.deleted.deleted_by),
                        ),
                    ),
                )
                for one in lines
            ]
        )
        self.table.setVisible(bool(lines))
        if not lines:
            self.words.setText(_("No session was deleted lately."))
        else:
            self.table.selectRow(0)
        self._allow()
        self.centre()

    def _allow(self) -> None:
        self.restore_button.setEnabled(self.table.chosen(self._lines) is not None)

    def _restore(self) -> None:
        line = self.table.chosen(self._lines)
        if line is None:
            return

        def then(session: ClassSession) -> None:
            title = session_title(session, self._app.core.zone)
            self.banner.say(_("Put back: {title}.", title=title), tone=Tone.PRESENT)
            self.restored.emit(session)
            self._read()

        restore = partial(
            self._app.attendance.afterwards.deleting.restore,
            line.deleted.session.session_id,
            actor=self._actor,
        )
        self.start(restore, words=_("Putting the session back…"), then=then)
