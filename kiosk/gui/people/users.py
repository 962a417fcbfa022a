"""Teachers and admins: list, add, new password, close and reopen. Main thread; hashing runs in a task."""

from collections.abc import Mapping
from functools import partial

from PySide6.QtWidgets import QComboBox, QWidget

from kiosk.domain.people.staff import Role, User
from kiosk.domain.trust.rights import Actor
from kiosk.errors import KioskError, SignInError
from kiosk.gui.people.reveal import reveal_box
from kiosk.gui.theme import TextStyle, Theme, Tone
from kiosk.gui.widgets.buttons import SecondaryButton
from kiosk.gui.widgets.dialogs import ConfirmDialog
from kiosk.gui.widgets.fields import Field, LineField
from kiosk.gui.widgets.paged_dialog import LIST, PagedDialog
from kiosk.gui.widgets.parts import ResultTable
from kiosk.gui.widgets.surfaces import Text
from kiosk.services.app import PeopleCases
from kiosk.services.people.accounts import MIN_PASSWORD
from kiosk.translation import _
from kiosk.wording.people import role_title

WIDTH_PX = 860
TABLE_PX = 360
ADD, PASSWORD = 1, 2
"""Its pages beside the list."""


class UsersDialog(PagedDialog):
    """The accounts of this kiosk, one page for the list and one for each question."""

    def __init__(
        self, people: PeopleCases, theme: Theme, actor: Actor, parent: QWidget | None = None
    ) -> None:
        table = ResultTable(
            theme,
            (_("Name"), _("Role"), _("Teaches"), _("State")),
            name=_("Accounts"),
            height=TABLE_PX,
            wide=2,
        )
        super().__init__(theme, _("Users"), parent, width=WIDTH_PX, table=table, main=_("Save"))
        self._people = people
        self._actor = actor
        self._users: list[User] = []
        self._taught: Mapping[int, tuple[str, ...]] = {}
        self.question: ConfirmDialog | None = None
        self.add_user_button = SecondaryButton(_("Add…"))
        self.password_button = SecondaryButton(_("New password…"))
        self.role_button = SecondaryButton(_("Make admin…"))
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
        self.add_user_button.clicked.connect(lambda: self.turn(ADD))
        self.password_button.clicked.connect(lambda: self.turn(PASSWORD))
        self.role_button.clicked.connect(self._ask_role)
        self.active_button.clicked.connect(self._toggle_active)
        self.table.itemSelectionChanged.connect(self._allow)
        words = _(
            "Teachers hold classes, mark by hand, and see people, records and reports of the courses that they teach – of all "
            "courses, where none is set for them. Admins also manage people, courses and settings, and export."
        )
        roles = Field(theme, _("Role"), self.role, help_text=words)
        self.add_list(
            *(self.add_user_button, self.password_button, self.role_button, self.active_button),
            below=(Text(words, TextStyle.CAPTION, Tone.MUTED, wrap=True),),
        )
        title = Text(_("A new account"), TextStyle.STRONG)
        self.add_page(title, self.name, roles, self.password, reveal_box(self.password), 1)
        self.add_page(self._whose, self.changed_password, reveal_box(self.changed_password), 1)
        self.turn(LIST)
        self._reload()

    @property
    def chosen(self) -> User | None:
        """The account whose row is selected."""
        return self.table.chosen(self._users)

    def _reload(self, select: str = "") -> None:
        def read() -> tuple[list[User], Mapping[int, tuple[str, ...]]]:
            accounts, taught = self._people.accounts, self._people.staff_courses
            return accounts.all(actor=self._actor), taught.by_account(actor=self._actor)

        def show(found: tuple[list[User], Mapping[int, tuple[str, ...]]]) -> None:
            users, self._taught = found
            self._users = users
            self.table.show_rows(
                [
                    (
                        Tone.TEXT if user.active else Tone.MUTED,
                        (
                            user.name,
                            role_title(user.role),
                            ", ".join(self._taught.get(user.user_id, ())),
                            "" if user.active else _("Closed"),
                        ),
                    )
                    for user in users
                ]
            )
            self.table.select([user.name for user in users], select)
            self._allow()

        self.tasks.run(read, then=show, failed=self.banner.show_error)

    def _allow(self) -> None:
        user = self.chosen
        self.password_button.setEnabled(user is not None)
        self.active_button.setEnabled(user is not None)
        self.role_button.setEnabled(user is not None)
        self.role_button.setText(_("Make teacher…") if user and user.role is Role.ADMIN else _("Make admin…"))
        self.active_button.setText(_("Reopen account") if user and not user.active else _("Close account"))

    def turn(self, page: int) -> None:
        """Begin a page anew: no password that was typed before stays."""
        if page == PASSWORD and self.chosen is not None:
            self._whose.setText(_("A new password for {name}", name=self.chosen.name))
        for field in (self.name, self.password, self.changed_password):
            field.edit.clear()
            field.clear_error()
        super().turn(page)
        self.ask(page != LIST, (self.table, self.name.edit, self.changed_password.edit)[page])

    def do(self) -> None:
        """Save what was typed."""
        if self.page == ADD:
            self._add()
        else:
            self._change_password()

    def _add(self) -> None:
        name, role, password = self.name.text, Role(self.role.currentData()), self.password.text

        def failed(error: KioskError) -> None:
            (self.password if isinstance(error, SignInError) else self.name).set_error(str(error))

        def then(user: User) -> None:
            self.turn(LIST)
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
            self.turn(LIST)
            self.banner.say(_("{name} has a new password.", name=user.name), tone=Tone.PRESENT)

        self.start(
            partial(self._people.accounts.change_password, user.user_id, password, actor=self._actor),
            words=_("Changing the password…"),
            then=then,
            failed=lambda error: self.changed_password.set_error(str(error)),
        )

    def _ask_role(self) -> None:
        user = self.chosen
        if user is None:
            return
        role = Role.TEACHER if user.role is Role.ADMIN else Role.ADMIN
        self.question = ConfirmDialog(
            self.theme,
            self,
            title=_("Make {name} an admin?", name=user.name)
            if role is Role.ADMIN
            else _("Make {name} a teacher?", name=user.name),
            text=_("{name} may do everything here then: people, courses, records, settings.", name=user.name)
            if role is Role.ADMIN
            else _("{name} holds classes then, and no longer manages people and settings.", name=user.name),
            action=_("Make admin") if role is Role.ADMIN else _("Make teacher"),
        )
        self.question.accepted.connect(partial(self._set_role, user, role))

    def _set_role(self, user: User, role: Role) -> None:
        def then(_done: None) -> None:
            words = _("{name} is {role} now.", name=user.name, role=role_title(role).lower())
            self.banner.say(words, tone=Tone.PRESENT)
            self._reload(user.name)

        self.start(
            partial(self._people.accounts.set_role, user.user_id, role, actor=self._actor),
            words=_("Changing the account…"),
            then=then,
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
