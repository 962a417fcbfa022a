"""When two change one person at the same time: both versions side by side, and which one stays. Main thread."""

from collections.abc import Callable
from typing import Final

from PySide6.QtWidgets import QWidget

from kiosk.domain.people.students import Student
from kiosk.gui.theme import Theme, Tone
from kiosk.gui.widgets.buttons import PrimaryButton, SecondaryButton
from kiosk.gui.widgets.dialogs import Dialog
from kiosk.gui.widgets.parts import ResultTable
from kiosk.gui.widgets.surfaces import Text
from kiosk.translation import N_, _

FIELDS: Final = {
    "full_name": N_("Full name"),
    "family_name": N_("Family name"),
    "called": N_("Called on the screen"),
    "student_no": N_("Number"),
    "email": N_("E-mail"),
}
"""What can be edited of a student, in the form's order."""


class TwoVersionsDialog(Dialog):
    """What stands there by now, and what was typed; nothing is lost before somebody chose."""

    keeps_typed = False

    def __init__(
        self,
        theme: Theme,
        parent: QWidget,
        *,
        theirs: Student,
        mine: Student,
        keep_mine: Callable[[], None],
        keep_theirs: Callable[[], None],
    ) -> None:
        super().__init__(theme, _("Somebody else changed this person"), parent, width=860)
        words = _("While you were editing, another person saved this. Choose which version stays.")
        self.body.addWidget(Text(words, tone=Tone.MUTED, wrap=True))
        self.table = ResultTable(
            theme, ("", _("Saved by now"), _("Typed by you")), name=_("Both versions"), height=290
        )
        rows = []
        for name, title in FIELDS.items():
            saved, typed = getattr(theirs, name) or "", getattr(mine, name) or ""
            rows.append((Tone.TEXT if saved == typed else Tone.LATE, (_(title), saved, typed)))
        self.table.show_rows(rows)
        self.body.addWidget(self.table)
        self.back_button = self.add_button(SecondaryButton(_("Go on editing")), self.reject)
        self.theirs_button = self.add_button(
            SecondaryButton(_("Keep what is saved")), lambda: self._choose(keep_theirs)
        )
        self.mine_button = self.add_button(PrimaryButton(_("Save mine")), lambda: self._choose(keep_mine))

    def _choose(self, keep: Callable[[], None]) -> None:
        self.accept()
        keep()
