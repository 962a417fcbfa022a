"""A student's phone: scan, ticket, sign-in, confirm.

A scan swaps the short-lived code for a ticket that is bound to the scanning browser, so a slow sign-in never loses
it. The browser is known by a random identifier in a cookie; sign-ins live in memory only, as tickets do. Safe to call
from any thread; `sign_in` and `change_pin` hash and must not run on an event loop.
"""

import secrets
import threading
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Final

from kiosk.domain.attendance.choices import CheckInOutcome, Method, Status
from kiosk.domain.attendance.record import AttendanceCount, Evidence
from kiosk.domain.people.students import Student
from kiosk.domain.trust.throttle import Source
from kiosk.errors import CodeError, DatabaseError, ExpiredCodeError, StorageError, ThrottledError
from kiosk.services.attendance.check_in import CheckIn, Claim
from kiosk.services.attendance.incidents import Incidents
from kiosk.services.attendance.leaving.staying import check_out_queries
from kiosk.services.attendance.recheck.judging import recheck_queries
from kiosk.services.attendance.running_class import RunningClass, ShownClass
from kiosk.services.events import CheckInResult, PinReplaced
from kiosk.services.people.pins import NOWHERE, Pins, Proven
from kiosk.services.phones.bad_codes import BadCodes, Sender
from kiosk.services.phones.tickets import Ticket, Tickets
from kiosk.services.phones.typed_code import TypedCodes
from kiosk.services.ports.clock import Clock
from kiosk.storage.store import Repositories, Store
from kiosk.translation import _

