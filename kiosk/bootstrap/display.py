"""Whether there is somewhere to show a window."""

import ctypes
import os
import socket
import sys
from pathlib import Path


def has_display() -> bool:
    """Whether a window can be shown here: Qt would end the program where no display answers."""
    if os.environ.get("QT_QPA_PLATFORM") in {"offscreen", "minimal"}:
        return False
    if sys.platform in {"win32", "darwin"}:
        return True
    return _wayland_answers() or _x_answers()


def _wayland_answers() -> bool:
    name = os.environ.get("WAYLAND_DISPLAY")
    if not name:
        return False
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as door:
            door.connect(str(Path(os.environ.get("XDG_RUNTIME_DIR", "/"), name)))
    except OSError:
        return False
    return True


def _x_answers() -> bool:
    """Whether the X server lets us in, asked as Qt asks it."""
    if not os.environ.get("DISPLAY"):
        return False
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return True  # Qt says what is missing
    xcb.xcb_connect.restype = ctypes.c_void_p
    connection = ctypes.c_void_p(xcb.xcb_connect(None, None))
    fault: int = xcb.xcb_connection_has_error(connection)
    xcb.xcb_disconnect(connection)
    return fault == 0
