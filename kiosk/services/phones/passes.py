"""Personal QR passes: shown on a signed-in phone, held to the kiosk's camera, counted at the one door.

Phones ask on the web part's threads, the camera's texts come on the ``codes`` thread; safe to call from any. Who holds a
pass is kept in memory for the class that is open: after it, or after a restart, every pass is worthless and the phone's
page makes a new one by itself.
"""

import logging
import threading
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kiosk.domain.attendance.choices import Method
from kiosk.domain.attendance.record import Evidence
from kiosk.domain.people.students import Student
from kiosk.domain.phones import passes
from kiosk.domain.phones.codes import CodeState
from kiosk.errors import CodeError, ExpiredCodeError, KioskError
from kiosk.services.attendance.check_in import CheckIn, Claim
from kiosk.services.attendance.running_class import RunningClass, ShownClass
from kiosk.services.events import CheckInResult, Events, PassExpired, WorkerFailed
from kiosk.services.phones.bad_codes import BadCodes, Sender
from kiosk.services.ports.clock import Clock
from kiosk.services.ports.outputs import QrDrawer
from kiosk.translation import _

MAX_HOLDERS: Final = 5000
"""Bounds memory; whoever asked longest ago goes first, and gets a new place when the page asks again."""

CAMERA: Final = Sender("camera", is_shared=False)
"""Where bad passes come from."""

_FORGED: Final = CodeError("")
_EXPIRED: Final = ExpiredCodeError("")
"""Nobody reads these: a pass is answered on the screen or not at all."""

TELL_EXPIRED_S: Final = 10.0
"""An expired pass that stays before the camera is spoken of this often."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class ShownPass:
    """What the phone shows.

    Attributes:
        shown_class: The class that it is for.
        modules: Square matrix, True for dark, without the quiet zone.
        remaining_s: Seconds until it changes.
    """

    shown_class: ShownClass
    modules: NDArray[np.bool_]
    remaining_s: float


@dataclass(slots=True)
class _Holder:
    """One student on one phone. Its pass's picture, what came of it, and what the phone was enrolled with change, nothing else."""

    student: Student
    device: str
    address: str | None
    agent: str | None
    credential: str | None = None
    key_shown: bool = False
    text: str = ""
    modules: NDArray[np.bool_] | None = None
    used_step: int = -1
    told_expired_s: float = float("-inf")
    answer: "Future[CheckInResult] | None" = None


