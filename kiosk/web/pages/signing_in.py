"""Checking number and PIN for a form, off the event loop, and keeping the sign-in in the browser's cookie."""

from functools import partial
from typing import Final

from fastapi import Response

from kiosk.domain.people.students import STUDENT_NO
from kiosk.errors import SignInError, StorageError
from kiosk.services.phones.known_phones import KnownPhones
from kiosk.services.phones.phone_check_in import Phone
from kiosk.translation import _
from kiosk.web.http.browsers import Browsers, Visitor
from kiosk.web.http.memory import Memory, RefusedSignIn
from kiosk.web.http.statuses import status_of
from kiosk.web.http.workers import Workers

PIN_LENGTH: Final = 32
"""Longer ones are refused before they are hashed."""


class SigningIn:
    """What every sign-in form does, whatever page it stands on. Runs on the web thread's event loop."""

    def __init__(
        self,
        *,
        phone: Phone,
        known: KnownPhones,
        browsers: Browsers,
        workers: Workers,
        refusals: Memory[RefusedSignIn],
    ) -> None:
        self._known = known
        self._phone = phone
        self._browsers = browsers
        self._workers = workers
        self._refusals = refusals

    async def try_in(self, response: Response, visitor: Visitor, student_no: str, pin: str) -> bool:
        """Check number and PIN, and store the sign-in with `response`; a refusal is kept for the next page."""
        student_no = student_no.strip()
        try:
            token = await self._checked(visitor, student_no, pin.strip())
        except (SignInError, StorageError) as error:
            refusal = RefusedSignIn(error.user_text, error.hint, student_no, status_of(error))
            self._refusals.put(visitor.browser, refusal)
            return False
        self._refusals.pop(visitor.browser)
        if visitor.token is not None:
            self._phone.sign_out(visitor.token)
        marks = self._known.with_mark(student_no, browser=visitor.browser, marks=visitor.marks)
        self._browsers.sign_in(response, token, marks)
        return True

    def refusal(self, visitor: Visitor) -> RefusedSignIn | None:
        """Why the last try of this browser failed; said once."""
        return self._refusals.pop(visitor.browser)

    async def _checked(self, visitor: Visitor, student_no: str, pin: str) -> str:
        if STUDENT_NO.fullmatch(student_no) is None or not 1 <= len(pin) <= PIN_LENGTH:
            raise SignInError(
                _("That number and PIN do not belong together."), _("Check your slip, or ask your teacher.")
            )
        source = self._known.source(
            student_no, browser=visitor.browser, address=visitor.address, marks=visitor.marks
        )
        work = partial(self._phone.sign_in, student_no, pin, source=source)
        whose = f"known {visitor.browser}" if source.is_known else visitor.address
        token, _student = await self._workers.hash(work, source=whose)
        return token
