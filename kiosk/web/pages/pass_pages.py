"""The personal pass on a student's phone. Handlers run on the web thread's event loop.

The page makes itself anew every few seconds, without a script: the code follows the kiosk's clock, and once the camera has
seen it the same page says what came of it. A phone that was enrolled with a key signs first; the address that its pass is then
shown at for two minutes is in no cookie.
"""

from datetime import timedelta
from functools import partial
from itertools import pairwise
from typing import Annotated, Final

import numpy as np
from fastapi import APIRouter, Form, Request, Response
from numpy.typing import NDArray

from kiosk.domain.attendance.choices import CheckInOutcome
from kiosk.domain.people.students import Student
from kiosk.domain.phones.passes import ROTATION
from kiosk.errors import CodeError, DatabaseError
from kiosk.services.attendance.running_class import ShownClass
from kiosk.services.events import CheckInResult
from kiosk.services.phones.passes import Passes, ShownPass
from kiosk.services.phones.phone_check_in import Phone
from kiosk.services.ports.clock import Clock
from kiosk.translation import _
from kiosk.web.http.browsers import Visitor, agent_of
from kiosk.web.http.page_tools import PageTools, PhonePages, see_other
from kiosk.web.pages import words
from kiosk.web.pages.key_asking import KeyAnswer, KeyAsking
from kiosk.web.pages.signing_in import SigningIn
from kiosk.wording.dates import clock_time

PASS_PATH: Final = "/pass"  # noqa: S105 - an address
_SHOWN: Final = PASS_PATH + "/shown/"
_MATTER: Final = "pass"

RELOAD_S: Final = 5
"""How often the page makes itself anew: below `ROTATION`, so that an expired pass is never on the screen."""

RESULT_FOR: Final = timedelta(minutes=2)
"""So long the page says what came of a pass; then it shows one again, because a mark can be taken back."""

QUIET_ZONE: Final = 4
"""White modules around a code; ISO/IEC 18004 asks for four."""

_Field = Annotated[str, Form(max_length=128)]


