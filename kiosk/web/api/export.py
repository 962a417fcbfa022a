"""The workbook and the table of all records, made in a directory of their own and sent from there.

Web thread's event loop; the files are written in a pool and deleted when they were sent, or when nobody took them.
"""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from http import HTTPStatus
from pathlib import Path
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, HTTPException
from fastapi.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from kiosk.domain.records.filters import Days
from kiosk.domain.trust.api_tokens import ApiToken
from kiosk.domain.trust.api_tokens import Scope as TokenScope
from kiosk.domain.trust.rights import Actor, Right
from kiosk.errors import ConflictError
from kiosk.services.reports.exports import Exports
from kiosk.web.api.access import Access, TokenCheck
from kiosk.web.api.problems import documented
from kiosk.web.api.routes import ALWAYS, CourseFilter, From, To

WORKBOOK: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TABLE: Final = "text/csv"
COST: Final = 10.0
"""Requests that an export counts as: it reads everything."""

CHUNK_BYTES: Final = 64 * 1024


class MadeFile(StreamingResponse):
    """Sends a file and deletes its folder at the end, whether it was taken to the end or not."""

    def __init__(self, path: Path, *, media_type: str) -> None:
        headers = {
            "Content-Disposition": f'attachment; filename="{path.name}"',
            "Content-Length": str(path.stat().st_size),
        }
        super().__init__(_chunks(path), media_type=media_type, headers=headers)
        self._folder = path.parent

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            shutil.rmtree(self._folder, ignore_errors=True)


class ExportOperations:
    """Two forms of the same records."""

    def __init__(self, *, exports: Exports, check: TokenCheck) -> None:
        self._exports = exports
        self._check = check

    def router(self) -> APIRouter:
        router = APIRouter()
        for suffix, media_type, name, words, write in (
            ("xlsx", WORKBOOK, "Workbook", "The workbook, as the window exports it.", self._exports.workbook),
            ("csv", TABLE, "Table", "All records as CSV: UTF-8, a line each.", self._exports.table),
        ):
            router.add_api_route(
                f"/export.{suffix}",
                self._operation(media_type, suffix, write),
                methods=["GET"],
                summary=name,
                description=f"{words}\n\nScope: `{TokenScope.EXPORT_READ}`. Counts as {COST:.0f} requests.",
                operation_id=f"export_{suffix}",
                tags=["export"],
                response_class=StreamingResponse,
                responses={
                    200: {
                        "description": "The file.",
                        "content": {media_type: {"schema": {"type": "string", "format": "binary"}}},
                    },
                    **documented(*ALWAYS, HTTPStatus.NOT_FOUND),
                },
            )
        return router

    def _operation(self, media_type: str, suffix: str, write: Callable[..., int]) -> Callable[..., Any]:
        access = Access(self._check, TokenScope.EXPORT_READ, media_type=media_type, cost=COST)

        async def export(
            token: Annotated[ApiToken, Depends(access)],
            course: CourseFilter = None,
            first: From = None,
            last: To = None,
        ) -> StreamingResponse:
            days = Days(course, first, last)
            actor = Actor(f"token:{token.token_id} {token.name}", frozenset({Right.EXPORT}))

            def make() -> Path:
                folder = Path(tempfile.mkdtemp(prefix="kiosk-export-"))
                path = folder / f"attendance.{suffix}"
                with ExitStack() as unfinished:
                    unfinished.callback(shutil.rmtree, folder, ignore_errors=True)
                    write(path, days, actor=actor)
                    unfinished.pop_all()
                return path

            try:
                path = await self._check.workers.ask(make)
            except ConflictError as error:
                raise HTTPException(HTTPStatus.UNPROCESSABLE_ENTITY, str(error)) from error

            return MadeFile(path, media_type=media_type)

        return export


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK_BYTES):
            yield chunk
