"""Tells the teacher in the roster what happened beside the marks: held-up pictures, borrowed phones, tried PINs.

Main thread; draws what it is given. It says what was seen and when, and accuses nobody.
"""

from collections.abc import Callable, Sequence
from typing import Final
from zoneinfo import ZoneInfo

from PySide6.QtWidgets import QFrame, QWidget

from kiosk.domain.attendance.incidents import Incident
from kiosk.domain.attendance.kept import RefusedClaim
from kiosk.domain.faces.liveness import SuspectedAttack
from kiosk.gui.attendance.roster.state import RosterState
from kiosk.gui.theme import TextStyle, Theme, Tone
from kiosk.gui.widgets.layouts import vertical
from kiosk.gui.widgets.surfaces import Text
from kiosk.translation import _, ngettext
from kiosk.wording.dates import clock_time
from kiosk.wording.incidents import incident_sentence
from kiosk.wording.kept_claims import refused_claim_sentence

MOST: Final = 4
"""So many times, or incidents, are listed; of more only the newest."""

NameOf = Callable[[int], str]
"""The name of a student by id; empty for somebody who is not in this roster."""


def attack_words(attacks: Sequence[SuspectedAttack], zone: ZoneInfo) -> str:
    """A sentence about all suspected attacks of a class, oldest first; empty for none."""
    times = list(dict.fromkeys(clock_time(attack.at, zone) for attack in attacks))
    if not attacks:
        return ""
    words = (
        ngettext(
            "A picture was held up to the camera at {listed}. Nobody was marked by it.",
            "Pictures were held up to the camera {attacks} times (last at {listed}). Nobody was marked by them.",
            len(attacks),
        )
        if len(times) > MOST
        else ngettext(
            "A picture was held up to the camera at {listed}. Nobody was marked by it.",
            "Pictures were held up to the camera {attacks} times ({listed}). Nobody was marked by them.",
            len(attacks),
        )
    )
    return words.format(attacks=len(attacks), listed=", ".join(times[-MOST:]))


def incident_words(incident: Incident, name_of: NameOf, zone: ZoneInfo) -> str:
    """A sentence about one incident, with its time."""
    who = _name(incident.student_id, name_of)
    other = _name(incident.other_id, name_of)
    sentence = incident_sentence(incident.kind, who=who, other=other, moved=incident.moved)
    if incident.times > 1:
        sentence = ngettext(
            "{sentence} ({times} time)",
            "{sentence} ({times} times)",
            incident.times,
            sentence=sentence,
            times=incident.times,
        )
    return f"{clock_time(incident.at, zone)}  {sentence[:1].upper()}{sentence[1:]}."


def refused_words(refused: Sequence[RefusedClaim], name_of: NameOf, zone: ZoneInfo) -> list[str]:
    """A sentence about each claim that was kept on this PC and not accepted; of many only the newest, and how many."""
    lines = [
        "  ".join((clock_time(one.at, zone), refused_claim_sentence(one, who=_name(one.student_id, name_of))))
        for one in refused[-MOST:]
    ]
    more = len(refused) - MOST
    if more > 0:
        words = ngettext(
            "{more} earlier check-in that was kept here was not accepted",
            "{more} earlier check-ins that were kept here were not accepted",
            more,
            more=more,
        )
        lines.insert(0, words)
    return lines


class EventLines(QFrame):
    """A few lines; hidden while there is nothing to say."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "banner-late")
        self.setAccessibleName(_("Events of this class"))
        self._text = Text(style=TextStyle.CAPTION, tone=Tone.LATE, wrap=True)
        vertical(self._text, on=self, edges=(theme.space(2), theme.space(1), theme.space(2), theme.space(1)))
        self.hide()

    @property
    def text(self) -> str:
        """What it says; empty while it is hidden."""
        return "" if self.isHidden() else self._text.text()

    def show_state(self, state: RosterState) -> None:
        """Say what happened so far, and of whom."""
        incidents = state.incidents
        lines = [incident_words(one, state.name_of, state.zone) for one in incidents[-MOST:]]
        more = len(incidents) - MOST
        if more > 0:
            lines.insert(0, ngettext("{more} earlier event", "{more} earlier events", more, more=more))
        refused = refused_words(state.refused, state.name_of, state.zone)
        said = [line for line in (attack_words(state.attacks, state.zone), *lines, *refused) if line]
        self._text.setText("\n".join(said))
        self.setVisible(bool(said))


def _name(student_id: int | None, name_of: NameOf) -> str:
    return (name_of(student_id) if student_id is not None else "") or _("a student")
