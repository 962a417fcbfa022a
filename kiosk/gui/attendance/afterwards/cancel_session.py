"""Letting a session not count, with the reason that its students read. Main thread; writing runs in a task."""

from functools import partial

from PySide6.QtWidgets import QWidget

from kiosk.domain.attendance.class_session import MAX_NOTE, ClassSession
from kiosk.domain.trust.rights import Actor
from kiosk.gui.theme import Theme, Tone
from kiosk.gui.widgets.buttons import PrimaryButton
from kiosk.gui.widgets.fields import LineField
from kiosk.gui.widgets.surfaces import Text
from kiosk.gui.widgets.work_dialog import WorkDialog
from kiosk.services.attendance.afterwards.cancelling import CancellingSessions
from kiosk.translation import _


class CancelSessionDialog(WorkDialog):
    """Asks for the reason; `accepted` once the session does not count."""

    def __init__(
        self,
        cancelling: CancellingSessions,
        theme: Theme,
        actor: Actor,
        session: ClassSession,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, _("Cancel this session?"), parent)
        self._cancelling = cancelling
        self._actor = actor
        self._session = session
        explained = _(
            "Its records stay as they are, but count for and against nobody: in no share, report or workbook. "
            "You can let it count again at any time."
        )
        self.form.addWidget(Text(explained, tone=Tone.MUTED, wrap=True))
        self.reason = LineField(
            theme, _("Reason"), placeholder=_("Such as: fire alarm"), help_text=_("The students read it.")
        )
        self.reason.edit.setMaxLength(MAX_NOTE)
        self.form.addWidget(self.reason)
        self.close_button.setText(_("Keep it"))
        self.cancel_button = self.add_button(PrimaryButton(_("&Cancel the session")), self._cancel)
        self.cancel_button.setDefault(True)
        self.reason.edit.setFocus()

    def _cancel(self) -> None:
        if not self.reason.text.strip():
            self.reason.set_error(_("Please say why the session does not count."))
            self.reason.edit.setFocus()
            return
        cancel = partial(
            self._cancelling.cancel, self._session.session_id, reason=self.reason.text, actor=self._actor
        )
        self.start(cancel, words=_("Saving…"), then=lambda _session: self.accept())
