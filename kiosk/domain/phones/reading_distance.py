"""How large the modules of a code are on a screen, and from how far a phone reads them: pure arithmetic.

The distance follows from the phone's camera, not from a rule of thumb for the printed size. A phone's main camera has
a focal length of about 26 mm in 35 mm terms (36 mm across), and its code reader looks at a picture of 1920 pixels
across or more. So one module of m millimetres at d millimetres is 1920 · 26/36 · m/d pixels wide, and readers want
3 pixels a module, which also is what the tests of the shown code decode when they make its picture smaller. The common
rule "a tenth of the distance" (for the whole symbol) asks for codes about twice as large; it allows for older phones.
"""

import math
from dataclasses import dataclass
from typing import Final

from kiosk.translation import _

QUIET_MODULES: Final = 8
"""White modules beside a code, four at each side, as ISO/IEC 18004 asks for."""

CORNER_PX: Final = 728.0
"""Room for code and quiet zone in the corner of the kiosk screen, at 1080 lines: 22 pixels a module for version 2."""

WIDE_CORNER_PX: Final = 814.0
"""The same for version 3, which long host names need: 22 pixels a module, too. The camera gives way."""

VERSION_2: Final = 25
"""Modules at a side. It holds 38 characters of upper case with error correction M, version 3 holds 61."""

EDGE_PX: Final = 12.0
"""Ring and gap at each side of the code, at 1080 lines."""

FULL_SHARE: Final = 0.62
"""Of the screen's width that the code over the full screen may take."""

LEAST_MM: Final = 6.0
"""A module in the corner of a 24-inch screen is at least this wide."""

LONGEST_HOST: Final = 37
"""Characters that a host name may have for modules of `LEAST_MM`: ``HTTPS://``, ``:8080``, ``/S/`` and a code of eight
leave so many of version 3's 61."""

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
        return _(
            "Modules of {module_mm:.1f} mm, readable from {distance_m:.1f} m",
            module_mm=self.module_mm,
            distance_m=self.distance_m,
        )


@dataclass(frozen=True, slots=True)
class ScreenShape:
    """A screen.

    Attributes:
        width_px: Its own pixels across.
        height_px: Its own pixels down.
        width_mm: Width of the picture in millimetres.
    """

    width_px: int
    height_px: int
    width_mm: float

    @property
    def inches(self) -> float:
        return self.width_mm * math.hypot(self.width_px, self.height_px) / self.width_px / 25.4

    @property
    def scale(self) -> float:
        """Of its pixels for one at 1080 lines."""
        return min(self.width_px / 1920, self.height_px / 1080)

    @property
    def pixel_mm(self) -> float:
        return self.width_mm / self.width_px


DESK_SCREEN: Final = ScreenShape(1920, 1080, DESK_SCREEN_MM * 1920)
"""24 inches, 1920×1080."""


def corner_px(modules: int) -> float:
    """Room for a code of so many modules and its quiet zone in the corner of the kiosk screen, at 1080 lines."""
    return CORNER_PX if modules <= VERSION_2 else WIDE_CORNER_PX


def corner_size(modules: int, screen: ScreenShape) -> CodeSize:
    """How large a code is in the corner of the kiosk screen."""
    available = corner_px(modules) * screen.scale
    return code_size(modules=modules, available_px=available, pixel_mm=screen.pixel_mm)


def full_size(modules: int, screen: ScreenShape) -> CodeSize:
    """How large a code is over the full screen."""
    side = min(float(screen.height_px), FULL_SHARE * screen.width_px)
    available = side - 2 * EDGE_PX * screen.scale
    return code_size(modules=modules, available_px=available, pixel_mm=screen.pixel_mm)


def code_size(*, modules: int, available_px: float, pixel_mm: float) -> CodeSize:
    """The size of a code that fills a square as far as whole pixels a module allow.

    Args:
        modules: Side of the code without its quiet zone, 21 or more.
        available_px: Side of the square in screen pixels.
        pixel_mm: Width of a screen pixel in millimetres.
    """
    module_px = max(1, int(available_px) // (modules + QUIET_MODULES))
    return CodeSize(module_px, module_px * pixel_mm)
