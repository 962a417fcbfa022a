import dataclasses

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from kiosk.gui.attendance.kiosk_screen.result_cards import LOOKS
from kiosk.gui.palettes import DARK, HIGH_CONTRAST_DARK, HIGH_CONTRAST_LIGHT, LIGHT, Palette
from kiosk.gui.style_sheet import style_sheet
from kiosk.gui.theme import TYPE_SCALE, TextStyle, Theme, Tone
from kiosk.settings import Motion
from kiosk.settings import Theme as ThemeChoice

ENOUGH = 4.5
ENOUGH_FOR_BORDERS = 3.0
STRONG = 7.0

PALETTES = (LIGHT, DARK, HIGH_CONTRAST_LIGHT, HIGH_CONTRAST_DARK)
NAMES = ("light", "dark", "high-contrast-light", "high-contrast-dark")


def contrast(first: str, second: str) -> float:
    """Contrast ratio of two colours (WCAG 2.2)."""

    def luminance(text: str) -> float:
        colour = QColor(text)
        parts = (
            part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
            for part in (colour.redF(), colour.greenF(), colour.blueF())
        )
        return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), parts, strict=True))

    lighter, darker = sorted((luminance(first), luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("palette", PALETTES, ids=NAMES)
@pytest.mark.parametrize("text", ["text", "muted", "accent", "present", "late", "refused"])
@pytest.mark.parametrize("ground", ["background", "card"])
def test_every_text_can_be_read(palette: Palette, text: str, ground: str) -> None:
    assert contrast(getattr(palette, text), getattr(palette, ground)) >= ENOUGH


@pytest.mark.parametrize("palette", PALETTES, ids=NAMES)
@pytest.mark.parametrize("name", ["accent", "present", "late", "refused"])
def test_soft_and_strong_surfaces_can_be_read(palette: Palette, name: str) -> None:
    assert contrast(getattr(palette, name), getattr(palette, f"tint_{name}")) >= ENOUGH
    assert contrast(palette.text, getattr(palette, f"tint_{name}")) >= ENOUGH
    assert contrast(palette.on_solid, getattr(palette, f"solid_{name}")) >= ENOUGH
    assert contrast(palette.on_accent, palette.accent) >= ENOUGH


@pytest.mark.parametrize("palette", PALETTES, ids=NAMES)
@pytest.mark.parametrize("ground", ["background", "card"])
def test_borders_of_what_is_pressed_stand_out(palette: Palette, ground: str) -> None:
    assert contrast(palette.border, getattr(palette, ground)) >= ENOUGH_FOR_BORDERS


@pytest.mark.parametrize("palette", [HIGH_CONTRAST_LIGHT, HIGH_CONTRAST_DARK], ids=["light", "dark"])
@pytest.mark.parametrize("text", ["text", "muted", "accent", "present", "late", "refused", "border"])
def test_high_contrast_is_strong(palette: Palette, text: str) -> None:
    assert contrast(getattr(palette, text), palette.background) >= STRONG


@pytest.mark.parametrize("kind", list(LOOKS))
def test_every_result_card_can_be_read(kind: str) -> None:
    look = next(look for card, look in LOOKS.items() if card == kind)
    assert contrast(look.text, look.surface) >= ENOUGH


def test_result_cards_differ_by_colour_and_by_icon() -> None:
    assert len({look.surface for look in LOOKS.values()}) == len(LOOKS)
    assert len({look.icon for look in LOOKS.values()}) == len(LOOKS)


def test_nothing_is_smaller_than_eighteen_pixels_at_1080p() -> None:
    assert min(size for size, _ in TYPE_SCALE.values()) >= 18


def test_palette_has_only_colours() -> None:
    for field in dataclasses.fields(DARK):
        assert QColor(getattr(DARK, field.name)).isValid(), field.name


def test_choice_decides_the_palette(qtbot: QtBot) -> None:
    theme = Theme(ThemeChoice.LIGHT)
    assert (theme.palette, theme.is_dark) == (LIGHT, False)
    theme.choose(ThemeChoice.DARK)
    assert (theme.palette, theme.is_dark) == (DARK, True)
    assert theme.colour(Tone.PRESENT) == QColor(DARK.present)
    theme.choose(ThemeChoice.LIGHT)


def test_system_choice_follows_the_system(qtbot: QtBot, qapp: QApplication) -> None:
    changes = QGuiApplication.styleHints().colorSchemeChanged
    theme = Theme(ThemeChoice.SYSTEM)
    try:
        with qtbot.waitSignal(theme.changed):
            changes.emit(Qt.ColorScheme.Dark)
        assert theme.is_dark
        with qtbot.waitSignal(theme.changed):
            changes.emit(Qt.ColorScheme.Light)
        assert not theme.is_dark
    finally:
        qapp.setStyleSheet("")


def test_raised_contrast_of_the_system_is_followed_in_its_light_and_dark(
    qtbot: QtBot, qapp: QApplication
) -> None:
    hints = QGuiApplication.styleHints()
    contrasts = hints.accessibility().contrastPreferenceChanged
    theme = Theme(ThemeChoice.SYSTEM)
    try:
        with qtbot.waitSignal(theme.changed):
            contrasts.emit(Qt.ContrastPreference.HighContrast)
        assert theme.palette is HIGH_CONTRAST_LIGHT
        with qtbot.waitSignal(theme.changed):
            hints.colorSchemeChanged.emit(Qt.ColorScheme.Dark)
        assert (theme.palette, theme.is_dark) == (HIGH_CONTRAST_DARK, True)
        with qtbot.waitSignal(theme.changed):
            contrasts.emit(Qt.ContrastPreference.NoPreference)
        assert theme.palette is DARK
    finally:
        hints.colorSchemeChanged.emit(Qt.ColorScheme.Light)
        qapp.setStyleSheet("")


def test_high_contrast_can_be_chosen_whatever_the_system_says(qtbot: QtBot) -> None:
    theme = Theme(ThemeChoice.HIGH_CONTRAST)
    assert theme.palette in {HIGH_CONTRAST_DARK, HIGH_CONTRAST_LIGHT}


@pytest.mark.parametrize(("motion", "is_still"), [(Motion.FULL, False), (Motion.REDUCED, True)])
def test_motion_can_be_chosen(qtbot: QtBot, motion: Motion, is_still: bool) -> None:
    theme = Theme(ThemeChoice.LIGHT, motion=motion)
    assert theme.is_still is is_still
    theme.choose(ThemeChoice.LIGHT, motion=Motion.FULL)
    assert not theme.is_still


@pytest.mark.parametrize("system_wants_less", [True, False])
def test_motion_follows_the_system_where_nothing_is_chosen(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, system_wants_less: bool
) -> None:
    monkeypatch.setattr("kiosk.gui.theme.less_motion_wanted", lambda: system_wants_less)
    assert Theme(ThemeChoice.LIGHT).is_still is system_wants_less


def test_chosen_look_does_not_follow_the_system(qtbot: QtBot) -> None:
    theme = Theme(ThemeChoice.LIGHT)
    QGuiApplication.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert not theme.is_dark


def test_sizes_follow_the_scale(qtbot: QtBot) -> None:
    theme = Theme(ThemeChoice.LIGHT, scale=0.75)
    assert theme.px(40) == 30
    assert theme.space(2) == 12
    assert theme.font(TextStyle.BODY).pixelSize() == 15


def test_apply_puts_the_colours_into_the_application(qtbot: QtBot, qapp: QApplication) -> None:
    theme = Theme(ThemeChoice.DARK)
    theme.apply()
    try:
        assert qapp.palette().window().color() == QColor(DARK.background)
        assert DARK.card in qapp.styleSheet()
    finally:
        qapp.setStyleSheet("")


@pytest.mark.parametrize("palette", PALETTES, ids=NAMES)
def test_style_sheet_has_balanced_braces_and_no_placeholder(palette: Palette) -> None:
    text = style_sheet(palette, {"body": (20, 400)}, 1.0)
    assert text.count("{") == text.count("}")
    assert "None" not in text
