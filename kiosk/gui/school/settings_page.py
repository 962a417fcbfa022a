"""The settings as a page: subjects at the side, a search over all, and what was changed is saved together. Main thread.

Made from the settings classes, so that a new setting appears by itself. Admins change, teachers look. Reading and saving
run in tasks.
"""

from typing import Any, Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QScrollArea, QWidget

from kiosk.domain.school.face_rule import FaceChoice
from kiosk.domain.trust.rights import NOBODY, Actor, Right
from kiosk.gui.dialog_opener import DialogOpener
from kiosk.gui.school.own_dialogs import OwnDialogs
from kiosk.gui.school.setting_row import SettingRow
from kiosk.gui.school.settings_form import SettingsForm, subjects_for
from kiosk.gui.school.subjects_side import SubjectsSide
from kiosk.gui.tasks import Tasks
from kiosk.gui.theme import Theme, Tone
from kiosk.gui.widgets.banner import Banner
from kiosk.gui.widgets.buttons import PrimaryButton, SecondaryButton
from kiosk.gui.widgets.layouts import horizontal, vertical
from kiosk.gui.widgets.surfaces import PageTitle, Text, tool_tip
from kiosk.services.app import KioskApp
from kiosk.services.school.settings_editing import AllSettings, SavedSettings
from kiosk.settings import Subject
from kiosk.translation import _, ngettext
from kiosk.wording.backups import folder_sentences

FORM_PX: Final = 1360


