"""The class session that this kiosk shows now, and its rotating code. Safe to call from any thread."""

import hashlib
import hmac
import ipaddress
import secrets
import threading
from dataclasses import dataclass, field
from typing import Final, assert_never
from urllib.parse import urlsplit

from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.courses.courses import Course
from kiosk.domain.phones import codes
from kiosk.errors import CodeError, ExpiredCodeError
from kiosk.services.ports.clock import Clock
from kiosk.translation import _, ngettext

SCAN_PATH: Final = "/s/"


def is_in_network(base_url: str) -> bool:
    """Whether a base URL is one that other devices can reach at all: not empty, and not inside this PC."""
    host = urlsplit(base_url).hostname or ""
    try:
        return not ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host not in {"", "localhost"}


@dataclass(frozen=True, slots=True)
class ShownClass:
    """The open session and what it teaches.

    Attributes:
        began_s: When its codes began to be shown here, on the monotonic clock: step 0.
        key: Secret of these codes. Derived anew each time a session is shown, because steps begin at 0 again when a
            session is resumed after a restart, and no old code may come back to life then.
    """

    session: ClassSession
    course: Course
    began_s: float
    key: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class ShownCode:
    """What the QR code says now.

    Attributes:
        url: Address of the scan; empty while no phone can connect.
        remaining_s: Seconds until it changes.
        period_s: Seconds that each code is shown.
        step: Counts up with each code.
        typed: The code to type at the kiosk's address.
    """

    url: str
    remaining_s: float
    period_s: float
    step: int
    typed: str

    @property
    def qr_text(self) -> str:
        """The address as the QR code says it: in upper case, which QR codes hold in 5.5 bits a character instead of 8.

        Scheme and host are the same in any case (RFC 3986, 3.1 and 3.2.2), and the kiosk takes the path in either.
        """
        return self.url.upper()


class RunningClass:
    """Holds the open session, mints its codes and judges those that come back."""

    def __init__(self, *, clock: Clock, rotation: codes.Rotation) -> None:
        self._clock = clock
        self._rotation = rotation
        self._next_rotation = rotation
        self._lock = threading.Lock()
        self._class: ShownClass | None = None
        self._base_url = ""
        self._trouble = ""

    @property
    def current(self) -> ShownClass | None:
        with self._lock:
            return self._class

    @property
    def is_open(self) -> bool:
        return self.current is not None

    @property
    def base_url(self) -> str:
        """Where phones reach the kiosk, such as ``http://10.20.4.17:8080``; empty while they cannot."""
        with self._lock:
            return self._base_url

    @property
    def trouble(self) -> str:
        """Why phones cannot reach it, in a sentence; empty while they can, or where nothing is known yet."""
        with self._lock:
            return self._trouble

    def show(self, session: ClassSession, course: Course) -> None:
        """Begin showing codes of a session."""
        key = hmac.digest(session.code_key, secrets.token_bytes(codes.KEY_BYTES), hashlib.sha256)
        with self._lock:
            self._rotation = self._next_rotation
            self._class = ShownClass(session, course, self._clock.monotonic(), key)

    def rotate_by(self, rotation: codes.Rotation) -> None:
        """Change codes so often from the next class on; one that is shown keeps its steps, or its codes would be refused."""
        with self._lock:
            self._next_rotation = rotation

    def clear(self) -> None:
        """Show no code any more; codes that are still around become invalid at once."""
        with self._lock:
            self._class = None

    def reachable_at(self, base_url: str, *, trouble: str = "") -> None:
        """Tell where phones reach the kiosk; an empty text when they cannot, and then why."""
        with self._lock:
            self._base_url, self._trouble = base_url.rstrip("/"), trouble

    def code(self) -> ShownCode | None:
        """The code to show now; None between classes."""
        with self._lock:
            shown, base_url = self._class, self._base_url
        if shown is None:
            return None
        elapsed = self._clock.monotonic() - shown.began_s
        step = self._rotation.step(elapsed)
        session_id = shown.session.session_id
        url = f"{base_url}{SCAN_PATH}{codes.SCANNED.mint(shown.key, session_id, step)}" if base_url else ""
        return ShownCode(
            url=url,
            remaining_s=self._rotation.remaining_s(elapsed),
            period_s=self._rotation.period_s,
            step=step,
            typed=codes.TYPED.mint(shown.key, session_id, step),
        )

    def accept(self, code: str) -> ShownClass:
        """The class that a scanned code is valid for.

        Raises:
            ExpiredCodeError: The code was genuine, but its time is over.
            CodeError: No class is open, or the code is forged or of another session.
        """
        return self._accept(
            code,
            codes.SCANNED,
            CodeError(
                _("This is not a code of this kiosk."), _("Please scan the code on the kiosk's screen.")
            ),
            ExpiredCodeError(
                _("This code has expired."), _("Please scan the code on the kiosk's screen again.")
            ),
            CodeError(
                _("This code does not belong to the class that is open."),
                _("Please scan the code on the kiosk's screen."),
            ),
        )

    def accept_typed(self, text: str) -> ShownClass:
        """The class that a typed code is valid for; spaces, hyphens and small letters do no harm.

        Raises:
            ExpiredCodeError: The code was genuine, but its time is over.
            CodeError: No class is open, or the code is wrong.
        """
        length = codes.TYPED.length
        return self._accept(
            text,
            codes.TYPED,
            CodeError(
                ngettext(
                    "A code has {n} letter or digit.", "A code has {n} letters and digits.", length, n=length
                ),
                _("Please type the code below the square."),
            ),
            ExpiredCodeError(
                _("This code has expired."), _("Please type the code that the kiosk's screen shows now.")
            ),
            CodeError(_("This code is wrong."), _("Please look at the kiosk's screen and type it again.")),
        )

    def _accept(
        self, text: str, form: codes.CodeForm, shapeless: CodeError, expired: CodeError, forged: CodeError
    ) -> ShownClass:
        shown = self.current
        if shown is None:
            raise CodeError(
                _("No class is open at this kiosk."), _("Please wait until your teacher has started it.")
            )
        code = form.tidy(text)
        if code is None:
            raise shapeless
        step = self._rotation.step(self._clock.monotonic() - shown.began_s)
        state = form.judge(code, key=shown.key, session_id=shown.session.session_id, current_step=step)
        match state:
            case codes.CodeState.VALID:
                return shown
            case codes.CodeState.EXPIRED:
                raise expired
            case codes.CodeState.FORGED:
                raise forged
            case _:
                assert_never(state)
