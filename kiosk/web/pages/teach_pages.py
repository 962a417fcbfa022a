"""The class that is open at this kiosk, on a teacher's phone or tablet. Web thread's event loop.

Only where phones come by TLS: a password never travels in the open. Pages work without scripts; the list reloads itself.
"""

from collections.abc import Callable
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from kiosk.domain.attendance.choices import Status
from kiosk.domain.trust.rights import Actor
from kiosk.errors import ConflictError
from kiosk.services.attendance.lesson.teaching import Taught, Teaching
from kiosk.services.courses.own_courses import OthersClassError
from kiosk.translation import _
from kiosk.web.http.browsers import Visitor
from kiosk.web.http.memory import DoneByTeacher, Memory
from kiosk.web.http.page_tools import PageTools, PhonePages, see_other
from kiosk.web.http.rendering import TEACH_PATH
from kiosk.web.pages.lesson_views import OWN_STATUS, LessonViews
from kiosk.web.pages.teach_words import (
    ended_words,
    seen_of,
    taught_words,
    undone_words,
)
from kiosk.web.pages.teacher_entrance import TeacherEntrance

_Short = Annotated[str, Form(max_length=20)]
_Reason = Annotated[str, Form(max_length=200)]
_Version = Annotated[int, Form(ge=0, le=10**6)]
_Seen = Annotated[str, Form(max_length=12_000)]
_Id = Annotated[int, Form(ge=0, le=2**31 - 1)]


