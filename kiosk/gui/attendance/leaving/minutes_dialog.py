"""How many minutes a student was in a class, typed by a teacher with a reason. Main thread; writing runs in a task."""

from functools import partial
from typing import Final
from zoneinfo import ZoneInfo

from PySide6.QtCore import QRegularExpression
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import QWidget

from kiosk.domain.trust.rights import Actor
from kiosk.gui.theme import TextStyle, Theme, Tone
from kiosk.gui.widgets.buttons import PrimaryButton
from kiosk.gui.widgets.fields import LineField
from kiosk.gui.widgets.surfaces import Text
from kiosk.gui.widgets.work_dialog import WorkDialog
from kiosk.services.attendance.leaving.check_outs import CheckOuts, StudentStay
from kiosk.translation import N_, _
from kiosk.wording.stays import stay_words

EMPTY: Final = N_("Empty: there to the end, as if nobody had checked out")


class MinutesDialog(WorkDialog):
    """Two lines of text; `accepted` once they are kept."""

    def __init__(
        self,
        check_outs: CheckOuts,
        theme: Theme,
        actor: Actor,
        one: StudentStay,
        *,
        zone: ZoneInfo,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, _("Minutes of {full_name}", full_name=one.student.full_name), parent)
        self._check_outs = check_outs
        self._actor = actor
        self._one = one
        self.minutes = LineField(theme, _("Minutes in the class"), help_text=_(EMPTY))
        self.minutes.edit.setValidator(QRegularExpressionValidator(QRegularExpression(r"\d{0,4}"), self))
        self.minutes.edit.setText(str(one.stay.minutes))
        self.reason = LineField(theme, _("Why"), placeholder=_("Such as: left early"))
        self.reason.edit.setText(one.out.reason if one.out is not None else "")
        now = Text(stay_words(one.stay, zone), TextStyle.CAPTION, Tone.MUTED, wrap=True)
        for part in (now, self.minutes, self.reason):
            self.form.addWidget(part)
        self.close_button.setText(_("Cancel"))
        self.save_button = self.add_button(PrimaryButton(_("&Save")), self._save)
        self.save_button.setDefault(True)
        self.minutes.edit.setFocus()
        self.minutes.edit.selectAll()

    def _save(self) -> None:
        typed = self.minutes.text
        correct = partial(
            self._check_outs.correct,
            self._one.record.session_id,
            self._one.student.student_id,
            int(typed) if typed else None,
            reason=self.reason.text,
            actor=self._actor,
        )
        self.start(correct, words=_("Saving…"), then=lambda _done: self.accept())
