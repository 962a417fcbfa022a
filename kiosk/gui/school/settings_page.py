"""The settings as a page: subjects at the side, a search over all, and what was changed is saved together. Main thread.

Made from the settings classes, so that a new setting appears by itself. Admins change, teachers look. Reading and saving
run in tasks; sections that are not seen yet are made one by one while nothing else is to be done.
"""

from collections.abc import Iterable
from typing import Any, Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QLineEdit, QListWidget, QListWidgetItem, QScrollArea, QWidget

from kiosk.domain.school.face_rule import FaceChoice, FaceRule
from kiosk.domain.trust.rights import NOBODY, Actor, Right
from kiosk.gui.dialog_catalogue import CATALOGUE, Entry
from kiosk.gui.dialog_opener import DialogOpener
from kiosk.gui.phones.certificate import CertificateDialog
from kiosk.gui.phones.certificate_row import CertificateRow
from kiosk.gui.school.face_rule_dialog import FaceRuleDialog, FaceRuleRow
from kiosk.gui.school.setting_fields import SettingField, fields_of, problems
from kiosk.gui.school.setting_row import SettingRow
from kiosk.gui.school.settings_section import SettingsSection
from kiosk.gui.tasks import Tasks
from kiosk.gui.theme import Theme, Tone
from kiosk.gui.widgets.banner import Banner
from kiosk.gui.widgets.buttons import PrimaryButton, SecondaryButton
from kiosk.gui.widgets.dialogs import SEARCHES
from kiosk.gui.widgets.layouts import horizontal, vertical
from kiosk.gui.widgets.parts import NoStrayWheel
from kiosk.gui.widgets.surfaces import PageTitle, Text
from kiosk.services.app import KioskApp
from kiosk.services.school.settings_editing import AllSettings, OthersChange, SavedSettings
from kiosk.settings import Subject
from kiosk.translation import _, ngettext
from kiosk.wording.backups import folder_sentences
from kiosk.wording.settings import subject_title

SIDE_PX: Final = 320
FORM_PX: Final = 1360
ROWS_AT_ONCE: Final = 4
"""So many are made before the window does something else: each takes some milliseconds."""

CERTIFICATE: Final = ("certificate", "certificate_key")
"""What only a dialog of its own changes."""


