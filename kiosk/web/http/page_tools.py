"""What every page is made with, whatever it is about."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from kiosk.web.http.browsers import Browsers
from kiosk.web.http.rendering import Pages
from kiosk.web.http.workers import Workers


@dataclass(frozen=True, slots=True)
class PageTools:
    """Shared by the pages of one web part.

    Attributes:
        pages: Draws.
        browsers: Tells who is asking.
        workers: Read and hash beside the event loop.
        zone: The school's zone, in which times are shown.
        secure: Whether phones come by TLS.
    """

    pages: Pages
    browsers: Browsers
    workers: Workers
    zone: ZoneInfo
    secure: bool
