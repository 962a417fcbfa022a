"""What people read about minutes in a class and leaving it. Pure; any thread."""

from datetime import tzinfo

from kiosk.domain.attendance.stays import Stay
from kiosk.translation import _
from kiosk.wording.dates import clock_time


def stay_words(stay: Stay, zone: tzinfo) -> str:
    """Such as ``left 10:12 · 72 of 90 min (80 %)``; who never checked out is named as counted to the end."""
    said = _("{minutes} of {of} min ({percent} %)", minutes=stay.minutes, of=stay.of, percent=stay.percent)
    if stay.by_hand:
        return _("{said} · by hand", said=said)
    if stay.left_at is not None:
        return _("left {time} · {said}", time=clock_time(stay.left_at, zone), said=said)
    return _("{said} · to the end", said=said)
