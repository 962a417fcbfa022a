"""The way from a scan to a mark: ticket, sign-in, confirm, result. Handlers run on the web thread's event loop.

Each form is answered with a redirect, so that a reload never posts again; a second tap on "I am here" waits for the
same answer instead of making a second claim.
"""

import asyncio
from functools import partial
from typing import Annotated, Final
from urllib.parse import quote

from fastapi import APIRouter, Form, Request, Response

from kiosk.domain.people.students import Student
from kiosk.domain.trust.throttle import Source
from kiosk.errors import (
    CodeError,
    DatabaseError,
    ExpiredCodeError,
    StorageError,
    ThrottledError,
    UnknownOutcomeError,
)
from kiosk.services.attendance.running_class import SCAN_PATH, RunningClass
from kiosk.services.events import CheckInResult
from kiosk.services.phones.phone_check_in import Phone
from kiosk.services.phones.tickets import TICKET_S
from kiosk.services.ports.clock import Clock
from kiosk.translation import _, ngettext
from kiosk.web.http.browsers import Visitor, agent_of
from kiosk.web.http.memory import Answer, Answers
from kiosk.web.http.page_tools import PageTools, PhonePages, see_other
from kiosk.web.http.statuses import status_of
from kiosk.web.pages import words
from kiosk.web.pages.key_asking import KeyAnswer, KeyAsking
from kiosk.web.pages.signing_in import SigningIn
from kiosk.wording.attendance import status_words
from kiosk.wording.dates import clock_time

ANSWER_S: Final = 20.0
"""How long a phone waits for the commit before it is told to look again."""

TICKET_MIN: Final = round(TICKET_S / 60)

RELOAD_S: Final = 3
"""How often a phone that waits for the camera, the teacher or the server looks again; works without a script."""

_Field = Annotated[str, Form(max_length=128)]


