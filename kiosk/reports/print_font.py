"""The font of printed pages (DejaVu Sans, bundled), and which texts it can print. Any thread."""

import unicodedata
from pathlib import Path
from typing import Final

from fpdf import FPDF
from fpdf.fonts import TTFFont

FAMILY: Final = "DejaVu"

# Beside the package in a checkout, and in the frozen program, whose modules lie in the folder of its data.
_FOLDER: Final = Path(__file__).parents[2] / "assets" / "fonts"


class PrintFont:
    """DejaVu Sans, plain and bold, in one document; only the letters in use are embedded."""

    def __init__(self, document: FPDF) -> None:
        document.add_font(FAMILY, fname=_FOLDER / "DejaVuSans.ttf")
        document.add_font(FAMILY, style="B", fname=_FOLDER / "DejaVuSans-Bold.ttf")
        self._faces = [face for face in document.fonts.values() if isinstance(face, TTFFont)]
        self._letters = frozenset.intersection(*(frozenset(face.cmap) for face in self._faces))

    def close(self) -> None:
        """Let go of the font's files, of a document that is not written; writing one closes them."""
        for face in self._faces:
            face.ttfont.close()

    def can_print(self, text: str) -> bool:
        """Whether every letter is in the font and needs no shaping, as scripts written from the right do.

        Latin, Greek, Cyrillic, Armenian and Georgian are; Arabic, Hebrew, Indic and East Asian scripts are not.
        """
        return all(
            ord(letter) in self._letters and unicodedata.bidirectional(letter) not in {"R", "AL", "AN"}
            for letter in text
        )

    def printable(self, text: str) -> str:
        """A text with the letters that cannot be printed left out."""
        return " ".join("".join(letter for letter in text if self.can_print(letter)).split())
