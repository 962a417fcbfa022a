"""Printing letters that ask for consent. Main thread; writing runs in a task."""

from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QWidget

from kiosk.domain.trust.rights import Actor
from kiosk.gui.theme import TextStyle, Theme, Tone
from kiosk.gui.widgets.buttons import PrimaryButton, SecondaryButton
from kiosk.gui.widgets.parts import documents, open_folder_of
from kiosk.gui.widgets.path_field import PathField, PathKind
from kiosk.gui.widgets.surfaces import Text
from kiosk.gui.widgets.work_dialog import WorkDialog
from kiosk.services.app import PeopleCases
from kiosk.services.core import Core
from kiosk.translation import _, ngettext


class ConsentLettersDialog(WorkDialog):
    """One letter for each who has not answered or is to renew."""

    def __init__(
        self, core: Core, people: PeopleCases, theme: Theme, actor: Actor, parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, _("Letters about consent"), parent)
        self._people = people
        self._actor = actor
        self._written: Path | None = None
        words = _(
            "A letter for each student who has not answered, or whose answer is to be renewed after a new notice: the notice, "
            "and room to answer on paper. A code on an earlier letter is then no good any more."
        )
        self.form.addWidget(Text(words, tone=Tone.MUTED, wrap=True))
        self.how = Text(style=TextStyle.STRONG, wrap=True)
        self.how.setText(
            _("Each letter has a code with which it is answered once, on a phone.")
            if people.letters.have_codes
            else _("Phones do not come by HTTPS, so these letters have no code and are answered on paper.")
        )
        self.form.addWidget(self.how)
        self.target = PathField(theme, _("Letters"), PathKind.TARGET, pattern=_("PDF (*.pdf)"), suffix=".pdf")
        self.target.edit.setText(str(documents() / f"letters-{core.today().isoformat()}.pdf"))
        self.form.addWidget(self.target)
        self.folder_button = self.add_button(SecondaryButton(_("Open folder")), self._open_folder)
        self.folder_button.hide()
        self.make_button = self.add_button(PrimaryButton(_("Make letters")), self._make)

    def _make(self) -> None:
        path = self.target.path
        if path is None:
            return

        def then(number: int) -> None:
            if number == 0:
                self.banner.say(_("Everybody has answered."), _("There is no letter to print."), Tone.PRESENT)
                return
            self._written = path
            self.folder_button.show()
            words = ngettext("{n} letter is written.", "{n} letters are written.", number, n=number)
            self.banner.say(words, str(path), Tone.PRESENT)

        self.start(
            partial(self._people.letters.issue, path, actor=self._actor), words=_("Writing…"), then=then
        )

    def _open_folder(self) -> None:
        if self._written is not None:
            open_folder_of(self._written)
