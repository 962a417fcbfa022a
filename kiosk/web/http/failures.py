"""Failures as pages: each expected error has a status of its own, its sentence and what to do."""

import logging
from http import HTTPStatus
from typing import Final

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from kiosk.errors import BusyError, KioskError
from kiosk.translation import N_, _
from kiosk.web.http.browsers import Browsers
from kiosk.web.http.guard import TOO_LARGE
from kiosk.web.http.page_tools import NotSignedInError, TeacherNotSignedInError, see_other
from kiosk.web.http.refusals import refusal
from kiosk.web.http.rendering import OWN_PATH, START_PATH, TEACH_PATH, Pages
from kiosk.web.http.statuses import status_of

logger = logging.getLogger(__name__)

_SCAN: Final = N_("Please scan the code on the kiosk’s screen.")

_SENTENCES: Final = {
    HTTPStatus.FORBIDDEN: (
        N_("This form is out of date."),
        N_("Please scan the code on the kiosk’s screen again."),
    ),
    HTTPStatus.NOT_FOUND: (N_("There is no such page here."), _SCAN),
    HTTPStatus.METHOD_NOT_ALLOWED: (N_("This page cannot be used that way."), _SCAN),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: TOO_LARGE,
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: (N_("The kiosk takes only its own forms."), _SCAN),
}
_UNREADABLE: Final = (N_("The kiosk did not understand that."), N_("Please go back and try again."))


def install(app: FastAPI, *, pages: Pages, browsers: Browsers) -> None:
    """Make the app answer failures with pages."""

    async def expected(request: Request, error: KioskError) -> Response:
        status = status_of(error)
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR and not isinstance(error, BusyError):
            logger.error("A phone could not be served: %s", error.user_text)
        student = browsers.visitor(request).student
        note = _("You are still signed in as {full_name}.", full_name=student.full_name) if student else ""
        is_own = student is not None and request.url.path.startswith(OWN_PATH)
        way_on = OWN_PATH if is_own else START_PATH
        if request.url.path.startswith(TEACH_PATH):
            note, way_on = "", TEACH_PATH
        response = pages.message(error.user_text, error.hint, status_code=status, note=note, way_on=way_on)
        if isinstance(error, BusyError):
            response.headers["Retry-After"] = str(error.retry_s)
            response.headers["Connection"] = "close"  # its place may be somebody else's meanwhile
        return response

    async def http(request: Request, error: HTTPException) -> Response:
        title, hint = _SENTENCES.get(HTTPStatus(error.status_code), _UNREADABLE)
        response = refusal(request.scope, pages, _(title), _(hint), status_code=error.status_code)
        response.headers.update(error.headers or {})
        return response

    async def invalid(_request: Request, _error: Exception) -> Response:
        return pages.message(*tuple(map(_, _UNREADABLE)), status_code=HTTPStatus.UNPROCESSABLE_ENTITY)

    async def nobody(_request: Request, _error: NotSignedInError) -> Response:
        return see_other("/sign-in")

    async def no_teacher(_request: Request, _error: TeacherNotSignedInError) -> Response:
        return see_other(TEACH_PATH)

    app.exception_handler(NotSignedInError)(nobody)
    app.exception_handler(TeacherNotSignedInError)(no_teacher)
    app.exception_handler(KioskError)(expected)
    app.exception_handler(HTTPException)(http)
    app.exception_handler(RequestValidationError)(invalid)
