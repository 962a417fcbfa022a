"""The class that is open at this kiosk, on a teacher's phone or tablet. Web thread's event loop.

Only where phones come by TLS: a password never travels in the open. Pages work without scripts; the list reloads itself.
"""

from collections.abc import Callable
from functools import partial
from typing import Annotated, Final, TypeVar

from fastapi import APIRouter, Form, Request, Response

from kiosk.domain.attendance.choices import Status
from kiosk.domain.people.staff import User
from kiosk.domain.people.students import fold
from kiosk.domain.trust.rights import Actor, Right
from kiosk.domain.trust.throttle import Source
from kiosk.errors import ConflictError, ForbiddenError, KioskError, SignInError, StorageError
from kiosk.services.attendance.lesson.staff_sign_ins import StaffSignIns
from kiosk.services.attendance.lesson.teaching import Lesson, Taught, Teaching
from kiosk.translation import _
from kiosk.web.http.browsers import Visitor
from kiosk.web.http.memory import DoneByTeacher, Memory
from kiosk.web.http.page_tools import PageTools, PhonePages, TeacherNotSignedInError, see_other
from kiosk.web.http.rendering import TEACH_PATH
from kiosk.web.http.statuses import status_of
from kiosk.web.pages.teach_words import (
    Shown,
    claim_words,
    end_words,
    ended_words,
    student_line,
    taught_words,
    undone_words,
)
from kiosk.wording.attendance import USUAL_REASONS, evidence_words, state_title, status_words
from kiosk.wording.dates import clock_time

RELOAD_S: Final = 5
"""How often the list comes anew by itself."""

MOST_SHOWN: Final = 120
"""So many students a page; a search finds the others."""

_Short = Annotated[str, Form(max_length=20)]
_Name = Annotated[str, Form(max_length=128)]
_Password = Annotated[str, Form(max_length=256)]
_Reason = Annotated[str, Form(max_length=200)]
_Version = Annotated[int, Form(ge=0, le=10**6)]
_Id = Annotated[int, Form(ge=0, le=2**31 - 1)]

T = TypeVar("T")


