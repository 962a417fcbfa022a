"""The card on Today that names thresholds of an earlier calibration."""

from pytestqt.qtbot import QtBot

from kiosk.domain.faces.recognition import Thresholds
from kiosk.domain.trust.rights import Actor
from kiosk.gui.attendance.today import TodayView
from kiosk.gui.faces.calibrate import CalibrateDialog
from kiosk.gui.theme import Theme
from kiosk.services.app import KioskApp
from kiosk.services.faces.calibration import Calibrating
from kiosk.services.faces.galleries import Galleries
from tests.fakes.actors import admin
from tests.fakes.app_parts import with_part
from tests.fakes.vision.recognition import MODEL, FakeLoadedModel
from tests.unit.gui.faces.test_calibrate import Drawer
from tests.world.gui_kiosk import GuiKiosk


def calibrated_earlier(kiosk: GuiKiosk) -> KioskApp:
    bare = kiosk.app
    school, lookalikes = bare.school.shared, bare.faces.lookalikes
    calibrating = Calibrating(
        galleries=Galleries(store=bare.core.store, school=school, lookalikes=lookalikes, zone=bare.core.zone),
        school=school,
        lookalikes=lookalikes,
        model=FakeLoadedModel(),
        known={MODEL.name},
        clock=bare.core.clock,
        zone=bare.core.zone,
        draw=Drawer(),
    )
    school.use_thresholds(MODEL, Thresholds(0.2, 0.3, 0.05), origin="x", actor=admin("Ada"), fitted_to=None)
    return with_part(bare, "faces.calibrating", calibrating)


def shown(qtbot: QtBot, app: KioskApp, theme: Theme) -> TodayView:
    view = TodayView(app, theme)
    qtbot.addWidget(view)
    view.resize(1366, 768)
    view.show()
    return view


def test_an_admin_is_told_and_one_click_leads_back(qtbot: QtBot, kiosk: GuiKiosk, theme: Theme) -> None:
    app = calibrated_earlier(kiosk)
    view = shown(qtbot, app, theme)
    view.opener.user = kiosk.admin
    view.show_for(Actor.of(kiosk.admin))
    qtbot.waitUntil(view.earlier.isVisible)
    assert "on one sitting by an earlier version" in view.earlier.title.text()

    view.earlier.back_button.click()

    qtbot.waitUntil(lambda: not view.earlier.isVisible())
    assert app.school.shared.thresholds(MODEL).are_models_own
    actors = [
        one.actor for one in app.core.store.read(lambda r: r.audit.entries()) if "thresholds" in one.action
    ]
    assert actors == [kiosk.admin.name, "Ada"]


def test_measuring_again_opens_the_dialog(qtbot: QtBot, kiosk: GuiKiosk, theme: Theme) -> None:
    view = shown(qtbot, calibrated_earlier(kiosk), theme)
    view.opener.user = kiosk.admin
    view.show_for(Actor.of(kiosk.admin))
    qtbot.waitUntil(view.earlier.isVisible)

    view.earlier.measure_button.click()

    dialog = view.opener.dialog
    assert isinstance(dialog, CalibrateDialog)
    qtbot.waitUntil(lambda: dialog.course.count() == 1)
    dialog.reject()
    qtbot.waitUntil(view.earlier.isVisible)


def test_a_teacher_is_not_told(qtbot: QtBot, kiosk: GuiKiosk, theme: Theme) -> None:
    view = shown(qtbot, calibrated_earlier(kiosk), theme)
    view.show_for(Actor.of(kiosk.teacher))
    qtbot.waitUntil(lambda: len(view.cards) > 0)

    assert not view.earlier.isVisible()
