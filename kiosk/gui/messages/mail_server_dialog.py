"""The school's mail server: where it is, how to sign in, and a message to try it. Main thread; the network is waited for in a task."""

from functools import partial

from PySide6.QtWidgets import QComboBox, QSpinBox, QWidget

from kiosk.domain.messages.mail import MailSecurity, MailServer
from kiosk.domain.trust.rights import Actor
from kiosk.gui.theme import Theme, Tone
from kiosk.gui.widgets.buttons import PrimaryButton, SecondaryButton
from kiosk.gui.widgets.fields import Field, LineField
from kiosk.gui.widgets.layouts import horizontal
from kiosk.gui.widgets.surfaces import Text
from kiosk.gui.widgets.work_dialog import WorkDialog
from kiosk.services.app import MessageCases
from kiosk.translation import _


class MailServerDialog(WorkDialog):
    """An empty name means that the school sends no e-mail."""

    def __init__(
        self, messages: MessageCases, theme: Theme, actor: Actor, parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, _("Mail server"), parent, width=760)
        self._servers = messages.servers
        self._actor = actor
        self.host = LineField(theme, _("Server"), placeholder="mail.school.example")
        self.port = QSpinBox()
        self.port.setRange(1, 65_535)
        self.security = QComboBox()
        for security, words in (
            (MailSecurity.STARTTLS, _("STARTTLS (usual, port 587)")),
            (MailSecurity.TLS, _("TLS from the start (port 465)")),
            (MailSecurity.NONE, _("None: only in the school’s own network (port 25)")),
        ):
            self.security.addItem(words, security)
        self.user = LineField(theme, _("User"), help_text=_("Empty where the server wants none."))
        self.password = LineField(
            theme, _("Password"), secret=True, help_text=_("Kept sealed on this kiosk.")
        )
        self.sent_from = LineField(
            theme,
            _("Sender"),
            placeholder="office@school.example",
            help_text=_("Messages come from this address, and answers go there, STOP too."),
        )
        self.test_to = LineField(theme, _("Try it: send a message to"))
        self.test_button = SecondaryButton(_("Send a test"))
        self.save_button = PrimaryButton(_("Save"))
        self._lay_out()
        self._connect()
        self._rest.setEnabled(False)
        self.tasks.run(self._servers.server, then=self._fill, failed=self.banner.show_error)

    def _lay_out(self) -> None:
        theme = self.theme
        words = _(
            "With it, teachers warn students below the attendance limit and their guardians, under Reports. Nothing is "
            "sent by itself."
        )
        self.form.addWidget(Text(words, tone=Tone.MUTED, wrap=True))
        space = theme.space(2)
        self.form.addLayout(
            horizontal((self.host, 2), (Field(theme, _("Port"), self.port), 1), spacing=space)
        )
        self.form.addWidget(Field(theme, _("Security"), self.security))
        self.form.addLayout(horizontal((self.user, 1), (self.password, 1), spacing=space))
        self.form.addWidget(self.sent_from)
        self.form.addWidget(self.test_to)

    def _connect(self) -> None:
        self.add_button(self.test_button, self._test)
        self.add_button(self.save_button, self._save)
        self.save_button.setDefault(True)
        self.security.activated.connect(self._suggest_port)

    def _fill(self, server: MailServer) -> None:
        self._rest.setEnabled(True)
        self.host.edit.setText(server.host)
        self.port.setValue(server.port)
        self.security.setCurrentIndex(self.security.findData(server.security))
        self.user.edit.setText(server.user)
        self.password.edit.setText(server.password)
        self.sent_from.edit.setText(server.sender)
        self.settle()
        self.host.edit.setFocus()

    @property
    def server(self) -> MailServer:
        """What stands in the form."""
        return MailServer(
            host=self.host.text,
            port=self.port.value(),
            security=MailSecurity(self.security.currentData()),
            user=self.user.text,
            password=self.password.text,
            sender=self.sent_from.text,
        )

    def _suggest_port(self) -> None:
        usual = {MailSecurity.STARTTLS: 587, MailSecurity.TLS: 465, MailSecurity.NONE: 25}
        self.port.setValue(usual[MailSecurity(self.security.currentData())])

    def _save(self) -> None:
        off = not self.host.text.strip()
        self.start(
            partial(self._servers.change, self.server, actor=self._actor),
            words=_("Saving…"),
            then=lambda _done: self.banner.say(
                _("The school sends no e-mail.") if off else _("The mail server is saved."), tone=Tone.PRESENT
            ),
        )

    def _test(self) -> None:
        to = self.test_to.text.strip()
        if not to:
            self.test_to.set_error(_("Where should the test go?"))
            self.test_to.edit.setFocus()
            return
        # What was typed is tried before it is kept, so nothing counts as saved by it.
        self.start(
            partial(self._servers.test, self.server, to, actor=self._actor),
            words=_("Sending a test…"),
            then=lambda _done: self.banner.say(
                _("The mail server took the message to {address}.", address=to),
                _("Look whether it arrives; save the server then."),
                Tone.PRESENT,
            ),
        )
