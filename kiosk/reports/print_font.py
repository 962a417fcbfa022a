"""Printed pages in which names of any script can stand: the bundled fonts, taken as texts need them, and shaped. Any thread.

Latin, Greek and Cyrillic letters are of Noto Sans; other scripts have a font each, which is opened when a text has letters of
it. HarfBuzz joins and places letters (by fpdf2), and texts that run from the right are laid out so. Only the letters in use are embedded.
"""

from functools import cache
from pathlib import Path
from typing import Any, Final

from fontTools.ttLib import TTFont as FontFile
from fpdf import FPDF
from fpdf.fonts import TTFFont

FAMILY: Final = "NotoSans"

# Beside the package in a checkout, and in the frozen program, whose modules lie in the folder of its data.
_FOLDER: Final = Path(__file__).parents[2] / "assets" / "fonts"

FONTS: Final = (
    ("NotoSansArabic-Regular", ((0x0600, 0x06FF), (0x0750, 0x077F), (0x08A0, 0x08FF), (0xFB50, 0xFEFC))),
    ("NotoSansHebrew-Regular", ((0x0590, 0x05FF), (0xFB1D, 0xFB4F))),
    ("NotoSansArmenian-Regular", ((0x0530, 0x058F), (0xFB13, 0xFB17))),
    ("NotoSansThaana-Regular", ((0x0780, 0x07BF),)),
    ("NotoSansDevanagari-Regular", ((0x0900, 0x097F), (0xA8E0, 0xA8FF))),
    ("NotoSansBengali-Regular", ((0x0980, 0x09FF),)),
    ("NotoSansGurmukhi-Regular", ((0x0A00, 0x0A7F),)),
    ("NotoSansGujarati-Regular", ((0x0A80, 0x0AFF),)),
    ("NotoSansOriya-Regular", ((0x0B00, 0x0B7F),)),
    ("NotoSansTamil-Regular", ((0x0B80, 0x0BFF),)),
    ("NotoSansTelugu-Regular", ((0x0C00, 0x0C7F),)),
    ("NotoSansKannada-Regular", ((0x0C80, 0x0CFF),)),
    ("NotoSansMalayalam-Regular", ((0x0D00, 0x0D7F),)),
    ("NotoSansSinhala-Regular", ((0x0D80, 0x0DFF),)),
    ("NotoSansThai-Regular", ((0x0E00, 0x0E7F),)),
    ("NotoSansLao-Regular", ((0x0E80, 0x0EFF),)),
    ("NotoSansMyanmar-Regular", ((0x1000, 0x109F), (0xAA60, 0xAA7F), (0xA9E0, 0xA9FF))),
    ("NotoSansGeorgian-Regular", ((0x10A0, 0x10FF), (0x1C90, 0x1CBF), (0x2D00, 0x2D2F))),
    ("NotoSansEthiopic-Regular", ((0x1200, 0x139F), (0x2D80, 0x2DDF), (0xAB00, 0xAB2F))),
    ("NotoSansKhmer-Regular", ((0x1780, 0x17FF), (0x19E0, 0x19FF))),
    ("NanumSquareR", ((0x1100, 0x11FF), (0x3130, 0x318F), (0xAC00, 0xD7AF))),
    ("DroidSansFallbackFull", ((0x2E80, 0x312F), (0x3190, 0x9FFF), (0xF900, 0xFAFF), (0xFF00, 0xFFEF))),
    ("NotoEmoji-Regular", ((0x2190, 0x2BFF), (0x1F000, 0x1FAFF), (0xFE0F, 0xFE0F), (0x20E3, 0x20E3))),
)
"""File names, and the letters (first and last code point) for which each is opened."""

_UNSEEN: Final = "\u200b\u200c\u200d\u200e\u200f\u2060\u2066\u2067\u2068\u2069\ufe0e\ufe0f"
"""Signs that shape or order a text and have no look of their own."""


class PrintDocument(FPDF):
    """A PDF in millimetres on A4 whose texts may have letters of any script."""

    def __init__(self, *, landscape: bool = False) -> None:
        super().__init__(orientation="landscape" if landscape else "portrait", unit="mm", format="A4")
        self.add_font(FAMILY, fname=_FOLDER / "NotoSans-Regular.ttf")
        self.add_font(FAMILY, style="B", fname=_FOLDER / "NotoSans-Bold.ttf")
        self.set_text_shaping(True)
        self._opened: list[str] = []

    def get_fallback_font(self, char: str, style: str = "") -> str | None:
        """fpdf2 asks for the font of a letter that Noto Sans has not; its file is opened at the first one."""
        stem = _font_of(char)
        if stem is None:
            return None
        if stem not in self._opened:
            self.add_font(stem, fname=_FOLDER / f"{stem}.ttf")
            self._opened.append(stem)
            self.set_fallback_fonts(self._opened, exact_match=False)
        return super().get_fallback_font(char, style)

    def close_fonts(self) -> None:
        """Let go of the fonts' files, of a document that is not written; writing one closes them."""
        for face in self.fonts.values():
            if isinstance(face, TTFFont):
                face.ttfont.close()

    def _render_styled_text_line(self, *given: Any, **named: Any) -> bool:
        # fpdf2 2.8 counts a font as set on the page although it was set between q and Q, in a line that began with
        # another script; the next line then had none and was not shown.
        self.current_font_is_set_on_page = False
        return super()._render_styled_text_line(*given, **named)


def can_print(text: str) -> bool:
    """Whether a bundled font has each letter."""
    return all(_is_known(letter) for letter in text)


def printable(text: str) -> str:
    """A text with the letters that no font has left out."""
    return " ".join("".join(letter for letter in text if _is_known(letter)).split())


def _is_known(letter: str) -> bool:
    if letter.isspace() or letter in _UNSEEN or ord(letter) in _letters("NotoSans-Regular"):
        return True
    stem = _font_of(letter)
    return stem is not None and ord(letter) in _letters(stem)


def _font_of(letter: str) -> str | None:
    code = ord(letter)
    return next((stem for stem, ranges in FONTS if any(low <= code <= high for low, high in ranges)), None)


@cache
def _letters(stem: str) -> frozenset[int]:
    """Code points of a font; its file is read once."""
    with FontFile(_FOLDER / f"{stem}.ttf", lazy=True) as font:
        return frozenset(font.getBestCmap())
