"""Enrolling a student's phone once at the kiosk, so that a friend's PIN alone marks nobody. Safe to call from any thread.

A teacher shows a code for one student; the first browser that opens it within a minute may give that student's PIN, and
then keeps a secret by which the one door knows it (`kiosk.services.attendance.devices`), and a key, where it made one
(`kiosk.services.phones.phone_keys`). Codes are in memory only, phones in
the database. `enrol` hashes and must not run on an event loop.
"""

import base64
import hmac
import secrets
import threading
from dataclasses import dataclass, field
from typing import Final

from kiosk.domain.people.students import Student
from kiosk.domain.phones.enrolled import MOST_PHONES, EnrolledPhone, digest_of
from kiosk.domain.phones.phone_key import PhoneKey
from kiosk.domain.trust.rights import Actor, Right
from kiosk.domain.trust.throttle import Source
from kiosk.errors import (
    ConflictError,
    ExpiredCodeError,
    KioskError,
    NotFoundError,
    SignInError,
    ThrottledError,
)
from kiosk.services.attendance.running_class import RunningClass
from kiosk.services.courses.own_courses import require_student, students_reached
from kiosk.services.phones.phone_check_in import Phone
from kiosk.services.ports.clock import Clock
from kiosk.services.trust.rights import require_within
from kiosk.storage.store import Repositories, Store
from kiosk.translation import _

ENROL_PATH: Final = "/e/"
CODE_S: Final = 60.0
"""How long a code can be scanned."""

FORM_S: Final = 180.0
"""How long the browser that scanned it may take to give the PIN."""

MOST_FORMS: Final = 100
_CODE_BYTES: Final = 15  # 24 characters without padding


@dataclass(frozen=True, slots=True)
class NewPhone:
    """What a browser gets once it is enrolled.

    Attributes:
        token: Of the sign-in that the PIN made.
        secret: What the browser is to keep.
        before: Who this phone was enrolled for until now, where that is somebody else.
    """

    token: str
    secret: str
    phone: EnrolledPhone
    before: Student | None


@dataclass(frozen=True, slots=True)
class EnrolmentState:
    """How the code stands that the kiosk shows.

    Attributes:
        url: What the code says; empty once it was scanned or is over, and while phones have no address to come to.
        remaining_s: Seconds until it is over; 0 when it is.
        is_scanned: A phone opened it and is asked for the PIN.
        done: What came of it.
        is_begun: Whether there is a code at all.
    """

    url: str
    remaining_s: float
    is_scanned: bool
    done: NewPhone | None
    is_begun: bool = True


@dataclass(slots=True)
class _Offer:
    """One code. It is scanned once, and then its form is one browser's; nothing else of it changes."""

    student: Student
    actor: str
    code: str
    expires_s: float
    browser: str = ""
    done: NewPhone | None = None


@dataclass(frozen=True, slots=True)
class _New:
    """What is kept of a phone that is being enrolled."""

    secret: str = field(repr=False)
    kind: str
    key: PhoneKey | None


