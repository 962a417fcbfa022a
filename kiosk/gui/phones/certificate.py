"""The school's certificate: choose its files, see at once what phones will think of them, turn HTTPS on and off.

Main thread; reading the files and changing the web part run in tasks.
"""

from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QWidget

from kiosk.domain.trust.rights import Actor
from kiosk.gui.phones.certificate_facts import CertificateFactsCard
from kiosk.gui.theme import TextStyle, Theme, Tone
from kiosk.gui.widgets.buttons import DangerButton, PrimaryButton
from kiosk.gui.widgets.dialogs import ConfirmDialog
from kiosk.gui.widgets.fields import LineField
from kiosk.gui.widgets.layouts import horizontal
from kiosk.gui.widgets.path_field import PathField, PathKind
from kiosk.gui.widgets.surfaces import Text
from kiosk.gui.widgets.work_dialog import WorkDialog
from kiosk.services.app import AttendanceCases, PhoneCases
from kiosk.services.phones.certificate_draft import CertificateDraft, CertificateOpinion
from kiosk.settings import WebSettings
from kiosk.translation import N_, _

WIDTH_PX: Final = 1100
PATTERN: Final = N_("PEM files (*.pem *.crt *.cer *.key);;All files (*)")
WORDS: Final = N_(
    "With the school’s certificate phones connect by HTTPS, and students can change their consent there. Ask whoever runs "
    "the school’s network for one that names this kiosk. The files stay where they are; when they are renewed there, the "
    "kiosk takes the new ones by itself."
)
SIGN_IN_AGAIN: Final = N_(
    "Who had signed in on a phone signs in once more; who had scanned and not confirmed yet scans again."
)

STATE: Final = {
    (True, True): N_("Phones connect by HTTPS now at {base_url}."),
    (True, False): N_("Phones connect by HTTPS now."),
    (False, True): N_("Phones connect by plain HTTP now at {base_url}."),
    (False, False): N_("Phones connect by plain HTTP now."),
}
"""Whether a certificate is used, and whether the address is known."""


