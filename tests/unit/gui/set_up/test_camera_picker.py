"""Choosing a camera by its name with its picture."""

import pytest
from pytestqt.qtbot import QtBot

from kiosk.domain.trust.rights import Actor
from kiosk.errors import KioskError, SourceError
from kiosk.gui.set_up.camera_dialog import CameraDialog
from kiosk.gui.set_up.camera_picker import CameraPicker
from kiosk.gui.theme import Theme
from kiosk.services.ports.cameras import FoundCamera
from kiosk.services.school.camera_choice import CameraChoice
from tests.fakes.camera.trials import FakeTrials
from tests.fakes.vision.recognition import picture_of
from tests.world.gui_kiosk import GuiKiosk
from tests.world.open_dialog import opened

DESK = FoundCamera("/dev/v4l/by-id/usb-Desk-video-index0", "Desk camera")
BUILT_IN = FoundCamera("0", "Built-in camera")


@pytest.fixture
def trials() -> FakeTrials:
    return FakeTrials([BUILT_IN, DESK])


@pytest.fixture
def cameras(kiosk: GuiKiosk, trials: FakeTrials) -> CameraChoice:
    app = kiosk.app
    return CameraChoice(
        app.core,
        running=app.attendance.running,
        settings=app.school.settings,
        find=trials.find,
        begin=trials.begin,
    )


@pytest.fixture
def picker(qtbot: QtBot, kiosk: GuiKiosk, cameras: CameraChoice, theme: Theme) -> CameraPicker:
    made = CameraPicker(cameras, theme)
    qtbot.addWidget(made)
    made.show()
    made.begin(Actor.of(kiosk.admin))
    qtbot.waitUntil(lambda: made.box.count() > 0)
    return made


def test_cameras_are_listed_by_name_and_the_one_in_use_is_chosen(picker: CameraPicker) -> None:
    names = [picker.box.itemText(place) for place in range(picker.box.count())]
    assert names == ["Built-in camera", "Desk camera", "Another one, by its address…"]
    assert picker.source == "0"


def test_its_live_picture_is_shown_and_it_is_let_go_of_when_another_is_chosen(
    qtbot: QtBot, picker: CameraPicker, trials: FakeTrials
) -> None:
    qtbot.waitUntil(lambda: trials.open_now() == ["0"])
    trials.show(picture_of(1))
    qtbot.waitUntil(lambda: picker.picture.has_picture)
    picker.box.setCurrentIndex(1)
    qtbot.waitUntil(lambda: trials.open_now() == [DESK.source])
    picker.hide()
    qtbot.waitUntil(lambda: trials.open_now() == [])


def test_one_that_gives_no_picture_says_why(qtbot: QtBot, picker: CameraPicker, trials: FakeTrials) -> None:
    qtbot.waitUntil(lambda: trials.open_now() == ["0"])
    trials.fail(SourceError("Camera 0 is busy.", "Close other programs."))
    qtbot.waitUntil(lambda: "Camera 0 is busy." in picker.words.text())
    assert not picker.picture.has_picture


def test_what_is_not_listed_is_typed(qtbot: QtBot, picker: CameraPicker, trials: FakeTrials) -> None:
    picker.box.setCurrentIndex(2)
    assert picker.address.isVisible()
    picker.address.edit.setText("rtsp://cam/1")
    picker.address.edit.textEdited.emit("rtsp://cam/1")
    qtbot.waitUntil(lambda: trials.open_now() == ["rtsp://cam/1"])
    assert picker.source == "rtsp://cam/1"


def test_without_a_camera_it_says_so(qtbot: QtBot, picker: CameraPicker, trials: FakeTrials) -> None:
    trials.found.clear()
    picker.again_button.click()
    qtbot.waitUntil(lambda: picker.box.count() == 1)
    qtbot.waitUntil(lambda: "No camera is plugged in" in picker.words.text() or picker.source == "")


def test_the_chosen_one_is_stored(qtbot: QtBot, kiosk: GuiKiosk, cameras: CameraChoice, theme: Theme) -> None:
    dialog = CameraDialog(cameras, theme, Actor.of(kiosk.admin))
    opened(qtbot, dialog)
    qtbot.waitUntil(lambda: dialog.picker.box.count() == 3)
    dialog.picker.box.setCurrentIndex(1)
    with qtbot.waitSignal(dialog.accepted):
        dialog.use_button.click()
    assert kiosk.app.school.settings.load().camera.source == DESK.source
    assert kiosk.app.core.settings.camera.source == DESK.source


def test_none_is_looked_through_while_a_class_uses_its_own(kiosk: GuiKiosk, cameras: CameraChoice) -> None:
    kiosk.start()
    with pytest.raises(KioskError, match="A class is open"):
        cameras.look_through("0", actor=Actor.of(kiosk.admin))