class TeachPages(PhonePages):
    """The list, one student, everybody who is missing, an unsure face, and the end."""

    def __init__(
        self, teaching: Teaching, entrance: TeacherEntrance, *, done: Memory[DoneByTeacher], tools: PageTools
    ) -> None:
        super().__init__(tools)
        self._teaching = teaching
        self._entrance = entrance
        self._views = LessonViews(tools.pages, tools.zone)
        self._done = done

    def router(self) -> APIRouter:
        router = APIRouter(redirect_slashes=False)

        def shown(path: str, handler: Callable[..., object]) -> None:
            router.add_api_route(TEACH_PATH + path, handler, methods=["GET", "HEAD"])

        def taken(path: str, handler: Callable[..., object]) -> None:
            router.add_api_route(TEACH_PATH + path, handler, methods=["POST"], dependencies=self._own_form)

        shown("", self.look)
        one = "/{session_id}"
        shown(one + "/students/{student_id}", self.student)
        taken(one + "/students/{student_id}", self.mark)
        shown(one + "/missing", self.missing)
        taken(one + "/missing", self.mark_missing)
        taken(one + "/claims/{student_id}", self.confirm)
        shown(one + "/faces/{face_id}", self.face)
        taken(one + "/faces/{face_id}", self.name_face)
        shown(one + "/end", self.ask_end)
        taken(one + "/end", self.end)
        taken("/undo", self.undo)
        return router

    # -- everybody -----------------------------------------------------------------------------------------------

    async def look(self, request: Request, show: str = "", q: str | None = None) -> Response:
        """The class, or what comes before it: why not over this connection, the sign-in, or that none is open."""
        visitor = self._browsers.visitor(request)
        user = await self._entrance.user(request, visitor) if self._secure else None
        if user is None:
            return await self._entrance.ask(visitor)
        said = self._done.get(_done_by(visitor, Actor.of(user)))
        try:
            lesson = await self._workers.read(partial(self._teaching.look, actor=Actor.of(user)))
        except OthersClassError as error:
            return self._views.none_open(visitor, user, said, of_others=error)
        if lesson is None:
            return self._views.none_open(visitor, user, said)
        return self._views.everybody(visitor, user, lesson, show=show, q=q, said=said)

    # -- one student ---------------------------------------------------------------------------------------------

    async def student(self, request: Request, session_id: int, student_id: int) -> Response:
        """What is known, and the form to mark by hand."""
        visitor, user, lesson = await self._entrance.lesson(request, session_id)
        return self._views.student(visitor, user, lesson, student_id)

    async def mark(
        self,
        request: Request,
        session_id: int,
        student_id: int,
        status: _Short = "",
        usual: _Reason = "",
        reason: _Reason = "",
        seen: _Version = 0,
    ) -> Response:
        """Mark a student; what is refused is said beside the form."""
        visitor, actor = await self._entrance.teacher(request)
        chosen = _status(status)

        def work() -> Taught:
            return self._teaching.mark(
                session_id,
                student_id,
                self._teaching.named(chosen),
                reason=reason.strip() or usual,
                seen=seen,
                actor=actor,
            )

        try:
            return await self._do(visitor, actor, work)
        except ConflictError as error:
            _visitor, user, lesson = await self._entrance.lesson(request, session_id, refused=error)
            return self._views.student(visitor, user, lesson, student_id, refusal=error, reason=reason)

    # -- several -------------------------------------------------------------------------------------------------

    async def missing(self, request: Request, session_id: int) -> Response:
        """The form to mark everybody who is missing."""
        visitor, _user, lesson = await self._entrance.lesson(request, session_id)
        return self._views.missing(visitor, lesson)

    async def mark_missing(
        self,
        request: Request,
        session_id: int,
        status: _Short = "",
        usual: _Reason = "",
        reason: _Reason = "",
        seen: _Seen = "",
    ) -> Response:
        """Mark all whom the page named, or nobody."""
        visitor, actor = await self._entrance.teacher(request)
        words = reason.strip() or usual
        chosen = _status(status)

        def work() -> Taught:
            named = self._teaching.named(chosen)
            return self._teaching.mark_missing(session_id, seen_of(seen), named, reason=words, actor=actor)

        try:
            return await self._do(visitor, actor, work)
        except ConflictError as error:
            _visitor, _user, lesson = await self._entrance.lesson(request, session_id, refused=error)
            return self._views.missing(visitor, lesson, refusal=error)

    # -- who waits -----------------------------------------------------------------------------------------------

    async def confirm(self, request: Request, session_id: int, student_id: int) -> Response:
        """The teacher sees a student whose scan waits."""
        visitor, actor = await self._entrance.teacher(request)
        work = partial(self._teaching.confirm, session_id, student_id, actor=actor)
        return await self._do(visitor, actor, work)

    async def face(self, request: Request, session_id: int, face_id: int) -> Response:
        """Ask by name whose face it was; no picture leaves the kiosk."""
        visitor, _user, lesson = await self._entrance.lesson(request, session_id)
        face = next((one for one in lesson.faces.faces if one.face_id == face_id), None)
        if face is None:
            return see_other(TEACH_PATH)
        return self._views.face(visitor, lesson, face)

    async def name_face(self, request: Request, session_id: int, face_id: int, student: _Id = 0) -> Response:
        """Mark whoever it was; 0: nobody of this class."""
        visitor, actor = await self._entrance.teacher(request)
        if not student:
            work = partial(self._teaching.dismiss_face, session_id, face_id, actor=actor)
            await self._workers.write(work, source=_turn(actor))
            return see_other(TEACH_PATH)
        return await self._do(
            visitor, actor, partial(self._teaching.name_face, session_id, face_id, student, actor=actor)
        )

    async def undo(self, request: Request) -> Response:
        """Take back what this browser did last."""
        visitor, actor = await self._entrance.teacher(request)
        done = self._done.pop(_done_by(visitor, actor))
        if done is None or done.taught is None:
            return see_other(TEACH_PATH)
        undone = await self._workers.write(
            partial(self._teaching.undo, done.taught, actor=actor), source=_turn(actor)
        )
        self._done.put(_done_by(visitor, actor), DoneByTeacher(undone_words(undone)))
        return see_other(TEACH_PATH)

    # -- the end -------------------------------------------------------------------------------------------------

    async def ask_end(self, request: Request, session_id: int) -> Response:
        """Say what the end will write down."""
        visitor, _user, lesson = await self._entrance.lesson(request, session_id)
        return self._views.end(visitor, lesson)

    async def end(self, request: Request, session_id: int) -> Response:
        """End the class at the kiosk."""
        visitor, actor = await self._entrance.teacher(request)
        lesson = await self._workers.read(partial(self._teaching.look, actor=actor))
        work = partial(self._teaching.end, session_id, actor=actor)
        ended = await self._workers.write(work, source=_turn(actor))
        code = lesson.course.code if lesson is not None else ""
        self._done.put(_done_by(visitor, actor), DoneByTeacher(ended_words(ended, code)))
        return see_other(TEACH_PATH)

    # -- inside --------------------------------------------------------------------------------------------------

    async def _do(self, visitor: Visitor, actor: Actor, work: Callable[[], Taught]) -> Response:
        taught = await self._workers.write(work, source=_turn(actor))
        self._done.put(
            _done_by(visitor, actor), DoneByTeacher(taught_words(taught), taught if taught.marks else None)
        )
        return see_other(TEACH_PATH)


def _status(text: str) -> Status | int:
    """What was pressed: one of the four, or the number of one of the school's own. Raises ConflictError: nothing."""
    try:
        return int(text.removeprefix(OWN_STATUS)) if text.startswith(OWN_STATUS) else Status(text)
    except ValueError:
        raise ConflictError(_("Something is missing."), _("Choose how the student counts.")) from None


def _done_by(visitor: Visitor, actor: Actor) -> str:
    """Under which name it is kept what a teacher did: on a tablet that several share, nobody undoes another's marks."""
    return f"{actor.user_id} {visitor.browser}"


def _turn(actor: Actor) -> str:
    """Whose turn it is."""
    return f"teacher {actor.user_id}"
