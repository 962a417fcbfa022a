"""What Today says about phones: the address, and how the test stands. Pure; any thread."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from kiosk.gui.attendance.kiosk_screen.code_panel import host_of
from kiosk.gui.theme import Tone
from kiosk.services.phones.phone_test import PhoneTestState, usual_causes
from kiosk.services.ports.web import AdapterLine
from kiosk.settings import WebSettings
from kiosk.translation import N_, _
from kiosk.wording.dates import clock_time

MEANWHILE: Final = N_("The camera and the teacher’s list work all the same.")
SHOWN_CAUSES: Final = 3
"""The likeliest; the dialog has all of them."""


@dataclass(frozen=True, slots=True)
class PhoneWords:
    """What the card says.

    Attributes:
        title: Where phones connect, or that they cannot.
        state: How the test stands, or what to do.
        tone: Of the state.
        causes: What usually keeps phones away, a line each.
        can_test: Whether a test makes sense now.
        works: Whether phones may come at all: decides the icon.
    """

    title: str
    state: str
    tone: Tone
    causes: tuple[str, ...] = ()
    can_test: bool = True
    works: bool = True


def phone_words(
    state: PhoneTestState, web: WebSettings, *, adapters: Sequence[AdapterLine], trouble: str, zone: ZoneInfo
) -> PhoneWords:
    """The words for a state.

    Args:
        state: Of the test.
        web: The settings in force.
        adapters: This PC's networks.
        trouble: Why phones cannot connect; empty while that is not known, as in the first seconds.
        zone: The school's.
    """
    if not web.enabled:
        return _without(
            _("Phones are off at this kiosk."), _("They can be turned on in the settings under Phones.")
        )
    if not state.base_url and not trouble:
        starting = _("The part for phones is being started.")
        return PhoneWords(_("Phones can connect in a moment."), starting, Tone.MUTED, can_test=False)
    if not state.base_url:
        return _without(_("Phones cannot connect now."), trouble)
    if not state.is_in_network:
        advice = _("Connect a cable or Wi-Fi; the kiosk shows its address within five seconds.")
        return _without(
            _("This PC is in no network: phones reach neither the code nor the address to type."), advice
        )
    title = _where(state, web, adapters)
    if state.reached is not None:
        at = clock_time(state.reached.at, zone)
        return PhoneWords(title, _("A phone reached this kiosk at {at}.", at=at), Tone.PRESENT)
    if not state.is_shown:
        return PhoneWords(title, _("Not tested with a phone today."), Tone.MUTED)
    if state.needs_help:
        causes = usual_causes(web)[:SHOWN_CAUSES]
        lines = tuple(f"•  {cause.what} {cause.remedy}" for cause in causes)
        words = _("No phone has come yet. This is what usually keeps it away.")
        return PhoneWords(title, f"{words} {_(MEANWHILE)}", Tone.LATE, lines)
    if state.contact is not None:
        words = _("This PC’s own browser came, which says nothing about the network. Scan it with a phone.")
        return PhoneWords(title, words, Tone.ACCENT)
    return PhoneWords(
        title, _("Scan this with a phone in the school’s Wi-Fi. Nothing is marked."), Tone.ACCENT
    )


def _without(title: str, state: str) -> PhoneWords:
    return PhoneWords(title, f"{state} {_(MEANWHILE)}", Tone.LATE, can_test=False, works=False)


def _where(state: PhoneTestState, web: WebSettings, adapters: Sequence[AdapterLine]) -> str:
    address = host_of(state.base_url)
    if web.address:
        return _("Phones connect at {address}, as set under Phones", address=address)
    host = urlsplit(state.base_url).hostname or ""
    name = next((line.name for line in adapters if line.address == host), "")
    if name:
        return _("Phones connect at {address} (adapter {name})", address=address, name=name)
    return _("Phones connect at {address}", address=address)
