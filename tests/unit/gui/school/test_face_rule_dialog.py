"""How an admin is led to choose what faces are used for, with real clicks."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from kiosk.domain.attendance.choices import ProofPolicy
from kiosk.domain.people.staff import User
from kiosk.domain.school.face_rule import FaceRule
from kiosk.domain.trust.rights import Actor
from kiosk.gui.attendance.today import TodayView
from kiosk.gui.school.face_rule_dialog import FaceRuleDialog
from kiosk.gui.theme import Theme
from kiosk.settings import Subject
from kiosk.storage.repositories.repositories import Repositories
from tests.fakes.actors import admin
from tests.world.gui_kiosk import GuiKiosk
from tests.world.settings_place import settings_page

LEFT = Qt.MouseButton.LeftButton


def forget_choice(kiosk: GuiKiosk, *, rule: bool) -> None:
    """Make the school one that was never asked; with `rule` a new one."""

    def work(repositories: Repositories) -> None:
        settings = repositories.school_settings
        settings.remove("faces.asked_at")
        if rule:
            settings.remove("faces.rule")

    kiosk.app.core.store.write(work)


def today(qtbot: QtBot, kiosk: GuiKiosk, theme: Theme, user: User) -> TodayView:
    view = TodayView(kiosk.app, theme)
    qtbot.addWidget(view)
    view.resize(1366, 768)
    view.show()
    view.show_for(Actor.of(user))
    qtbot.waitUntil(lambda: bool(view.cards))
    return view


def asked(qtbot: QtBot, view: TodayView) -> FaceRuleDialog:
    qtbot.waitUntil(lambda: view.face_rule is not None)
    assert view.face_rule is not None
    return view.face_rule


@pytest.mark.parametrize(
    ("zone", "offered"),
    [
        ("Europe/Rome", [FaceRule.VERIFY_ONLY, FaceRule.OFF]),
        ("Asia/Tokyo", [FaceRule.VERIFY_ONLY, FaceRule.OFF, FaceRule.WALK_PAST]),
    ],
)
def test_a_new_school_is_led_in_five_sentences_to_what_its_zone_offers(
    qtbot: QtBot,
    kiosk: GuiKiosk,
    theme: Theme,
    monkeypatch: pytest.MonkeyPatch,
    zone: str,
    offered: list[FaceRule],
) -> None:
    monkeypatch.setattr("tzlocal.get_localzone_name", lambda: zone)
    forget_choice(kiosk, rule=True)
    dialog = asked(qtbot, today(qtbot, kiosk, theme, kiosk.admin))

    assert (list(dialog.buttons), dialog.rule) == (offered, FaceRule.VERIFY_ONLY)
    assert len(dialog.sentences) == 5
    assert all(one.count(".") == 1 and one.endswith(".") for one in dialog.sentences)

    dialog.buttons[FaceRule.OFF].click()
    QTest.mouseClick(dialog.choose_button, LEFT)
    rules = kiosk.app.school.faces
    qtbot.waitUntil(lambda: rules.choice().is_chosen)
    assert (rules.choice().rule, rules.choice().chosen_by) == (FaceRule.OFF, "Ada")


def test_a_school_of_an_earlier_version_is_asked_once_and_keeps_what_it_has(
    qtbot: QtBot, kiosk: GuiKiosk, theme: Theme
) -> None:
    forget_choice(kiosk, rule=False)
    view = today(qtbot, kiosk, theme, kiosk.admin)
    dialog = asked(qtbot, view)
    assert (dialog.rule, set(dialog.buttons)) == (FaceRule.WALK_PAST, set(FaceRule))

    QTest.mouseClick(dialog.close_button, LEFT)

    rules = kiosk.app.school.faces
    qtbot.waitUntil(lambda: not rules.must_ask())
    assert rules.rule() is FaceRule.WALK_PAST


def test_a_teacher_is_not_asked(qtbot: QtBot, kiosk: GuiKiosk, theme: Theme) -> None:
    forget_choice(kiosk, rule=True)
    view = today(qtbot, kiosk, theme, kiosk.teacher)

    qtbot.wait(200)
    assert view.face_rule is None


def test_settings_say_who_chose_and_when_and_an_admin_changes_it_there(
    qtbot: QtBot, kiosk: GuiKiosk, theme: Theme
) -> None:
    app = kiosk.app
    app.school.faces.choose(FaceRule.OFF, actor=admin("Grace"))
    page = settings_page(qtbot, kiosk, theme, kiosk.admin)
    page.show_subject(Subject.CAMERA)
    faces = page.own.faces
    assert faces is not None
    assert faces.words.text() == "Off"
    assert "Chosen by Grace on" in faces.explained.text()

    faces.button.click()
    asks = page.own.faces_dialog
    assert asks is not None
    assert (set(asks.buttons), asks.rule) == (set(FaceRule), FaceRule.OFF)
    asks.buttons[FaceRule.VERIFY_ONLY].click()
    asks.choose_button.click()

    qtbot.waitUntil(lambda: faces.words.text() == "Verify only")
    assert "Chosen by Ada on" in faces.explained.text()


def test_a_teacher_sees_the_rule_and_cannot_change_it(qtbot: QtBot, kiosk: GuiKiosk, theme: Theme) -> None:
    page = settings_page(qtbot, kiosk, theme, kiosk.teacher)
    page.show_subject(Subject.CAMERA)
    faces = page.own.faces
    assert faces is not None

    assert faces.words.text() == "Walk past"
    assert faces.button.isHidden()


def test_face_as_the_only_way_warns_beside_start(qtbot: QtBot, kiosk: GuiKiosk, theme: Theme) -> None:
    card = today(qtbot, kiosk, theme, kiosk.teacher).cards[0]
    assert card.warning.isHidden()
    assert card.policy is not None

    card.policy.setCurrentIndex(list(ProofPolicy).index(ProofPolicy.FACE))
    card.policy.activated.emit(card.policy.currentIndex())

    assert card.warning.isVisible()
    assert "must not be the only way" in card.warning.text()