class CheckInPages(PhonePages):
    """The pages of one student's check-in, and the start page."""

    def __init__(
        self,
        *,
        phone: Phone,
        running: RunningClass,
        clock: Clock,
        answers: Answers,
        asking: KeyAsking,
        signing_in: SigningIn,
        tools: PageTools,
    ) -> None:
        super().__init__(tools)
        self._phone = phone
        self._running = running
        self._clock = clock
        self._answers = answers
        self._asking = asking
        self._signing_in = signing_in

    def router(self) -> APIRouter:
        router = APIRouter(redirect_slashes=False)
        shown = ["GET", "HEAD"]
        add = router.add_api_route
        add("/", self.home, methods=shown)
        add(SCAN_PATH + "{code}", self.scan, methods=shown)
        add(SCAN_PATH.upper() + "{code}", self.scan, methods=shown)  # as the QR code says it
        add("/code", self.type_code, methods=["POST"], dependencies=self._own_form)
        add("/check-in/{ticket_id}", self.show, methods=shown)
        add("/check-in/{ticket_id}", self.confirm, methods=["POST"], dependencies=self._own_form)
        add("/check-in/{ticket_id}/key", self.ask_key, methods=["GET"])
        add("/check-in/{ticket_id}/sign-in", self.sign_in, methods=["POST"], dependencies=self._own_form)
        add("/check-in/{ticket_id}/result", self.result, methods=shown)
        add("/sign-out", self.sign_out, methods=["POST"], dependencies=self._own_form)
        return router

    async def home(self, request: Request) -> Response:
        """What this is, for somebody who typed the address."""
        return self._start_page(self._browsers.visitor(request))

    def _start_page(self, visitor: Visitor, refusal: CodeError | ThrottledError | None = None) -> Response:
        shown = self._running.current
        response = self._pages.draw(
            "home.html",
            status_code=status_of(refusal) if refusal else 200,
            has_form=shown is not None or visitor.student is not None,
            open_class=shown,
            refusal=refusal,
            course_words=words.course_words,
            student=visitor.student,
            csrf=visitor.csrf,
            secure=self._secure,
        )
        if shown is not None or visitor.student is not None:
            self._browsers.remember(response, visitor)
        return response

    async def type_code(self, request: Request, code: _Field = "") -> Response:
        """Swap a typed code for a ticket, or say beside the form what is wrong with it."""
        visitor = self._browsers.visitor(request)
        try:
            return see_other(_way(self._phone.exchange_typed(code, _source(visitor)).ticket_id))
        except (CodeError, ThrottledError) as error:
            return self._start_page(visitor, error)

    async def scan(self, request: Request, code: str) -> Response:
        """Swap the code for a ticket at once, however long the sign-in takes then."""
        visitor = self._browsers.visitor(request)
        ticket = self._phone.exchange(code, _source(visitor), has_cookie=visitor.known)
        response = see_other(_way(ticket.ticket_id))
        self._browsers.remember(response, visitor)
        return response

    async def show(self, request: Request, ticket_id: str) -> Response:
        """The sign-in form, or the question whether the student is here, asked again where the answer could not be saved."""
        visitor = self._browsers.visitor(request)
        if not visitor.known:
            raise CodeError(
                _("Your browser did not send the kiosk’s cookie."),
                _(
                    "Please allow cookies for this page, open it in your usual browser and scan the code again."
                ),
            )
        if visitor.student is None:
            return self._sign_in_form(ticket_id, visitor)
        answer = self._answer(ticket_id, visitor, visitor.student)
        refusal = answer.failure if answer is not None else None
        if answer is not None and refusal is None:
            return see_other(_way(ticket_id, "/result"))
        try:
            found = self._phone.preview(ticket_id, visitor.browser, visitor.student)
        except ExpiredCodeError as error:
            raise refusal or error from None
        return self._pages.draw(
            "confirm.html",
            status_code=status_of(refusal) if refusal else 200,
            has_form=True,
            refusal=refusal,
            is_unmarked=not (found.is_again or isinstance(refusal, UnknownOutcomeError)),
            action=_way(ticket_id),
            key_way=_way(ticket_id, "/key") if await self._asking.is_wanted(request, visitor) else "",
            ticket_id=ticket_id,
            csrf=visitor.csrf,
            student=found.student,
            course=words.course_words(found.shown_class.course),
            room=found.shown_class.course.room,
            now=clock_time(self._clock.now(), self._zone),
            is_again=found.is_again,
            will_count_as=found.will_count_as.value,
            counts_as=status_words(found.will_count_as).title,
        )

    async def sign_in(
        self, request: Request, ticket_id: str, student_no: _Field = "", pin: _Field = ""
    ) -> Response:
        """Check number and PIN. The sign-in holds even when the ticket is over by then."""
        visitor = self._browsers.visitor(request)
        response = see_other(_way(ticket_id))
        await self._signing_in.try_in(response, visitor, student_no, pin)
        return response

    async def ask_key(self, request: Request, ticket_id: str) -> Response:
        """What this phone is to sign for this ticket."""
        visitor = self._browsers.visitor(request)
        self._phone.ticket(ticket_id, visitor.browser)
        return await self._asking.ask(request, visitor, _matter(ticket_id))

    async def confirm(self, request: Request, ticket_id: str, key: KeyAnswer = "") -> Response:
        """Use the ticket up and wait for the commit."""
        visitor = self._browsers.visitor(request)
        if visitor.student is None:
            return see_other(_way(ticket_id))
        key_shown = await self._asking.is_shown(visitor, _matter(ticket_id), key)
        answer = self._answer(ticket_id, visitor, visitor.student)
        if answer is None or answer.failure is not None:
            address = request.client.host if request.client else None
            shown = self._phone.ticket(ticket_id, visitor.browser).shown_class
            future = self._phone.submit(
                ticket_id,
                visitor.browser,
                visitor.student,
                address=address,
                agent=agent_of(request),
                credential=visitor.credential,
                key_shown=key_shown,
            )
            answer = Answer(visitor.browser, visitor.student.student_id, shown, future)
            self._answers.put(ticket_id, answer)
        await _settled(answer)
        return see_other(_way(ticket_id, "/result" if answer.failure is None else ""))

    async def result(self, request: Request, ticket_id: str) -> Response:
        """What came of it: a page that can be reloaded and shown to the teacher."""
        visitor = self._browsers.visitor(request)
        answer = self._answer(ticket_id, visitor, visitor.student) if visitor.student else None
        if answer is None:
            raise ExpiredCodeError(
                _("This result is not kept any more."),
                _("Scan the code on the kiosk’s screen to see whether you are marked."),
            )
        await _settled(answer)
        if answer.failure is not None:
            return see_other(_way(ticket_id))
        if not answer.future.done():
            raise StorageError(
                _("The kiosk is busy and has not marked you yet."), _("Please reload this page.")
            )
        found = await self._followed(answer.future.result())
        verdict = words.verdict(found)
        course = answer.shown_class.course
        attendance = ""
        if not found.outcome.may_change:  # a page that reloads by itself reads no more than it needs
            read = partial(self._phone.attendance, found.student, course.course_id)
            attendance = words.attendance_words(await self._workers.read(read))
        else:
            self._answers.put(ticket_id, answer)  # a teacher may take longer than answers are kept
        return self._pages.draw(
            "result.html",
            status_code=verdict.status_code,
            verdict=verdict,
            moment=clock_time(verdict.moment, self._zone) if verdict.moment else "",
            student=found.student,
            course=course,
            attendance=attendance,
            reload_s=RELOAD_S if found.outcome.may_change else 0,
        )

    async def _followed(self, result: CheckInResult) -> CheckInResult:
        if not result.outcome.may_change:
            return result
        try:
            return await self._workers.read(partial(self._phone.follow, result))
        except DatabaseError:  # this page looks again by itself
            return result

    async def sign_out(self, request: Request, ticket_id: _Field = "") -> Response:
        """Forget who is signed in here, and what was shown to them."""
        visitor = self._browsers.visitor(request)
        if visitor.token is not None:
            self._phone.sign_out(visitor.token)
        self._answers.forget_settled(visitor.browser)
        response = see_other(_way(ticket_id) if ticket_id else "/")
        self._browsers.sign_out(response)
        return response

    def _sign_in_form(self, ticket_id: str, visitor: Visitor) -> Response:
        ticket = self._phone.ticket(ticket_id, visitor.browser)
        refusal = self._signing_in.refusal(visitor)
        return self._pages.draw(
            "sign_in.html",
            status_code=refusal.status_code if refusal else 200,
            has_form=True,
            action=_way(ticket_id, "/sign-in"),
            csrf=visitor.csrf,
            course=words.course_words(ticket.shown_class.course),
            lead=ngettext(
                "Your scan is kept for {n} minute while you sign in.",
                "Your scan is kept for {n} minutes while you sign in.",
                TICKET_MIN,
                n=TICKET_MIN,
            ),
            refusal=refusal,
        )

    def _answer(self, ticket_id: str, visitor: Visitor, student: Student) -> Answer | None:
        answer = self._answers.get(ticket_id)
        mine = answer is not None and (answer.browser, answer.student_id) == (
            visitor.browser,
            student.student_id,
        )
        return answer if mine else None


def _source(visitor: Visitor) -> Source:
    """Where codes come from; somebody who is signed in is no guesser."""
    return Source(visitor.browser, visitor.address, is_known=visitor.student is not None)


async def _settled(answer: Answer) -> None:
    """Wait for the commit without ever cancelling it, as awaiting the wrapped future itself could."""
    waiting = asyncio.wrap_future(answer.future)
    waiting.add_done_callback(_look_at)  # the result page raises the exception; asyncio need not complain
    await asyncio.wait([waiting], timeout=ANSWER_S)


def _look_at(done: "asyncio.Future[CheckInResult]") -> None:
    if not done.cancelled():
        done.exception()


def _matter(ticket_id: str) -> str:
    return f"ticket {ticket_id}"


def _way(ticket_id: str, further: str = "") -> str:
    return f"/check-in/{quote(ticket_id, safe='')}{further}"
