"""The cameras of this PC by name. Any thread.

Linux says in ``/sys/class/video4linux`` which nodes there are and what they are called; one camera has several nodes, of
which the first gives pictures. ``/dev/v4l/by-id`` has names that stay when a camera is plugged in elsewhere. Other systems tell
OpenCV nothing but numbers, so there the first few are opened one after the other.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from kiosk.camera.device import DeviceSource
from kiosk.errors import SourceError
from kiosk.services.ports.cameras import FoundCamera
from kiosk.translation import _

SYSTEM: Final = Path("/sys/class/video4linux")
BY_ID: Final = Path("/dev/v4l/by-id")
TRIED: Final = 4
"""So many numbers are opened where the system says no names; a classroom's PC has one or two cameras."""


def find_cameras(
    system: Path = SYSTEM,
    by_id: Path = BY_ID,
    *,
    gives_pictures: Callable[[int], bool] | None = None,
    platform: str = sys.platform,
) -> list[FoundCamera]:
    """The cameras that are plugged in now, in the system's order."""
    if platform == "linux":
        return _named(system, by_id)
    tries = gives_pictures or _gives_pictures
    return [
        FoundCamera(str(index), _("Camera {index}", index=index)) for index in range(TRIED) if tries(index)
    ]


def _named(system: Path, by_id: Path) -> list[FoundCamera]:
    links = _links(by_id)
    found = []
    for node in sorted(system.glob("video*"), key=lambda path: int(path.name.removeprefix("video") or 0)):
        if _text(node / "index") not in {"", "0"}:
            continue  # tells what the camera measures, and gives no picture
        number = node.name.removeprefix("video")
        name = _text(node / "name") or _("Camera {index}", index=number)
        found.append(FoundCamera(links.get(node.name, number), name))
    return _told_apart(found)


def _links(by_id: Path) -> dict[str, str]:
    """The name that stays, by node; of cameras of one kind without a number of their own only one has one."""
    links = sorted(by_id.glob("*-video-index0")) if by_id.is_dir() else []
    return {link.resolve().name: str(link) for link in links}


def _told_apart(found: list[FoundCamera]) -> list[FoundCamera]:
    names = [one.name for one in found]
    counted: dict[str, int] = {}
    apart = []
    for one in found:
        counted[one.name] = counted.get(one.name, 0) + 1
        again = names.count(one.name) > 1
        apart.append(FoundCamera(one.source, f"{one.name} ({counted[one.name]})") if again else one)
    return apart


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""


def _gives_pictures(index: int) -> bool:
    source = DeviceSource(index)
    try:
        source.open()
    except SourceError:
        return False
    finally:
        source.close()
    return True
