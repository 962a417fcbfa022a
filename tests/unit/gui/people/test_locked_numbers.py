from contextlib import suppress

from pytestqt.qtbot import QtBot

from kiosk.domain.trust.rights import Actor
from kiosk.domain.trust.throttle import Source
from kiosk.errors import SignInError
from kiosk.gui.bridge import Bridge
from kiosk.gui.people.locked_numbers import LockedNumbers
from kiosk.gui.theme import Theme
from tests.world.gui_kiosk import GuiKiosk


def try_wrong_pins(kiosk: GuiKiosk, number: str, times: int) -> None:
    for laptop in range(times):
        try:
            kiosk.app.people.pins.sign_in(
                number, "wrong", source=Source(f"cookie-{laptop}", f"10.0.0.{laptop}")
            )
        except SignInError:
            continue


def test_the_teacher_is_told_who_is_kept_out_and_unlocks_all_with_one_click(
    qtbot: QtBot, kiosk: GuiKiosk, bridge: Bridge, theme: Theme
) -> None:
    card = LockedNumbers(kiosk.app.people.pins, theme, bridge)
    qtbot.addWidget(card)
    actor = Actor.of(kiosk.teacher)
    card.show_for(actor)
    student = kiosk.app.core.store.read(lambda repositories: repositories.students.all())[0]

    try_wrong_pins(kiosk, student.student_no, 25)

    qtbot.waitUntil(lambda: not card.isHidden(), timeout=60_000)
    assert card.title.text() == "Wrong PINs keep 1 student from signing in on a new phone."
    assert student.full_name in card.words.text()
    card.unlock_button.click()
    qtbot.waitUntil(card.isHidden, timeout=60_000)
    assert kiosk.app.people.pins.blocked(actor=actor) == []
    newest = kiosk.app.core.store.read(lambda repositories: repositories.audit.entries(1))[0]
    assert (newest.action, newest.detail) == ("pin.all_unlocked", student.student_no)


def test_the_teacher_is_also_told_where_one_place_has_to_wait_and_nobodys_number_does(
    qtbot: QtBot, kiosk: GuiKiosk, bridge: Bridge, theme: Theme
) -> None:
    """Every number of the class is tried a few times from one laptop."""
    card = LockedNumbers(kiosk.app.people.pins, theme, bridge)
    qtbot.addWidget(card)
    card.show_for(Actor.of(kiosk.teacher))

    for number in range(62):
        with suppress(SignInError):
            kiosk.app.people.pins.sign_in(
                f"X{number}", "wrong", source=Source(f"cookie-{number}", "10.0.0.9")
            )

    qtbot.waitUntil(lambda: not card.isHidden(), timeout=60_000)
    assert card.title.text() == "Many wrong PINs came from one place on the network."
    card.unlock_button.click()
    qtbot.waitUntil(card.isHidden, timeout=60_000)
    assert kiosk.app.people.pins.resting_places(actor=Actor.of(kiosk.teacher)) == 0