class TeachPages(PhonePages):
    """The sign-in, the list, one student, everybody who is missing, an unsure face, and the end."""

    def __init__(
        self, teaching: Teaching, sign_ins: StaffSignIns, *, done: Memory[DoneByTeacher], tools: PageTools
    ) -> None:
        super().__init__(tools)
        self._teaching = teaching
        self._sign_ins = sign_ins
        self._done = done

    def router(self) -> APIRouter:
        router = APIRouter(redirect_slashes=False)

        def shown(path: str, handler: Callable[..., object]) -> None:
            router.add_api_route(TEACH_PATH + path, handler, methods=["GET", "HEAD"])

        def taken(path: str, handler: Callable[..., object]) -> None:
            router.add_api_route(TEACH_PATH + path, handler, methods=["POST"], dependencies=self._own_form)

        shown("", self.look)
        taken("/sign-in", self.sign_in)
        taken("/sign-out", self.sign_out)
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

    # -- signing in ----------------------------------------------------------------------------------------------

    async def look(self, request: Request, show: str = "", q: str | None = None) -> Response:
        """The class, or what comes before it: why not over this connection, the sign-in, or that none is open."""
        visitor = self._browsers.visitor(request)
        if not self._secure:
            return self._pages.draw("teach_closed.html", is_off=False)
        user = await self._user(request, visitor)
        if user is None:
            if not await self._workers.read(self._sign_ins.is_offered):
                return self._pages.draw("teach_closed.html", is_off=True)
            return self._sign_in_page(visitor)
        actor = Actor.of(user)
        lesson = await self._workers.read(partial(self._teaching.look, actor=actor))
        if lesson is None:
            return self._pages.draw(
                "teach_none.html", has_form=True, csrf=visitor.csrf, name=user.name, said=self._said(visitor)
            )
        return self._list_page(visitor, user, lesson, show, q)

    async def sign_in(self, request: Request, name: _Name = "", password: _Password = "") -> Response:
        """Check name and password; this browser is then the teacher's."""
        self._require_secure()
        visitor = self._browsers.visitor(request)
        source = Source(visitor.browser, visitor.address)
        work = partial(self._sign_ins.sign_in, name.strip(), password, source=source)
        try:
            token = await self._workers.hash(work, source=visitor.address)
        except (SignInError, StorageError) as error:
            return self._sign_in_page(visitor, error, name.strip())
        response = see_other(TEACH_PATH)
        self._browsers.sign_in_teacher(response, token)
        return response

    async def sign_out(self, request: Request) -> Response:
        """Forget who signed in."""
        self._sign_ins.sign_out(self._browsers.teacher_token(request))
        response = see_other(TEACH_PATH)
        self._browsers.sign_out_teacher(response)
        return response

    # -- one student ---------------------------------------------------------------------------------------------

    async def student(self, request: Request, session_id: int, student_id: int) -> Response:
        """What is known, and the form to mark by hand."""
        visitor, user, lesson = await self._lesson(request, session_id)
        return self._student_page(visitor, user, lesson, student_id)

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
        visitor, actor = await self._teacher(request)
        work = partial(
            self._teaching.mark,
            session_id,
            student_id,
            _status(status),
            reason=reason.strip() or usual,
            seen=seen,
            actor=actor,
        )
        try:
            return await self._do(visitor, actor, work)
        except ConflictError as error:
            _visitor, user, lesson = await self._lesson(request, session_id, refused=error)
            return self._student_page(visitor, user, lesson, student_id, refusal=error, reason=reason)

    # -- several -------------------------------------------------------------------------------------------------

    async def missing(self, request: Request, session_id: int) -> Response:
        """The form to mark everybody who is missing."""
        visitor, _user, lesson = await self._lesson(request, session_id)
        return self._missing_page(visitor, lesson)

    async def mark_missing(
        self,
        request: Request,
        session_id: int,
        status: _Short = "",
        usual: _Reason = "",
        reason: _Reason = "",
    ) -> Response:
        """Mark them all, or nobody."""
        visitor, actor = await self._teacher(request)
        words = reason.strip() or usual
        work = partial(self._teaching.mark_missing, session_id, _status(status), reason=words, actor=actor)
        try:
            return await self._do(visitor, actor, work)
        except ConflictError as error:
            _visitor, _user, lesson = await self._lesson(request, session_id, refused=error)
            return self._missing_page(visitor, lesson, refusal=error)

    # -- who waits -----------------------------------------------------------------------------------------------

    async def confirm(self, request: Request, session_id: int, student_id: int) -> Response:
        """The teacher sees a student whose scan waits."""
        visitor, actor = await self._teacher(request)
        work = partial(self._teaching.confirm, session_id, student_id, actor=actor)
        return await self._do(visitor, actor, work)

    async def face(self, request: Request, session_id: int, face_id: int) -> Response:
        """Ask by name whose face it was; no picture leaves the kiosk."""
        visitor, _user, lesson = await self._lesson(request, session_id)
        face = next((one for one in lesson.faces.faces if one.face_id == face_id), None)
        if face is None:
            return see_other(TEACH_PATH)
        return self._pages.draw(
            "teach_face.html",
            has_form=True,
            csrf=visitor.csrf,
            course=lesson.course,
            action=f"{TEACH_PATH}/{session_id}/faces/{face_id}",
            seen=clock_time(face.seen_at, self._zone),
            candidates=lesson.faces.candidates,
        )

    async def name_face(self, request: Request, session_id: int, face_id: int, student: _Id = 0) -> Response:
        """Mark whoever it was; 0: nobody of this class."""
        visitor, actor = await self._teacher(request)
        if not student:
            work = partial(self._teaching.dismiss_face, session_id, face_id, actor=actor)
            await self._workers.write(work, source=_turn(actor))
            return see_other(TEACH_PATH)
        return await self._do(
            visitor, actor, partial(self._teaching.name_face, session_id, face_id, student, actor=actor)
        )

    async def undo(self, request: Request) -> Response:
        """Take back what this browser did last."""
        visitor, actor = await self._teacher(request)
        done = self._done.pop(visitor.browser)
        if done is None or done.taught is None:
            return see_other(TEACH_PATH)
        number = await self._workers.write(
            partial(self._teaching.undo, done.taught, actor=actor), source=_turn(actor)
        )
        self._done.put(visitor.browser, DoneByTeacher(undone_words(number)))
        return see_other(TEACH_PATH)

    # -- the end -------------------------------------------------------------------------------------------------

    async def ask_end(self, request: Request, session_id: int) -> Response:
        """Say what the end will write down."""
        visitor, _user, lesson = await self._lesson(request, session_id)
        return self._pages.draw(
            "teach_end.html",
            has_form=True,
            csrf=visitor.csrf,
            course=lesson.course,
            action=f"{TEACH_PATH}/{session_id}/end",
            words=end_words(lesson),
        )

    async def end(self, request: Request, session_id: int) -> Response:
        """End the class at the kiosk."""
        visitor, actor = await self._teacher(request)
        lesson = await self._workers.read(partial(self._teaching.look, actor=actor))
        work = partial(self._teaching.end, session_id, actor=actor)
        ended = await self._workers.write(work, source=_turn(actor))
        code = lesson.course.code if lesson is not None else ""
        self._done.put(visitor.browser, DoneByTeacher(ended_words(ended, code)))
        return see_other(TEACH_PATH)

    # -- inside --------------------------------------------------------------------------------------------------

    def _require_secure(self) -> None:
        if not self._secure:
            raise ForbiddenError(
                _("Teachers sign in by HTTPS only."), _("Open this page at the kiosk’s https address.")
            )

    async def _user(self, request: Request, visitor: Visitor) -> User | None:
        token = self._browsers.teacher_token(request)
        if not token or not visitor.known:
            return None
        return await self._workers.read(partial(self._sign_ins.signed_in, token, visitor.browser))

    async def _teacher(self, request: Request) -> tuple[Visitor, Actor]:
        """Who asks. Raises TeacherNotSignedInError: nobody is signed in here (any more)."""
        self._require_secure()
        visitor = self._browsers.visitor(request)
        user = await self._user(request, visitor)
        if user is None:
            raise TeacherNotSignedInError
        return visitor, Actor.of(user)

    async def _lesson(
        self, request: Request, session_id: int, *, refused: ConflictError | None = None
    ) -> tuple[Visitor, User, Lesson]:
        """The class that a page is about, while it is open; otherwise why something was refused, or that it ended."""
        self._require_secure()
        visitor = self._browsers.visitor(request)
        user = await self._user(request, visitor)
        if user is None:
            raise TeacherNotSignedInError
        lesson = await self._workers.read(partial(self._teaching.look, actor=Actor.of(user)))
        if lesson is None or lesson.session.session_id != session_id:
            raise refused or ConflictError(
                _("This class has ended."), _("Correct its records at the kiosk, in Records.")
            )
        return visitor, user, lesson

    async def _do(self, visitor: Visitor, actor: Actor, work: Callable[[], Taught]) -> Response:
        taught = await self._workers.write(work, source=_turn(actor))
        self._done.put(visitor.browser, DoneByTeacher(taught_words(taught), taught))
        return see_other(TEACH_PATH)

    def _said(self, visitor: Visitor) -> DoneByTeacher | None:
        return self._done.get(visitor.browser)

    def _sign_in_page(self, visitor: Visitor, refusal: KioskError | None = None, name: str = "") -> Response:
        response = self._pages.draw(
            "teach_sign_in.html",
            status_code=status_of(refusal) if refusal else 200,
            has_form=True,
            csrf=visitor.csrf,
            refusal=refusal,
            name=name,
        )
        self._browsers.remember(response, visitor)
        return response

    def _list_page(self, visitor: Visitor, user: User, lesson: Lesson, show: str, q: str | None) -> Response:
        chosen = Shown(show) if show in set(Shown) else Shown.MISSING
        words, tally, session_id = fold((q or "")[:64]).split(), lesson.tally, lesson.session.session_id
        found = [
            student_line(one, self._zone, is_kept=one.student.student_id in lesson.kept)
            for one in lesson.entries
            if (chosen.lets(one.record) or q is not None)
            and all(word in fold(f"{one.student.full_name} {one.student.student_no}") for word in words)
        ]
        return self._pages.draw(
            "teach_class.html",
            has_form=True,
            reload_s=RELOAD_S if q is None else 0,
            csrf=visitor.csrf,
            name=user.name,
            course=lesson.course,
            base=f"{TEACH_PATH}/{session_id}",
            tally=tally,
            tabs=[(one.value, one.heading, one.number(tally), one is chosen and q is None) for one in Shown],
            said=self._said(visitor),
            claims=[(one.student, claim_words(one, self._zone)) for one in lesson.claims],
            faces=[(one.face_id, clock_time(one.seen_at, self._zone)) for one in lesson.faces.faces],
            lines=found[:MOST_SHOWN],
            more=max(0, len(found) - MOST_SHOWN),
            together=chosen is Shown.MISSING and q is None and tally.missing > 1,
            may_end=Actor.of(user).may(Right.TAKE),
            q=q,
        )

    def _student_page(
        self,
        visitor: Visitor,
        user: User,
        lesson: Lesson,
        student_id: int,
        *,
        refusal: KioskError | None = None,
        reason: str = "",
    ) -> Response:
        entry = lesson.entry_of(student_id)
        record = entry.record
        return self._pages.draw(
            "teach_student.html",
            status_code=status_of(refusal) if refusal else 200,
            has_form=True,
            csrf=visitor.csrf,
            may_mark=Actor.of(user).may(Right.CORRECT),
            course=lesson.course,
            student=entry.student,
            action=f"{TEACH_PATH}/{lesson.session.session_id}/students/{student_id}",
            state=state_title(record),
            status=record.status.value if record is not None else "",
            seen=record.version if record is not None else 0,
            known=[evidence_words(one, self._zone) for one in record.evidence] if record is not None else [],
            statuses=_statuses(),
            usual=[_(one) for one in USUAL_REASONS],
            refusal=refusal,
            reason=reason,
        )

    def _missing_page(
        self, visitor: Visitor, lesson: Lesson, *, refusal: KioskError | None = None
    ) -> Response:
        missing = [one.student.full_name for one in lesson.entries if Shown.MISSING.lets(one.record)]
        return self._pages.draw(
            "teach_missing.html",
            status_code=status_of(refusal) if refusal else 200,
            has_form=True,
            csrf=visitor.csrf,
            course=lesson.course,
            action=f"{TEACH_PATH}/{lesson.session.session_id}/missing",
            names=missing,
            statuses=_statuses(),
            usual=[_(one) for one in USUAL_REASONS],
            refusal=refusal,
        )


def _statuses() -> list[tuple[str, str]]:
    return [(one.value, status_words(one).title) for one in Status]


def _status(text: str) -> Status:
    """What was pressed. Raises ConflictError: nothing."""
    try:
        return Status(text)
    except ValueError:
        raise ConflictError(_("Something is missing."), _("Choose how the student counts.")) from None


def _turn(actor: Actor) -> str:
    """Whose turn it is."""
    return f"teacher {actor.user_id}"
