"""Puts the REST API together. Making it starts nothing.

Its description is English in every language: who reads it writes programs.
"""

import logging
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp

from kiosk import __version__
from kiosk.errors import KioskError
from kiosk.services.records.reading import Reading
from kiosk.services.reports.exports import Exports
from kiosk.services.trust.api_tokens import ApiTokens
from kiosk.translation import N_, _
from kiosk.web.api.access import UNFORESEEN, Door, TokenCheck
from kiosk.web.api.export import ExportOperations
from kiosk.web.api.problems import Problem, WrongValue, problem
from kiosk.web.api.rate import RateLimit
from kiosk.web.api.routes import Operations
from kiosk.web.http.refusals import API_PATH
from kiosk.web.http.rendering import Pages
from kiosk.web.http.statuses import status_of
from kiosk.web.http.workers import Workers

logger = logging.getLogger(__name__)

DESCRIPTION: Final = (
    "Reads courses, class sessions and attendance records of this kiosk. Times are UTC; days are days in the school's "
    "zone. Lists come in pages: follow `next` until it is null. Failures are problem documents (RFC 9457)."
)


@dataclass(frozen=True, slots=True)
class ApiServices:
    """What the API needs of the use cases."""

    tokens: ApiTokens
    reading: Reading
    exports: Exports


def create_api(services: ApiServices, *, pages: Pages, workers: Workers, rate: RateLimit) -> ASGIApp:
    """The app to mount at `API_PATH`, behind its door."""
    api = FastAPI(
        title="Attendance kiosk",
        version=__version__,
        description=DESCRIPTION,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    check = TokenCheck(services.tokens, rate, workers)
    api.include_router(Operations(reading=services.reading, check=check).router())
    api.include_router(ExportOperations(exports=services.exports, check=check).router())
    document = _document(api)

    async def openapi() -> Response:
        return JSONResponse(document)

    async def index() -> Response:
        return pages.draw("api.html", document=document, operations=_operations(document))

    api.add_api_route("/openapi.json", openapi, methods=["GET"], include_in_schema=False)
    api.add_api_route("/", index, methods=["GET"], include_in_schema=False)
    _install_failures(api)
    return Door(api)


def _document(api: FastAPI) -> dict[str, Any]:
    """OpenAPI 3.1; the answers to failures are ours, not FastAPI's."""
    document = get_openapi(
        title=api.title,
        version=api.version,
        openapi_version="3.1.0",
        description=api.description,
        routes=api.routes,
        servers=[{"url": API_PATH}],
    )
    schemas = document["components"]["schemas"]
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    for model in (Problem, WrongValue):
        schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
        schema.pop("$defs", None)
        schemas[model.__name__] = schema
    return document


def _operations(document: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [
        (path, operation) for path, methods in document["paths"].items() for operation in methods.values()
    ]


def _install_failures(api: FastAPI) -> None:
    async def expected(_request: Request, error: KioskError) -> Response:
        status = status_of(error)
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            logger.error("The API could not answer: %s", error.user_text)
        return problem(status, str(error))

    async def http(_request: Request, error: HTTPException) -> Response:
        is_plain = error.detail == HTTPStatus(error.status_code).phrase
        known = _SENTENCES.get(error.status_code) if is_plain else None
        detail = _(known, path=API_PATH) if known else error.detail
        return problem(error.status_code, detail, headers=error.headers)

    async def invalid(_request: Request, error: RequestValidationError) -> Response:
        errors = [
            WrongValue(where=".".join(str(part) for part in one["loc"]), message=one["msg"])
            for one in error.errors()
        ]
        return problem(HTTPStatus.UNPROCESSABLE_ENTITY, _("A value cannot be used."), errors=errors)

    async def unforeseen(_request: Request, _error: Exception) -> Response:
        return problem(HTTPStatus.INTERNAL_SERVER_ERROR, _(UNFORESEEN))  # the door logs it

    api.exception_handler(Exception)(unforeseen)
    api.exception_handler(KioskError)(expected)
    api.exception_handler(HTTPException)(http)
    api.exception_handler(RequestValidationError)(invalid)


_SENTENCES: Final = {
    404: N_("There is nothing here. {path}/ lists what there is."),
    405: N_("This API only reads: use GET."),
    413: N_("The request is too large."),
}
