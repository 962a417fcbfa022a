"""*Test with a phone*: a code that needs no class, a card that turns green, and what usually keeps phones away.

Main thread; reading the adapters and saving a choice run in tasks.
"""

from typing import Final
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from kiosk.domain.trust.rights import Actor, Right
from kiosk.errors import KioskError
from kiosk.gui.attendance.kiosk_screen.code_picture import CodePicture, PlainCode
from kiosk.gui.phones.phone_words import MEANWHILE
from kiosk.gui.theme import TextStyle, Theme, Tone
from kiosk.gui.widgets.banner import Banner
from kiosk.gui.widgets.fields import Field
from kiosk.gui.widgets.layouts import horizontal
from kiosk.gui.widgets.surfaces import Text
from kiosk.gui.widgets.work_dialog import WorkDialog
from kiosk.services.app import AttendanceCases, PhoneCases
from kiosk.services.core import Core
from kiosk.services.phones.phone_test import Contact, PhoneTestState, usual_causes
from kiosk.services.ports.web import AdapterLine
from kiosk.translation import _
from kiosk.wording.dates import clock_time

TICK_MS: Final = 500
CODE_PX: Final = 300


class PhoneTestDialog(WorkDialog):
    """Shows how the test stands, twice a second; an admin may change the network."""

    def __init__(
        self,
        core: Core,
        phones: PhoneCases,
        attendance: AttendanceCases,
        theme: Theme,
        actor: Actor,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, _("Test with a phone"), parent, width=960)
        self._core = core
        self._phones = phones
        self._attendance = attendance
        self._actor = actor
        self._causes: tuple[str, ...] = ()
        self.code = PlainCode(theme, CodePicture(phones.qr), side_px=CODE_PX, name=_("Test code to scan"))
        self.address = Text(style=TextStyle.STRONG)
        self.card = Banner(theme)
        self.causes = Text(wrap=True)
        self.network = QComboBox()
        self._lay_out()
        phones.test.begin()
        self._timer = QTimer(self, interval=TICK_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()
        self.finished.connect(self._over)
        self.network.activated.connect(self._choose)
        self.tasks.run(phones.address.adapters, then=self._fill, failed=self.banner.show_error)
        self.look()

    def look(self) -> None:
        """Draw how the test stands."""
        state = self._phones.test.state()
        url = state.url if state.is_in_network else ""
        self.code.show_text(url.upper())
        self.address.setText(url)
        sentence, hint, tone = _words(state, self._core.zone, self._attendance.running.trouble)
        if self.card.text != f"{sentence} {hint}".strip():
            self.card.say(sentence, hint, tone)
        causes = usual_causes(self._phones.address.web) if state.needs_help else ()
        lines = tuple(f"•  {cause.what} {cause.remedy}" for cause in causes)
        if lines != self._causes:
            self._causes = lines
            self.causes.setText("\n".join(lines))
            self.causes.setVisible(bool(lines))
            QTimer.singleShot(0, self, self.centre)

    def _lay_out(self) -> None:
        row = horizontal((self.code, 0, Qt.AlignmentFlag.AlignTop), spacing=self.theme.space(4))
        column = QVBoxLayout()
        column.setSpacing(self.theme.space(2))
        words = _("Scan this with a phone in the school’s Wi-Fi. No class is needed, and nothing is marked.")
        column.addWidget(Text(words, tone=Tone.MUTED, wrap=True))
        column.addWidget(self.address)
        column.addWidget(self.card)
        column.addStretch(1)
        row.addLayout(column, 1)
        self.form.addLayout(row)
        self.causes.hide()
        self.form.addWidget(self.causes)
        may_choose = self._actor.may(Right.ADMINISTER)
        self.network.setEnabled(may_choose)
        help_text = "" if may_choose else _("An admin can choose another one.")
        self.form.addWidget(
            Field(self.theme, _("Network that phones come from"), self.network, help_text=help_text)
        )

    def _fill(self, adapters: list[AdapterLine]) -> None:
        web = self._phones.address.web
        self.network.clear()
        best = next((line for line in adapters if line.is_recommended), None)
        automatic = (
            _("The recommended one: {name} {address}", name=best.name, address=best.address)
            if best
            else _("The recommended one")
        )
        self.network.addItem(automatic, "")
        for line in adapters:
            words = f"{line.name} {line.address}"
            self.network.addItem(
                words if line.is_usable else _("{words} (phones hardly reach it)", words=words), line.name
            )
        if web.address:
            self.network.addItem(_("As set under Phones: {address}", address=web.address), None)
            self.network.setCurrentIndex(self.network.count() - 1)
        elif web.adapter:
            if (place := self.network.findData(web.adapter)) < 0:
                self.network.addItem(_("{adapter} (not connected now)", adapter=web.adapter), web.adapter)
                place = self.network.count() - 1
            self.network.setCurrentIndex(place)

    def _choose(self, place: int) -> None:
        adapter = self.network.itemData(place)
        if adapter is None:
            return

        def work() -> list[AdapterLine]:
            self._phones.address.choose(adapter, actor=self._actor)
            return self._phones.address.adapters()

        self.start(work, words=_("Changing the address…"), then=self._chosen, failed=self._not_chosen)

    def _chosen(self, adapters: list[AdapterLine]) -> None:
        self._fill(adapters)
        self.banner.say(
            _("Phones are sent there from now on."), _("The code changes within five seconds."), Tone.PRESENT
        )

    def _not_chosen(self, error: KioskError) -> None:
        self.banner.show_error(error)
        self.tasks.run(self._phones.address.adapters, then=self._fill, failed=self.banner.show_error)

    def _over(self) -> None:
        self._timer.stop()
        self._phones.test.end()


def _words(state: PhoneTestState, zone: ZoneInfo, trouble: str) -> tuple[str, str, Tone]:
    contact: Contact | None = state.contact
    if contact is not None and not contact.is_this_pc:
        sentence = _("It works. A phone reached the kiosk at {at}.", at=clock_time(contact.at, zone))
        return sentence, _("It came from {address}.", address=contact.address), Tone.PRESENT
    if not state.url:
        return (
            _("Phones cannot connect now."),
            trouble or _("kiosk doctor and the log say why."),
            Tone.REFUSED,
        )
    if not state.is_in_network:
        hint = _("Connect a cable or Wi-Fi; the code comes within five seconds.")
        return _("This PC is in no network."), f"{hint} {_(MEANWHILE)}", Tone.LATE
    if contact is not None:
        hint = _("That says nothing about the network: please scan the code with a phone.")
        return _("This PC’s own browser reached the kiosk."), hint, Tone.ACCENT
    if state.needs_help:
        hint = _("This is what usually keeps it away.")
        return _("No phone has reached the kiosk yet."), f"{hint} {_(MEANWHILE)}", Tone.LATE
    return _("Waiting for a phone…"), "", Tone.ACCENT
