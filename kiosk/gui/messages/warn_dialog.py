"""Warnings by e-mail: the text to change, each recipient to tick, what one of them reads; nothing is sent before *Send*. Main thread."""

from collections.abc import Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QPlainTextEdit, QWidget

from kiosk.domain.messages.warnings import PLACES, Addressee, LeftOut, WarningText
from kiosk.domain.reports.kinds import ReportQuestion
from kiosk.domain.trust.rights import Actor
from kiosk.errors import ConflictError
from kiosk.gui.theme import TextStyle, Theme, Tone
from kiosk.gui.widgets.buttons import PrimaryButton
from kiosk.gui.widgets.fields import Field, LineField
from kiosk.gui.widgets.layouts import horizontal, vertical
from kiosk.gui.widgets.surfaces import Text
from kiosk.gui.widgets.work_dialog import WorkDialog
from kiosk.services.app import MessageCases
from kiosk.services.core import Core
from kiosk.services.messages.delivery import SendingReport
from kiosk.services.messages.messages import PreparedWarnings, check_text
from kiosk.translation import _, ngettext
from kiosk.wording.dates import date_and_time

TEXT_HEIGHT: Final = 210
SHOWN_LEFT_OUT: Final = 6


class WarnDialog(WorkDialog):
    """Asks who is below the limit, and sends what somebody has read."""

    def __init__(
        self,
        core: Core,
        messages: MessageCases,
        question: ReportQuestion,
        theme: Theme,
        actor: Actor,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, _("Write to students below the limit"), parent, width=1080)
        self._zone = core.zone
        self._warnings = messages.warnings
        self._actor = actor
        self.prepared: PreparedWarnings | None = None
        self.report: SendingReport | None = None
        self.subject = LineField(theme, _("Subject"))
        self.text = QPlainTextEdit()
        self.people = QListWidget()
        self.left_out = Text(style=TextStyle.CAPTION, tone=Tone.MUTED, wrap=True)
        self.preview = QPlainTextEdit()
        self.send_button = PrimaryButton(_("Send"))
        self._lay_out()
        self._connect()
        self.send_button.setEnabled(False)
        self.start(
            partial(self._warnings.prepare, question, actor=actor),
            words=_("Looking who is below the limit…"),
            then=self._fill,
        )

    @property
    def chosen(self) -> list[Addressee]:
        """Who is ticked."""
        if self.prepared is None:
            return []
        return [
            one
            for place, one in enumerate(self.prepared.addressees)
            if self.people.item(place).checkState() is Qt.CheckState.Checked
        ]

    @property
    def written(self) -> WarningText:
        """The text as it stands there now."""
        return WarningText(self.subject.text, self.text.toPlainText())

    # -- laying out -------------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        theme = self.theme
        self.text.setFixedHeight(theme.px(2 * TEXT_HEIGHT))
        self.preview.setFixedHeight(theme.px(TEXT_HEIGHT))
        for edit in (self.text, self.preview):
            edit.setTabChangesFocus(True)
        self.people.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.people.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.preview.setReadOnly(True)
        self.people.setMinimumHeight(theme.px(TEXT_HEIGHT))
        places = ", ".join(f"{{{place}}}" for place in PLACES)
        words = _("Filled in for each: {places}", places=places)
        text = Field(theme, _("Text"), self.text, help_text=words)
        left = vertical(self.subject, text, 1, spacing=theme.space(2))
        right = vertical(
            Field(theme, _("Recipients"), self.people),
            Field(theme, _("What the selected one reads"), self.preview),
            spacing=theme.space(2),
        )
        self.form.addLayout(horizontal((left, 1), (right, 1), spacing=theme.space(3)))
        self.form.addWidget(self.left_out)

    def _connect(self) -> None:
        self.add_button(self.send_button, self._send)
        self.send_button.setAutoDefault(False)
        self.close_button.setDefault(True)
        self.people.itemChanged.connect(self._count)
        self.people.currentRowChanged.connect(self._show_preview)
        self.text.textChanged.connect(self._show_preview)
        self.subject.edit.textChanged.connect(self._show_preview)

    def _fill(self, prepared: PreparedWarnings) -> None:
        self.prepared = prepared
        self.subject.edit.setText(prepared.text.subject)
        self.text.setPlainText(prepared.text.text)
        self.text.document().setModified(False)
        for one in prepared.addressees:
            words = (
                f"{one.student.full_name} · {_(one.recipient.value)}\n{one.address} · {one.values['course']}"
            )
            if one.doubtful_since is not None:
                when = date_and_time(one.doubtful_since, self._zone)
                words += "\n" + _("may have been sent on {when}; tick to send it again", when=when)
            item = QListWidgetItem(words)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            is_new = one.doubtful_since is None
            item.setCheckState(Qt.CheckState.Checked if is_new else Qt.CheckState.Unchecked)
            self.people.addItem(item)
        self.people.setCurrentRow(0)
        self._show_preview()
        self.left_out.show_if_any(_left_out_words(prepared))
        self.settle()
        self._count()

    def _count(self) -> None:
        number = len(self.chosen)
        self.send_button.setText(ngettext("Send {n} message", "Send {n} messages", number, n=number))
        self.send_button.setEnabled(number > 0 and not self.busy and self.report is None)

    def _show_preview(self) -> None:
        place = self.people.currentRow()
        if self.prepared is None or not 0 <= place < len(self.prepared.addressees):
            self.preview.setPlainText(_("Nobody is selected."))
            return
        try:
            check_text(self.written)
        except ConflictError as error:
            self.preview.setPlainText(str(error))
            return
        message = self.prepared.addressees[place].message(self.written)
        self.preview.setPlainText(f"{message.subject}\n\n{message.text}")

    # -- sending ----------------------------------------------------------------------------------------------------

    def _send(self) -> None:
        chosen, text = self.chosen, self.written
        self.start(
            lambda: self._warnings.send(text, chosen, actor=self._actor, progress=self.progress),
            words=_("Sending…"),
            then=self._sent,
        )

    def _sent(self, report: SendingReport) -> None:
        self.report = report
        self.send_button.setEnabled(False)
        said = ngettext("{n} message was sent.", "{n} messages were sent.", report.sent, n=report.sent)
        hints = [f"{address}: {why}" for address, why in report.refused[:3]]
        if report.unknown:
            hints.append(_("May have been sent: {addresses}.", addresses=", ".join(report.unknown)))
        if report.passed_over:
            hints.append(_("No message went to: {people}.", people=_named(report.passed_over)))
        if report.stopped_by is not None:
            hints += [str(report.stopped_by), _("{n} were not sent.", n=report.left)]
        well = not (report.refused or report.passed_over) and report.stopped_by is None
        self.banner.say(said, " ".join(hints), Tone.PRESENT if well else Tone.LATE)
        self.close_button.setFocus()


def _left_out_words(prepared: PreparedWarnings) -> str:
    """Who gets nothing, and why."""
    if not prepared.left_out:
        return "" if prepared.addressees else _("Nobody is below the limit.")
    return _("No message goes to: {people}.", people=_named(prepared.left_out))


def _named(people: Sequence[LeftOut]) -> str:
    """Some of them by name with the reason, and how many more."""
    shown = [f"{one.student.full_name} ({one.why})" for one in people[:SHOWN_LEFT_OUT]]
    more = len(people) - len(shown)
    if more > 0:
        shown.append(ngettext("{n} more", "{n} more", more, n=more))
    return ", ".join(shown)
