"""What every page is made with, whatever it is about. Web thread's event loop."""

from dataclasses import dataclass
from http import HTTPStatus
from zoneinfo import ZoneInfo

from fastapi import Depends, Request
from fastapi.responses import RedirectResponse

from kiosk.domain.people.students import Student
from kiosk.web.http.browsers import Browsers, Visitor
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


class NotSignedInError(Exception):
    """A page about oneself was asked for by nobody; the app answers with the way to the sign-in."""


class TeacherNotSignedInError(Exception):
    """A page for teachers was asked for by nobody; the app answers with the way to their sign-in."""


class PhonePages:
    """Pages on one subject, with what they are made with at hand."""

    def __init__(self, tools: PageTools) -> None:
        self._pages = tools.pages
        self._browsers = tools.browsers
        self._workers = tools.workers
        self._zone = tools.zone
        self._secure = tools.secure
        self._own_form = [Depends(tools.browsers.require_own_form)]

    def _signed_in(self, request: Request) -> tuple[Visitor, Student]:
        """Who is asking.

        Raises:
            NotSignedInError: Nobody is signed in.
        """
        visitor = self._browsers.visitor(request)
        if visitor.student is None:
            raise NotSignedInError
        return visitor, visitor.student


def see_other(address: str) -> RedirectResponse:
    """Send the browser on, by GET."""
    return RedirectResponse(address, HTTPStatus.SEE_OTHER)


def source_of(student: Student) -> str:
    """Whose turn it is, for somebody who is signed in."""
    return f"student {student.student_id}"