SIGN_IN_S: Final = 12 * 3600.0
MAX_SIGN_INS: Final = 20000
MAX_SIGN_INS_EACH: Final = 8
"""Browsers in which one student is signed in at the same time; the oldest is signed out first."""


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What the confirm page shows before the student says "I am here"; `is_again`: a re-check asks, the mark stays."""

    student: Student
    shown_class: ShownClass
    will_count_as: Status
    is_again: bool = False


@dataclass(frozen=True, slots=True)
class _SignIn:
    student: Student
    mark: str
    expires_s: float


class Phone:
    """What a student's browser can do."""

    def __init__(
        self,
        *,
        running: RunningClass,
        pins: Pins,
        checkin: CheckIn,
        store: Store,
        clock: Clock,
        incidents: Incidents,
    ) -> None:
        self._running = running
        self._bad_codes = BadCodes(running=running, incidents=incidents, clock=clock)
        self._typed = TypedCodes(running=running, clock=clock)
        self._pins = pins
        self._checkin = checkin
        self._store = store
        self._clock = clock
        self._lock = threading.Lock()
        self._tickets = Tickets(clock=clock, incidents=incidents)
        self._signed_in: dict[str, _SignIn] = {}

    def exchange(self, code: str, source: Source, *, has_cookie: bool = True) -> Ticket:
        """Swap a scanned code for a ticket of this browser.

        Without a cookie codes that are no good are counted for the address.

        Raises:
            ExpiredCodeError: The code's time is over.
            CodeError: The code is forged or of another session, or no class is open.
        """
        try:
            return self._tickets.make(self._running.accept(code), source)
        except CodeError as error:
            is_shared = bool(source.address) and not has_cookie
            sender = Sender(source.address if is_shared else source.browser, is_shared)
            self._bad_codes.refused(error, sender, typed=False)
            raise

    def exchange_typed(self, text: str, source: Source) -> Ticket:
        """Swap a typed code for a ticket of this browser.

        Raises:
            ThrottledError: Too many wrong codes were typed within a minute.
            ExpiredCodeError: The code's time is over.
            CodeError: The code is wrong, or no class is open.
        """
        try:
            return self._tickets.make(self._typed.accept(text, source), source)
        except (CodeError, ThrottledError) as error:
            self._bad_codes.refused(error, Sender(source.browser, False), typed=True)
            raise

    @property
    def trouble(self) -> DatabaseError | None:
        """Why nothing can be saved at the moment; None while it works."""
        return self._store.trouble

    @property
    def sign_in_trouble(self) -> DatabaseError | None:
        """Why nobody can sign in at the moment; None also while students of the open class can, without the database."""
        return None if self._pins.know_the_class else self._store.trouble

    def ticket(self, ticket_id: str, browser: str) -> Ticket:
        """A ticket that is still good for this browser.

        Raises:
            ExpiredCodeError: It is used, expired, unknown or another browser's.
        """
        found = self._tickets.get(ticket_id, browser)
        if found is None:
            raise ExpiredCodeError(
                _("This scan is used up."), _("Please scan the code on the kiosk's screen again.")
            )
        return found

    def sign_in(self, student_no: str, pin: str, *, source: Source = NOWHERE) -> tuple[str, Student]:
        """Check a number and PIN that come from a browser; returns a secret token for the browser's cookie, and the student.

        Raises:
            SignInError: Wrong, or too many wrong tries.
        """
        proven = self._pins.prove(student_no, pin, source=source)
        return self._admit(proven), proven.student

    def change_pin(self, student: Student, *, old: str, new: str, source: Source = NOWHERE) -> str:
        """Change a student's PIN and end all of their sign-ins; returns the token of the one new sign-in. Hashes.

        Raises:
            ConflictError: The new PIN cannot be used.
            SignInError: The old PIN is wrong, or too many wrong tries.
        """
        proven = self._pins.change(student, old=old, new=new, source=source)
        self.end_sign_ins(student.student_id)
        return self._admit(proven)

    def on_event(self, event: PinReplaced) -> None:
        """A PIN that is replaced ends its sign-ins at once."""
        self.end_sign_ins(event.student_id)

    def end_sign_ins(self, student_id: int) -> None:
        """Sign a student out of every browser."""
        with self._lock:
            self._signed_in = {
                key: one for key, one in self._signed_in.items() if one.student.student_id != student_id
            }

    def tick(self) -> None:
        """End sign-ins with PINs that are no longer in force, whoever replaced them: another program may have.

        Reads the store when somebody is signed in.
        """
        with self._lock:
            self._forget_expired()
            if not self._signed_in:
                return
            known = set(self._signed_in)
        marks = self._pins.marks()
        with self._lock:
            self._signed_in = {
                key: one
                for key, one in self._signed_in.items()
                if key not in known or marks.get(one.student.student_id) == one.mark
            }

    def _admit(self, proven: Proven) -> str:
        student, token = proven.student, secrets.token_urlsafe(32)
        with self._lock:
            self._forget_expired()
            same = [
                key for key, one in self._signed_in.items() if one.student.student_id == student.student_id
            ]
            for old in same[: max(0, len(same) + 1 - MAX_SIGN_INS_EACH)]:
                del self._signed_in[old]
            self._signed_in[token] = _SignIn(student, proven.mark, self._clock.monotonic() + SIGN_IN_S)
            while len(self._signed_in) > MAX_SIGN_INS:
                del self._signed_in[next(iter(self._signed_in))]
        return token

    def signed_in(self, token: str) -> Student | None:
        """Whose sign-in a cookie's token is; None when it is unknown or too old."""
        with self._lock:
            self._forget_expired()
            found = self._signed_in.get(token)
        return found.student if found else None

    def sign_out(self, token: str) -> None:
        with self._lock:
            self._signed_in.pop(token, None)

    def preview(self, ticket_id: str, browser: str, student: Student) -> Confirmation:
        """What confirming would do. Raises ExpiredCodeError: the ticket is not good any more."""
        shown = self.ticket(ticket_id, browser).shown_class
        asked_since = self._checkin.asked_since(shown.session.session_id, student.student_id)
        status = shown.session.status_at(self._clock.now())
        return Confirmation(student, shown, status, is_again=asked_since is not None)

    def submit(
        self,
        ticket_id: str,
        browser: str,
        student: Student,
        *,
        address: str | None,
        agent: str | None = None,
        credential: str | None = None,
        key_shown: bool = False,
    ) -> "Future[CheckInResult]":
        """Use the ticket up and check the student in, without waiting; of many at once exactly one wins.

        A check-in that cannot be saved gives the ticket back before the future is done, so that another try is one tap.

        `address` is where the request came from, `agent` a short digest of what the browser says it is, `credential` that of
        what the phone was enrolled with; `key_shown` says that it has just signed for this ticket.

        Raises:
            ExpiredCodeError: The ticket is not good any more.
        """
        self.ticket(ticket_id, browser)
        ticket = self._tickets.use_up(ticket_id)
        if ticket is None:
            raise ExpiredCodeError(
                _("This scan is used up."), _("Please scan the code on the kiosk's screen again.")
            )
        now = self._clock.now()
        evidence = Evidence(
            Method.PHONE,
            now,
            device=browser,
            address=address,
            agent=agent,
            scanned_at=now - timedelta(seconds=ticket.held_s(self._clock.monotonic())),
            credential=credential,
            key_shown=key_shown or None,
        )
        answer = self._checkin.submit(
            Claim(ticket.shown_class.session.session_id, student.student_id, evidence)
        )
        answer.add_done_callback(partial(self._give_back, ticket))
        return answer

    def _give_back(self, ticket: Ticket, answer: "Future[CheckInResult]") -> None:
        if isinstance(answer.exception(), StorageError):
            self._tickets.give_back(ticket)

    def follow(self, result: CheckInResult) -> CheckInResult:
        """What became of a check-in that waits for a second proof or for the server, as it stands now; any other one is what it was.

        Raises:
            StorageError: The database does not say.
        """
        if result.outcome is CheckInOutcome.KEPT:
            result = self._checkin.came_of(result) or result
        if not result.outcome.is_waiting:
            return result
        now = self._clock.now()

        def query(repositories: Repositories) -> CheckInResult:
            session_id, student_id = result.session_id, result.student.student_id
            session = repositories.class_sessions.get(session_id)
            record = repositories.records.find(session_id, student_id)
            claim = repositories.claims.find(session_id, student_id)
            again = _again(repositories, result)
            if again is not None:
                outcome = again
            elif record is not None and record.status.attended:
                outcome = CheckInOutcome.marked(record.status)
            elif session is None or not session.is_open:
                outcome = CheckInOutcome.SESSION_ENDED
            elif record is not None and not record.is_undecided:
                outcome = CheckInOutcome.HELD_BY_TEACHER
            else:
                outcome = CheckInOutcome.CLAIM_EXPIRED
            if outcome is CheckInOutcome.CLAIM_EXPIRED and claim is not None and claim.is_good(now):
                outcome = claim.awaits.outcome
            return replace(result, outcome=outcome, record=record, claim=claim)

        return self._store.read(query)

    def attendance(self, student: Student, course_id: int) -> AttendanceCount | None:
        """How often a student attended a course so far; None where the database does not say at the moment."""
        if self._store.trouble is not None:
            return None
        try:
            return self._store.read(
                lambda repositories: repositories.records.count(course_id, student.student_id)
            )
        except DatabaseError:  # said by the store; what the student asked for is known
            return None

    def _forget_expired(self) -> None:
        """Each request asks: all live equally long, so the first, the oldest, tells whether any is over."""
        now = self._clock.monotonic()
        first = next(iter(self._signed_in.values()), None)
        if first is not None and first.expires_s <= now:
            self._signed_in = {key: one for key, one in self._signed_in.items() if one.expires_s > now}


def _again(repositories: Repositories, result: CheckInResult) -> CheckInOutcome | None:
    """What became of a first proof that was one for a re-check or of leaving; None for any other one."""
    session_id, student_id = result.session_id, result.student.student_id
    of_student = recheck_queries(repositories).of_student(session_id, student_id)
    since = [one for one in of_student if one[0].began_at is not None and one[0].began_at <= result.at]
    if since and (since[-1][0].is_open or not since[-1][1].is_missing):
        return CheckInOutcome.CLAIM_EXPIRED if since[-1][1].is_missing else CheckInOutcome.SEEN_AGAIN
    out = check_out_queries(repositories).find(session_id, student_id)
    if out is not None and out.left_at is not None and out.left_at >= result.at:
        return CheckInOutcome.CHECKED_OUT
    session = repositories.class_sessions.get(session_id)
    record = repositories.records.find(session_id, student_id)
    was_here = record is not None and record.status.attended and record.marked_at < result.at
    if session is None or not was_here:
        return None
    is_leaving = session.is_open and session.check_out_since is not None
    return CheckInOutcome.CLAIM_EXPIRED if is_leaving else CheckInOutcome.ALREADY_MARKED
