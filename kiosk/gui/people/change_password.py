"""Changing one's own password. Main thread; hashing runs in a task."""

from PySide6.QtWidgets import QWidget

from kiosk.domain.people.staff import User
from kiosk.domain.trust.rights import Actor
from kiosk.errors import KioskError, SignInError
from kiosk.gui.people.reveal import reveal_box
from kiosk.gui.theme import Theme, Tone
from kiosk.gui.widgets.buttons import PrimaryButton
from kiosk.gui.widgets.fields import LineField
from kiosk.gui.widgets.work_dialog import WorkDialog
from kiosk.services.app import PeopleCases
from kiosk.services.people.accounts import MIN_PASSWORD
from kiosk.translation import _


class ChangePasswordDialog(WorkDialog):
    """Asks for the old password first, so that nobody changes it on a PC that was left alone."""

    def __init__(self, people: PeopleCases, theme: Theme, user: User, parent: QWidget | None = None) -> None:
        super().__init__(theme, _("Change my password"), parent, width=620)
        self._people = people
        self._user = user
        self.old = LineField(theme, _("Password until now"), secret=True)
        self.new = LineField(
            theme,
            _("New password"),
            secret=True,
            help_text=_("At least {min_password} characters.", min_password=MIN_PASSWORD),
        )
        self.again = LineField(theme, _("The new password again"), secret=True)
        for part in (self.old, self.new, self.again, reveal_box(self.old, self.new, self.again)):
            self.form.addWidget(part)
        self.save_button = self.add_button(PrimaryButton(_("Change")), self._save)
        self.save_button.setDefault(True)
        self.old.edit.setFocus()

    def _save(self) -> None:
        old, new = self.old.text, self.new.text
        if new != self.again.text:
            self.again.set_error(_("The two passwords differ."))
            self.again.edit.setFocus()
            return

        def work() -> None:
            self._people.accounts.sign_in(self._user.name, old, again=True)
            self._people.accounts.change_password(self._user.user_id, new, actor=Actor.of(self._user))

        self.start(work, words=_("Changing the password…"), then=self._saved, failed=self._refused)

    def _saved(self, _done: None) -> None:
        for field in (self.old, self.new, self.again):
            field.edit.clear()
        self.banner.say(_("Your password is changed."), tone=Tone.PRESENT)
        self.close_button.setFocus()

    def _refused(self, error: KioskError) -> None:
        self.banner.show_error(error)
        (self.old if isinstance(error, SignInError) else self.new).edit.setFocus()