class PassPages(PhonePages):
    """The pass, and the sign-in before it."""

    def __init__(
        self,
        *,
        phone: Phone,
        passes: Passes,
        asking: KeyAsking,
        clock: Clock,
        signing_in: SigningIn,
        tools: PageTools,
    ) -> None:
        super().__init__(tools)
        self._phone = phone
        self._passes = passes
        self._asking = asking
        self._clock = clock
        self._signing_in = signing_in

    def router(self) -> APIRouter:
        router = APIRouter(redirect_slashes=False)
        for path in (PASS_PATH, _SHOWN + "{name}"):
            router.add_api_route(path, self.show, methods=["GET", "HEAD"])
        router.add_api_route(PASS_PATH + "/open", self.open, methods=["POST"], dependencies=self._own_form)
        router.add_api_route(PASS_PATH + "/key", self.ask_key, methods=["GET"])
        router.add_api_route(
            PASS_PATH + "/sign-in", self.sign_in, methods=["POST"], dependencies=self._own_form
        )
        return router

    async def show(self, request: Request, name: str = "") -> Response:
        """The pass of whoever is signed in, what came of it, or what is asked before: the sign-in, the phone's key."""
        visitor = self._browsers.visitor(request)
        student = visitor.student
        if student is None:
            return self._sign_in_form(visitor)
        result = await self._result(self._passes.answer(student, visitor.browser))
        if result is not None and not result.outcome.is_refused:
            return await self._result_page(result)
        key_shown = self._asking.keys.is_open(name, visitor.browser, visitor.credential)
        shown_class = self._passes.shown_class
        if not key_shown and shown_class is not None and await self._asking.is_wanted(request, visitor):
            return self._key_page(visitor, student, shown_class)
        address = request.client.host if request.client else None
        draw = partial(
            self._passes.show,
            student,
            visitor.browser,
            address=address,
            agent=agent_of(request),
            credential=visitor.credential,
            key_shown=key_shown,
        )
        try:
            shown = await self._workers.read(draw)
        except CodeError:
            return self._pass_page(student, None, None)
        return self._pass_page(student, shown, result)

    async def ask_key(self, request: Request) -> Response:
        """What this phone is to sign."""
        return await self._asking.ask(request, self._browsers.visitor(request), _MATTER)

    async def open(self, request: Request, key: KeyAnswer = "") -> Response:
        """Show the pass of a phone that signed."""
        visitor = self._browsers.visitor(request)
        if visitor.credential is None or not await self._asking.is_shown(visitor, _MATTER, key):
            return see_other(PASS_PATH)
        return see_other(_SHOWN + self._asking.keys.open_pass(visitor.browser, visitor.credential))

    async def sign_in(self, request: Request, student_no: _Field = "", pin: _Field = "") -> Response:
        """Check number and PIN."""
        response = see_other(PASS_PATH)
        await self._signing_in.try_in(response, self._browsers.visitor(request), student_no, pin)
        return response

    async def _result(self, result: CheckInResult | None) -> CheckInResult | None:
        """What came of the pass lately, as it stands now."""
        if result is None:
            return None
        if result.outcome.may_change:
            try:
                return await self._workers.read(partial(self._phone.follow, result))
            except DatabaseError:  # this page looks again by itself
                return result
        return result if self._clock.now() - result.at < RESULT_FOR else None

    async def _result_page(self, result: CheckInResult) -> Response:
        shown = self._passes.shown_class
        if shown is None:
            return self._pass_page(result.student, None, None)
        verdict = words.verdict(result)
        attendance = ""
        if not result.outcome.may_change:
            read = partial(self._phone.attendance, result.student, shown.course.course_id)
            attendance = words.attendance_words(await self._workers.read(read))
        return self._pages.draw(
            "result.html",
            status_code=verdict.status_code,
            verdict=verdict,
            moment=clock_time(verdict.moment, self._zone) if verdict.moment else "",
            student=result.student,
            course=shown.course,
            attendance=attendance,
            reload_s=RELOAD_S if result.outcome.may_change else 0,
        )

    def _pass_page(
        self, student: Student, shown: ShownPass | None, refused: CheckInResult | None
    ) -> Response:
        expired = refused is not None and refused.outcome is CheckInOutcome.CLAIM_EXPIRED
        return self._pages.draw(
            "pass.html",
            student=student,
            course=words.course_words(shown.shown_class.course) if shown else "",
            code=drawing(shown.modules) if shown else "",
            side=shown.modules.shape[0] + 2 * QUIET_ZONE if shown else 0,
            left=f"{100 * shown.remaining_s / ROTATION.period_s:.1f}" if shown else "",
            remaining_s=f"{shown.remaining_s:.1f}" if shown else "",
            period_s=round(ROTATION.period_s),
            refusal=words.verdict(refused) if refused is not None and not expired else None,
            reload_s=RELOAD_S,
            key_way="",
        )

    def _key_page(self, visitor: Visitor, student: Student, shown: ShownClass) -> Response:
        return self._pages.draw(
            "pass.html",
            has_form=True,
            key_way=PASS_PATH + "/key",
            csrf=visitor.csrf,
            student=student,
            course=words.course_words(shown.course),
        )

    def _sign_in_form(self, visitor: Visitor) -> Response:
        refusal = self._signing_in.refusal(visitor)
        response = self._pages.draw(
            "sign_in.html",
            status_code=refusal.status_code if refusal else 200,
            has_form=True,
            action=PASS_PATH + "/sign-in",
            csrf=visitor.csrf,
            course=_("My pass"),
            lead=_("Sign in, then hold your pass to the kiosk’s camera."),
            refusal=refusal,
        )
        self._browsers.remember(response, visitor)
        return response


def drawing(modules: NDArray[np.bool_]) -> str:
    """The dark modules of a code as the path of an SVG, one unit a module, moved by the quiet zone."""
    runs = []
    for y, row in enumerate(modules.tolist(), QUIET_ZONE):
        edges = [0, *(x for x in range(1, len(row)) if row[x] != row[x - 1]), len(row)]
        for start, end in pairwise(edges):
            if row[start]:
                runs.append(f"M{start + QUIET_ZONE} {y}h{end - start}v1h{start - end}z")
    return "".join(runs)