class CertificateDialog(WorkDialog):
    """`changed` is emitted when HTTPS was turned on or off, or another certificate is used."""

    changed = Signal()

    def __init__(
        self,
        phones: PhoneCases,
        attendance: AttendanceCases,
        theme: Theme,
        actor: Actor,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, _("Certificate for HTTPS"), parent, width=WIDTH_PX)
        self._phones = phones
        self._attendance = attendance
        self._actor = actor
        self._stored = WebSettings()
        self._typed_address = False
        self._asked: CertificateDraft | None = None
        self.opinion: CertificateOpinion | None = None
        self.question: ConfirmDialog | None = None
        self.state = Text(style=TextStyle.STRONG)
        self.certificate = PathField(
            theme, _("Certificate with its chain (PEM)"), PathKind.FILE, pattern=_(PATTERN)
        )
        self.key = PathField(theme, _("Its private key (PEM)"), PathKind.FILE, pattern=_(PATTERN))
        self.address = LineField(
            theme,
            _("Address that phones are shown"),
            help_text=_(
                "A name from the certificate; empty: this PC’s own address. Phones must find the name in the "
                "school’s network."
            ),
        )
        self.facts = CertificateFactsCard(theme)
        self.problems = Text(wrap=True, tone=Tone.REFUSED)
        self.stop_button = self.add_button(DangerButton(_("Stop using HTTPS…")), self._ask_to_stop)
        self.use_button = self.add_button(PrimaryButton(_("Use this certificate")), self._use)
        self._lay_out()
        self.certificate.chosen.connect(self._check)
        self.key.chosen.connect(self._check)
        self.address.edit.editingFinished.connect(self._check)
        self.address.edit.textEdited.connect(self._note_address)
        self._allow()
        self.tasks.run(phones.https.stored, then=self._fill, failed=self.banner.show_error)

    def _lay_out(self) -> None:
        files = horizontal((self.certificate, 1), (self.key, 1), spacing=self.theme.space(2))
        self.form.addWidget(Text(_(WORDS), TextStyle.CAPTION, Tone.MUTED, wrap=True))
        self.form.addWidget(self.state)
        self.form.addLayout(files)
        self.form.addWidget(self.address)
        self.form.addWidget(self.facts)
        self.problems.hide()
        self.form.addWidget(self.problems)

    def _fill(self, stored: WebSettings) -> None:
        self._stored = stored
        self.certificate.edit.setText(stored.certificate)
        self.key.edit.setText(stored.certificate_key)
        self.address.edit.setText(stored.address)
        self._typed_address = bool(stored.certificate)
        self._say_state()
        self._allow()
        self._check()

    def _say_state(self) -> None:
        base_url = self._attendance.running.base_url
        self.state.setText(_(STATE[bool(self._stored.certificate), bool(base_url)], base_url=base_url))

    # -- checking ------------------------------------------------------------------------------------------------

    def _draft(self) -> CertificateDraft | None:
        certificate = self.certificate.path
        if certificate is None:
            return None
        address = self.address.text.strip() if self._typed_address else None
        return CertificateDraft(certificate, self.key.path, address)

    def _note_address(self) -> None:
        self._typed_address = True

    def _check(self) -> None:
        """Look at the files that are named now, unless that is being done."""
        draft = self._draft()
        if draft == self._asked:
            return
        self._asked, self.opinion = draft, None
        self._allow()
        if draft is None:
            self._show_nothing()
            return
        self.tasks.run(
            partial(self._phones.https.examine, draft), then=self._show, failed=self.banner.show_error
        )

    def _show(self, opinion: CertificateOpinion) -> None:
        if opinion.draft != self._asked:
            return  # others were chosen meanwhile
        self.opinion = opinion
        if not self._typed_address:
            self.address.edit.setText(opinion.address)
        self.facts.show_report(opinion.report, days_left=opinion.days_left, address=opinion.host)
        lines = [f"•  {problem}" for problem in opinion.report.problems]
        if opinion.draft.key is None:
            lines.append("•  " + _("Choose the private key, too."))
        self.problems.setText("\n".join(lines))
        self.problems.setVisible(bool(lines))
        self._allow()
        QTimer.singleShot(0, self, self.centre)

    def _show_nothing(self) -> None:
        self.facts.show_report(None, days_left=0, address="")
        self.problems.hide()
        QTimer.singleShot(0, self, self.centre)

    def _allow(self) -> None:
        in_use = bool(self._stored.certificate)
        opinion = self.opinion
        self.use_button.setEnabled(opinion is not None and opinion.is_good and not self._is_in_use(opinion))
        self.stop_button.setVisible(in_use)

    def _is_in_use(self, opinion: CertificateOpinion) -> bool:
        stored, draft = self._stored, opinion.draft
        if not stored.certificate or draft.key is None or opinion.address != stored.address:
            return False
        before = (Path(stored.certificate).expanduser(), Path(stored.certificate_key).expanduser())
        return (draft.certificate.absolute(), draft.key.absolute()) == before

    # -- changing ------------------------------------------------------------------------------------------------

    def _use(self) -> None:
        opinion = self.opinion
        if opinion is None:
            return

        def work() -> WebSettings:
            self._phones.https.use(opinion, actor=self._actor)
            return self._phones.https.stored()

        self.start(work, words=_("Starting HTTPS…"), then=self._used)

    def _used(self, stored: WebSettings) -> None:
        self._done(stored, _("Phones connect by HTTPS from now on."))

    def _ask_to_stop(self) -> None:
        self.question = ConfirmDialog(
            self.theme,
            self,
            title=_("Stop using HTTPS?"),
            text=_(
                "Phones connect by plain HTTP then: number and PIN can be read by somebody who controls the network, and "
                "students cannot change their consent there."
            )
            + f" {_(SIGN_IN_AGAIN)}",
            action=_("Stop using HTTPS"),
            danger=True,
        )
        self.question.accepted.connect(self._stop)

    def _stop(self) -> None:
        def work() -> WebSettings:
            self._phones.https.stop(actor=self._actor)
            return self._phones.https.stored()

        self.start(work, words=_("Starting plain HTTP…"), then=self._stopped)

    def _stopped(self, stored: WebSettings) -> None:
        self._done(stored, _("Phones connect by plain HTTP from now on."))

    def _done(self, stored: WebSettings, sentence: str) -> None:
        self._stored = stored
        self._say_state()
        self._allow()
        self.banner.say(sentence, _(SIGN_IN_AGAIN), Tone.PRESENT)
        self.changed.emit()
        QTimer.singleShot(0, self, self.centre)
