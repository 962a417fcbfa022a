"""Merging two entries of one person: what would move is shown first, and which one stays is chosen. Main thread."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from kiosk.domain.people.merging import DoneMerge, Merge
from kiosk.domain.trust.rights import Actor
from kiosk.errors import KioskError
from kiosk.gui.theme import TextStyle, Theme, Tone
from kiosk.gui.widgets.buttons import PrimaryButton, SecondaryButton
from kiosk.gui.widgets.parts import ResultTable
from kiosk.gui.widgets.surfaces import Text
from kiosk.gui.widgets.work_dialog import WorkDialog
from kiosk.services.app import PeopleCases
from kiosk.services.core import Core
from kiosk.translation import _, ngettext
from kiosk.wording.attendance import status_words
from kiosk.wording.dates import date_and_time, numeric_day
from kiosk.wording.lists import listed


class MergeDialog(WorkDialog):
    """Shows a merge before it is done; `merged` carries the id of who stays."""

    merged = Signal(int)

    def __init__(
        self,
        core: Core,
        people: PeopleCases,
        theme: Theme,
        actor: Actor,
        pair: tuple[int, int],
        parent: QWidget | None = None,
    ) -> None:
        """`pair`: who stays at first, and who is merged into that one."""
        super().__init__(theme, _("Merge two entries of one person"), parent, width=860)
        self._zone = core.zone
        self._people = people
        self._actor = actor
        self._pair = pair
        self.stays = Text(style=TextStyle.STRONG, wrap=True)
        self.inactive = Text(tone=Tone.LATE, wrap=True)
        self.goes = Text(wrap=True)
        self.both = ResultTable(
            theme,
            (_("Class"), _("Stays now"), _("Of the other"), _("Then")),
            name=_("Classes in which both were marked"),
            height=220,
            wide=0,
        )
        self._both_words = Text(wrap=True)
        for part in (self.stays, self.inactive, self.goes, self._both_words, self.both):
            self.form.addWidget(part)
        words = _("It can be taken back at any time on the page of who stays, also after a restart.")
        self.form.addWidget(Text(words, TextStyle.CAPTION, Tone.MUTED, wrap=True))
        self.swap_button = self.add_button(SecondaryButton(_("Keep the other one")), self._swap)
        self.merge_button = self.add_button(PrimaryButton(_("Merge")), self._merge)
        self._look()

    def _look(self) -> None:
        """Read what would move."""
        self.merge_button.setEnabled(False)
        self.banner.clear()
        kept, gone = self._pair
        self.tasks.run(
            partial(self._people.merging.preview, kept, gone, actor=self._actor),
            then=self._show,
            failed=self._refuse,
        )

    def _show(self, found: Merge) -> None:
        kept, gone = found.kept, found.gone
        self.stays.setText(
            _(
                "{name}, {number}, stays: with this name, number and PIN.",
                name=kept.full_name,
                number=kept.student_no,
            )
        )
        self.inactive.show_if_any(_inactive_words(found))
        self.goes.setText(
            _(
                "From {name}, {number}, come {what}. The entry is in no list any more; its number leads to who stays.",
                name=gone.full_name,
                number=gone.student_no,
                what=listed(_moving(found)) or _("nothing"),
            )
        )
        number = len(found.both_marked)
        self._both_words.show_if_any(
            ngettext(
                "In {n} class both were marked; one record stays:",
                "In {n} classes both were marked; one record each stays:",
                number,
                n=number,
            )
            if number
            else ""
        )
        self.both.setVisible(number > 0)
        self.both.show_rows(
            [
                (
                    Tone.TEXT if one.kept is one.gone else Tone.LATE,
                    (
                        f"{date_and_time(one.started_at, self._zone)} {one.course.code}",
                        *(status_words(status).title for status in (one.kept, one.gone, one.stays)),
                    ),
                )
                for one in found.both_marked
            ]
        )
        self.merge_button.setEnabled(True)
        self.centre()

    def _refuse(self, error: KioskError) -> None:
        self.banner.show_error(error)
        self.both.hide()
        self._both_words.hide()
        self.centre()

    def _swap(self) -> None:
        self._pair = (self._pair[1], self._pair[0])
        self._look()

    def _merge(self) -> None:
        kept, gone = self._pair

        def then(done: DoneMerge) -> None:
            self.accept()
            self.merged.emit(done.kept.student_id)

        self.start(
            partial(self._people.merging.merge, kept, gone, actor=self._actor), words=_("Merging…"), then=then
        )


def _inactive_words(found: Merge) -> str:
    """That who stays is in no list of a class."""
    since = found.kept_inactive_from
    if since is None:
        return ""
    return _(
        "{name} is inactive since {day} and stands in no class, and so does all that comes from the other entry. "
        "Make {name} active again, or keep the other one.",
        name=found.kept.full_name,
        day=numeric_day(since),
    )


def _moving(found: Merge) -> list[str]:
    """What moves, as a list of words."""
    gone = found.gone
    said = [
        (found.records, ngettext("{n} record", "{n} records", found.records, n=found.records)),
        (found.pictures, ngettext("{n} picture", "{n} pictures", found.pictures, n=found.pictures)),
        (
            found.answers,
            ngettext(
                "{n} answer about the face", "{n} answers about the face", found.answers, n=found.answers
            ),
        ),
        (found.phones, ngettext("{n} phone", "{n} phones", found.phones, n=found.phones)),
        (found.messages, ngettext("{n} message", "{n} messages", found.messages, n=found.messages)),
        (len(found.courses), _("the courses {codes}", codes=listed(found.courses))),
        (int(found.takes_pin), _("the PIN")),
        (int(found.takes_email), _("the e-mail address {address}", address=gone.email or "")),
    ]
    return [words for number, words in said if number]