class PhoneEnrolments:
    """Shows codes, takes phones, lists and removes them."""

    def __init__(self, *, store: Store, clock: Clock, running: RunningClass, phone: Phone) -> None:
        self._store = store
        self._clock = clock
        self._running = running
        self._phone = phone
        self._lock = threading.Lock()
        self._shown: _Offer | None = None
        self._forms: dict[str, _Offer] = {}

    # -- at the kiosk --------------------------------------------------------------------------------------------

    def begin(self, student: Student, *, actor: Actor) -> None:
        """Show a new code for a student; the one before is no good any more.

        Raises:
            ConflictError: The student has too many phones.
            ForbiddenError: The student is in no course of the actor's, and in no class that the actor holds now.
        """
        self._require_reached(student, actor)
        phones = self._store.read(
            lambda repositories: repositories.enrolled_phones.of_student(student.student_id)
        )
        _refuse_more(phones)
        code = base64.b32encode(secrets.token_bytes(_CODE_BYTES)).decode()
        with self._lock:
            self._shown = _Offer(student, actor.name, code, self._clock.monotonic() + CODE_S)

    def end(self) -> None:
        """Show none any more; a phone that scanned it already may still give the PIN."""
        with self._lock:
            self._shown = None

    def state(self) -> EnrolmentState:
        """How the code stands now."""
        base_url = self._running.base_url
        with self._lock:
            shown = self._shown
            if shown is None:
                return EnrolmentState("", 0.0, False, None, is_begun=False)
            left_s = max(0.0, shown.expires_s - self._clock.monotonic())
            is_open = bool(base_url) and left_s > 0 and not shown.browser
            url = f"{base_url}{ENROL_PATH}{shown.code}" if is_open else ""
            return EnrolmentState(url, left_s, bool(shown.browser), shown.done)

    def choices(self, *, actor: Actor) -> list[Student]:
        """Whose phones the actor may enrol, by name."""

        def query(repositories: Repositories) -> list[Student]:
            require_within(repositories, actor, Right.CORRECT)
            everybody = repositories.students.all()
            reached = students_reached(repositories, actor).among([one.student_id for one in everybody])
            return [one for one in everybody if one.student_id in reached]

        return self._store.read(query)

    def of_student(self, student: Student, *, actor: Actor) -> list[EnrolledPhone]:
        """A student's phones, oldest first. Raises ForbiddenError as `begin` does."""
        self._require_reached(student, actor)
        return self.own(student)

    def remove(self, student: Student, phone_id: int, *, actor: Actor) -> None:
        """Take a phone away, because it is lost or not the student's. Raises NotFoundError: it is gone already."""
        self._require_reached(student, actor)
        self._remove(student, phone_id, actor.name)

    # -- on the phone --------------------------------------------------------------------------------------------

    def exchange(self, code: str, browser: str) -> str:
        """Swap the code for a form of this browser, once; returns the form's name.

        Raises:
            ExpiredCodeError: It is over, was scanned before, or is none.
        """
        form = secrets.token_urlsafe(16)
        with self._lock:
            shown, now_s = self._shown, self._clock.monotonic()
            is_right = shown is not None and hmac.compare_digest(code.upper().encode(), shown.code.encode())
            if shown is None or not is_right or shown.browser or shown.expires_s <= now_s:
                raise ExpiredCodeError(
                    _("This code is over, or another phone has used it."),
                    _("Your teacher can show a new one at the kiosk."),
                )
            shown.browser, shown.expires_s = browser, now_s + FORM_S
            self._forms[form] = shown
            while len(self._forms) > MOST_FORMS:
                del self._forms[next(iter(self._forms))]
        return form

    def asked(self, form: str, browser: str) -> Student:
        """Whose PIN a form asks for. Raises ExpiredCodeError: it is another browser's, or its time is over."""
        return self._offer(form, browser).student

    def enrol(
        self,
        form: str,
        pin: str,
        *,
        source: Source,
        kind: str = "",
        credential: str | None = None,
        key: PhoneKey | None = None,
    ) -> NewPhone:
        """Check the PIN and enrol the browser that it came from. Hashes.

        A phone is one student's: one that was enrolled for somebody else is not any more.

        Args:
            form: From `exchange`.
            pin: What was typed.
            source: The browser.
            kind: What it runs on.
            credential: A digest of what it was enrolled with before.
            key: What it made to sign with; None for one that is known by its cookie alone.

        Raises:
            ExpiredCodeError: The form is another browser's, used, or its time is over.
            SignInError: The PIN is wrong, or there were too many wrong ones; the form stays good.
            ConflictError: The student has too many phones meanwhile.
        """
        offer = self._offer(form, source.browser)
        token, student = self._signed_in(offer, pin, source)
        with self._lock:  # of two answers at once one is taken
            is_good = (
                student.student_id == offer.student.student_id and self._forms.pop(form, None) is not None
            )
        if not is_good:
            self._phone.sign_out(token)
            raise _used()
        secret = secrets.token_urlsafe(32)
        try:
            phone, before = self._store.write(
                lambda repositories: self._write(repositories, offer, _New(secret, kind, key), credential)
            )
        except KioskError:
            self._phone.sign_out(token)
            with self._lock:
                self._forms[form] = offer
            raise
        done = NewPhone(token, secret, phone, before)
        with self._lock:
            offer.done = done
        return done

    def own(self, student: Student) -> list[EnrolledPhone]:
        """A student's phones, oldest first, for that student."""
        return self._store.read(
            lambda repositories: repositories.enrolled_phones.of_student(student.student_id)
        )

    def this_one(self, credential: str | None) -> int | None:
        """Which phone a browser is."""
        if credential is None:
            return None
        found = self._store.read(lambda repositories: repositories.enrolled_phones.by_hash(credential))
        return found.phone_id if found else None

    def remove_own(self, student: Student, phone_id: int) -> None:
        """A student takes one of the own phones away. Raises NotFoundError: it is gone, or somebody else's."""
        self._remove(student, phone_id, f"student {student.student_no}")

    # -- inside --------------------------------------------------------------------------------------------------

    def _offer(self, form: str, browser: str) -> _Offer:
        with self._lock:
            found, now_s = self._forms.get(form), self._clock.monotonic()
        if found is None or found.browser != browser or found.expires_s <= now_s:
            raise _used()
        return found

    def _signed_in(self, offer: _Offer, pin: str, source: Source) -> tuple[str, Student]:
        try:
            return self._phone.sign_in(offer.student.student_no, pin, source=source)
        except ThrottledError:
            raise
        except SignInError as error:  # the number was not typed
            raise SignInError(
                _("That is not the PIN of {name}.", name=offer.student.full_name), error.hint
            ) from error

    def _write(
        self, repositories: Repositories, offer: _Offer, new: _New, credential: str | None
    ) -> tuple[EnrolledPhone, Student | None]:
        student, now = offer.student, self._clock.now()
        old = repositories.enrolled_phones.by_hash(credential) if credential else None
        before = None
        if old is not None:
            repositories.enrolled_phones.remove(old.phone_id)
            if old.student_id != student.student_id:
                before = repositories.students.get(old.student_id)
        if before is not None:
            detail = f"enrolled for {student.student_no}"
            repositories.audit.add(now, offer.actor, "phone.removed", before.student_no, detail)
        _refuse_more(repositories.enrolled_phones.of_student(student.student_id))
        phone = repositories.enrolled_phones.add(
            student.student_id,
            digest_of(new.secret) or "",
            kind=new.kind,
            enrolled_at=now,
            enrolled_by=offer.actor,
            key=new.key,
        )
        detail = f"{new.kind}, with a key of its own" if new.key else new.kind
        repositories.audit.add(now, offer.actor, "phone.enrolled", student.student_no, detail)
        return phone, before

    def _require_reached(self, student: Student, actor: Actor) -> None:
        def query(repositories: Repositories) -> None:
            require_within(repositories, actor, Right.CORRECT)
            require_student(repositories, actor, student.student_id)

        self._store.read(query)

    def _remove(self, student: Student, phone_id: int, actor: str) -> None:
        def work(repositories: Repositories) -> None:
            own = {one.phone_id: one for one in repositories.enrolled_phones.of_student(student.student_id)}
            if phone_id not in own:
                raise NotFoundError(_("This phone is not enrolled any more."))
            repositories.enrolled_phones.remove(phone_id)
            kind = own[phone_id].kind
            repositories.audit.add(self._clock.now(), actor, "phone.removed", student.student_no, kind)

        self._store.write(work)


def _refuse_more(phones: list[EnrolledPhone]) -> None:
    if len(phones) >= MOST_PHONES:
        raise ConflictError(
            _("{most} phones are enrolled for this student already.", most=MOST_PHONES),
            _("Remove one of them first."),
        )


def _used() -> ExpiredCodeError:
    return ExpiredCodeError(
        _("This page is over, or belongs to another phone."),
        _("Your teacher can show a new code at the kiosk."),
    )
