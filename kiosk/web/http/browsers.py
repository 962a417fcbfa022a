"""Who is asking: the browser's cookies, the student signed in there, and the proof that a form is our own.

Cookies hold random identifiers only. Runs on the web thread's event loop.
"""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, field
from typing import Annotated, Final

from fastapi import Form, HTTPException, Request, Response

from kiosk.domain.people.students import Student
from kiosk.domain.phones.enrolled import digest_of
from kiosk.services.phones.phone_check_in import SIGN_IN_S, Phone

BROWSER_DAYS: Final = 180
ENROLLED_DAYS: Final = 400
"""As long as browsers keep a cookie at most; it is stored anew at each scan."""

FORM_TYPE: Final = "application/x-www-form-urlencoded"

_BROWSER_ID: Final = re.compile(r"[A-Za-z0-9_-]{22}")


@dataclass(frozen=True, slots=True)
class Visitor:
    """The browser of one request.

    Attributes:
        cookie: Random identifier, which the browser keeps; it is written down nowhere else.
        browser: A digest of it, to which tickets are bound and which stands with a mark: a stolen database lets nobody
            pass for this browser.
        known: Whether the cookie came with the request; False at the first visit and where cookies are refused.
        token: Secret of the sign-in; None when nobody is signed in.
        student: Who is signed in.
        csrf: What a form of this browser must carry.
        address: Network address of the connection; empty when unknown.
        marks: Of which students the browser says that they signed in here before (`KnownPhones`).
        secret: What the phone was enrolled with at a kiosk; empty for one that never was.
    """

    cookie: str
    browser: str
    known: bool
    token: str | None
    student: Student | None
    csrf: str
    address: str
    marks: str
    secret: str = field(default="", repr=False)

    @property
    def credential(self) -> str | None:
        """A digest of the secret; None for a phone that was never enrolled."""
        return digest_of(self.secret)


def agent_of(request: Request) -> str | None:
    """A digest of what the browser says it is (16 hexadecimal digits): tells kinds of browsers apart, and no more."""
    said = request.headers.get("user-agent", "")
    return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()[:16] if said else None


def browser_of(cookie: str) -> str:
    """What stands for a browser outside of its cookie (32 hexadecimal digits); 128 random bits need no key."""
    return hashlib.sha256(b"kiosk browser " + cookie.encode()).hexdigest()[:32]


class Browsers:
    """Reads and writes cookies and checks forms.

    Attributes:
        secure: Whether phones come by TLS.
    """

    def __init__(self, phone: Phone, *, secure: bool, form_key: bytes) -> None:
        """Keep no state but the key.

        Args:
            phone: Knows who is signed in.
            secure: Whether phones come by TLS: cookies are then ``Secure`` and bound to the host by their names.
            form_key: Secret of the forms' tokens.
        """
        self._phone = phone
        self.secure = secure
        self._key = form_key
        prefix = "__Host-" if secure else ""
        self._browser_cookie = f"{prefix}kiosk_browser"
        self._sign_in_cookie = f"{prefix}kiosk_sign_in"
        self._known_cookie = f"{prefix}kiosk_known"
        self._enrolled_cookie = f"{prefix}kiosk_enrolled"
        self._teacher_cookie = f"{prefix}kiosk_teacher"

    def visitor(self, request: Request) -> Visitor:
        """Who is asking; a browser without a cookie gets a new identifier, which `remember` then stores."""
        presented = request.cookies.get(self._browser_cookie, "")
        known = _BROWSER_ID.fullmatch(presented) is not None
        cookie = presented if known else secrets.token_urlsafe(16)
        token = request.cookies.get(self._sign_in_cookie)
        student = self._phone.signed_in(token) if token else None
        marks = request.cookies.get(self._known_cookie, "")
        address = request.client.host if request.client is not None else ""
        secret = request.cookies.get(self._enrolled_cookie, "")
        return Visitor(
            cookie,
            browser_of(cookie),
            known,
            token if student else None,
            student,
            self._csrf(cookie),
            address,
            marks,
            secret if digest_of(secret) else "",
        )

    def remember(self, response: Response, visitor: Visitor) -> None:
        """Store the browser's identifier for `BROWSER_DAYS` from now, and what the phone was enrolled with for `ENROLLED_DAYS`."""
        self._set(response, self._browser_cookie, visitor.cookie, BROWSER_DAYS * 86400)
        if visitor.secret:
            self.enrol(response, visitor.secret)

    def enrol(self, response: Response, secret: str) -> None:
        """Store what the phone was enrolled with."""
        self._set(response, self._enrolled_cookie, secret, ENROLLED_DAYS * 86400)

    def sign_in(self, response: Response, token: str, marks: str = "") -> None:
        """Store a sign-in, and who signed in here."""
        self._set(response, self._sign_in_cookie, token, int(SIGN_IN_S))
        if marks:
            self._set(response, self._known_cookie, marks, BROWSER_DAYS * 86400)

    def sign_out(self, response: Response) -> None:
        """Remove the sign-in."""
        self._set(response, self._sign_in_cookie, "", 0)

    def teacher_token(self, request: Request) -> str:
        """The secret of a teacher's sign-in; empty where there is none."""
        return request.cookies.get(self._teacher_cookie, "")

    def sign_in_teacher(self, response: Response, token: str) -> None:
        """Store a teacher's sign-in until the browser is closed."""
        self._set(response, self._teacher_cookie, token, None)

    def sign_out_teacher(self, response: Response) -> None:
        """Remove a teacher's sign-in."""
        self._set(response, self._teacher_cookie, "", 0)

    async def require_own_form(
        self, request: Request, csrf: Annotated[str, Form(max_length=128)] = ""
    ) -> None:
        """Let only forms through that our own page sent from this browser.

        Raises:
            HTTPException: 415 when it is no form; 403 when it comes from elsewhere.
        """
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != FORM_TYPE:
            raise HTTPException(415)
        origin = request.headers.get("origin", "").lower()
        own = f"{request.url.scheme}://{request.headers.get('host', '')}".lower()
        visitor = self.visitor(request)
        if (
            origin != own
            or not visitor.known
            or not hmac.compare_digest(csrf.encode(), visitor.csrf.encode())
        ):
            raise HTTPException(403)

    def _csrf(self, cookie: str) -> str:
        return hmac.new(self._key, b"form-v1" + cookie.encode(), hashlib.sha256).hexdigest()

    def _set(self, response: Response, name: str, value: str, max_age: int | None) -> None:
        response.set_cookie(
            name, value, max_age=max_age, path="/", secure=self.secure, httponly=True, samesite="lax"
        )
