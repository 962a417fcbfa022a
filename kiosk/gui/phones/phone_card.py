"""The card on Today that says where phones connect and whether one did. Main thread; reading the adapters is a task."""

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QLabel, QWidget

from kiosk.domain.trust.rights import Actor, Right
from kiosk.errors import KioskError
from kiosk.gui.attendance.kiosk_screen.code_picture import CodePicture, PlainCode
from kiosk.gui.icons import pixmap
from kiosk.gui.phones.phone_words import PhoneWords, phone_words
from kiosk.gui.tasks import Tasks
from kiosk.gui.theme import TextStyle, Theme, Tone
from kiosk.gui.widgets.buttons import QuietButton, SecondaryButton
from kiosk.gui.widgets.layouts import horizontal, vertical
from kiosk.gui.widgets.surfaces import Card, Text
from kiosk.services.app import AttendanceCases, PhoneCases
from kiosk.services.core import Core
from kiosk.services.phones.phone_test import PhoneTestState
from kiosk.services.ports.web import AdapterLine
from kiosk.translation import _

CODE_PX: Final = 198
"""Six pixels a module for most addresses: enough at arm's length. The dialog has a larger one."""

ICON_PX: Final = 28


class PhoneCard(Card):
    """One line, and during a test the code; `look` is to be called every second while it can be seen.

    Signals:
        enlarge_wanted: The test in a dialog of its own, where the network can be chosen, too.
    """

    enlarge_wanted = Signal()

    def __init__(
        self,
        core: Core,
        phones: PhoneCases,
        attendance: AttendanceCases,
        theme: Theme,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, parent, padding=2)
        self._core = core
        self._phones = phones
        self._attendance = attendance
        self._theme = theme
        self._tasks = Tasks(self)
        self._adapters: list[AdapterLine] = []
        self._asked_for = ""
        self._may_change = False
        self._words: PhoneWords | None = None
        self._icon = QLabel()
        self.code = PlainCode(theme, CodePicture(phones.qr), side_px=CODE_PX, name=_("Test code to scan"))
        self.title = Text(style=TextStyle.STRONG, wrap=True)
        self.state = Text(wrap=True)
        self.causes = Text(style=TextStyle.CAPTION, tone=Tone.MUTED, wrap=True)
        self.change_button = QuietButton(_("Change address…"))
        self.enlarge_button = QuietButton(_("Larger…"))
        self.end_button = SecondaryButton(_("End test"))
        self.test_button = SecondaryButton(_("Test with a phone"))
        self.change_button.clicked.connect(self.enlarge_wanted)
        self.enlarge_button.clicked.connect(self.enlarge_wanted)
        self.test_button.clicked.connect(self._begin)
        self.end_button.clicked.connect(self._end)
        theme.changed.connect(self._draw_icon)
        self._lay_out()

    def show_for(self, actor: Actor) -> None:
        """Offer what this person may do."""
        self._may_change = actor.may(Right.ADMINISTER)
        self._asked_for = ""
        self.look()

    def look(self) -> None:
        """Say how it stands now."""
        state = self._phones.test.state()
        self._ask_for_adapters(state)
        words = phone_words(
            state,
            self._phones.address.web,
            adapters=self._adapters,
            trouble=self._attendance.running.trouble,
            zone=self._core.zone,
        )
        shows_code = bool(state.url) and words.can_test and state.reached is None
        self.code.show_text(state.url.upper() if shows_code else "")
        for part, visible in (
            (self.code, shows_code),
            (self._icon, not shows_code),
            (self.enlarge_button, shows_code),
            (self.change_button, not shows_code and self._may_change),
            (self.end_button, shows_code),
            (self.test_button, not shows_code and words.can_test),
        ):
            if part.isHidden() is visible:
                part.setVisible(visible)
        if words != self._words:
            self._words = words
            self._say(words)

    def hideEvent(self, event: QHideEvent) -> None:
        self._phones.test.end()
        super().hideEvent(event)

    def _lay_out(self) -> None:
        space = self._theme.space
        texts = vertical(self.title, self.state, self.causes, 1, spacing=space(0.5))
        row = horizontal(
            (self._icon, 0, Qt.AlignmentFlag.AlignTop),
            (self.code, 0, Qt.AlignmentFlag.AlignTop),
            (texts, 1),
            *(self.change_button, self.enlarge_button, self.end_button, self.test_button),
            spacing=space(1.5),
        )
        self.body.addLayout(row)
        self.code.hide()
        self.causes.hide()
        self.enlarge_button.hide()
        self.end_button.hide()

    def _say(self, words: PhoneWords) -> None:
        self.title.setText(words.title)
        self.state.setText(words.state)
        self.state.set_tone(words.tone)
        self.causes.setText("\n".join(words.causes))
        self.causes.setVisible(bool(words.causes))
        self._draw_icon()

    def _draw_icon(self) -> None:
        words = self._words
        if words is not None:
            name = "phone" if words.works else "phone-off"
            tone = words.tone if words.tone in {Tone.PRESENT, Tone.LATE} else Tone.MUTED
            self._icon.setPixmap(pixmap(name, self._theme.colour(tone), self._theme.px(ICON_PX)))

    def _ask_for_adapters(self, state: PhoneTestState) -> None:
        """Once for each address: which adapter has it."""
        if state.base_url in {"", self._asked_for}:
            return
        self._asked_for = state.base_url
        self._tasks.run(self._phones.address.adapters, then=self._know_adapters, failed=_stay_silent)

    def _know_adapters(self, adapters: list[AdapterLine]) -> None:
        self._adapters = adapters
        self.look()

    def _begin(self) -> None:
        self._phones.test.begin()
        self.look()
        self.end_button.setFocus()

    def _end(self) -> None:
        self._phones.test.end()
        self.look()
        self.test_button.setFocus()


def _stay_silent(_error: KioskError) -> None:
    """The address is said without its adapter."""
