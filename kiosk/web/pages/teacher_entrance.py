"""The way in for teachers: who signed in with which browser, and what nobody else is shown. Web thread's event loop."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from kiosk.domain.people.staff import User
from kiosk.domain.trust.rights import Actor
from kiosk.domain.trust.throttle import Source
from kiosk.errors import ConflictError, ForbiddenError, KioskError, SignInError, StorageError
from kiosk.services.attendance.lesson.staff_sign_ins import StaffSignIns
from kiosk.services.attendance.lesson.teaching import Lesson, Teaching
from kiosk.translation import _
from kiosk.web.http.browsers import Visitor
from kiosk.web.http.page_tools import PageTools, PhonePages, TeacherNotSignedInError, see_other
from kiosk.web.http.rendering import TEACH_PATH
from kiosk.web.http.statuses import status_of

_Name = Annotated[str, Form(max_length=128)]
_Password = Annotated[str, Form(max_length=256)]


class TeacherEntrance(PhonePages):
    """Signs teachers in and out, and says for each page who asks and about which lesson."""

    def __init__(self, sign_ins: StaffSignIns, teaching: Teaching, *, tools: PageTools) -> None:
        super().__init__(tools)
        self._sign_ins = sign_ins
        self._teaching = teaching

    def router(self) -> APIRouter:
        router = APIRouter(redirect_slashes=False)
        for path, handler in (("/sign-in", self.sign_in), ("/sign-out", self.sign_out)):
            router.add_api_route(TEACH_PATH + path, handler, methods=["POST"], dependencies=self._own_form)
        return router

    # -- signing in ----------------------------------------------------------------------------------------------

    async def ask(self, visitor: Visitor) -> Response:
        """What comes before the class: the sign-in, or why there is none."""
        if not self._secure:
            return self._pages.draw("teach_closed.html", is_off=False)
        if not await self._workers.read(self._sign_ins.is_offered):
            return self._pages.draw("teach_closed.html", is_off=True)
        return self._sign_in_page(visitor)

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

    # -- who asks ------------------------------------------------------------------------------------------------

    async def user(self, request: Request, visitor: Visitor) -> User | None:
        """The teacher who signed in with this browser, if any."""
        token = self._browsers.teacher_token(request)
        if not token or not visitor.known:
            return None
        return await self._workers.read(partial(self._sign_ins.signed_in, token, visitor.browser))

    async def teacher(self, request: Request) -> tuple[Visitor, Actor]:
        """Who asks. Raises TeacherNotSignedInError: nobody is signed in here (any more)."""
        self._require_secure()
        visitor = self._browsers.visitor(request)
        user = await self.user(request, visitor)
        if user is None:
            raise TeacherNotSignedInError
        return visitor, Actor.of(user)

    async def lesson(
        self, request: Request, session_id: int, *, refused: ConflictError | None = None
    ) -> tuple[Visitor, User, Lesson]:
        """The class that a page is about, while it is open; otherwise why something was refused, or that it ended."""
        self._require_secure()
        visitor = self._browsers.visitor(request)
        user = await self.user(request, visitor)
        if user is None:
            raise TeacherNotSignedInError
        lesson = await self._workers.read(partial(self._teaching.look, actor=Actor.of(user)))
        if lesson is None or lesson.session.session_id != session_id:
            raise refused or ConflictError(
                _("This class has ended."), _("Correct its records at the kiosk, in Records.")
            )
        return visitor, user, lesson

    # -- inside --------------------------------------------------------------------------------------------------

    def _require_secure(self) -> None:
        if not self._secure:
            raise ForbiddenError(
                _("Teachers sign in by HTTPS only."), _("Open this page at the kiosk’s https address.")
            )

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
