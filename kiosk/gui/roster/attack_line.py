"""Tells the teacher in the roster that pictures were held up instead of faces. Main thread; draws what it is given.

It says when, and nothing of whom: nobody is accused, and no picture was kept.
"""

from collections.abc import Sequence
from typing import Final
from zoneinfo import ZoneInfo

from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from kiosk.domain.liveness import SuspectedAttack
from kiosk.gui.roster.wording import clock_time
from kiosk.gui.theme import Theme, Tone
from kiosk.gui.widgets.surfaces import Text

MOST: Final = 4
"""So many times are listed; of more only the newest."""


def attack_words(attacks: Sequence[SuspectedAttack], zone: ZoneInfo) -> str:
    """A sentence about all suspected attacks of a class, oldest first; empty for none."""
    times = list(dict.fromkeys(clock_time(attack.at, zone) for attack in attacks))
    if not attacks:
        return ""
    listed = ", ".join(times[-MOST:])
    if len(attacks) == 1:
        return f"A picture was held up to the camera at {listed}. Nobody was marked by it."
    lead = "last at " if len(times) > MOST else ""
    return f"Pictures were held up to the camera {len(attacks)} times ({lead}{listed}). Nobody was marked by them."


class AttackLine(QFrame):
    """One line; hidden while there is nothing to say."""

    def __init__(self, theme: Theme, zone: ZoneInfo, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._zone = zone
        self._attacks: tuple[SuspectedAttack, ...] = ()
        self.setProperty("surface", "banner-late")
        self._text = Text(tone=Tone.LATE, wrap=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.space(2), theme.space(1), theme.space(2), theme.space(1))
        row.addWidget(self._text, 1)
        self.show_attacks(())

    @property
    def text(self) -> str:
        """What it says; empty while it is hidden."""
        return "" if self.isHidden() else self._text.text()

    def show_attacks(self, attacks: Sequence[SuspectedAttack]) -> None:
        """Say all of a class."""
        self._attacks = tuple(attacks)
        self._text.setText(attack_words(self._attacks, self._zone))
        self.setVisible(bool(self._attacks))

    def add(self, attack: SuspectedAttack) -> None:
        """Say one more."""
        if attack not in self._attacks:
            self.show_attacks((*self._attacks, attack))
