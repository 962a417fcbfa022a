"""Colours, type and spacing of the window in each look; owns the application's style sheet.

Runs on the main thread. Sizes are given in pixels of a 1080p screen and multiplied by `Theme.scale`; spacing
follows an 8 px grid. Text on any of these colours has a contrast of at least 4.5:1 (WCAG 2.2, 1.4.3).
"""

from enum import StrEnum
from typing import Final, assert_never

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from kiosk.gui.palettes import DARK, HIGH_CONTRAST_DARK, HIGH_CONTRAST_LIGHT, LIGHT, Palette
from kiosk.gui.style_sheet import style_sheet
from kiosk.gui.system_look import less_motion_wanted
from kiosk.settings import Motion
from kiosk.settings import Theme as ThemeChoice

GRID: Final = 8
"""Spacing unit in pixels at 1080p."""

SANS: Final = (
    "Inter",
    "Segoe UI Variable Text",
    "Segoe UI",
    "SF Pro Text",
    "Helvetica Neue",
    "Noto Sans",
    "DejaVu Sans",
)
MONO: Final = ("JetBrains Mono", "Cascadia Mono", "Consolas", "SF Mono", "Menlo", "DejaVu Sans Mono")


class TextStyle(StrEnum):
    """The type scale; the value is what style sheets call it."""

    CAPTION = "caption"
    BODY = "body"
    STRONG = "strong"
    HEADING = "heading"
    TITLE = "title"
    DISPLAY = "display"
    NUMBER = "number"


class Tone(StrEnum):
    """What a text or surface says by its colour (beside its words and icon)."""

    TEXT = "text"
    MUTED = "muted"
    ACCENT = "accent"
    PRESENT = "present"
    LATE = "late"
    REFUSED = "refused"


TYPE_SCALE: Final[dict[TextStyle, tuple[float, int]]] = {
    TextStyle.CAPTION: (18, 400),
    TextStyle.BODY: (20, 400),
    TextStyle.STRONG: (20, 600),
    TextStyle.HEADING: (24, 600),
    TextStyle.TITLE: (34, 700),
    TextStyle.DISPLAY: (48, 700),
    TextStyle.NUMBER: (48, 700),
}
"""(pixels at 1080p, weight 100-900) of each style."""


