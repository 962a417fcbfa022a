"""Which HTTP status an expected failure has, for pages and the REST API alike. Holds no state."""

from http import HTTPStatus
from typing import Final

from kiosk.errors import (
    BusyError,
    CodeError,
    ConflictError,
    ExpiredCodeError,
    ForbiddenError,
    KioskError,
    NotFoundError,
    SignInError,
    StorageError,
    ThrottledError,
)

_STATUS: Final[dict[type[KioskError], HTTPStatus]] = {
    ExpiredCodeError: HTTPStatus.GONE,
    CodeError: HTTPStatus.BAD_REQUEST,
    ThrottledError: HTTPStatus.TOO_MANY_REQUESTS,
    SignInError: HTTPStatus.FORBIDDEN,
    ForbiddenError: HTTPStatus.FORBIDDEN,
    NotFoundError: HTTPStatus.NOT_FOUND,
    ConflictError: HTTPStatus.CONFLICT,
    BusyError: HTTPStatus.SERVICE_UNAVAILABLE,
    StorageError: HTTPStatus.SERVICE_UNAVAILABLE,
}


def status_of(error: KioskError) -> HTTPStatus:
    """The HTTP status of an expected failure; 500 for kinds that no phone should meet."""
    for kind in type(error).__mro__:
        if issubclass(kind, KioskError) and kind in _STATUS:
            return _STATUS[kind]
    return HTTPStatus.INTERNAL_SERVER_ERROR
