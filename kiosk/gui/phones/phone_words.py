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
from kiosk.wording.dates import clock_time

MEANWHILE: Final = "The camera and the teacher’s list work all the same."
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
    state: PhoneTestState,
    web: WebSettings,
    *,
    adapters: Sequence[AdapterLine],
    trouble: str,
    zone: ZoneInfo,
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
            "Phones are off at this kiosk.", "They can be turned on in the settings under Phones."
        )
    if not state.base_url and not trouble:
        starting = "The part for phones is being started."
        return PhoneWords("Phones can connect in a moment.", starting, Tone.MUTED, can_test=False)
    if not state.base_url:
        return _without("Phones cannot connect now.", trouble)
    if not state.is_in_network:
        advice = "Connect a cable or Wi-Fi; the kiosk shows its address within five seconds."
        return _without(
            "This PC is in no network: phones reach neither the code nor the address to type.", advice
        )
    title = f"Phones connect at {host_of(state.base_url)}{_adapter_of(state, web, adapters)}"
    if state.reached is not None:
        at = clock_time(state.reached.at, zone)
        return PhoneWords(title, f"A phone reached this kiosk at {at}.", Tone.PRESENT)
    if not state.is_shown:
        return PhoneWords(title, "Not tested with a phone today.", Tone.MUTED)
    if state.needs_help:
        causes = usual_causes(web)[:SHOWN_CAUSES]
        lines = tuple(f"•  {cause.what} {cause.remedy}" for cause in causes)
        words = f"No phone has come yet. This is what usually keeps it away. {MEANWHILE}"
        return PhoneWords(title, words, Tone.LATE, lines)
    if state.contact is not None:
        words = "This PC’s own browser came, which says nothing about the network. Scan it with a phone."
        return PhoneWords(title, words, Tone.ACCENT)
    return PhoneWords(title, "Scan this with a phone in the school’s Wi-Fi. Nothing is marked.", Tone.ACCENT)


def _without(title: str, state: str) -> PhoneWords:
    return PhoneWords(title, f"{state} {MEANWHILE}", Tone.LATE, can_test=False, works=False)


def _adapter_of(state: PhoneTestState, web: WebSettings, adapters: Sequence[AdapterLine]) -> str:
    if web.address:
        return ", as set under Phones"
    host = urlsplit(state.base_url).hostname or ""
    name = next((line.name for line in adapters if line.address == host), "")
    return f" (adapter {name})" if name else ""
