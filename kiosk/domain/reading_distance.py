"""How large the modules of a code are on a screen, and from how far a phone reads them: pure arithmetic.

The distance follows from the phone's camera, not from a rule of thumb for the printed size. A phone's main camera has
a focal length of about 26 mm in 35 mm terms (36 mm across), and its code reader looks at a picture of 1920 pixels
across or more. So one module of m millimetres at d millimetres is 1920 · 26/36 · m/d pixels wide, and readers want
3 pixels a module, which also is what the tests of the shown code decode when they make its picture smaller. The common
rule "a tenth of the distance" (for the whole symbol) asks for codes about twice as large; it allows for older phones.
"""

from dataclasses import dataclass
from typing import Final

QUIET_MODULES: Final = 8
"""White modules beside a code, four at each side, as ISO/IEC 18004 asks for."""

CORNER_PX: Final = 728.0
"""Room for code and quiet zone in the corner of the kiosk screen, at 1080 lines."""

FULL_PX: Final = 1056.0
"""The same over the full screen, at 1080 lines."""

FOCAL_LENGTH_PX: Final = 1920 * 26 / 36
"""Of a phone's main camera, in pixels of the picture that its code reader looks at."""

LEAST_PX: Final = 3.0
"""Camera pixels that a module must be wide."""

DESK_SCREEN_MM: Final = 531.3 / 1920
"""Width of a pixel of a 24-inch screen of 1920×1080: 24 in · 25.4 · 16/√(16² + 9²) / 1920."""


@dataclass(frozen=True, slots=True)
class CodeSize:
    """A code on a screen.

    Attributes:
        module_px: Screen pixels a module, whole.
        module_mm: Millimetres a module.
    """

    module_px: int
    module_mm: float

    @property
    def distance_m(self) -> float:
        """From how far a phone reads it, in metres."""
        return FOCAL_LENGTH_PX * self.module_mm / LEAST_PX / 1000

    @property
    def sentence(self) -> str:
        """Such as ``Modules of 6.1 mm, readable from 2.8 m``."""
        return f"Modules of {self.module_mm:.1f} mm, readable from {self.distance_m:.1f} m"


def code_size(*, modules: int, available_px: float, pixel_mm: float) -> CodeSize:
    """The size of a code that fills a square as far as whole pixels a module allow.

    Args:
        modules: Side of the code without its quiet zone, 21 or more.
        available_px: Side of the square in screen pixels.
        pixel_mm: Width of a screen pixel in millimetres.
    """
    module_px = max(1, int(available_px) // (modules + QUIET_MODULES))
    return CodeSize(module_px, module_px * pixel_mm)
