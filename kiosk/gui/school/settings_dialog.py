"""The settings of this kiosk and the rules of the school, one tab each. Main thread; files and store in tasks."""

from dataclasses import dataclass, replace

from PySide6.QtWidgets import QTabWidget, QWidget

from kiosk.domain.school.face_rule import FaceChoice, FaceRule
from kiosk.domain.trust.backups import FolderOpinion
from kiosk.domain.trust.rights import Actor, Right
from kiosk.gui.phones.certificate import CertificateDialog
from kiosk.gui.phones.certificate_row import CertificateRow
from kiosk.gui.school.face_rule_dialog import FaceRuleDialog, FaceRuleRow
from kiosk.gui.school.settings_form import SettingsForm
from kiosk.gui.theme import Theme, Tone
from kiosk.gui.widgets.buttons import PrimaryButton
from kiosk.gui.widgets.work_dialog import WorkDialog
from kiosk.services.app import AttendanceCases, PhoneCases, SchoolCases
from kiosk.services.core import Core
from kiosk.services.school.settings_editing import AllSettings
from kiosk.settings import SETTINGS_FILE, KioskSettings, SchoolRules, WebSettings
from kiosk.translation import _
from kiosk.wording.backups import folder_sentences

WIDTH_PX = 1180
TABS_PX = 600


@dataclass(frozen=True, slots=True)
class _Stored:
    settings: KioskSettings
    rules: SchoolRules
    faces: FaceChoice


