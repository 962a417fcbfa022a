"""Whether windows may have transparent corners: without a compositor, as on a bare X server, those are black. Main thread."""

import ctypes
import ctypes.util
from functools import cache
from typing import Final

from PySide6.QtGui import QGuiApplication

SELECTION: Final = b"_NET_WM_CM_S0"
"""Who composites the first screen of an X server owns this (Extended Window Manager Hints 1.5)."""


@cache
def has_compositor() -> bool:
    """Whether what is below a window shows through it. Windows, macOS and Wayland always do that."""
    return QGuiApplication.platformName() != "xcb" or _somebody_composites_x()


def _somebody_composites_x() -> bool:
    library = ctypes.util.find_library("X11")
    if library is None:
        return False
    x11 = ctypes.CDLL(library)
    x11.XOpenDisplay.restype = ctypes.c_void_p
    x11.XInternAtom.restype = ctypes.c_ulong
    x11.XInternAtom.argtypes = (ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int)
    x11.XGetSelectionOwner.restype = ctypes.c_ulong
    x11.XGetSelectionOwner.argtypes = (ctypes.c_void_p, ctypes.c_ulong)
    x11.XCloseDisplay.argtypes = (ctypes.c_void_p,)
    display = x11.XOpenDisplay(None)
    if not display:
        return False
    try:
        return bool(x11.XGetSelectionOwner(display, x11.XInternAtom(display, SELECTION, 0)))
    finally:
        x11.XCloseDisplay(display)