class SettingsPage(QWidget):
    """A place of the desk: reads, shows, saves, and says what came of it.

    Attributes:
        rows: The settings whose rows are made, by group and name.
        sections: The subjects whose sections are made.
    """

    def __init__(
        self, app: KioskApp, theme: Theme, opener: DialogOpener, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._app = app
        self._theme = theme
        self._opener = opener
        self._tasks = Tasks(self)
        self._actor = NOBODY
        self.own = OwnDialogs(app, theme, self)
        self.form = SettingsForm(theme, self.own)
        self.rows = self.form.rows.by_name
        self.sections = self.form.sections
        self.side = SubjectsSide(theme)
        self.search, self.subjects = self.side.search, self.side.subjects
        self.banner = Banner(theme)
        self.again_button = SecondaryButton(_("Start the program again now"))
        self.found = Text(tone=Tone.MUTED)
        self.save_button = PrimaryButton(_("Save"))
        self.discard_button = SecondaryButton(_("Discard"))
        self.unsaved = Text(tone=Tone.MUTED)
        self._lay_out()
        self._connect()

    # -- coming to the front ---------------------------------------------------------------------------------------

    def show_for(self, actor: Actor) -> None:
        """Read what is stored; what the same person has not saved yet stays as it is."""
        if actor == self._actor and self.changed_rows():
            return
        self._actor = self.own.actor = actor
        self.banner.clear()
        self.lock(True)
        editing, faces = self._app.school.editing, self._app.school.faces
        self._tasks.run(
            lambda: (editing.read(), faces.choice()),
            then=lambda found: self._fill(*found),
            failed=self._not_read,
        )

    def holds_work(self) -> bool:
        """Whether something was changed and not saved."""
        return bool(self.changed_rows())

    def changed_rows(self) -> list[SettingRow]:
        """The settings that say something else than what is stored."""
        return self.form.rows.changed_rows()

    @property
    def is_complete(self) -> bool:
        """Whether all sections are made."""
        return self.form.is_complete

    @property
    def may_change(self) -> bool:
        """Whether who looks may change anything."""
        return self._actor.may(Right.ADMINISTER)

    def show_subject(self, subject: Subject) -> None:
        """Bring one to the front, and forget what was searched for."""
        self.side.show_subject(subject)

    def _fill(self, stored: AllSettings, faces: FaceChoice) -> None:
        self.own.choice = faces
        self.own.forget_rows()
        self.side.offer(subjects_for(self._actor))
        self.form.fill(stored, self._actor, front=self.side.subject)
        self.save_button.setVisible(self.may_change)
        self.discard_button.setVisible(self.may_change)
        if not self.may_change:
            self.banner.say(_("Only admins can change settings."), _("Here you can look at them."))
        self.lock(False)
        self._count_changes()
        self._offer_restart(stored)

    def _not_read(self, error: Any) -> None:
        """What is stored is not known, so nothing can be changed; coming back reads again."""
        self.unsaved.setText("")
        self.banner.show_error(error)

    def lock(self, locked: bool) -> None:
        """Let nothing be changed until it is known what is stored: whatever is typed before that would be lost."""
        self.form.setEnabled(not locked)
        if locked:
            self.save_button.setEnabled(False)
            self.discard_button.setEnabled(False)
            self.unsaved.setText(_("Reading the settings…"))

    def _look(self) -> None:
        """Show the subject that is chosen, or what is searched for in all of them."""
        self.form.look_for(self.side.asked, front=self.side.subject)

    def _say_found(self, found: int) -> None:
        self.found.setVisible(bool(self.side.asked))
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
        if not self.form.isEnabled():
            return
        count = len(self.changed_rows())
        self.save_button.setEnabled(count > 0)
        self.discard_button.setEnabled(count > 0)
        self.unsaved.setText(
            ngettext("{n} change is not saved yet.", "{n} changes are not saved yet.", count, n=count)
            if count
            else ""
        )

    def _discard(self) -> None:
        self.form.rows.discard()
        self.banner.clear()
        self._count_changes()

    def _save(self) -> None:
        rows, seen = self.form.rows, self.form.rows.stored
        if seen is None or not self.save_button.isEnabled():
            return
        if wrong := rows.mark_wrong():
            self._go_to(wrong[0])
            self.banner.say(_("One of the values cannot be used."), _("It is marked below."), Tone.REFUSED)
            return
        values = rows.entered()
        rows.clear_notes()
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

    def _go_to(self, row: SettingRow) -> None:
        if row.isHidden() or not row.isVisible():
            self.show_subject(row.described.subject)
            self.form.reveal(row)
        row.input.setFocus()
        QTimer.singleShot(0, row, lambda: self._scroll.ensureWidgetVisible(row))

    def _saved(self, saved: SavedSettings) -> None:
        rows = self.form.rows
        # Where nothing was saved, everything that was changed here waits for the next try.
        rows.show_stored(saved.now, keep_mine=bool(saved.clash))
        rows.tell_of_others(saved.others, saved.clash)
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
        told = rows.others_sentences(saved.others)
        self.banner.say(
            _("The settings are saved."),
            " ".join([*doubts, *told, _("What concerns a class applies from the next one on.")]),
            Tone.LATE if doubts or told else Tone.PRESENT,
        )
        self._offer_restart(saved.now)

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

    def _read_again(self) -> None:
        """A dialog saved by itself: show what it stored, and leave alone what was changed here."""
        self._tasks.run(self._app.school.editing.read, then=self._take_stored, failed=self.banner.show_error)

    def _take_stored(self, stored: AllSettings) -> None:
        self.form.rows.show_stored(stored, keep_mine=True)
        self.own.show_stored(stored.kiosk.web)
        self._count_changes()

    # -- inside ----------------------------------------------------------------------------------------------------

    def _connect(self) -> None:
        self.side.turned.connect(self._look)
        self.save_button.clicked.connect(self._save)
        self.discard_button.clicked.connect(self._discard)
        self.again_button.clicked.connect(self._start_again)
        self.form.rows.changed.connect(self._on_change)
        self.form.looked.connect(self._say_found)
        self.form.entry_wanted.connect(self._opener.open)
        self.own.changed.connect(self._read_again)
        self._opener.closed.connect(lambda _entry: self._read_again() if self.isVisible() else None)
        scope = Qt.ShortcutContext.WidgetWithChildrenShortcut
        for keys, action, words in (
            ("Ctrl+F", self.search.setFocus, _("Search the settings")),
            ("Ctrl+S", self._save, _("Save")),
            ("Esc", self.search.clear, _("Show everything again")),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(scope)
            shortcut.setWhatsThis(tool_tip(words))
            shortcut.activated.connect(action)

    def _lay_out(self) -> None:
        px, space = self._theme.px, self._theme.space
        self.setProperty("surface", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        inner = QWidget()
        self.form.setMaximumWidth(px(FORM_PX))
        horizontal((self.form, 100), 1, on=inner, edges=(0, 0, space(2), space(3)))
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(inner)
        told = horizontal((self.banner, 1), self.again_button, spacing=space(2))
        bar = horizontal(self.unsaved, 1, self.discard_button, self.save_button, spacing=space(2))
        right = vertical(told, self.found, (self._scroll, 1), bar, spacing=space(2))
        self.again_button.hide()
        self.found.hide()
        body = horizontal(self.side, (right, 1), spacing=space(4))
        column = vertical(
            PageTitle(_("Settings")),
            on=self,
            edges=(space(6), space(3), space(6), space(3)),
            spacing=space(3),
        )
        column.addLayout(body, 1)