class SettingsDialog(WorkDialog):
    """Admins change, teachers look. Generated from the settings classes, so that a new setting appears by itself."""

    def __init__(
        self,
        core: Core,
        school: SchoolCases,
        phones: PhoneCases,
        attendance: AttendanceCases,
        theme: Theme,
        actor: Actor,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, _("Settings"), parent, width=WIDTH_PX)
        self._core = core
        self._school = school
        self._phones = phones
        self._attendance = attendance
        self._actor = actor
        self._stored: _Stored | None = None
        self.groups: dict[str, SettingsForm] = {}
        self.school: SettingsForm | None = None
        self.certificate = CertificateRow(phones, theme)
        self.certificate.wanted.connect(self._open_certificate)
        self.faces = FaceRuleRow(theme, core.zone)
        self.faces.wanted.connect(self._open_faces)
        self.faces_dialog: FaceRuleDialog | None = None
        self.certificate_dialog: CertificateDialog | None = None
        self.tabs = QTabWidget()
        self.tabs.setFixedHeight(theme.px(TABS_PX))
        self.tabs.tabBar().setUsesScrollButtons(True)
        self.tabs.tabBar().setExpanding(False)
        self.form.addWidget(self.tabs)
        self.save_button = self.add_button(PrimaryButton(_("Save")), self._save)
        self.save_button.setEnabled(False)
        self.save_button.setVisible(actor.may(Right.ADMINISTER))
        self.tasks.run(self._load, then=self._fill, failed=self.banner.show_error)

    def holds_work(self) -> bool:
        return self.save_button.isEnabled()

    def _load(self) -> _Stored:
        path = self._core.directories.data / SETTINGS_FILE
        settings = KioskSettings.load(path) if path.exists() else self._core.settings
        return _Stored(settings, self._school.shared.rules(), self._school.faces.choice())

    def _fill(self, stored: _Stored) -> None:
        self._stored = stored
        for name, info in KioskSettings.model_fields.items():
            form = SettingsForm(self.theme, getattr(stored.settings, name))
            self.groups[name] = form
            self.tabs.addTab(form, _(info.title or name))
        self.school = SettingsForm(self.theme, stored.rules)
        self.tabs.addTab(self.school, _("School"))
        self.school.put_first(self.faces)
        self.faces.show_choice(stored.faces)
        self.faces.button.setVisible(self._actor.may(Right.ADMINISTER))
        self.groups["web"].stand_in(self.certificate, for_fields=("certificate", "certificate_key"))
        self.certificate.show_settings(stored.settings.web)
        self.certificate.button.setVisible(self._actor.may(Right.ADMINISTER))
        for form in (*self.groups.values(), self.school):
            form.changed.connect(self._on_change)
            if not self._actor.may(Right.ADMINISTER):
                form.look_only()
        if not self._actor.may(Right.ADMINISTER):
            self.banner.say(_("Only admins can change settings."), _("Here you can look at them."))
        self.tabs.tabBar().setFocus()

    def _open_faces(self) -> None:
        if self._stored is None:
            return
        dialog = FaceRuleDialog(
            self._school.faces,
            self.theme,
            self._actor,
            self,
            choice=self._stored.faces,
            offered=tuple(FaceRule),
        )
        dialog.chosen.connect(self._take_faces)
        self.faces_dialog = dialog
        dialog.open()

    def _take_faces(self, choice: FaceChoice) -> None:
        if self._stored is not None:
            self._stored = replace(self._stored, faces=choice)
        self.faces.show_choice(choice)

    def _open_certificate(self) -> None:
        dialog = CertificateDialog(self._phones, self._attendance, self.theme, self._actor, self)
        dialog.changed.connect(self._take_certificate)
        self.certificate_dialog = dialog
        dialog.open()

    def _take_certificate(self) -> None:
        """The certificate's dialog saves by itself: show what it stored, and leave alone what was changed here."""
        self.tasks.run(self._phones.https.stored, then=self._show_certificate, failed=self.banner.show_error)

    def _show_certificate(self, web: WebSettings) -> None:
        if self._stored is None:
            return
        for name in ("certificate", "certificate_key", "address"):
            if getattr(web, name) != getattr(self._stored.settings.web, name):
                self.groups["web"].set_text(name, getattr(web, name))
        settings = self._stored.settings.model_copy(update={"web": web})
        self._stored = replace(self._stored, settings=settings)
        self.certificate.show_settings(web)

    def _on_change(self) -> None:
        self.banner.clear()
        self.save_button.setEnabled(True)

    def _save(self) -> None:
        stored, school = self._stored, self.school
        if stored is None or school is None:
            return
        forms = [*self.groups.values(), school]
        wrong = [form for form in forms if not form.check()]
        if wrong:
            self.tabs.setCurrentWidget(wrong[0])
            field = next(field for field in wrong[0].fields.values() if field.error)
            field.input.setFocus()
            wrong[0].ensureWidgetVisible(field)
            self.banner.say(_("One of the values cannot be used."), _("It is marked below."), Tone.REFUSED)
            return
        values = {name: form.values() for name, form in self.groups.items()}
        changed = replace(
            stored,
            settings=KioskSettings.model_validate(values),
            rules=SchoolRules.model_validate(school.values()),
        )

        def work() -> FolderOpinion | None:
            opinion = None
            if changed.settings != stored.settings:
                opinion = self._school.settings.change(changed.settings, actor=self._actor)
            if changed.rules != stored.rules:
                self._school.shared.change_rules(changed.rules, actor=self._actor)
            return opinion

        self.start(work, words=_("Saving…"), then=lambda opinion: self._saved(stored, changed, opinion))

    def _saved(self, before: _Stored, after: _Stored, opinion: FolderOpinion | None) -> None:
        self._stored = after
        self.save_button.setEnabled(False)
        self.theme.choose(after.settings.look.theme)
        restart = self._school.editing.waits_for_start(AllSettings(after.settings, after.rules))
        hint = _("They take effect when the program is started again.") if restart else ""
        if not hint and (
            before.rules != after.rules or before.settings.recognition != after.settings.recognition
        ):
            hint = _("They apply to sessions that start from now on.")
        doubts = folder_sentences(opinion)
        self.banner.say(
            _("The settings are saved."),
            " ".join([*doubts, hint]).strip(),
            Tone.LATE if doubts else Tone.PRESENT,
        )
