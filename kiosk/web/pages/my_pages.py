"""The student's own place: attendance, "this record is wrong", and what is stored. Handlers run on the web thread's event loop.

Every page is about who is signed in and nobody else: no address names a student.
"""

from functools import partial
from typing import Annotated, TypeVar

from fastapi import APIRouter, Form, Query, Request, Response

from kiosk.domain.people.students import Student
from kiosk.domain.records.objections import MAX_LETTERS
from kiosk.errors import ConflictError, KioskError, StorageError
from kiosk.services.records.objections import Objections
from kiosk.services.records.student_data import StudentData
from kiosk.services.school.retention import Retention
from kiosk.translation import _
from kiosk.web.http.browsers import Visitor
from kiosk.web.http.page_tools import PageTools, PhonePages, see_other, source_of
from kiosk.web.http.statuses import status_of
from kiosk.web.pages import my_words as own_words
from kiosk.web.pages import words
from kiosk.web.pages.signing_in import SigningIn

T = TypeVar("T")

_Field = Annotated[str, Form(max_length=128)]
_Reason = Annotated[str, Form(max_length=4 * MAX_LETTERS)]
_Number = Annotated[int, Query(ge=1, le=100_000)]

MAX_ID = 2**31 - 1


class MyPages(PhonePages):
    """Pages below ``/me``, and signing in without a scan."""

    def __init__(
        self,
        *,
        records: StudentData,
        retention: Retention,
        objections: Objections,
        signing_in: SigningIn,
        tools: PageTools,
    ) -> None:
        super().__init__(tools)
        self._records = records
        self._retention = retention
        self._objections = objections
        self._signing_in = signing_in

    def router(self) -> APIRouter:
        router = APIRouter(redirect_slashes=False)
        shown = ["GET", "HEAD"]
        add = router.add_api_route
        add("/sign-in", self.sign_in_form, methods=shown)
        add("/sign-in", self.sign_in, methods=["POST"], dependencies=self._own_form)
        add("/me", self.overview, methods=shown)
        add("/me/courses/{course_id}", self.course, methods=shown)
        add("/me/records/{record_id}", self.record, methods=shown)
        add("/me/records/{record_id}", self.object_to, methods=["POST"], dependencies=self._own_form)
        add("/me/stored", self.stored, methods=shown)
        return router

    async def sign_in_form(self, request: Request) -> Response:
        """Number and PIN; whoever is signed in already goes on to the overview."""
        visitor = self._browsers.visitor(request)
        if visitor.student is not None:
            return see_other("/me")
        refusal = self._signing_in.refusal(visitor)
        response = self._pages.draw(
            "sign_in.html",
            status_code=refusal.status_code if refusal else 200,
            has_form=True,
            action="/sign-in",
            csrf=visitor.csrf,
            course=_("My attendance"),
            lead=_("Sign in to see your own attendance and what is stored about you."),
            refusal=refusal,
        )
        self._browsers.remember(response, visitor)
        return response

    async def sign_in(self, request: Request, student_no: _Field = "", pin: _Field = "") -> Response:
        """Check number and PIN."""
        response = see_other("/me")
        if not await self._signing_in.try_in(response, self._browsers.visitor(request), student_no, pin):
            return see_other("/sign-in")
        return response

    async def overview(self, request: Request) -> Response:
        """Courses with attendance, and the newest records."""
        visitor, student = self._signed_in(request)
        found = await self._workers.read(partial(self._records.overview, student.student_id))
        return self._pages.draw(
            "own_overview.html",
            has_form=True,
            secure=self._browsers.secure,
            student=student,
            csrf=visitor.csrf,
            courses=[
                (one.course, words.attendance_words(one.count) or _("No class yet")) for one in found.courses
            ],
            lines=[own_words.record_line(one, self._zone) for one in found.latest],
        )

    async def course(self, request: Request, course_id: int, page: _Number = 1) -> Response:
        """All own records in one course."""
        _visitor, student = self._signed_in(request)
        found = await self._workers.read(
            partial(self._records.course, student.student_id, possible(course_id), page=page)
        )
        return self._pages.draw(
            "own_course.html",
            student=student,
            course=found.course.course,
            attendance=words.attendance_words(found.course.count),
            tally=own_words.tally(found.course.count),
            lines=[own_words.record_line(one, self._zone) for one in found.records],
            page=found.page,
            pages=found.pages,
        )

    async def record(self, request: Request, record_id: int) -> Response:
        """One own record, what was said about it, and the form to say that it is wrong."""
        visitor, student = self._signed_in(request)
        return await self._record_page(visitor, student, possible(record_id))

    async def object_to(self, request: Request, record_id: int, reason: _Reason = "") -> Response:
        """Tell the teacher; what is refused is said beside the form, with the words kept."""
        visitor, student = self._signed_in(request)
        make = partial(self._objections.make, student.student_id, possible(record_id), reason)
        try:
            await self._workers.write(make, source=source_of(student))
        except (ConflictError, StorageError) as error:
            return await self._record_page(
                visitor, student, possible(record_id), refusal=error, written=reason
            )
        return see_other(f"/me/records/{record_id}")

    async def _record_page(
        self,
        visitor: Visitor,
        student: Student,
        record_id: int,
        *,
        refusal: KioskError | None = None,
        written: str = "",
    ) -> Response:
        found = await self._workers.read(partial(self._objections.own, student.student_id, record_id))
        return self._pages.draw(
            "own_record.html",
            status_code=status_of(refusal) if refusal else 200,
            has_form=True,
            csrf=visitor.csrf,
            course=found.own.course,
            line=own_words.record_line(found.own, self._zone),
            said=[own_words.objection_lines(one, self._zone) for one in found.said],
            can_object=found.can_object,
            waits=any(one.is_open for one in found.said),
            refusal=refusal,
            written=written,
            most=MAX_LETTERS,
            secure=self._browsers.secure,
        )

    async def stored(self, request: Request) -> Response:
        """What is kept about the student and until when, counted and dated."""
        _visitor, student = self._signed_in(request)
        found = await self._workers.read(partial(self._records.stored, student.student_id))
        until = await self._workers.read(partial(self._retention.kept, student.student_id))
        return self._pages.draw(
            "own_stored.html",
            student=student,
            facts=own_words.stored_facts(student, found, self._zone, until, secure=self._browsers.secure),
            consents=[own_words.consent_line(one, self._zone) for one in found.consents],
            secure=self._browsers.secure,
        )


def possible(number: int) -> int:
    """An id that a database can look for: 0 finds nothing."""
    return number if 0 <= number <= MAX_ID else 0
