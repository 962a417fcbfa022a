"""The settings that no field of the page changes: a row says what is stored, its button opens their dialog. Main thread."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from kiosk.domain.school.face_rule import FaceChoice, FaceRule
from kiosk.domain.trust.rights import NOBODY, Actor, Right
from kiosk.gui.phones.certificate import CertificateDialog
from kiosk.gui.phones.certificate_row import CertificateRow
from kiosk.gui.school.face_rule_dialog import FaceRuleDialog, FaceRuleRow
from kiosk.gui.theme import Theme
from kiosk.services.app import KioskApp
from kiosk.settings import Subject, WebSettings
from kiosk.translation import _


class OwnDialogs(QObject):
    """How the school uses faces, and the certificate of this PC.

    Attributes:
        actor: Who opens the dialogs; without the right to change anything there are rows without buttons.
        choice: How faces are used now; None until it is read.
        changed: The dialog of the certificate stored something.
    """

    changed = Signal()

    def __init__(self, app: KioskApp, theme: Theme, page: QWidget) -> None:
        super().__init__(page)
        self._app = app
        self._theme = theme
        self._page = page
        self.actor: Actor = NOBODY
        self.choice: FaceChoice | None = None
        self.faces: FaceRuleRow | None = None
        self.certificate: CertificateRow | None = None
        self.faces_dialog: FaceRuleDialog | None = None
        self.certificate_dialog: CertificateDialog | None = None

    def rows(self, subject: Subject, web: WebSettings) -> list[tuple[QWidget, str]]:
        """New rows about a subject, each with the words by which it is found."""
        if self.choice is None:
            return []
        if subject is Subject.CAMERA:
            self.faces = faces = FaceRuleRow(self._theme, self._app.core.zone)
            faces.show_choice(self.choice)
            faces.button.setVisible(self.actor.may(Right.ADMINISTER))
            faces.wanted.connect(self._open_faces)
            return [(faces, _("Faces: how the school uses face recognition, verify only, walk past, off"))]
        if subject is Subject.PHONES:
            self.certificate = certificate = CertificateRow(self._app.phones, self._theme)
            certificate.show_settings(web)
            certificate.button.setVisible(self.actor.may(Right.ADMINISTER))
            certificate.wanted.connect(self._open_certificate)
            return [(certificate, _("Certificate for HTTPS, TLS, SSL, key, encryption"))]
        return []

    def forget_rows(self) -> None:
        """The rows are being taken off the page; others come when their subject is made."""
        self.faces = self.certificate = None

    def show_stored(self, web: WebSettings) -> None:
        """Another certificate may be stored now."""
        if self.certificate is not None:
            self.certificate.show_settings(web)

    def _open_faces(self) -> None:
        if self.choice is None:
            return
        dialog = FaceRuleDialog(
            self._app.school.faces,
            self._theme,
            self.actor,
            self._page,
            choice=self.choice,
            offered=tuple(FaceRule),
        )
        dialog.chosen.connect(self._take_faces)
        self.faces_dialog = dialog
        dialog.open()

    def _take_faces(self, choice: FaceChoice) -> None:
        self.choice = choice
        if self.faces is not None:
            self.faces.show_choice(choice)

    def _open_certificate(self) -> None:
        dialog = CertificateDialog(
            self._app.phones, self._app.attendance, self._theme, self.actor, self._page
        )
        dialog.changed.connect(self.changed)
        self.certificate_dialog = dialog
        dialog.open()
