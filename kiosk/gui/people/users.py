"""Teachers and admins: list, add, new password, close and reopen. Main thread; hashing runs in a task."""

from enum import Enum
from functools import partial

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QStackedWidget, QWidget

from kiosk.domain.people.staff import Role, User
from kiosk.domain.trust.rights import Actor
from kiosk.errors import KioskError, SignInError
from kiosk.gui.people.reveal import reveal_box
from kiosk.gui.theme import TextStyle, Theme, Tone
from kiosk.gui.widgets.buttons import PrimaryButton, SecondaryButton
from kiosk.gui.widgets.fields import Field, LineField
from kiosk.gui.widgets.layouts import vertical
from kiosk.gui.widgets.parts import ResultTable
from kiosk.gui.widgets.surfaces import Text
from kiosk.gui.widgets.work_dialog import WorkDialog
from kiosk.services.app import PeopleCases
from kiosk.services.people.accounts import MIN_PASSWORD
from kiosk.translation import _
from kiosk.wording.people import role_title

WIDTH_PX = 860
TABLE_PX = 360


class _Page(Enum):
    LIST = 0
    ADD = 1
    PASSWORD = 2


class UsersDialog(WorkDialog):
    """The accounts of this kiosk, one page for the list and one for each question."""

    def __init__(
        self, people: PeopleCases, theme: Theme, actor: Actor, parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, _("Users"), parent, width=WIDTH_PX)
        self._people = people
        self._actor = actor
        self._users: list[User] = []
        self.table = ResultTable(
            theme, (_("Name"), _("Role"), _("State")), name=_("Accounts"), height=TABLE_PX, wide=0
        )
        self.add_user_button = SecondaryButton(_("Add…"))
        self.password_button = SecondaryButton(_("New password…"))
        self.active_button = SecondaryButton(_("Close account"))
        self.name = LineField(theme, _("Name"))
        self.role = QComboBox()
        for role in Role:
            self.role.addItem(role_title(role), role)
        help_text = _(
            "At least {min_password} characters; the person can be told it and change it later.",
            min_password=MIN_PASSWORD,
        )
        self.password = LineField(theme, _("Password"), secret=True, help_text=help_text)
        self.changed_password = LineField(theme, _("New password"), secret=True, help_text=help_text)
        self._whose = Text(style=TextStyle.STRONG, wrap=True)
        self._pages = QStackedWidget()
        self.back_button = self.add_button(SecondaryButton(_("Back")), lambda: self._turn(_Page.LIST))
        self.save_button = self.add_button(PrimaryButton(_("Save")), self._save)
        self.save_button.setDefault(True)
        for page in (self._list_page(), self._add_page(), self._password_page()):
            self._pages.addWidget(page)
        self.form.addWidget(self._pages)
        self._turn(_Page.LIST)
        self._reload()

    def _list_page(self) -> QWidget:
        page = QWidget()
        column = vertical(self.table, on=page, spacing=self.theme.space(2))
        row = QHBoxLayout()
        row.setSpacing(self.theme.space(1))
        for button, pressed in (
            (self.add_user_button, partial(self._turn, _Page.ADD)),
            (self.password_button, partial(self._turn, _Page.PASSWORD)),
            (self.active_button, self._toggle_active),
        ):
            button.clicked.connect(lambda _checked=False, act=pressed: act())
            row.addWidget(button)
        row.addStretch(1)
        column.addLayout(row)
        self.table.itemSelectionChanged.connect(self._allow)
        return page

    def _add_page(self) -> QWidget:
        page = QWidget()
        vertical(
            Text(_("A new account"), TextStyle.STRONG),
            self.name,
            Field(
                self.theme,
                _("Role"),
                self.role,
                help_text=_("Teachers hold classes. Admins also manage people and settings, and export."),
            ),
            self.password,
            reveal_box(self.password),
            1,
            on=page,
            spacing=self.theme.space(2),
        )
        return page

    def _password_page(self) -> QWidget:
        page = QWidget()
        vertical(
            self._whose,
            self.changed_password,
            reveal_box(self.changed_password),
            1,
            on=page,
            spacing=self.theme.space(2),
        )
        return page

    @property
    def chosen(self) -> User | None:
        """The account whose row is selected."""
        rows = self.table.selectionModel().selectedRows()
        return self._users[rows[0].row()] if rows else None

    def _reload(self, select: str = "") -> None:
        def show(users: list[User]) -> None:
            self._users = users
            self.table.show_rows(
                [
                    (
                        Tone.TEXT if user.active else Tone.MUTED,
                        (user.name, role_title(user.role), "" if user.active else _("Closed")),
                    )
                    for user in users
                ]
            )
            names = [user.name for user in users]
            self.table.selectRow(names.index(select) if select in names else 0)
            self._allow()

        self.tasks.run(
            lambda: self._people.accounts.all(actor=self._actor), then=show, failed=self.banner.show_error
        )

    def _allow(self) -> None:
        user = self.chosen
        self.password_button.setEnabled(user is not None)
        self.active_button.setEnabled(user is not None)
        self.active_button.setText(_("Reopen account") if user and not user.active else _("Close account"))

    def _turn(self, page: _Page) -> None:
        if page is _Page.PASSWORD and self.chosen is not None:
            self._whose.setText(_("A new password for {name}", name=self.chosen.name))
        for field in (self.name, self.password, self.changed_password):
            field.edit.clear()
            field.clear_error()
        self._pages.setCurrentIndex(page.value)
        asking = page is not _Page.LIST
        self.back_button.setVisible(asking)
        self.save_button.setVisible(asking)
        self.close_button.setVisible(not asking)
        first = {
            _Page.LIST: self.table,
            _Page.ADD: self.name.edit,
            _Page.PASSWORD: self.changed_password.edit,
        }
        first[page].setFocus()

    def reject(self) -> None:
        if self._pages.currentIndex() != _Page.LIST.value and not self.busy:
            self._turn(_Page.LIST)
            return
        super().reject()

    def _save(self) -> None:
        if self._pages.currentIndex() == _Page.ADD.value:
            self._add()
        else:
            self._change_password()

    def _add(self) -> None:
        name, role, password = self.name.text, Role(self.role.currentData()), self.password.text

        def failed(error: KioskError) -> None:
            (self.password if isinstance(error, SignInError) else self.name).set_error(str(error))

        def then(user: User) -> None:
            self._turn(_Page.LIST)
            self.banner.say(_("{name} can sign in now.", name=user.name), tone=Tone.PRESENT)
            self._reload(user.name)

        self.start(
            partial(self._people.accounts.add, name=name, role=role, password=password, actor=self._actor),
            words=_("Making the account…"),
            then=then,
            failed=failed,
        )

    def _change_password(self) -> None:
        user, password = self.chosen, self.changed_password.text
        if user is None:
            return

        def then(_done: None) -> None:
            self._turn(_Page.LIST)
            self.banner.say(_("{name} has a new password.", name=user.name), tone=Tone.PRESENT)

        self.start(
            partial(self._people.accounts.change_password, user.user_id, password, actor=self._actor),
            words=_("Changing the password…"),
            then=then,
            failed=lambda error: self.changed_password.set_error(str(error)),
        )

    def _toggle_active(self) -> None:
        user = self.chosen
        if user is None:
            return

        def then(_done: None) -> None:
            words = _("was closed and can be reopened at any time") if user.active else _("can sign in again")
            self.banner.say(f"{user.name} {words}.", tone=Tone.PRESENT)
            self._reload(user.name)

        self.start(
            partial(self._people.accounts.set_active, user.user_id, not user.active, actor=self._actor),
            words=_("Changing the account…"),
            then=then,
        )