class Theme(QObject):
    """The look in force. `changed` is emitted after colours changed and the style sheet was applied.

    Args:
        choice: Light, dark, high contrast or as the system says.
        scale: Pixels of this screen for one at 1080p.
        motion: Whether things glide and fade.
    """

    changed = Signal()

    def __init__(
        self,
        choice: ThemeChoice = ThemeChoice.SYSTEM,
        *,
        scale: float = 1.0,
        motion: Motion = Motion.SYSTEM,
    ) -> None:
        super().__init__()
        self._choice = choice
        self._scale = scale
        self._motion = motion
        hints = QGuiApplication.styleHints()
        self._system = hints.colorScheme()
        self._contrast = hints.accessibility().contrastPreference()
        self._palette = self._chosen_palette()
        hints.colorSchemeChanged.connect(self._on_system_change)
        hints.accessibility().contrastPreferenceChanged.connect(self._on_contrast_change)

    @property
    def palette(self) -> Palette:
        """The colours in force."""
        return self._palette

    @property
    def is_dark(self) -> bool:
        """Whether light text stands on dark ground."""
        return self._palette in {DARK, HIGH_CONTRAST_DARK}

    @property
    def is_still(self) -> bool:
        """Whether nothing should glide or fade; the system is asked anew each time, which is quick."""
        if self._motion is Motion.SYSTEM:
            return less_motion_wanted()
        return self._motion is Motion.REDUCED

    @property
    def scale(self) -> float:
        """Pixels of this screen for one pixel at 1080p."""
        return self._scale

    @property
    def choice(self) -> ThemeChoice:
        """Light, dark, high contrast or as the system says."""
        return self._choice

    def choose(self, choice: ThemeChoice, *, motion: Motion | None = None) -> None:
        """Change the look now, and the motion where it is given."""
        self._choice = choice
        self._motion = motion or self._motion
        self._refresh()

    def apply(self) -> None:
        """Put colours, font and style sheet into force in the whole application."""
        application = QApplication.instance()
        if not isinstance(application, QApplication):
            return
        application.setFont(self.font(TextStyle.BODY))
        application.setPalette(_qt_palette(self._palette))
        application.setStyleSheet(
            style_sheet(self._palette, {str(style): size for style, size in TYPE_SCALE.items()}, self._scale)
        )
        self.changed.emit()

    def px(self, pixels_at_1080p: float) -> int:
        """A length on this screen, at least 1."""
        return max(1, round(pixels_at_1080p * self._scale))

    def space(self, steps: float) -> int:
        """So many steps of the 8 px grid on this screen."""
        return round(GRID * steps * self._scale)

    def font(self, style: TextStyle, *, scale: float | None = None) -> QFont:
        """The font of a style; `scale` instead of the theme's own for a part that scales by itself."""
        size, weight = TYPE_SCALE[style]
        pixels = size * (self._scale if scale is None else scale)
        return sans(pixels, weight, tabular=style is TextStyle.NUMBER)

    def colour(self, tone: Tone) -> QColor:
        """The colour of a tone."""
        return QColor(str(getattr(self._palette, tone.value)))

    def _on_system_change(self, scheme: Qt.ColorScheme) -> None:
        self._system = scheme
        if self._choice is ThemeChoice.SYSTEM:
            self._refresh()

    def _on_contrast_change(self, contrast: Qt.ContrastPreference) -> None:
        self._contrast = contrast
        self._refresh()

    def _refresh(self) -> None:
        palette = self._chosen_palette()
        if palette is not self._palette:
            self._palette = palette
            self.apply()

    def _chosen_palette(self) -> Palette:
        is_system_dark = self._system is Qt.ColorScheme.Dark
        match self._choice:
            case ThemeChoice.LIGHT:
                return LIGHT
            case ThemeChoice.DARK:
                return DARK
            case ThemeChoice.HIGH_CONTRAST:
                return HIGH_CONTRAST_LIGHT if self._system is Qt.ColorScheme.Light else HIGH_CONTRAST_DARK
            case ThemeChoice.SYSTEM if self._contrast is Qt.ContrastPreference.HighContrast:
                return HIGH_CONTRAST_DARK if is_system_dark else HIGH_CONTRAST_LIGHT
            case ThemeChoice.SYSTEM:
                return DARK if is_system_dark else LIGHT
            case _:
                assert_never(self._choice)


def sans(pixels: float, weight: int = 400, *, tabular: bool = False) -> QFont:
    """The text font; `tabular` gives all figures one width, so that running numbers do not jump."""
    return _font(SANS, pixels, weight, tabular)


def mono(pixels: float, weight: int = 600) -> QFont:
    """The font for addresses and codes."""
    return _font(MONO, pixels, weight, False)


def _font(families: tuple[str, ...], pixels: float, weight: int, tabular: bool) -> QFont:
    font = QFont(list(families))
    font.setPixelSize(max(1, round(pixels)))
    font.setWeight(QFont.Weight(weight))
    if tabular:
        font.setFeature(QFont.Tag("tnum"), 1)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font


def _qt_palette(colours: Palette) -> QPalette:
    palette = QPalette()
    roles = {
        QPalette.ColorRole.Window: colours.background,
        QPalette.ColorRole.WindowText: colours.text,
        QPalette.ColorRole.Base: colours.card,
        QPalette.ColorRole.AlternateBase: colours.background,
        QPalette.ColorRole.Text: colours.text,
        QPalette.ColorRole.Button: colours.card,
        QPalette.ColorRole.ButtonText: colours.text,
        QPalette.ColorRole.Highlight: colours.accent,
        QPalette.ColorRole.HighlightedText: colours.on_accent,
        QPalette.ColorRole.PlaceholderText: colours.muted,
        QPalette.ColorRole.ToolTipBase: colours.card,
        QPalette.ColorRole.ToolTipText: colours.text,
        QPalette.ColorRole.Link: colours.accent,
    }
    for role, colour in roles.items():
        palette.setColor(role, QColor(colour))
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(colours.muted))
    return palette
