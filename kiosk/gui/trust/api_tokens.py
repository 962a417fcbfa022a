"""Tokens of the REST API: list, make with scopes, show once with a copy, revoke. Main thread; the store in tasks."""

from functools import partial
from typing import Final

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QWidget

from kiosk.domain.trust.api_tokens import ApiToken, Scope, TokenState
from kiosk.domain.trust.rights import Actor
from kiosk.errors import KioskError
from kiosk.gui.theme import TextStyle, Theme, Tone
from kiosk.gui.widgets.buttons import SecondaryButton
from kiosk.gui.widgets.dialogs import ConfirmDialog
from kiosk.gui.widgets.fields import Field, LineField
from kiosk.gui.widgets.layouts import horizontal
from kiosk.gui.widgets.paged_dialog import LIST, PagedDialog
from kiosk.gui.widgets.parts import ResultTable
from kiosk.gui.widgets.surfaces import Text, tool_tip
from kiosk.services.app import TrustCases
from kiosk.services.core import Core
from kiosk.services.trust.api_tokens import MadeToken
from kiosk.translation import N_, _
from kiosk.wording.actors import actor_name
from kiosk.wording.api_tokens import scope_word, scope_words, token_state_title
from kiosk.wording.dates import date_and_time, day_of

WIDTH_PX: Final = 1100
TABLE_PX: Final = 320
HEADINGS: Final = (N_("Name"), N_("State"), N_("Last used"), N_("Made"), N_("May read"))
LIVES: Final = ((N_("No end"), None), (N_("30 days"), 30), (N_("90 days"), 90), (N_("A year"), 365))
WORDS: Final = N_(
    "With a token another program, such as the school’s timetable, reads from this kiosk. Who has the token has what it "
    "opens: give each program one of its own, and revoke it when it is not needed any more."
)
MAKE, SHOWN = 1, 2
"""Its pages beside the list."""


