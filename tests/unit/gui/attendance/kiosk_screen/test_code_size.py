"""The code on the real screen as a phone further and further away sees it."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby

import cv2
import numpy as np
import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from kiosk.codes.reader import PyzbarReader
from kiosk.domain.faces.frames import BgrImage
from kiosk.domain.phones.reading_distance import (
    DESK_SCREEN,
    DESK_SCREEN_MM,
    FOCAL_LENGTH_PX,
    corner_size,
    full_size,
)
from kiosk.gui.attendance.kiosk_screen.code_panel import _fitting, host_of
from kiosk.gui.attendance.kiosk_screen.drawing import text_width
from kiosk.gui.attendance.kiosk_screen.screen import KioskScreen
from kiosk.gui.theme import Theme
from kiosk.services.core import SettingsInForce
from kiosk.services.events import Event
from kiosk.settings import WebSettings
from tests.world.gui_kiosk import GuiKiosk

LONGEST = "http://192.168.100.100:8080"
LONGEST_NAME = "https://kiosk-a12.informatics.school.example:8080"
LETTER_PX = 60
"""Dark stretches up to this are words, longer ones belong to the code."""
LIGHT_SPOILT = 6.0
"""Standard deviation of the noise that the phone's picture gets, in grey levels."""


@pytest.fixture
def screen(qtbot: QtBot, kiosk: GuiKiosk, theme: Theme) -> Iterator[KioskScreen]:
    """1920 × 1080, with a class and the longest address."""
    settings = kiosk.app.core.settings.model_copy(update={"web": WebSettings()})
    app, core = kiosk.app, replace(kiosk.app.core, in_force=SettingsInForce(settings))
    made = KioskScreen(core, app.attendance, app.phones.qr, app.runtime, theme)
    qtbot.addWidget(made)
    core.events.subscribe(Event, made.on_event)
    made.resize(1920, 1080)
    made.show()
    kiosk.start()
    kiosk.app.attendance.running.reachable_at(LONGEST)
    made.poll()
    qtbot.waitUntil(lambda: len(made.state.roster) == 6)
    yield made
    made.hide()


@pytest.fixture
def reader() -> Iterator[PyzbarReader]:
    made = PyzbarReader()
    yield made
    made.close()


def seen_from(widget: QWidget, metres: float) -> BgrImage:
    """What a phone's camera has of a 24-inch screen at a distance: fewer pixels, softer, with noise."""
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    whole = rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3)[:, :, ::-1]
    share = FOCAL_LENGTH_PX * DESK_SCREEN_MM / (1000 * metres)
    small = cv2.resize(np.ascontiguousarray(whole), None, fx=share, fy=share, interpolation=cv2.INTER_AREA)
    soft = cv2.GaussianBlur(small, (0, 0), 0.6).astype(np.float64)
    noisy = soft * 0.8 + 20 + np.random.default_rng(1).normal(0, LIGHT_SPOILT, soft.shape)
    return np.clip(noisy, 0, 255).astype(np.uint8)


def shown(screen: KioskScreen) -> str:
    code = screen._attendance.running.code()
    assert code is not None
    return code.qr_text


def test_in_the_corner_of_a_24_inch_screen_a_module_is_over_six_millimetres(
    screen: KioskScreen, kiosk: GuiKiosk
) -> None:
    assert width_of_a_module(screen) * DESK_SCREEN_MM >= 6
    assert len(kiosk.app.phones.qr.modules(shown(screen))) == 25


def test_the_code_in_the_corner_is_read_from_two_metres(screen: KioskScreen, reader: PyzbarReader) -> None:
    assert reader.read(seen_from(screen, 2.0)) == [shown(screen)]


def test_the_code_over_the_full_screen_is_read_from_four_metres(
    screen: KioskScreen, reader: PyzbarReader
) -> None:
    screen.toggle_code_screen()
    assert reader.read(seen_from(screen, 4.0)) == [shown(screen)]


def test_a_code_that_is_much_too_far_away_is_not_read(screen: KioskScreen, reader: PyzbarReader) -> None:
    """The distances above are not met by any picture whatever."""
    assert reader.read(seen_from(screen, 12.0)) == []


def test_the_code_to_type_and_the_size_are_said(screen: KioskScreen, kiosk: GuiKiosk) -> None:
    code = kiosk.app.attendance.running.code()
    assert code is not None
    for part in (screen.code, screen.code_screen):
        part.show_code(code)
        assert part.typed == f"{code.typed[:3]} {code.typed[3:]}"
        assert part.size_words.startswith("Modules of ")


def test_the_code_of_a_long_name_is_as_large_and_read_from_as_far(
    screen: KioskScreen, kiosk: GuiKiosk, reader: PyzbarReader
) -> None:
    camera = screen.camera.width()
    kiosk.app.attendance.running.reachable_at(LONGEST_NAME)
    screen.code.show_code(None)
    screen.poll()
    assert len(kiosk.app.phones.qr.modules(shown(screen))) == 29
    assert width_of_a_module(screen) * DESK_SCREEN_MM >= 6
    assert screen.camera.width() < camera, "the camera gives way"
    assert reader.read(seen_from(screen, 2.0)) == [shown(screen)]


@pytest.mark.parametrize("base_url", [LONGEST, LONGEST_NAME])
def test_what_the_doctor_computes_is_what_the_screen_shows(
    screen: KioskScreen, kiosk: GuiKiosk, base_url: str
) -> None:
    kiosk.app.attendance.running.reachable_at(base_url)
    screen.code.show_code(None)
    screen.poll()
    modules = len(kiosk.app.phones.qr.modules(shown(screen)))
    assert width_of_a_module(screen) == corner_size(modules, DESK_SCREEN).module_px
    for part, compute in ((screen.code, corner_size), (screen.code_screen, full_size)):
        part.resize(screen.size() if part is screen.code_screen else part.size())
        part.show_code(kiosk.app.attendance.running.code())
        inside = part._size()
        assert inside is not None
        assert inside.module_px == compute(modules, DESK_SCREEN).module_px


def test_an_address_to_type_is_made_smaller_until_it_is_seen_whole(theme: Theme) -> None:
    host = host_of(LONGEST_NAME)
    for room in (500.0, 700.0, 2000.0):
        assert text_width(host, _fitting(host, 26, 600, room)) <= room
    assert _fitting(host, 26, 600, 2000).pixelSize() == 26


def width_of_a_module(screen: KioskScreen) -> float:
    """In pixels, measured in the picture of the card."""
    image = screen.code.grab().toImage()
    # The leftmost dark column begins with an edge of the upper left finder pattern, which is seven modules long.
    for x in range(60, 200, 10):
        runs = _dark_runs([image.pixelColor(x, y).lightness() for y in range(image.height())])
        if max(runs) > LETTER_PX:
            return next(run for run in runs if run > LETTER_PX) / 7
    raise AssertionError("no code is shown")


def _dark_runs(lightness: list[int]) -> list[int]:
    """Lengths of the dark stretches of a column, from the top."""
    return [0, *(len(list(run)) for dark, run in groupby(lightness, lambda value: value < 40) if dark)]


def test_https_is_said_before_the_address_to_type() -> None:
    assert host_of("http://10.20.4.17:8080/s/ABCD") == "10.20.4.17:8080"
    assert host_of("https://kiosk.school.test:8080/s/ABCD") == "https://kiosk.school.test:8080"
