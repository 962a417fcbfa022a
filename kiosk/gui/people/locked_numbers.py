"""The card on *Today*, beside *Start*, that says whom wrong PINs keep from signing in on a new phone. Main thread; work runs in tasks."""

from typing import Final

from PySide6.QtWidgets import QWidget

from kiosk.domain.people.students import Student
from kiosk.domain.trust.rights import NOBODY, Actor, Right
from kiosk.errors import KioskError
from kiosk.gui.bridge import Bridge
from kiosk.gui.tasks import Tasks
from kiosk.gui.theme import TextStyle, Theme, Tone
from kiosk.gui.widgets.banner import Banner
from kiosk.gui.widgets.buttons import SecondaryButton
from kiosk.gui.widgets.layouts import horizontal, vertical
from kiosk.gui.widgets.surfaces import Card, Text
from kiosk.services.events import Event, PinsGuessed, SignInResting
from kiosk.services.people.pins import Pins
from kiosk.translation import _, ngettext

NAMED: Final = 5
"""At most so many students are named; the rest is counted."""


class LockedNumbers(Card):
    """Hidden while wrong PINs keep nobody out."""

    def __init__(
        self, pins: Pins, theme: Theme, bridge: Bridge | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, parent, padding=2.5)
        self._pins = pins
        self._actor = NOBODY
        self._students: list[Student] = []
        self._tasks = Tasks(self)
        self.title = Text(style=TextStyle.STRONG, wrap=True)
        self.words = Text(tone=Tone.MUTED, wrap=True)
        self.unlock_button = SecondaryButton(_("Unlock all"))
        self.result = Banner(theme)
        texts = vertical(self.title, self.words, spacing=theme.space(0.5))
        self.body.addLayout(horizontal((texts, 1), self.unlock_button, spacing=theme.space(1)))
        self.body.addWidget(self.result)
        self.unlock_button.clicked.connect(self._unlock)
        self.hide()
        if bridge is not None:
            bridge.arrived.connect(self._on_event)

    def show_for(self, actor: Actor) -> None:
        """Name who is kept out to somebody who may unlock them."""
        self._actor = actor
        self.result.clear()
        self.hide()
        self._look()

    def _look(self) -> None:
        if self._actor.may(Right.CORRECT):
            self._tasks.run(self._find, then=self._show, failed=lambda _error: None)

    def _find(self) -> tuple[list[Student], int]:
        return self._pins.blocked(actor=self._actor), self._pins.resting_places(actor=self._actor)

    def _show(self, found: tuple[list[Student], int]) -> None:
        students, places = found
        self._students = students
        self.setVisible(bool(students or places))
        if not students:  # nobody's number rests, and everybody in one place waits
            self.title.setText(_("Many wrong PINs came from one place on the network."))
            self.words.setText(
                _(
                    "Whoever signs in there on a new phone has to wait ten seconds between tries, until they stop."
                )
            )
            return
        number = len(students)
        self.title.setText(
            ngettext(
                "Wrong PINs keep {n} student from signing in on a new phone.",
                "Wrong PINs keep {n} students from signing in on a new phone.",
                number,
                n=number,
            )
        )
        names = ", ".join(one.full_name for one in students[:NAMED])
        if number > NAMED:
            names = _("{numbers} and {more} more", numbers=names, more=number - NAMED)
        self.words.setText(
            _("{names}. On the phones that they used before they sign in as ever.", names=names)
        )

    def _unlock(self) -> None:
        self.unlock_button.setEnabled(False)
        students = self._students
        self._tasks.run(
            lambda: self._pins.unlock_all(students, actor=self._actor),
            then=lambda _done: self._unlocked(),
            failed=self._failed,
        )

    def _unlocked(self) -> None:
        self.unlock_button.setEnabled(True)
        self.hide()
        self._look()  # wrong tries may go on

    def _failed(self, error: KioskError) -> None:
        self.unlock_button.setEnabled(True)
        self.result.show_error(error)

    def _on_event(self, event: Event) -> None:
        if isinstance(event, SignInResting | PinsGuessed):
            self._look()
