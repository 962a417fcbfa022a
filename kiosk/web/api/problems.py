"""Failures as problem documents (RFC 9457). Holds no state; used on the web thread's event loop."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

PROBLEM_JSON: Final = "application/problem+json"


class WrongValue(BaseModel):
    """One value of a request that cannot be used."""

    where: str = Field(description="Place and name.", examples=["query.limit"])
    message: str = Field(description="What is wrong with it.", examples=["Input should be at most 200"])


class Problem(BaseModel):
    """What went wrong, as RFC 9457 has it."""

    type: str = Field(
        description="Kind of problem; about:blank: the status says it.", examples=["about:blank"]
    )
    title: str = Field(description="The status in words.", examples=["Not Found"])
    status: int = Field(ge=400, le=599, description="The HTTP status.", examples=[404])
    detail: str = Field(description="What happened, and what to do.", examples=["There is no such course."])
    errors: list[WrongValue] = Field(default=[], description="The values at fault, with status 422.")


def problem(
    status: int, detail: str, *, headers: Mapping[str, str] | None = None, errors: Sequence[WrongValue] = ()
) -> JSONResponse:
    """One problem as a response."""
    body = Problem(
        type="about:blank", title=HTTPStatus(status).phrase, status=status, detail=detail, errors=list(errors)
    )
    content = body.model_dump() if errors else body.model_dump(exclude={"errors"})
    return JSONResponse(content, status, headers=dict(headers or {}), media_type=PROBLEM_JSON)


def documented(*statuses: HTTPStatus) -> dict[int | str, dict[str, Any]]:
    """These failures as an operation's part of the OpenAPI document."""
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        int(status): {"description": _MEANING[status], "content": {PROBLEM_JSON: {"schema": schema}}}
        for status in sorted(statuses)
    }


_MEANING: Final = {
    HTTPStatus.UNAUTHORIZED: "No token, or one that opens nothing (any more).",
    HTTPStatus.FORBIDDEN: "The token lacks the scope, the connection is not secure, or the network may not come.",
    HTTPStatus.NOT_FOUND: "There is no such thing.",
    HTTPStatus.NOT_ACCEPTABLE: "None of the media types that were asked for can be given.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "The request is too large.",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "A request has no body here.",
    HTTPStatus.UNPROCESSABLE_ENTITY: "A value cannot be used; `errors` says which.",
    HTTPStatus.TOO_MANY_REQUESTS: "Too many requests with this token; `Retry-After` says when to go on.",
    HTTPStatus.INTERNAL_SERVER_ERROR: "Something went wrong in the kiosk; its log says what.",
    HTTPStatus.SERVICE_UNAVAILABLE: "The database cannot be used at the moment.",
}
