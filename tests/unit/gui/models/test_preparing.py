"""What Today says while stored pictures are prepared for a changed model."""

import pytest
from pytestqt.qtbot import QtBot

from kiosk.gui.attendance.today import TodayView
from kiosk.gui.bridge import Bridge
from kiosk.gui.models.preparing import PreparingStrip
from kiosk.gui.theme import Theme
from kiosk.gui.window import MainWindow
from kiosk.services.events import ReEmbeddingProgress
from tests.world.gui_kiosk import GuiKiosk


@pytest.fixture
def strip(qtbot: QtBot, theme: Theme) -> PreparingStrip:
    made = PreparingStrip(theme)
    qtbot.addWidget(made)
    return made


def test_nothing_is_said_while_there_is_nothing_to_do(strip: PreparingStrip) -> None:
    strip.show_progress(None)
    assert strip.text == ""


def test_progress_is_shown_with_what_classes_use_meanwhile(strip: PreparingStrip) -> None:
    strip.show_progress(ReEmbeddingProgress("facenet512", 120, 300))

    assert "prepared for facenet512" in strip.text
    assert "120 of 300. Until then classes are recognised as before." in strip.text
    assert (strip.bar.value(), strip.bar.maximum()) == (120, 300)


@pytest.mark.parametrize(
    "last", [ReEmbeddingProgress("m", 300, 300), ReEmbeddingProgress("m", 20, 300, stopped=True)]
)
def test_it_goes_away_at_the_end(strip: PreparingStrip, last: ReEmbeddingProgress) -> None:
    strip.show_progress(ReEmbeddingProgress("m", 120, 300))
    strip.show_progress(last)
    assert strip.text == ""


def test_students_who_must_be_enrolled_again_are_named(strip: PreparingStrip) -> None:
    strip.show_progress(ReEmbeddingProgress("vggface", 9, 9, lost=tuple(f"S{n}" for n in range(8))))

    assert "S0, S1, S2, S3, S4 and 3 more" in strip.text
    assert "Enrol them again" in strip.text
    assert not strip.bar.isVisible()


def test_today_shows_what_arrives_while_it_is_open(
    qtbot: QtBot, kiosk: GuiKiosk, bridge: Bridge, theme: Theme
) -> None:
    window = MainWindow(kiosk.app, bridge, windowed=True, theme=theme)
    window.show()
    qtbot.addWidget(window, before_close_func=lambda _window: window.close_now())
    window.sign_in(kiosk.teacher)
    today = window.findChild(TodayView)
    assert today is not None

    kiosk.emit(ReEmbeddingProgress("facenet512", 3, 9))
    qtbot.waitUntil(lambda: "3 of 9" in today.preparing.text)
    kiosk.emit(ReEmbeddingProgress("facenet512", 9, 9))
    qtbot.waitUntil(lambda: today.preparing.text == "")
