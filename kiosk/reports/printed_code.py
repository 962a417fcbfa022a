"""QR codes on printed pages: black squares on white, with the quiet zone. Any thread."""

from typing import Final

import numpy as np
from fpdf import FPDF
from numpy.typing import NDArray

QUIET_ZONE: Final = 4
"""White modules around a code; ISO/IEC 18004 asks for four."""


def draw_code(document: FPDF, code: NDArray[np.bool_], left: float, top: float, size_mm: float) -> None:
    """Draw a code; the quiet zone is within `size_mm`. Dark modules side by side are one rectangle, without seams."""
    modules = code.shape[0]
    step = size_mm / (modules + 2 * QUIET_ZONE)
    document.set_fill_color(0, 0, 0)
    for row in range(modules):
        column = 0
        while column < modules:
            length = 0
            while column + length < modules and code[row, column + length]:
                length += 1
            if length:
                x, y = left + (QUIET_ZONE + column) * step, top + (QUIET_ZONE + row) * step
                document.rect(x, y, length * step, step * 1.02, style="F")
            column += length + 1
