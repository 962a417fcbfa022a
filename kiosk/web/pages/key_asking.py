"""How a page has an enrolled phone sign before its form counts. Web thread's event loop.

The page's script (``phone_key.js``) asks for a challenge when the form is sent, so that the minute begins then. The form without an
answer is taken as ever: the one door refuses a phone that has a key and did not show it, and the teacher hears of it.
"""

from functools import partial
from typing import Annotated, Final

from fastapi import Form, Request, Response

from kiosk.domain.phones.enrolled import EnrolledPhone
from kiosk.domain.phones.phone_key import Site, site_of
from kiosk.errors import DatabaseError, NotFoundError
from kiosk.services.phones.phone_keys import PhoneKeys
from kiosk.translation import _
from kiosk.web.http.browsers import Visitor
from kiosk.web.http.page_tools import source_of
from kiosk.web.http.workers import Workers

MOST_ANSWER: Final = 8192
KeyAnswer = Annotated[str, Form(max_length=MOST_ANSWER)]
"""What a phone signed, as JSON; empty where it signed nothing."""


class KeyAsking:
    """Asks for the key of a visitor's phone, for one matter after the other."""

    def __init__(self, keys: PhoneKeys, *, workers: Workers, secure: bool) -> None:
        self.keys = keys
        self._workers = workers
        self._secure = secure

    def site(self, request: Request) -> Site | None:
        """As whom the browser knows the kiosk; None where it would make no key: by HTTP, or at an address."""
        return site_of(request.url.scheme, request.headers.get("host", "")) if self._secure else None

    async def is_wanted(self, request: Request, visitor: Visitor) -> bool:
        """Whether the phone must sign to count for who is signed in."""
        return self.site(request) is not None and await self._phone(visitor) is not None

    async def ask(self, request: Request, visitor: Visitor, matter: str) -> Response:
        """A challenge, as JSON for the script.

        Raises:
            NotFoundError: This phone need not sign.
        """
        site, phone = self.site(request), await self._phone(visitor)
        if site is None or phone is None:
            raise NotFoundError(_("This phone need not show a key."))
        asked = await self._workers.read(partial(self.keys.to_show, matter, visitor.browser, site, phone))
        return Response(asked, media_type="application/json")

    async def is_shown(self, visitor: Visitor, matter: str, answer: str) -> bool:
        """Whether the phone signed what it was asked last on this matter."""
        if not answer or visitor.student is None:
            return False
        work = partial(self.keys.is_shown, matter, visitor.browser, visitor.credential, answer)
        try:
            return await self._workers.write(work, source=source_of(visitor.student))
        except DatabaseError:  # it waited in vain; what was read as the class began will do
            return await self._workers.read(work)

    async def _phone(self, visitor: Visitor) -> EnrolledPhone | None:
        if visitor.credential is None or visitor.student is None:
            return None
        try:
            phone = await self._workers.read(partial(self.keys.wanted_of, visitor.credential))
        except DatabaseError:  # it waited in vain
            phone = self.keys.remembered(visitor.credential)
        return phone if phone is not None and phone.student_id == visitor.student.student_id else None
