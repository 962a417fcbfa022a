"""Other times of a session: what they would change is shown before anything is. Main thread; work runs in tasks."""

from functools import partial

from PySide6.QtWidgets import QCheckBox, QWidget

from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.trust.rights import Actor
from kiosk.gui.attendance.afterwards.moment_fields import MomentFields
from kiosk.gui.theme import Theme, Tone
from kiosk.gui.widgets.buttons import PrimaryButton
from kiosk.gui.widgets.parts import ResultTable
from kiosk.gui.widgets.surfaces import Text
from kiosk.gui.widgets.work_dialog import WorkDialog
from kiosk.services.app import KioskApp
from kiosk.services.attendance.afterwards.session_times import NewTimes
from kiosk.translation import _, ngettext
from kiosk.wording.attendance import status_title, status_words
from kiosk.wording.dates import clock_time


class SessionTimesDialog(WorkDialog):
    """Shows first who would be late or not any more, then changes; `accepted` once the times are changed."""

    def __init__(
        self,
        app: KioskApp,
        theme: Theme,
        actor: Actor,
        session: ClassSession,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, _("Change the times"), parent, width=760)
        self._app = app
        self._actor = actor
        self._session = session
        self._looked: NewTimes | None = None
        self.moment = MomentFields(theme, app.core.zone)
        ended_at = session.ended_at or session.started_at
        self.moment.show_times(session.started_at, ended_at - session.started_at)
        self.words = Text(tone=Tone.MUTED, wrap=True)
        headings = (_("Student"), _("Came at"), _("Now"), _("Then"))
        self.changes = ResultTable(
            theme, headings, name=_("Records that would count otherwise"), height=220, wide=0
        )
        self.follow = QCheckBox(_("Change these records, too"))
        for part in (self.moment, self.words, self.changes, self.follow):
            self.form.addWidget(part)
        self.close_button.setText(_("Cancel"))
        self.look_button = self.add_button(PrimaryButton(_("&Go on")), self._look)
        self.change_button = self.add_button(PrimaryButton(_("&Change the times")), self._change)
        self._show_looked(None)
        self.moment.day.dateChanged.connect(lambda: self._show_looked(None))
        self.moment.begins.timeChanged.connect(lambda: self._show_looked(None))
        self.moment.minutes.valueChanged.connect(lambda: self._show_looked(None))

    def _look(self) -> None:
        """What would change; where nothing would, it is changed at once."""
        look = partial(
            self._app.attendance.afterwards.times.look,
            self._session.session_id,
            self.moment.started_at,
            self.moment.ended_at,
            actor=self._actor,
        )

        def then(new: NewTimes) -> None:
            self._show_looked(new)
            if not new.changes:
                self._change()

        self.start(look, words=_("Looking what would change…"), then=then)

    def _show_looked(self, new: NewTimes | None) -> None:
        self._looked = new
        has_changes = new is not None and bool(new.changes)
        self.look_button.setVisible(not has_changes)
        self.change_button.setVisible(has_changes)
        self.look_button.setDefault(not has_changes)
        self.change_button.setDefault(has_changes)
        self.changes.setVisible(has_changes)
        self.follow.setVisible(has_changes)
        self.words.setVisible(has_changes)
        if new is not None and has_changes:
            number = len(new.changes)
            self.words.setText(
                ngettext(
                    "By the new times {n} student who showed up would count otherwise. "
                    "Unless you say so, the record stays as it is.",
                    "By the new times {n} students who showed up would count otherwise. "
                    "Unless you say so, their records stay as they are.",
                    number,
                    n=number,
                )
            )
            zone = self._app.core.zone
            self.changes.show_rows(
                [
                    (
                        Tone.TEXT,
                        (
                            one.student.full_name,
                            clock_time(one.record.marked_at, zone),
                            status_title(one.record.shown),
                            status_words(one.status).title,
                        ),
                    )
                    for one in new.changes
                ]
            )
        self.centre()

    def _change(self) -> None:
        new = self._looked
        if new is None:
            return
        change = partial(
            self._app.attendance.afterwards.times.change,
            new,
            with_records=self.follow.isChecked(),
            actor=self._actor,
        )
        self.start(change, words=_("Saving…"), then=lambda _session: self.accept())
