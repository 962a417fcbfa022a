"""The operations of the REST API. Web thread's event loop; what reads the store runs in a pool."""

from collections.abc import Callable
from datetime import date
from functools import partial
from http import HTTPStatus
from typing import Annotated, Any, Final, TypeVar

from fastapi import APIRouter, Depends, Path, Query, Request

from kiosk.domain.attendance.choices import Status
from kiosk.domain.records.filters import Days
from kiosk.domain.trust.api_tokens import Scope
from kiosk.services.records.reading import Reading
from kiosk.web.api.access import Access, TokenCheck
from kiosk.web.api.paging import MAX_ID, Cursor, Limit, Page, page_of, slice_of
from kiosk.web.api.problems import documented
from kiosk.web.api.schemas import CourseOut, RecordOut, RecordWithHistory, SessionOut, StudentOut
from kiosk.web.http.workers import Workers

T = TypeVar("T")

Id = Annotated[int, Path(alias="id", ge=1, le=MAX_ID, examples=[3])]
CourseFilter = Annotated[
    int | None, Query(alias="course", ge=1, le=MAX_ID, description="Id of a course.", examples=[3])
]
From = Annotated[
    date | None,
    Query(
        alias="from",
        description="First day on which sessions began, in the school's zone.",
        examples=["2026-03-02"],
    ),
]
To = Annotated[
    date | None,
    Query(
        alias="to",
        description="Last day on which sessions began, in the school's zone; included.",
        examples=["2026-07-31"],
    ),
]

ALWAYS: Final = (
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.NOT_ACCEPTABLE,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    HTTPStatus.UNPROCESSABLE_ENTITY,
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.INTERNAL_SERVER_ERROR,
    HTTPStatus.SERVICE_UNAVAILABLE,
)


class Operations:
    """Reading, one method an operation."""

    def __init__(self, *, reading: Reading, check: TokenCheck) -> None:
        self._reading = reading
        self._check = check
        self._workers: Workers = check.workers

    def router(self) -> APIRouter:
        """All of them."""
        router = APIRouter()
        for path, operation, scope, name in (
            ("/courses", self.courses, Scope.COURSES_READ, "Courses"),
            ("/courses/{id}", self.course, Scope.COURSES_READ, "A course"),
            ("/courses/{id}/students", self.students, Scope.COURSES_READ, "Students of a course"),
            ("/sessions", self.sessions, Scope.SESSIONS_READ, "Class sessions"),
            ("/sessions/{id}", self.session, Scope.SESSIONS_READ, "A class session"),
            ("/sessions/{id}/records", self.session_records, Scope.RECORDS_READ, "Records of a session"),
            ("/records", self.records, Scope.RECORDS_READ, "Attendance records"),
            ("/records/{id}", self.record, Scope.RECORDS_READ, "A record with its history"),
        ):
            self._add(router, path, operation, scope=scope, name=name)
        return router

    async def courses(self, request: Request, limit: Limit = 50, cursor: Cursor = None) -> Page[CourseOut]:
        """All courses, by id."""
        wanted = slice_of("courses", cursor, limit)
        found = await self._workers.ask(partial(self._reading.courses, wanted))
        return page_of(request, "courses", [(one.course_id, CourseOut.of(one)) for one in found], limit)

    async def course(self, number: Id) -> CourseOut:
        """One course."""
        return CourseOut.of(await self._workers.ask(partial(self._reading.course, number)))

    async def students(
        self,
        request: Request,
        number: Id,
        on: Annotated[
            date | None, Query(description="The day; without it, today.", examples=["2026-03-02"])
        ] = None,
        limit: Limit = 50,
        cursor: Cursor = None,
    ) -> Page[StudentOut]:
        """Who is registered in a course on a day, by id."""
        wanted = slice_of("students", cursor, limit)
        found = await self._workers.ask(partial(self._reading.students, number, on, wanted))
        return page_of(request, "students", [(one.student_id, StudentOut.of(one)) for one in found], limit)

    async def sessions(
        self,
        request: Request,
        course: CourseFilter = None,
        first: From = None,
        last: To = None,
        is_open: Annotated[
            bool | None, Query(alias="open", description="Only those that are open, or only ended ones.")
        ] = None,
        limit: Limit = 50,
        cursor: Cursor = None,
    ) -> Page[SessionOut]:
        """Class sessions, by id: the oldest first."""
        days, wanted = Days(course, first, last), slice_of("sessions", cursor, limit)
        found = await self._workers.ask(partial(self._reading.sessions, days, is_open=is_open, wanted=wanted))
        shown = [(one.session.session_id, SessionOut.of(one)) for one in found]
        return page_of(request, "sessions", shown, limit)

    async def session(self, number: Id) -> SessionOut:
        """One class session."""
        return SessionOut.of(await self._workers.ask(partial(self._reading.session, number)))

    async def session_records(
        self,
        request: Request,
        number: Id,
        status: Annotated[Status | None, Query(description="Only those of this status.")] = None,
        limit: Limit = 50,
        cursor: Cursor = None,
    ) -> Page[RecordOut]:
        """The records of one class session, by id. Who was never marked has none."""
        wanted = slice_of("records", cursor, limit)

        def query() -> list[tuple[int, RecordOut]]:
            self._reading.session(number)
            found = self._reading.records(Days(), wanted=wanted, session_id=number, status=status)
            return [(one.record.record_id, RecordOut.of(one)) for one in found]

        return page_of(request, "records", await self._workers.ask(query), limit)

    async def records(
        self,
        request: Request,
        course: CourseFilter = None,
        student: Annotated[
            int | None, Query(ge=1, le=MAX_ID, description="Id of a student.", examples=[41])
        ] = None,
        status: Annotated[Status | None, Query(description="Only those of this status.")] = None,
        first: From = None,
        last: To = None,
        limit: Limit = 50,
        cursor: Cursor = None,
    ) -> Page[RecordOut]:
        """Attendance records of all sessions, by id: the oldest first."""
        days, wanted = Days(course, first, last), slice_of("records", cursor, limit)

        def query() -> list[tuple[int, RecordOut]]:
            found = self._reading.records(days, wanted=wanted, student_id=student, status=status)
            return [(one.record.record_id, RecordOut.of(one)) for one in found]

        return page_of(request, "records", await self._workers.ask(query), limit)

    async def record(self, number: Id) -> RecordWithHistory:
        """One record, with what stood behind it and each correction."""
        found, history = await self._workers.ask(partial(self._reading.record, number))
        return RecordWithHistory.with_history(found, history)

    def _add(
        self, router: APIRouter, path: str, operation: Callable[..., Any], *, scope: Scope, name: str
    ) -> None:
        missing = (HTTPStatus.NOT_FOUND,) if "{" in path else ()
        router.add_api_route(
            path,
            operation,
            methods=["GET"],
            summary=name,
            description=f"{operation.__doc__}\n\nScope: `{scope}`.",
            operation_id=operation.__name__,
            tags=[scope.value.partition(":")[0]],
            responses=documented(*ALWAYS, *missing),
            dependencies=[Depends(Access(self._check, scope))],
        )
