"""The room and the note that tell a session from others of its day. Main thread; writing runs in a task."""

from functools import partial

from PySide6.QtWidgets import QWidget

from kiosk.domain.attendance.class_session import MAX_NOTE, MAX_ROOM, ClassSession
from kiosk.domain.trust.rights import Actor
from kiosk.gui.theme import Theme
from kiosk.gui.widgets.buttons import PrimaryButton
from kiosk.gui.widgets.fields import LineField
from kiosk.gui.widgets.work_dialog import WorkDialog
from kiosk.services.attendance.afterwards.held_sessions import HeldSessions, SessionWords
from kiosk.translation import _


class DescribeSessionDialog(WorkDialog):
    """Two lines of text; `accepted` once they are kept."""

    def __init__(
        self,
        held: HeldSessions,
        theme: Theme,
        actor: Actor,
        session: ClassSession,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, _("Room and note"), parent)
        self._held = held
        self._actor = actor
        self._session = session
        self.room = LineField(theme, _("Room"), placeholder=_("If not the course's own"))
        self.note = LineField(theme, _("Note"), placeholder=_("Such as: Group B"))
        self.room.edit.setMaxLength(MAX_ROOM)
        self.note.edit.setMaxLength(MAX_NOTE)
        self.room.edit.setText(session.room)
        self.note.edit.setText(session.note)
        self.form.addWidget(self.room)
        self.form.addWidget(self.note)
        self.close_button.setText(_("Cancel"))
        self.save_button = self.add_button(PrimaryButton(_("&Save")), self._save)
        self.save_button.setDefault(True)

    def _save(self) -> None:
        describe = partial(
            self._held.describe,
            self._session.session_id,
            note=self.note.text,
            room=self.room.text,
            actor=self._actor,
            seen=SessionWords(self._session.note, self._session.room),
        )
        self.start(describe, words=_("Saving…"), then=lambda _session: self.accept())
