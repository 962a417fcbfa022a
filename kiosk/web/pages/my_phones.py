"""Enrolling this phone with a code from the kiosk, and a student's own list of such phones. Web thread's event loop.

The code is swapped for a form of the browser that opens it, so it is used up at once and a slow PIN never loses it.
"""

from functools import partial
from typing import Annotated, Final
from urllib.parse import quote

from fastapi import APIRouter, Form, Request, Response

from kiosk.domain.phones.enrolled import EnrolledPhone, kind_of
from kiosk.domain.trust.throttle import Source
from kiosk.errors import CodeError, ConflictError, KioskError, NotFoundError, SignInError, StorageError
from kiosk.services.phones.known_phones import KnownPhones
from kiosk.services.phones.phone_enrolment import ENROL_PATH, NewPhone, PhoneEnrolments
from kiosk.translation import _
from kiosk.web.http.browsers import Visitor
from kiosk.web.http.memory import Memory
from kiosk.web.http.page_tools import PageTools, PhonePages, see_other, source_of
from kiosk.web.http.statuses import status_of
from kiosk.web.pages.key_asking import KeyAnswer, KeyAsking
from kiosk.web.pages.my_pages import possible
from kiosk.web.pages.signing_in import PIN_LENGTH
from kiosk.wording.dates import day_of
from kiosk.wording.phones import phone_title

MY_PHONES: Final = "/me/phones"
_Pin = Annotated[str, Form(max_length=128)]


class MyPhonesPages(PhonePages):
    """The form that a code leads to, and the list."""

    def __init__(
        self,
        *,
        enrolments: PhoneEnrolments,
        known: KnownPhones,
        asking: KeyAsking,
        enrolled: Memory[bool],
        tools: PageTools,
    ) -> None:
        super().__init__(tools)
        self._enrolments = enrolments
        self._known = known
        self._asking = asking
        self._keys = asking.keys
        self._enrolled = enrolled

    def router(self) -> APIRouter:
        router = APIRouter(redirect_slashes=False)
        shown = ["GET", "HEAD"]
        add = router.add_api_route
        for path in (ENROL_PATH, ENROL_PATH.upper()):  # as the QR code says it
            add(path + "{code}", self.scan, methods=["GET"])
        add("/enrol/{form}", self.ask, methods=shown)
        add("/enrol/{form}/key", self.ask_key, methods=["GET"])
        add("/enrol/{form}", self.enrol, methods=["POST"], dependencies=self._own_form)
        add(MY_PHONES, self.list, methods=shown)
        add(MY_PHONES + "/{phone_id}/remove", self.remove, methods=["POST"], dependencies=self._own_form)
        return router

    async def scan(self, request: Request, code: str) -> Response:
        """Swap the code for a form of this browser."""
        visitor = self._browsers.visitor(request)
        response = see_other(_way(self._enrolments.exchange(code, visitor.browser)))
        self._browsers.remember(response, visitor)
        return response

    async def ask(self, request: Request, form: str) -> Response:
        """Ask for the PIN of the student whom the code was for."""
        visitor = self._browsers.visitor(request)
        if not visitor.known:
            raise CodeError(
                _("Your browser did not send the kiosk’s cookie."),
                _("Please allow cookies for this page, and ask your teacher for a new code."),
            )
        return self._form_page(request, visitor, form)

    async def ask_key(self, request: Request, form: str) -> Response:
        """What a phone is asked so that it makes a key, as JSON for the page's script."""
        visitor, site = self._browsers.visitor(request), self._asking.site(request)
        self._enrolments.asked(form, visitor.browser)
        if site is None:
            raise NotFoundError(_("This phone need not show a key."))
        asked = await self._workers.read(partial(self._keys.to_make, form, visitor.browser, site))
        return Response(asked, media_type="application/json")

    async def enrol(self, request: Request, form: str, pin: _Pin = "", key: KeyAnswer = "") -> Response:
        """Check the PIN; this browser then keeps the phone's secret, and is signed in.

        A key that the phone made counts for the next try, too, when the PIN is wrong.
        """
        visitor = self._browsers.visitor(request)
        student = self._enrolments.asked(form, visitor.browser)
        source = self._known.source(
            student.student_no, browser=visitor.browser, address=visitor.address, marks=visitor.marks
        )
        work = partial(
            self._enrol,
            form,
            key,
            pin.strip()[:PIN_LENGTH],
            source=source,
            kind=kind_of(request.headers.get("user-agent", "")),
            credential=visitor.credential,
        )
        try:
            done = await self._workers.hash(work, source=visitor.address)
        except (SignInError, ConflictError, StorageError) as error:
            return self._form_page(request, visitor, form, error)
        self._enrolled.put(visitor.browser, done.before is not None)
        marks = self._known.with_mark(student.student_no, browser=visitor.browser, marks=visitor.marks)
        response = see_other(MY_PHONES)
        self._browsers.sign_in(response, done.token, marks)
        self._browsers.enrol(response, done.secret)
        return response

    async def list(self, request: Request) -> Response:
        """The phones that may mark whoever is signed in; after an enrolment that it was made, said once."""
        visitor, student = self._signed_in(request)
        phones = await self._workers.read(partial(self._enrolments.own, student))
        this_one = await self._workers.read(partial(self._enrolments.this_one, visitor.credential))
        was_others = self._enrolled.pop(visitor.browser)
        return self._pages.draw(
            "own_phones.html",
            has_form=True,
            csrf=visitor.csrf,
            is_new=was_others is not None,
            was_others=bool(was_others),
            phones=[
                (one.phone_id, phone_title(one), self._words(one), one.phone_id == this_one) for one in phones
            ],
        )

    async def remove(self, request: Request, phone_id: int) -> Response:
        """Take one of the own phones away."""
        _visitor, student = self._signed_in(request)
        work = partial(self._enrolments.remove_own, student, possible(phone_id))
        await self._workers.write(work, source=source_of(student))
        return see_other(MY_PHONES)

    def _enrol(
        self, form: str, answer: str, pin: str, *, source: Source, kind: str, credential: str | None
    ) -> NewPhone:
        if answer:
            self._keys.take_made(form, source.browser, answer)
        key = self._keys.made(form, source.browser)
        done = self._enrolments.enrol(form, pin, source=source, kind=kind, credential=credential, key=key)
        self._keys.forget(form, source.browser)
        return done

    def _form_page(
        self, request: Request, visitor: Visitor, form: str, refusal: KioskError | None = None
    ) -> Response:
        student = self._enrolments.asked(form, visitor.browser)
        makes_key = self._asking.site(request) is not None and not self._keys.made(form, visitor.browser)
        return self._pages.draw(
            "enrol.html",
            status_code=status_of(refusal) if refusal else 200,
            has_form=True,
            action=_way(form),
            key_way=_way(form) + "/key" if makes_key else "",
            csrf=visitor.csrf,
            student=student,
            refusal=refusal,
        )

    def _words(self, phone: EnrolledPhone) -> str:
        day, who = day_of(phone.enrolled_at, self._zone), phone.enrolled_by
        if phone.key is not None:
            return _("Enrolled on {day} by {who}, with a key of its own", day=day, who=who)
        return _("Enrolled on {day} by {who}", day=day, who=who)


def _way(form: str) -> str:
    return f"/enrol/{quote(form, safe='')}"