class ApiTokensDialog(PagedDialog):
    """All tokens, a page for a new one, and a page that shows its text this once."""

    def __init__(
        self, core: Core, trust: TrustCases, theme: Theme, actor: Actor, parent: QWidget | None = None
    ) -> None:
        table = ResultTable(
            theme,
            tuple(map(_, HEADINGS)),
            name=_("Tokens"),
            height=TABLE_PX,
            wide=4,
            if_none=_("There is no token yet. Press “New token…” to let another program read."),
        )
        super().__init__(theme, _("API tokens"), parent, width=WIDTH_PX, table=table, main=_("Make token"))
        self._core = core
        self._trust = trust
        self._actor = actor
        self._tokens: list[ApiToken] = []
        self.question: ConfirmDialog | None = None
        self.make_button = SecondaryButton(_("New token…"))
        self.revoke_button = SecondaryButton(_("Revoke…"))
        self.name = LineField(
            theme, _("Name"), help_text=_("What it is for, such as the program that will use it.")
        )
        self.scopes = {scope: QCheckBox(scope_words(scope)) for scope in Scope}
        self.life = QComboBox()
        for words, days in LIVES:
            self.life.addItem(_(words), days)
        self.text = QLineEdit()
        self.text.setReadOnly(True)
        self.copy_button = SecondaryButton(_("Copy"))
        self.text.setAccessibleName(_("Token"))
        self.make_button.clicked.connect(lambda: self.turn(MAKE))
        self.revoke_button.clicked.connect(self._ask)
        self.copy_button.clicked.connect(self._copy)
        self.table.itemSelectionChanged.connect(self._allow)
        for scope, box in self.scopes.items():
            box.setToolTip(tool_tip(scope.value))
        purpose = Text(_(WORDS), TextStyle.CAPTION, Tone.MUTED, wrap=True)
        self.add_list(self.make_button, self.revoke_button, above=(purpose,))
        self.add_page(
            Text(_("A new token"), TextStyle.STRONG),
            self.name,
            Text(_("It may read"), TextStyle.CAPTION, Tone.MUTED),
            *self.scopes.values(),
            Field(theme, _("Ends after"), self.life),
            1,
        )
        once = _("Copy it to the program now: it is shown only this once, and the kiosk keeps no copy.")
        copy = horizontal((self.text, 1), self.copy_button, spacing=theme.space(1))
        self.add_page(Text(once, wrap=True), copy, 1)
        self.turn(LIST)
        self._reload()

    @property
    def chosen(self) -> ApiToken | None:
        """The token whose row is selected."""
        return self.table.chosen(self._tokens)

    def turn(self, page: int) -> None:
        """Begin a page anew; the text of a token goes with its page."""
        self.name.edit.clear()
        self.name.clear_error()
        self.life.setCurrentIndex(0)
        for box in self.scopes.values():
            box.setChecked(False)
        if page != SHOWN:
            self.text.clear()
        super().turn(page)
        self.close_button.setText(_("Done") if page == SHOWN else _("Close"))
        self.ask(page == MAKE, (self.table, self.name.edit, self.copy_button)[page])

    def _reload(self, select: int = 0) -> None:
        def show(tokens: list[ApiToken]) -> None:
            self._tokens = tokens
            self.table.show_rows([(self._tone(token), self._cells(token)) for token in tokens])
            self.table.select([token.token_id for token in tokens], select)
            self._allow()

        self.tasks.run(
            lambda: self._trust.api_tokens.all(actor=self._actor), then=show, failed=self.banner.show_error
        )

    def _tone(self, token: ApiToken) -> Tone:
        return Tone.TEXT if self._trust.api_tokens.state(token) is TokenState.GOOD else Tone.MUTED

    def _cells(self, token: ApiToken) -> tuple[str, ...]:
        zone = self._core.zone
        return (
            token.name,
            token_state_title(self._trust.api_tokens.state(token)),
            date_and_time(token.last_used_at, zone) if token.last_used_at else _("Never"),
            f"{day_of(token.created_at, zone)}, {actor_name(token.created_by)}",
            ", ".join(scope_word(scope) for scope in token.scope_list),
        )

    def _allow(self) -> None:
        token = self.chosen
        good = token is not None and self._trust.api_tokens.state(token) is not TokenState.REVOKED
        self.revoke_button.setEnabled(good)

    def do(self) -> None:
        """Make the token."""
        name, days = self.name.text, self.life.currentData()
        scopes = [scope for scope, box in self.scopes.items() if box.isChecked()]

        def then(made: MadeToken) -> None:
            self.turn(SHOWN)
            self.text.setText(made.text)
            self.text.setCursorPosition(0)
            self._reload(made.token.token_id)

        def failed(error: KioskError) -> None:
            self.name.set_error(str(error))

        self.start(
            partial(self._trust.api_tokens.make, name=name, scopes=scopes, days=days, actor=self._actor),
            words=_("Making the token…"),
            then=then,
            failed=failed,
        )

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.text())
        self.banner.say(_("The token is on the clipboard."), tone=Tone.PRESENT)

    def _ask(self) -> None:
        token = self.chosen
        if token is None:
            return
        self.question = ConfirmDialog(
            self.theme,
            self,
            title=_("Revoke “{name}”?", name=token.name),
            text=_(
                "The program that uses it is shut out at once. This cannot be undone; a new token can be made."
            ),
            action=_("Revoke"),
            danger=True,
        )
        self.question.accepted.connect(partial(self._revoke, token))

    def _revoke(self, token: ApiToken) -> None:
        def then(_revoked: ApiToken) -> None:
            self.banner.say(_("“{name}” opens nothing any more.", name=token.name), tone=Tone.PRESENT)
            self._reload(token.token_id)

        self.start(
            partial(self._trust.api_tokens.revoke, token.token_id, actor=self._actor),
            words=_("Revoking…"),
            then=then,
        )
