"""The sections of the settings under each other, of which one is seen, or what is searched for in all. Main thread.

Sections that are not seen yet are made bit by bit while nothing else is to be done.
"""

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QWidget

from kiosk.domain.trust.rights import NOBODY, Actor, Right
from kiosk.gui.dialog_catalogue import CATALOGUE, Entry
from kiosk.gui.school.own_dialogs import OwnDialogs
from kiosk.gui.school.setting_row import SettingRow
from kiosk.gui.school.setting_rows import SettingRows
from kiosk.gui.school.settings_section import SettingsSection
from kiosk.gui.theme import Theme
from kiosk.gui.widgets.layouts import vertical
from kiosk.services.school.settings_editing import AllSettings
from kiosk.settings import Subject


class SettingsForm(QWidget):
    """Holds the sections; what stands in their rows is the business of `rows`.

    Attributes:
        entry_wanted: Somebody wants what has a dialog: its `Entry`.
        looked: Other sections are seen now; how much was found.
    """

    entry_wanted = Signal(object)
    looked = Signal(int)

    def __init__(self, theme: Theme, own: OwnDialogs) -> None:
        super().__init__()
        self._theme = theme
        self._own = own
        self._actor: Actor = NOBODY
        self._front = Subject.SCHOOL
        self._asked = ""
        self.rows = SettingRows(theme, self)
        self.sections: dict[Subject, SettingsSection] = {}
        self._column = vertical(on=self, spacing=theme.space(4))
        self._column.addStretch(1)
        self._later = QTimer(self, interval=0)
        self._later.timeout.connect(self._make_next)

    @property
    def is_complete(self) -> bool:
        """Whether all sections are made."""
        return bool(self.sections) and len(self.sections) == len(self._subjects())

    def fill(self, stored: AllSettings, actor: Actor, *, front: Subject) -> None:
        """Begin anew for somebody, with the subject that is looked at."""
        self._actor = actor
        self._front = front
        for section in self.sections.values():
            section.deleteLater()
        self.sections.clear()
        self.rows.begin(stored, may_change=actor.may(Right.ADMINISTER))
        self._later.start()

    def look_for(self, asked: str, *, front: Subject) -> None:
        """Show a subject, or what is searched for in all of them."""
        self._asked, self._front = asked, front
        if self.rows.stored is None:
            return
        found = 0
        for subject in self._subjects():
            if not asked and subject is not front:
                if subject in self.sections:
                    self.sections[subject].hide()
                continue
            if not asked and subject not in self.sections:
                continue  # comes by itself in a moment
            section = self._section(subject)
            count = section.look_for(asked)
            section.setVisible(count > 0)
            found += count
        self.looked.emit(found)

    def reveal(self, row: SettingRow) -> None:
        """Make sure that a row of the subject in front can be seen."""
        self._section(row.described.subject).reveal(row)

    def _subjects(self) -> list[Subject]:
        return subjects_for(self._actor)

    def _make_next(self) -> None:
        """A few rows of a section that is not made yet, the one in front first, while the window has nothing else to do."""
        missing = [one for one in self._subjects() if one not in self.sections]
        if not missing or self.rows.stored is None:
            if not any(section.lay_out_advanced() for section in self.sections.values()):
                self._later.stop()
            return
        subject = self._front if self._front in missing else missing[0]
        if not self.rows.make_some(subject):
            self._section(subject)
            if subject is self._front:
                self.look_for(self._asked, front=self._front)

    def _section(self, subject: Subject) -> SettingsSection:
        known = self.sections.get(subject)
        if known is not None:
            return known
        stored = self.rows.stored
        extra = self._own.rows(subject, stored.kiosk.web) if stored is not None else []
        # Made where it will stand: moving a section there would measure all of it by the style sheet once more.
        made = SettingsSection(
            subject, self._theme, self.rows.of(subject), entries_for(self._actor, subject), extra, self
        )
        made.hide()
        made.entry_wanted.connect(self.entry_wanted)
        self.sections[subject] = made
        self._column.insertWidget(self._place_of(subject), made)
        return made

    def _place_of(self, subject: Subject) -> int:
        subjects = self._subjects()
        before = subjects[: subjects.index(subject)]
        return len([one for one in before if one in self.sections])


def subjects_for(actor: Actor) -> list[Subject]:
    """The subjects about which somebody is offered anything, in their order."""
    return [one for one in Subject if one is not Subject.LISTS or entries_for(actor, one)]


def entries_for(actor: Actor, subject: Subject) -> list[Entry]:
    """The dialogs about a subject that somebody may open."""
    return [one for one in CATALOGUE if one.subject is subject and one.is_for(actor)]
