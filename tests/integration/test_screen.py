"""The size of the screen, asked of Qt in a process of its own."""

import pytest

from kiosk.bootstrap.screen import this_screen


def test_it_is_read_without_an_application_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    screen = this_screen()
    assert screen is not None
    assert screen.width_px > 0
    assert 0.05 < screen.pixel_mm < 1


def test_where_no_display_is_reached_there_is_no_size(monkeypatch: pytest.MonkeyPatch) -> None:
    """Qt ends its process there, and only that one."""
    monkeypatch.setenv("QT_QPA_PLATFORM", "no-such-platform")
    assert this_screen() is None