class Passes:
    """Makes passes for phones and judges those that the camera sees."""

    def __init__(
        self,
        *,
        running: RunningClass,
        checkin: CheckIn,
        clock: Clock,
        qr: QrDrawer,
        bad_codes: BadCodes,
        events: Events,
    ) -> None:
        self._running = running
        self._checkin = checkin
        self._clock = clock
        self._qr = qr
        self._bad_codes = bad_codes
        self._events = events
        self._lock = threading.Lock()
        self._key = b""
        self._last_forged = ""
        self._holders: dict[str, _Holder] = {}

    @property
    def shown_class(self) -> ShownClass | None:
        """The class that passes are for; None between classes."""
        return self._running.current

    def show(
        self,
        student: Student,
        device: str,
        *,
        address: str | None,
        agent: str | None,
        credential: str | None = None,
        key_shown: bool = False,
    ) -> ShownPass:
        """The pass of a signed-in student on this phone. Draws a code: some ten milliseconds, once a step.

        `device` is the browser's random identifier, by which one phone marks one student, `credential` a digest of what it was
        enrolled with; `key_shown` says that it has signed to show this.

        Raises:
            CodeError: No class is open.
        """
        shown, step, remaining_s = self._now()
        handle = passes.handle_of(
            shown.key, session_id=shown.session.session_id, student_id=student.student_id, device=device
        )
        text = passes.mint(shown.key, handle, step)
        with self._lock:
            self._follow(shown)
            holder = self._holders.pop(handle, None) or _Holder(student, device, address, agent)
            holder.credential, holder.key_shown = credential, key_shown
            self._holders[handle] = holder  # the newest at the end
            while len(self._holders) > MAX_HOLDERS:
                del self._holders[next(iter(self._holders))]
            modules = holder.modules if holder.text == text else None
        if modules is None:
            modules = self._qr.modules(text)
            with self._lock:
                holder.text, holder.modules = text, modules
        return ShownPass(shown, modules, remaining_s)

    def answer(self, student: Student, device: str) -> CheckInResult | None:
        """What came of this phone's pass in the class that is open; None while nothing did."""
        shown = self._running.current
        if shown is None:
            return None
        handle = passes.handle_of(
            shown.key, session_id=shown.session.session_id, student_id=student.student_id, device=device
        )
        with self._lock:
            holder = self._holders.get(handle)
            answer = holder.answer if holder is not None and self._key == shown.key else None
        if answer is None or not answer.done() or answer.exception() is not None:
            return None
        result, session_id = answer.result(), shown.session.session_id
        asked_since = self._checkin.asked_since(session_id, student.student_id)
        # Who is asked to show up again shows the pass again.
        return None if asked_since is not None and result.at < asked_since else result

    def take(self, text: str) -> None:
        """Judge what the camera read. A good pass goes to the one door, once; everything foreign is ignored.

        Forged and expired passes that come in bulk become an incident, as bad codes do (`kiosk.services.phones.bad_codes`).
        """
        presented = passes.PresentedPass.parse(text)
        if presented is None:
            return
        try:
            shown, current_step, _unused = self._now()
        except CodeError:
            return
        step = presented.step(shown.key, current_step)
        with self._lock:
            self._follow(shown)
            holder = self._holders.get(presented.handle)
            if holder is None or step is None:
                news = self._is_new_forgery(text)
            else:
                news = self._is_news(holder, step, current_step)
        if not news:
            return
        if holder is None or step is None:
            self._bad_codes.refused(_FORGED, CAMERA, typed=False)
            return
        if passes.state_of(step, current_step) is CodeState.EXPIRED:
            self._bad_codes.refused(_EXPIRED, CAMERA, typed=False)
            self._events.emit(PassExpired(shown.session.session_id))
            return
        evidence = Evidence(
            Method.PASS,
            self._clock.now(),
            device=holder.device,
            address=holder.address,
            agent=holder.agent,
            credential=holder.credential,
            key_shown=holder.key_shown or None,
        )
        claim = Claim(shown.session.session_id, holder.student.student_id, evidence)
        holder.answer = self._checkin.submit(claim)
        holder.answer.add_done_callback(self._report_failure)

    def _now(self) -> tuple[ShownClass, int, float]:
        """The open class, the step of its passes, and the seconds left of it."""
        shown = self._running.current
        if shown is None:
            raise CodeError(
                _("No class is open at this kiosk."), _("Please wait until your teacher has started it.")
            )
        elapsed = self._clock.monotonic() - shown.began_s
        return shown, passes.ROTATION.step(elapsed), passes.ROTATION.remaining_s(elapsed)

    def _follow(self, shown: ShownClass) -> None:
        """Forget who held passes of another showing."""
        if self._key != shown.key:
            self._key = shown.key
            self._holders.clear()

    def _is_new_forgery(self, text: str) -> bool:
        """Whether a forged pass is another one than that which stays before the camera."""
        news = text != self._last_forged
        self._last_forged = text
        return news

    def _is_news(self, holder: _Holder, step: int, current_step: int) -> bool:
        """Whether a genuine pass says anything that was not heard: it stays before the camera for many frames."""
        if passes.state_of(step, current_step) is CodeState.VALID:
            news = step > holder.used_step
            holder.used_step = max(step, holder.used_step)
            return news
        now_s = self._clock.monotonic()
        news = now_s - holder.told_expired_s >= TELL_EXPIRED_S
        if news:
            holder.told_expired_s = now_s
        return news

    def _report_failure(self, answer: "Future[CheckInResult]") -> None:
        error = answer.exception()
        if error is None:
            return
        log.error("what a pass showed could not be written", exc_info=error)
        text, hint = (
            (error.user_text, error.hint)
            if isinstance(error, KioskError)
            else (_("A student could not be marked."), _("Please mark by hand and restart the kiosk."))
        )
        self._events.emit(WorkerFailed("store", text, hint))
