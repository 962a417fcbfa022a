"""Pages of a list: an opaque cursor that says after which id to go on. Holds no state; web thread's event loop."""

import base64
import binascii
from collections.abc import Sequence
from typing import Annotated, Final, Generic, TypeVar

from fastapi import Query, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field

from kiosk.services.records.reading import Slice
from kiosk.translation import _

MAX_LIMIT: Final = 200
MAX_ID: Final = 2**31 - 1
"""PostgreSQL's INTEGER."""

T = TypeVar("T")

Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT, description="Things a page.", examples=[50])]
Cursor = Annotated[
    str | None,
    Query(max_length=64, description="From `next` of the page before; without it the list begins."),
]


class Page(BaseModel, Generic[T]):
    """A part of a list, by id."""

    items: list[T] = Field(description="This page.")
    next: str | None = Field(
        description="Path and query of the next page; null at the end.",
        examples=["/api/v1/records?limit=50&cursor=cmVjb3JkczoxMjM"],
    )


def slice_of(kind: str, cursor: str | None, limit: int) -> Slice:
    """What a cursor and a limit ask for; one thing more is read, which tells whether there is a next page.

    Raises:
        RequestValidationError: The cursor is none of a list of this kind.
    """
    return Slice(0 if cursor is None else _after(kind, cursor), limit + 1)


def page_of(request: Request, kind: str, found: Sequence[tuple[int, T]], limit: int) -> Page[T]:
    """A page of things with their ids, as `slice_of` had them read."""
    shown = found[:limit]
    following = None
    if len(found) > limit:
        address = request.url.include_query_params(cursor=cursor_after(kind, shown[-1][0]))
        following = f"{address.path}?{address.query}"
    return Page[T](items=[item for _unused, item in shown], next=following)


def cursor_after(kind: str, last_id: int) -> str:
    """The cursor that goes on after an id."""
    return base64.urlsafe_b64encode(f"{kind}:{last_id}".encode()).decode().rstrip("=")


def _after(kind: str, cursor: str) -> int:
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        text = ""
    of, _unused, number = text.partition(":")
    if (
        of != kind
        or not (number.isascii() and number.isdecimal())
        or len(number) > 10
        or int(number) > MAX_ID
    ):
        raise RequestValidationError(
            [{"loc": ("query", "cursor"), "msg": _("This is no cursor of this list"), "type": "cursor"}]
        )
    return int(number)
