"""Opening an ended class again for some minutes. Main thread; writing runs in a task."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSpinBox, QWidget

from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.trust.rights import Actor
from kiosk.gui.theme import Theme, Tone
from kiosk.gui.widgets.buttons import PrimaryButton
from kiosk.gui.widgets.fields import Field
from kiosk.gui.widgets.surfaces import Text
from kiosk.gui.widgets.work_dialog import WorkDialog
from kiosk.services.attendance.afterwards.reopening import MAX_WINDOW_MIN, WINDOW_MIN, ReopeningSessions
from kiosk.translation import _


class ReopenSessionDialog(WorkDialog):
    """Asks for how long. Signal `opened_again`: the session."""

    opened_again = Signal(object)

    def __init__(
        self,
        reopening: ReopeningSessions,
        theme: Theme,
        actor: Actor,
        session: ClassSession,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, _("Open the class again?"), parent)
        self._reopening = reopening
        self._actor = actor
        self._session = session
        explained = _(
            "Students who were absent only because the class had ended can show up by face or phone. Who comes now is late. "
            "The class ends by itself when the time is over. To mark somebody by hand, no open class is needed."
        )
        self.form.addWidget(Text(explained, tone=Tone.MUTED, wrap=True))
        self.minutes = QSpinBox()
        self.minutes.setRange(1, MAX_WINDOW_MIN)
        self.minutes.setSingleStep(5)
        self.minutes.setValue(WINDOW_MIN)
        self.form.addWidget(Field(theme, _("Minutes"), self.minutes))
        self.close_button.setText(_("Cancel"))
        self.open_button = self.add_button(PrimaryButton(_("&Open again")), self._open)
        self.open_button.setDefault(True)

    def _open(self) -> None:
        def then(session: ClassSession) -> None:
            self.accept()
            self.opened_again.emit(session)

        open_again = partial(
            self._reopening.open_again,
            self._session.session_id,
            minutes=self.minutes.value(),
            actor=self._actor,
        )
        self.start(open_again, words=_("Opening the class…"), then=then)
