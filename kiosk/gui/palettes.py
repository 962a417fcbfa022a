"""The colours of each look. Pure values, no Qt. Every text on them has a contrast of at least 4.5:1 (WCAG 2.2, 1.4.3)."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of one look, as ``#rrggbb``.

    Attributes:
        line: Between things that belong together; it need not be seen.
        border: Around what is pressed or typed into; at least 3:1 on `background` and `card` (WCAG 2.2, 1.4.11).
        tint_*: Soft backgrounds for icons and banners, text in the colour of the same name stands on them.
        solid_*: Strong surfaces, `on_solid` stands on them; the same in light and dark.
        box_*: Lines drawn over the camera picture.
    """

    background: str
    card: str
    line: str
    border: str
    text: str
    muted: str
    accent: str
    present: str
    late: str
    refused: str
    on_accent: str
    hover: str
    pressed: str
    track: str
    tint_accent: str
    tint_present: str
    tint_late: str
    tint_refused: str
    solid_accent: str = "#1557c0"
    solid_present: str = "#0a7d45"
    solid_late: str = "#8a5200"
    solid_refused: str = "#b3261e"
    solid_neutral: str = "#3d4852"
    on_solid: str = "#ffffff"
    box_present: str = "#2fc272"
    box_checking: str = "#6aa5ff"
    box_late: str = "#f5ae46"
    box_neutral: str = "#d3dae0"


LIGHT: Final = Palette(
    background="#f4f6f8",
    card="#ffffff",
    line="#e1e6eb",
    border="#7d8790",
    text="#101820",
    muted="#5b6873",
    accent="#1557c0",
    present="#0a7d45",
    late="#9a5b00",
    refused="#b3261e",
    on_accent="#ffffff",
    hover="#eef2f6",
    pressed="#e1e7ed",
    track="#dfe4e9",
    tint_accent="#e7effb",
    tint_present="#e3f4ea",
    tint_late="#fbf0de",
    tint_refused="#fcebe9",
)

DARK: Final = Palette(
    background="#0e1318",
    card="#171e25",
    line="#27313a",
    border="#697580",
    text="#eef2f5",
    muted="#9aa7b2",
    accent="#7db0ff",
    present="#4ccf87",
    late="#f2b04b",
    refused="#ff8a80",
    on_accent="#0b1a30",
    hover="#202932",
    pressed="#2a343e",
    track="#2a343d",
    tint_accent="#1a2a42",
    tint_present="#122e20",
    tint_late="#33270f",
    tint_refused="#3a1d1c",
)

HIGH_CONTRAST_DARK: Final = Palette(
    background="#000000",
    card="#000000",
    line="#ffffff",
    border="#ffffff",
    text="#ffffff",
    muted="#e8e8e8",
    accent="#ffe14d",
    present="#7dffa8",
    late="#ffc35c",
    refused="#ffa9a2",
    on_accent="#000000",
    hover="#333333",
    pressed="#4d4d4d",
    track="#595959",
    tint_accent="#665a00",
    tint_present="#00260f",
    tint_late="#2b1a00",
    tint_refused="#330604",
)
"""White on black; at least 7:1."""

HIGH_CONTRAST_LIGHT: Final = Palette(
    background="#ffffff",
    card="#ffffff",
    line="#000000",
    border="#000000",
    text="#000000",
    muted="#2b2b2b",
    accent="#00307d",
    present="#00461f",
    late="#5c3300",
    refused="#8a0c06",
    on_accent="#ffffff",
    hover="#dedede",
    pressed="#c4c4c4",
    track="#c4c4c4",
    tint_accent="#8fa8d8",
    tint_present="#e3f7ea",
    tint_late="#fff1dc",
    tint_refused="#ffeceb",
    solid_accent="#00307d",
    solid_present="#00461f",
    solid_late="#5c3300",
    solid_refused="#8a0c06",
    solid_neutral="#1f262c",
)
"""Black on white, for a system whose contrast is raised and whose look is light; at least 7:1."""
