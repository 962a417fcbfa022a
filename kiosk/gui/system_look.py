"""What the system says about motion, where Qt does not tell. Main thread; asked once, since people change it rarely.

Windows: *Animation effects* in Accessibility. macOS: *Reduce motion*. GNOME and those like it: *Animations*.
"""

import subprocess
import sys
from functools import cache
from typing import Final

ASKING_S: Final = 2.0

SPI_GETCLIENTAREAANIMATION: Final = 0x1042
"""Microsoft, SystemParametersInfoW."""


@cache
def less_motion_wanted() -> bool:
    """Whether this PC's user wants things to stand still; False where the system does not say."""
    if sys.platform == "win32":
        return _windows_stands_still()
    if sys.platform == "darwin":
        return _said("defaults", "read", "com.apple.universalaccess", "reduceMotion") == "1"
    return _said("gsettings", "get", "org.gnome.desktop.interface", "enable-animations") == "false"


def _windows_stands_still() -> bool:
    import ctypes

    moves = ctypes.c_int(1)
    library = getattr(ctypes, "windll", None)
    if library is None:
        return False
    library.user32.SystemParametersInfoW(SPI_GETCLIENTAREAANIMATION, 0, ctypes.byref(moves), 0)
    return not moves.value


def _said(*command: str) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=ASKING_S, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip()
