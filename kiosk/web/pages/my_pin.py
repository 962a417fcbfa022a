"""A student's own PIN: replace it by another one. Only where phones come by TLS, so that no chosen PIN travels in the open.

Handlers run on the web thread's event loop; hashing runs in the pool for sign-ins.
"""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from kiosk.domain.people.pins import PIN_DIGITS
from kiosk.domain.trust.throttle import Source
from kiosk.errors import ConflictError, ForbiddenError, KioskError, SignInError, StorageError
from kiosk.services.phones.phone_check_in import Phone
from kiosk.translation import _
from kiosk.web.http.browsers import Visitor
from kiosk.web.http.memory import Memory
from kiosk.web.http.page_tools import PageTools, PhonePages, see_other, source_of
from kiosk.web.http.statuses import status_of
from kiosk.web.pages.signing_in import PIN_LENGTH

_Pin = Annotated[str, Form(max_length=128)]


class MyPinPages(PhonePages):
    """The form, and what became of it; without TLS only "ask at the desk"."""

    def __init__(self, *, phone: Phone, changed: Memory[int], tools: PageTools) -> None:
        super().__init__(tools)
        self._phone = phone
        self._changed = changed

    def router(self) -> APIRouter:
        router = APIRouter(redirect_slashes=False)
        router.add_api_route("/me/pin", self.ask, methods=["GET", "HEAD"])
        router.add_api_route("/me/pin", self.change, methods=["POST"], dependencies=self._own_form)
        return router

    async def ask(self, request: Request) -> Response:
        """The form; after a change that it was made, said once."""
        visitor, student = self._signed_in(request)
        done = self._changed.pop(visitor.browser) == student.student_id
        return self._page(visitor, done=done)

    async def change(self, request: Request, old: _Pin = "", new: _Pin = "", again: _Pin = "") -> Response:
        """Check the old PIN and put the new one into force; this browser stays signed in, all others do not."""
        visitor, student = self._signed_in(request)
        if not self._secure:
            raise ForbiddenError(
                _("A PIN cannot be changed over this connection."), _("Please ask at the desk.")
            )
        new = new.strip()
        if new != again.strip():
            differ = ConflictError(_("The new PIN and its repetition differ."), _("Please type both again."))
            return self._page(visitor, refusal=differ)
        # A longer text is no PIN; cut, it stays wrong, and hashing it takes no longer.
        source = Source(
            visitor.browser, visitor.address, is_known=True
        )  # whoever is signed in gave the right PIN here
        work = partial(self._phone.change_pin, student, old=old.strip()[:PIN_LENGTH], new=new, source=source)
        try:
            token = await self._workers.hash(work, source=source_of(student))
        except (ConflictError, SignInError, StorageError) as error:
            return self._page(visitor, refusal=error)
        self._changed.put(visitor.browser, student.student_id)
        response = see_other("/me/pin")
        self._browsers.sign_in(response, token)
        return response

    def _page(self, visitor: Visitor, *, refusal: KioskError | None = None, done: bool = False) -> Response:
        return self._pages.draw(
            "own_pin.html",
            status_code=status_of(refusal) if refusal else 200,
            has_form=self._secure,
            csrf=visitor.csrf,
            student=visitor.student,
            refusal=refusal,
            old_is_wrong=isinstance(refusal, SignInError),
            done=done,
            digits=PIN_DIGITS,
            secure=self._secure,
        )
