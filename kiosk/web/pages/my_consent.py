"""A student's own word on face recognition: give it or withdraw it, with a receipt. Only where phones come by TLS.

Handlers run on the web thread's event loop; recording waits in a thread beside it for the commit.
"""

import secrets
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from kiosk.domain.people.consents import STUDENT, ConsentState
from kiosk.domain.people.students import Student
from kiosk.errors import ConflictError, ForbiddenError, KioskError, NotFoundError
from kiosk.services.people.consents import FaceConsents
from kiosk.services.people.notices import Notices
from kiosk.services.people.remains import Remains
from kiosk.translation import _
from kiosk.web.http.browsers import Visitor
from kiosk.web.http.memory import KeptReceipt, Memory
from kiosk.web.http.page_tools import PageTools, PhonePages, see_other, source_of
from kiosk.web.http.remaining import remaining
from kiosk.web.http.statuses import status_of
from kiosk.web.pages import my_words as own_words
from kiosk.wording.dates import clock_time, day_of

_Word = Annotated[str, Form(max_length=8)]


class MyConsentPages(PhonePages):
    """Question, answer, receipt; without TLS only "ask at the desk"."""

    def __init__(
        self,
        *,
        consents: FaceConsents,
        notices: Notices,
        remains: Remains,
        receipts: Memory[KeptReceipt],
        tools: PageTools,
    ) -> None:
        super().__init__(tools)
        self._notices = notices
        self._remains = remains
        self._consents = consents
        self._receipts = receipts

    def router(self) -> APIRouter:
        router = APIRouter(redirect_slashes=False)
        shown = ["GET", "HEAD"]
        router.add_api_route("/me/consent", self.ask, methods=shown)
        router.add_api_route("/me/consent", self.answer, methods=["POST"], dependencies=self._own_form)
        router.add_api_route("/me/consent/receipt/{receipt_id}", self.receipt, methods=shown)
        return router

    async def ask(self, request: Request) -> Response:
        """What the newest word is, what a change of it does, and the button that does it."""
        visitor, student = self._signed_in(request)
        return await self._question(visitor, student)

    async def _question(
        self, visitor: Visitor, student: Student, refusal: KioskError | None = None
    ) -> Response:
        found = await self._workers.read(partial(self._consents.standing, student.student_id))
        age = await self._workers.read(self._consents.deciding_age)
        notice = await self._workers.read(self._notices.current)
        to_renew = found.state is ConsentState.RENEW
        own_no = any(one.answerer == STUDENT for one in found.objections)
        given = found.newest is not None and found.newest.given and not own_no
        return self._pages.draw(
            "own_consent.html",
            status_code=status_of(refusal) if refusal else 200,
            has_form=True,
            csrf=visitor.csrf,
            given=given and not to_renew,
            newest=own_words.consent_line(found.newest, self._zone) if found.newest else "",
            others_object=bool(found.objections) and not own_no,
            to_renew=to_renew,
            no="no",
            lines=notice.text.split("\n"),
            age=age,
            refusal=refusal,
            secure=self._secure,
        )

    async def answer(
        self, request: Request, word: _Word = "", of_age: _Word = "", no: _Word = ""
    ) -> Response:
        """Record a yes or a no; a no deletes what is stored before the receipt is shown."""
        visitor, student = self._signed_in(request)
        if not self._secure:
            raise ForbiddenError(
                _("Consent cannot be changed over this connection."), _("Please ask at the desk.")
            )
        word = no or word  # where consent is to be renewed, its page has a second button that says no
        if word not in {"yes", "no"}:
            return see_other("/me/consent")
        of_age_or_no_rule = of_age == "yes" or not await self._workers.read(self._consents.deciding_age)
        record = partial(self._consents.record_own, student, given=word == "yes", is_of_age=of_age_or_no_rule)
        try:
            receipt = await self._workers.write(record, source=source_of(student))
        except ConflictError as error:
            return await self._question(visitor, student, error)
        remains = await remaining(self._workers, self._remains, receipt)
        receipt_id = secrets.token_urlsafe(16)
        self._receipts.put(receipt_id, KeptReceipt(student.student_id, receipt, remains))
        return see_other(f"/me/consent/receipt/{receipt_id}")

    async def receipt(self, request: Request, receipt_id: str) -> Response:
        """What was recorded and deleted, and when: to be saved or printed within a quarter of an hour."""
        _visitor, student = self._signed_in(request)
        found = self._receipts.get(receipt_id)
        if found is None or found.student_id != student.student_id:
            raise NotFoundError(
                _("This receipt is not shown any more."), _("What is stored about you says what counts.")
            )
        at = found.receipt.at
        return self._pages.draw(
            "own_receipt.html",
            student=student,
            receipt=found.receipt,
            remains=found.remains,
            day=day_of(at, self._zone),
            moment=clock_time(at, self._zone),
        )
