"""The audit log: who did what and when, as a list; and whether it is whole. Main thread; reading runs in tasks."""

import threading
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QSignalBlocker
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QComboBox, QWidget

from kiosk.domain.trust.audit import AuditGroup, AuditQuestion
from kiosk.domain.trust.rights import Actor
from kiosk.errors import KioskError
from kiosk.gui.remembered import Remembered
from kiosk.gui.tasks import Tasks
from kiosk.gui.theme import Theme, Tone
from kiosk.gui.trust.audit_rows import AuditRows, audit_columns
from kiosk.gui.widgets.banner import Banner
from kiosk.gui.widgets.buttons import SecondaryButton
from kiosk.gui.widgets.days_box import DaysBox
from kiosk.gui.widgets.dialogs import Dialog
from kiosk.gui.widgets.flow import Flow
from kiosk.gui.widgets.lists.panel import ListPanel
from kiosk.gui.widgets.work_dialog import ProgressRow
from kiosk.services.app import TrustCases
from kiosk.services.core import Core
from kiosk.services.ports.progress import Progress
from kiosk.services.reports.saved_lists import SavedLists
from kiosk.services.trust.audit import CheckedLog
from kiosk.translation import _, ngettext
from kiosk.wording.audit import GROUPS, actor_words


class _Watch(Progress):
    """Carries how far a check is to the bar, and the wish to stop to the check."""

    def __init__(self, row: ProgressRow) -> None:
        self._row = row
        self._stopped = threading.Event()

    def report(self, done: int, total: int) -> None:
        self._row.report(done, total)

    def is_cancelled(self) -> bool:
        return self._stopped.is_set()

    def stop(self) -> None:
        self._stopped.set()


class AuditDialog(Dialog):
    """The log as a list, narrowed by what, who and when."""

    def __init__(
        self,
        core: Core,
        trust: TrustCases,
        lists: SavedLists,
        remembered: Remembered,
        theme: Theme,
        actor: Actor,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, _("Log of what was done"), parent, width=1640)
        self._trust = trust
        self._lists = lists
        self._actor = actor
        self._tasks = Tasks(self)
        self._watch: _Watch | None = None
        self.source = AuditRows(trust.log, core.zone, actor)
        self.banner = Banner(theme)
        self.progress = ProgressRow(theme)
        self.group, self.by = QComboBox(), QComboBox()
        self.days = DaysBox(theme, core.today())
        self.list = ListPanel(
            theme,
            audit_columns(),
            self.source,
            name=_("Log"),
            key="log",
            remembered=remembered,
            save=self._save,
        )
        self.list.say_when_empty(_("No entry is like that."))
        self.list.setMinimumHeight(theme.px(560))
        self.check_button = self.add_button(SecondaryButton(_("Check that nothing was changed")), self._check)
        self.stop_button = self.add_button(SecondaryButton(_("Stop")), self._stop)
        self.stop_button.hide()
        self.add_button(SecondaryButton(_("Close")), self.reject)
        self._fill()
        self._lay_out()

    def _lay_out(self) -> None:
        bar = Flow(self.theme)
        for box, name in ((self.group, _("What it is about")), (self.by, _("Who did it"))):
            box.setAccessibleName(name)
            box.setMinimumWidth(self.theme.px(300))
            box.currentIndexChanged.connect(self._read_anew)
            bar.add(box)
        bar.add(self.days)
        self.days.changed.connect(self._read_anew)
        for part in (self.banner, self.progress, bar, self.list):
            self.body.addWidget(part)
        self._read_anew()
        self.list.search.setFocus()

    def _fill(self) -> None:
        self.group.addItem(_("About anything"), None)
        for group in AuditGroup:
            self.group.addItem(_(GROUPS[group]), group.value)
        self.by.addItem(_("Done by anybody"), None)
        work = partial(self._trust.log.actors, actor=self._actor)
        self._tasks.run(work, then=self._offer, failed=self.banner.show_error)

    def _offer(self, actors: Sequence[str]) -> None:
        with QSignalBlocker(self.by):
            for actor in actors:
                self.by.addItem(actor_words(actor), actor)

    def _read_anew(self) -> None:
        group = self.group.currentData()
        first, last = self.days.range
        self.source.narrowed = AuditQuestion(
            group=AuditGroup(group) if group else None, by=self.by.currentData(), first=first, last=last
        )
        self.list.reload()

    def _check(self) -> None:
        watch = self._watch = _Watch(self.progress)
        self.banner.clear()
        self.check_button.setEnabled(False)
        self.stop_button.show()
        self.progress.begin(_("Checking the log, entry by entry, then the records of each class…"))
        work = partial(self._trust.audit.check, watch, actor=self._actor)
        self._tasks.run(work, then=self._tell, failed=self._not_checked)

    def _stop(self) -> None:
        if self._watch is not None:
            self._watch.stop()

    def _tell(self, found: CheckedLog) -> None:
        self._at_rest()
        self.banner.say(*_result(found), tone=Tone.PRESENT if found.is_whole else Tone.REFUSED)

    def _not_checked(self, error: KioskError) -> None:
        self._at_rest()
        self.banner.show_error(error)

    def _at_rest(self) -> None:
        self.progress.hide()
        self.stop_button.hide()
        self.check_button.setEnabled(True)

    def hideEvent(self, event: QHideEvent) -> None:
        self._stop()  # nobody waits for the answer any more
        super().hideEvent(event)

    def _save(self, path: Path, *, title: str, headings: Sequence[str], rows: Iterator[Sequence[str]]) -> int:
        return self._lists.save(path, title=title, headings=headings, rows=rows, actor=self._actor)


def _result(found: CheckedLog) -> tuple[str, str]:
    """What was found, and what to do or know."""
    if found.first_broken is not None:
        return (
            _(
                "The log was changed outside the program, at entry {n} or just before it.",
                n=found.first_broken,
            ),
            _("Compare it with a backup, and ask who had access to the database."),
        )
    if found.records.changed:
        number = len(found.records.changed)
        return (
            ngettext(
                "The records of {n} class were changed or deleted outside the program.",
                "The records of {n} classes were changed or deleted outside the program.",
                number,
                n=number,
            ),
            _("They are the classes {numbers}.", numbers=", ".join(map(str, found.records.changed[:20]))),
        )
    uncovered = found.records.uncovered
    hint = ngettext(
        "{n} class is older than this proof and was not compared.",
        "{n} classes are older than this proof and were not compared.",
        uncovered,
        n=uncovered,
    )
    sentence = _(
        "Nothing was changed or removed: the log is whole, and so are the records of the classes in it."
    )
    return sentence, hint if uncovered else ""
