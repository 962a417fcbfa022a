"""Answering a letter about face recognition by its one-time code: code, question, receipt. Only where phones come by TLS.

Nobody signs in: who holds the letter answers. Handlers run on the web thread's event loop; writing waits beside it.
"""

import secrets
from functools import partial
from typing import Annotated, Final

from fastapi import APIRouter, Form, Request, Response

from kiosk.domain.people.consents import STUDENT, AnsweredBy, Answerer
from kiosk.errors import CodeError, ConflictError, ForbiddenError, KioskError, NotFoundError
from kiosk.services.people.consent_letters import ANSWER_PATH, ConsentLetters
from kiosk.services.people.consents import Answer
from kiosk.services.people.remains import Remains
from kiosk.translation import _
from kiosk.web.http.browsers import Visitor
from kiosk.web.http.memory import Memory, OpenLetter
from kiosk.web.http.page_tools import PageTools, PhonePages, see_other
from kiosk.web.http.remaining import remaining
from kiosk.web.http.statuses import status_of
from kiosk.wording.dates import clock_time, day_of

_Short = Annotated[str, Form(max_length=16)]
_Code = Annotated[str, Form(max_length=64)]
_Name = Annotated[str, Form(max_length=400)]

EXAMPLE: Final = "ACDE-FGHJ-KMNP"
"""How a code looks."""

_WORDS: Final = {"yes": True, "no": False}
_BY: Final = {one.value: one for one in AnsweredBy} | {"young": AnsweredBy.STUDENT}


class LetterPages(PhonePages):
    """Pages below ``/answer``; what a browser opened is known to that browser alone."""

    def __init__(
        self, *, letters: ConsentLetters, remains: Remains, opened: Memory[OpenLetter], tools: PageTools
    ) -> None:
        super().__init__(tools)
        self._letters = letters
        self._opened = opened
        self._remains = remains

    def router(self) -> APIRouter:
        router = APIRouter(redirect_slashes=False)
        shown = ["GET", "HEAD"]
        router.add_api_route(ANSWER_PATH, self.code_form, methods=shown)
        router.add_api_route(ANSWER_PATH, self.open, methods=["POST"], dependencies=self._own_form)
        one = ANSWER_PATH + "/{letter_id}"
        router.add_api_route(one, self.question, methods=shown)
        router.add_api_route(one, self.answer, methods=["POST"], dependencies=self._own_form)
        return router

    async def code_form(self, request: Request) -> Response:
        """Where the code of the letter is typed."""
        return self._code_page(self._browsers.visitor(request))

    async def open(self, request: Request, code: _Code = "") -> Response:
        """Look the code up, and go on to the question; what is refused is said beside the form."""
        self._require_secure()
        visitor, letter_id = self._browsers.visitor(request), secrets.token_urlsafe(16)
        try:
            await self._workers.read(partial(self._letters.question, code, source=_source(request)))
        except CodeError as error:
            return self._code_page(visitor, error)
        self._opened.put(letter_id, OpenLetter(visitor.browser, code))
        return see_other(f"{ANSWER_PATH}/{letter_id}")

    async def question(self, request: Request, letter_id: str) -> Response:
        """The notice and the form; once it is answered, the receipt."""
        visitor = self._browsers.visitor(request)
        return await self._question_page(request, visitor, self._own(visitor, letter_id), letter_id)

    async def answer(
        self,
        request: Request,
        letter_id: str,
        word: _Short = "",
        by: _Short = "",
        name: _Name = "",
        notice: Annotated[int, Form(ge=1, le=10**6)] = 1,
    ) -> Response:
        """Write the answer down; what is refused is said beside the form, with the name kept."""
        self._require_secure()
        visitor, back = self._browsers.visitor(request), f"{ANSWER_PATH}/{letter_id}"
        letter = self._own(visitor, letter_id)
        if letter.receipt is not None:
            return see_other(back)
        if word not in _WORDS or by not in _BY:
            missing = ConflictError(_("Something is missing."), _("Say who answers, then yes or no."))
            return await self._question_page(request, visitor, letter, letter_id, missing, name)
        who = STUDENT if _BY[by] is AnsweredBy.STUDENT else Answerer(AnsweredBy.GUARDIAN, name)
        write = partial(
            self._letters.answer,
            letter.code,
            Answer(_WORDS[word], who),
            notice=notice,
            source=_source(request),
            is_of_age=by == AnsweredBy.STUDENT.value,  # the form asks who is younger to say so
        )
        student = (
            await self._workers.read(partial(self._letters.question, letter.code, source=_source(request)))
        ).student
        try:
            receipt = await self._workers.write(write, source=_source(request))
        except ConflictError as error:
            return await self._question_page(request, visitor, letter, letter_id, error, name)
        remains = await remaining(self._workers, self._remains, receipt)
        self._opened.put(letter_id, OpenLetter(visitor.browser, "", student, receipt, remains))
        return see_other(back)

    def _code_page(self, visitor: Visitor, refusal: KioskError | None = None) -> Response:
        response = self._pages.draw(
            "letter_code.html",
            status_code=status_of(refusal) if refusal else 200,
            has_form=self._secure,
            csrf=visitor.csrf,
            refusal=refusal,
            secure=self._secure,
            example=EXAMPLE,
        )
        self._browsers.remember(response, visitor)
        return response

    async def _question_page(
        self,
        request: Request,
        visitor: Visitor,
        letter: OpenLetter,
        letter_id: str,
        refusal: KioskError | None = None,
        name: str = "",
    ) -> Response:
        if letter.receipt is not None:
            at = letter.receipt.at
            return self._pages.draw(
                "letter_receipt.html",
                student=letter.student,
                receipt=letter.receipt,
                remains=letter.remains,
                day=day_of(at, self._zone),
                moment=clock_time(at, self._zone),
            )
        look = partial(self._letters.question, letter.code, source=_source(request))
        found = await self._workers.read(look)
        return self._pages.draw(
            "letter_question.html",
            status_code=status_of(refusal) if refusal else 200,
            has_form=True,
            csrf=visitor.csrf,
            action=f"{ANSWER_PATH}/{letter_id}",
            student=found.student,
            notice=found.notice,
            lines=found.notice.text.split("\n"),
            age=found.deciding_age,
            refusal=refusal,
            name=name,
            values={one: one for one in (*_BY, *_WORDS)},
        )

    def _own(self, visitor: Visitor, letter_id: str) -> OpenLetter:
        found = self._opened.get(letter_id)
        if found is None or found.browser != visitor.browser:
            raise NotFoundError(
                _("This page is not shown any more."), _("Type the code of the letter again.")
            )
        return found

    def _require_secure(self) -> None:
        if not self._secure:
            raise ForbiddenError(
                _("Letters cannot be answered over this connection."), _("Please hand in the signed letter.")
            )


def _source(request: Request) -> str:
    return request.client.host if request.client else ""