class SettingsPage(QWidget):
    """A place of the desk."""

    def __init__(
        self, app: KioskApp, theme: Theme, opener: DialogOpener, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._app = app
        self._theme = theme
        self._opener = opener
        self._tasks = Tasks(self)
        self._wheel = NoStrayWheel(self)
        self._actor = NOBODY
        self._seen: AllSettings | None = None
        self._faces: FaceChoice | None = None
        self._fields: dict[Subject, list[tuple[str, SettingField]]] = {}
        self.rows: dict[tuple[str, str], SettingRow] = {}
        self.sections: dict[Subject, SettingsSection] = {}
        self.faces: FaceRuleRow | None = None
        self.certificate: CertificateRow | None = None
        self.faces_dialog: FaceRuleDialog | None = None
        self.certificate_dialog: CertificateDialog | None = None
        self.search = QLineEdit()
        self.search.setProperty(SEARCHES, True)
        self.subjects = QListWidget()
        self.banner = Banner(theme)
        self.again_button = SecondaryButton(_("Start the program again now"))
        self.found = Text(tone=Tone.MUTED)
        self.save_button = PrimaryButton(_("Save"))
        self.discard_button = SecondaryButton(_("Discard"))
        self.unsaved = Text(tone=Tone.MUTED)
        self._form = QWidget()
        self._column = vertical(on=self._form, spacing=theme.space(4))
        self._column.addStretch(1)
        self._later = QTimer(self, interval=0)
        self._later.timeout.connect(self._make_next)
        self._lay_out()
        self._connect()

    # -- coming to the front ---------------------------------------------------------------------------------------

    def show_for(self, actor: Actor) -> None:
        """Read what is stored; what the same person has not saved yet stays as it is."""
        if actor == self._actor and self.changed_rows():
            return
        self._actor = actor
        self.banner.clear()
        editing, faces = self._app.school.editing, self._app.school.faces
        self._tasks.run(
            lambda: (editing.read(), faces.choice()),
            then=lambda found: self._fill(*found),
            failed=self.banner.show_error,
        )

    def holds_work(self) -> bool:
        """Whether something was changed and not saved."""
        return bool(self.changed_rows())

    def changed_rows(self) -> list[SettingRow]:
        """The settings that say something else than what is stored."""
        return [row for row in self.rows.values() if row.is_changed]

    @property
    def subject(self) -> Subject:
        """The one in front."""
        row = self.subjects.currentRow()
        if row < 0:
            return Subject.SCHOOL
        return Subject(self.subjects.item(row).data(Qt.ItemDataRole.UserRole))

    @property
    def is_complete(self) -> bool:
        """Whether all sections are made."""
        return bool(self.sections) and len(self.sections) == len(self._subjects())

    @property
    def may_change(self) -> bool:
        """Whether who looks may change anything."""
        return self._actor.may(Right.ADMINISTER)

    def show_subject(self, subject: Subject) -> None:
        """Bring one to the front, and forget what was searched for."""
        self.search.clear()
        self.subjects.setCurrentRow(self._subjects().index(subject))

    def _fill(self, stored: AllSettings, faces: FaceChoice) -> None:
        self._seen, self._faces = stored, faces
        self._fields = {}
        for group, values in stored.groups().items():
            for described in fields_of(values):
                if not (group == "web" and described.name in CERTIFICATE):
                    self._fields.setdefault(described.subject, []).append((group, described))
        shown = self.subject
        for section in self.sections.values():
            section.deleteLater()
        for row in self.rows.values():
            row.deleteLater()
        self.sections.clear()
        self.rows.clear()
        self.subjects.blockSignals(True)
        self.subjects.clear()
        for subject in self._subjects():
            item = QListWidgetItem(subject_title(subject))
            item.setData(Qt.ItemDataRole.UserRole, subject.value)
            self.subjects.addItem(item)
        self.subjects.setCurrentRow(self._subjects().index(shown) if shown in self._subjects() else 0)
        self.subjects.blockSignals(False)
        self.save_button.setVisible(self.may_change)
        self.discard_button.setVisible(self.may_change)
        if not self.may_change:
            self.banner.say(_("Only admins can change settings."), _("Here you can look at them."))
        self._count_changes()
        self._offer_restart(stored)
        self._later.start()

    def _subjects(self) -> list[Subject]:
        return [one for one in Subject if one is not Subject.LISTS or self._entries(one)]

    def _entries(self, subject: Subject) -> list[Entry]:
        return [one for one in CATALOGUE if one.subject is subject and one.is_for(self._actor)]

    # -- sections --------------------------------------------------------------------------------------------------

    def _make_next(self) -> None:
        """A few rows of a section that is not made yet, the one in front first, while the window has nothing else to do."""
        missing = [one for one in self._subjects() if one not in self.sections]
        if not missing or self._seen is None:
            if not any(section.lay_out_advanced() for section in self.sections.values()):
                self._later.stop()
            return
        subject = self.subject if self.subject in missing else missing[0]
        to_make = [one for one in self._described(subject) if (one[0], one[1].name) not in self.rows]
        for group, described in to_make[:ROWS_AT_ONCE]:
            self._row(group, described)
        if not to_make:
            self._section(subject)
            if subject is self.subject:
                self._look()

    def _described(self, subject: Subject) -> list[tuple[str, SettingField]]:
        """The settings of a subject, each with its group."""
        return self._fields.get(subject, [])

    def _row(self, group: str, described: SettingField) -> SettingRow:
        known = self.rows.get((group, described.name))
        if known is not None:
            return known
        row = SettingRow(group, described, self._theme, self._wheel, self._form)
        row.hide()
        row.changed.connect(self._on_change)
        if not self.may_change:
            row.look_only()
        self.rows[group, described.name] = row
        return row

    def _section(self, subject: Subject) -> SettingsSection:
        known = self.sections.get(subject)
        if known is not None:
            return known
        rows = [self._row(group, described) for group, described in self._described(subject)]
        # Made where it will stand: moving a section there would measure all of it by the style sheet once more.
        made = SettingsSection(
            subject, self._theme, rows, self._entries(subject), self._extra(subject), self._form
        )
        made.hide()
        made.entry_wanted.connect(self._opener.open)
        self.sections[subject] = made
        self._column.insertWidget(self._place_of(subject), made)
        return made

    def _place_of(self, subject: Subject) -> int:
        before = self._subjects()[: self._subjects().index(subject)]
        return len([one for one in before if one in self.sections])

    def _extra(self, subject: Subject) -> list[tuple[QWidget, str]]:
        if self._seen is None or self._faces is None:
            return []
        if subject is Subject.CAMERA:
            self.faces = faces = FaceRuleRow(self._theme, self._app.core.zone)
            faces.show_choice(self._faces)
            faces.button.setVisible(self.may_change)
            faces.wanted.connect(self._open_faces)
            return [(faces, _("Faces: how the school uses face recognition, verify only, walk past, off"))]
        if subject is Subject.PHONES:
            self.certificate = certificate = CertificateRow(self._app.phones, self._theme)
            certificate.show_settings(self._seen.kiosk.web)
            certificate.button.setVisible(self.may_change)
            certificate.wanted.connect(self._open_certificate)
            return [(certificate, _("Certificate for HTTPS, TLS, SSL, key, encryption"))]
        return []

    def _look(self) -> None:
        """Show the subject that is chosen, or what is searched for in all of them."""
        asked = self.search.text().strip()
        if self._seen is None:
            return
        if asked:
            self.subjects.clearSelection()
        else:
            self.subjects.item(self.subjects.currentRow()).setSelected(True)
        found = 0
        for subject in self._subjects():
            if not asked and subject is not self.subject:
                if subject in self.sections:
                    self.sections[subject].hide()
                continue
            if not asked and subject not in self.sections:
                continue  # comes by itself in a moment
            section = self._section(subject)
            count = section.look_for(asked)
            section.setVisible(count > 0)
            found += count
        self.found.setVisible(bool(asked))
        self.found.setText(
            ngettext("{n} found in all settings.", "{n} found in all settings.", found, n=found)
            if found
            else _("Nothing is called that. Try another word, or press Esc to see everything.")
        )
        self._scroll.verticalScrollBar().setValue(0)

    # -- changing --------------------------------------------------------------------------------------------------

    def _on_change(self) -> None:
        if not self.again_button.isVisible():
            self.banner.clear()
        self._count_changes()

    def _count_changes(self) -> None:
        count = len(self.changed_rows())
        self.save_button.setEnabled(count > 0)
        self.discard_button.setEnabled(count > 0)
        self.unsaved.setText(
            ngettext("{n} change is not saved yet.", "{n} changes are not saved yet.", count, n=count)
            if count
            else ""
        )

    def _discard(self) -> None:
        for row in self.changed_rows():
            row.show_stored(row.described.value)
        self._clear_notes()
        self.banner.clear()
        self._count_changes()

    def _clear_notes(self) -> None:
        for row in self.rows.values():
            row.say("")

    def _save(self) -> None:
        seen = self._seen
        if seen is None or not self.save_button.isEnabled():
            return
        values: dict[str, dict[str, Any]] = {}
        for row in self.changed_rows():
            values.setdefault(row.group, {})[row.name] = row.value
        if wrong := self._wrong(seen, values):
            self._go_to(wrong[0])
            self.banner.say(_("One of the values cannot be used."), _("It is marked below."), Tone.REFUSED)
            return
        self._clear_notes()
        self.save_button.setEnabled(False)
        actor, editing = self._actor, self._app.school.editing
        self._tasks.run(
            lambda: editing.save(seen, seen.changed(values), actor=actor),
            then=self._saved,
            failed=self._not_saved,
        )

    def _not_saved(self, error: Any) -> None:
        self._count_changes()
        self.banner.show_error(error)

    def _wrong(self, seen: AllSettings, values: dict[str, dict[str, Any]]) -> list[SettingRow]:
        """The rows that say something that cannot be used, each told so."""
        wrong = []
        for group, stored in seen.groups().items():
            if group not in values:
                continue
            for name, sentence in problems(stored, dict(stored) | values[group]).items():
                row = self.rows.get((group, name))
                if row is not None:
                    row.set_error(sentence)
                    wrong.append(row)
        return wrong

    def _go_to(self, row: SettingRow) -> None:
        if row.isHidden() or not row.isVisible():
            self.show_subject(row.described.subject)
            self._section(row.described.subject).reveal(row)
        row.input.setFocus()
        QTimer.singleShot(0, row, lambda: self._scroll.ensureWidgetVisible(row))

    def _saved(self, saved: SavedSettings) -> None:
        self._seen = saved.now
        clash = {(one.group, one.name) for one in saved.clash}
        for (group, name), row in self.rows.items():
            # Where nothing was saved, everything that was changed here waits for the next try.
            row.show_stored(
                getattr(saved.now.groups()[group], name), keep_mine=bool(saved.clash) and row.is_changed
            )
        self._tell_of_others(saved.others, clash)
        self._count_changes()
        if saved.clash:
            self._go_to(self.rows[saved.clash[0].group, saved.clash[0].name])
            self.banner.say(
                _("Nothing is saved: somebody else changed the same setting meanwhile."),
                _("It is marked below. Save again to put yours in its place, or discard."),
                Tone.LATE,
            )
            return
        self._theme.choose(saved.now.kiosk.look.theme, motion=saved.now.kiosk.look.motion)
        doubts = folder_sentences(saved.opinion)
        told = self._others_sentences(saved.others)
        self.banner.say(
            _("The settings are saved."),
            " ".join([*doubts, *told, _("What concerns a class applies from the next one on.")]),
            Tone.LATE if doubts or told else Tone.PRESENT,
        )
        self._offer_restart(saved.now)

    def _tell_of_others(self, others: Iterable[OthersChange], clash: set[tuple[str, str]]) -> None:
        for one in others:
            row = self.rows.get((one.group, one.name))
            if row is not None:
                by = one.by or _("Somebody")
                was, now = row.described.said(one.was), row.described.said(one.now)
                row.say(
                    _(
                        "{by} changed this from {was} to {now} meanwhile. You want another value.",
                        by=by,
                        was=was,
                        now=now,
                    )
                    if (one.group, one.name) in clash
                    else _("{by} changed this from {was} to {now} meanwhile.", by=by, was=was, now=now)
                )

    def _others_sentences(self, others: Iterable[OthersChange]) -> list[str]:
        rows = [(one, self.rows.get((one.group, one.name))) for one in others]
        return [
            _(
                "Meanwhile {by} changed “{title}” to {now}.",
                by=one.by or _("somebody"),
                title=row.described.title,
                now=row.described.said(one.now),
            )
            for one, row in rows
            if row is not None
        ]

    def _offer_restart(self, stored: AllSettings) -> None:
        waits = self.may_change and self._app.school.editing.waits_for_start(stored)
        self.again_button.setVisible(waits)
        if waits:
            self.banner.say(
                _("Some settings are saved and wait for the next start of the program."),
                _("Time zone and database are read when it starts."),
                Tone.LATE,
            )

    def _start_again(self) -> None:
        actor, editing = self._actor, self._app.school.editing
        self._tasks.run(
            lambda: editing.ask_restart(actor=actor),
            then=lambda _none: None,
            failed=self.banner.show_error,
        )

    # -- what dialogs of their own change --------------------------------------------------------------------------

    def _open_faces(self) -> None:
        if self._faces is None:
            return
        dialog = FaceRuleDialog(
            self._app.school.faces,
            self._theme,
            self._actor,
            self,
            choice=self._faces,
            offered=tuple(FaceRule),
        )
        dialog.chosen.connect(self._take_faces)
        self.faces_dialog = dialog
        dialog.open()

    def _take_faces(self, choice: FaceChoice) -> None:
        self._faces = choice
        if self.faces is not None:
            self.faces.show_choice(choice)

    def _open_certificate(self) -> None:
        dialog = CertificateDialog(self._app.phones, self._app.attendance, self._theme, self._actor, self)
        dialog.changed.connect(self._read_again)
        self.certificate_dialog = dialog
        dialog.open()

    def _read_again(self) -> None:
        """A dialog saved by itself: show what it stored, and leave alone what was changed here."""
        self._tasks.run(self._app.school.editing.read, then=self._take_stored, failed=self.banner.show_error)

    def _take_stored(self, stored: AllSettings) -> None:
        self._seen = stored
        groups = stored.groups()
        for (group, name), row in self.rows.items():
            row.show_stored(getattr(groups[group], name), keep_mine=row.is_changed)
        if self.certificate is not None:
            self.certificate.show_settings(stored.kiosk.web)
        self._count_changes()

    # -- inside ----------------------------------------------------------------------------------------------------

    def _connect(self) -> None:
        self.search.textChanged.connect(lambda _text: self._look())
        self.subjects.currentRowChanged.connect(lambda _row: self._choose_subject())
        self.save_button.clicked.connect(self._save)
        self.discard_button.clicked.connect(self._discard)
        self.again_button.clicked.connect(self._start_again)
        self._opener.closed.connect(lambda _entry: self._read_again() if self.isVisible() else None)
        scope = Qt.ShortcutContext.WidgetWithChildrenShortcut
        for keys, action, words in (
            ("Ctrl+F", self.search.setFocus, _("Search the settings")),
            ("Ctrl+S", self._save, _("Save")),
            ("Esc", self.search.clear, _("Show everything again")),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(scope)
            shortcut.setWhatsThis(words)
            shortcut.activated.connect(action)

    def _choose_subject(self) -> None:
        if self.search.text():
            self.search.clear()  # looks by itself
        else:
            self._look()

    def _lay_out(self) -> None:
        px, space = self._theme.px, self._theme.space
        self.setProperty("surface", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.search.setPlaceholderText(_("Search settings"))
        self.search.setAccessibleName(_("Search settings"))
        self.search.setClearButtonEnabled(True)
        self.search.setToolTip(_("Search settings (Ctrl+F)"))
        self.subjects.setAccessibleName(_("Subjects"))
        self.subjects.setFrameShape(QFrame.Shape.NoFrame)
        side = QWidget()
        side.setFixedWidth(px(SIDE_PX))
        vertical(self.search, (self.subjects, 1), on=side, spacing=space(2))
        inner = QWidget()
        self._form.setMaximumWidth(px(FORM_PX))
        horizontal((self._form, 100), 1, on=inner, edges=(0, 0, space(2), space(3)))
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(inner)
        told = horizontal((self.banner, 1), self.again_button, spacing=space(2))
        bar = horizontal(self.unsaved, 1, self.discard_button, self.save_button, spacing=space(2))
        right = vertical(told, self.found, (self._scroll, 1), bar, spacing=space(2))
        self.again_button.hide()
        self.found.hide()
        body = horizontal(side, (right, 1), spacing=space(4))
        column = vertical(
            PageTitle(_("Settings")),
            on=self,
            edges=(space(6), space(3), space(6), space(3)),
            spacing=space(3),
        )
        column.addLayout(body, 1)
