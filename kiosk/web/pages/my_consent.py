"""A student's own word on face recognition: give it or withdraw it, with a receipt. Only where phones come by TLS.

Handlers run on the web thread's event loop; recording waits in a thread beside it for the commit.
"""

import secrets
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from kiosk.errors import ForbiddenError, NotFoundError
from kiosk.services.people.consents import FaceConsents
from kiosk.translation import _
from kiosk.web.http.memory import KeptReceipt, Memory
from kiosk.web.http.page_tools import PageTools, PhonePages, see_other, source_of
from kiosk.web.pages import my_words as own_words
from kiosk.wording.dates import clock_time, day_of

_Word = Annotated[str, Form(max_length=8)]


class MyConsentPages(PhonePages):
    """Question, answer, receipt; without TLS only "ask at the desk"."""

    def __init__(self, *, consents: FaceConsents, receipts: Memory[KeptReceipt], tools: PageTools) -> None:
        super().__init__(tools)
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
        word = await self._workers.read(partial(self._consents.newest, student.student_id))
        return self._pages.draw(
            "own_consent.html",
            has_form=True,
            csrf=visitor.csrf,
            given=word is not None and word.given,
            newest=own_words.consent_line(word, self._zone) if word else "",
            secure=self._secure,
        )

    async def answer(self, request: Request, word: _Word = "") -> Response:
        """Record a yes or a no; a no deletes what is stored before the receipt is shown."""
        _visitor, student = self._signed_in(request)
        if not self._secure:
            raise ForbiddenError(
                _("Consent cannot be changed over this connection."), _("Please ask at the desk.")
            )
        if word not in {"yes", "no"}:
            return see_other("/me/consent")
        record = partial(self._consents.record_own, student, given=word == "yes")
        receipt_id = secrets.token_urlsafe(16)
        receipt = await self._workers.write(record, source=source_of(student))
        self._receipts.put(receipt_id, KeptReceipt(student.student_id, receipt))
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
            day=day_of(at, self._zone),
            moment=clock_time(at, self._zone),
        )
