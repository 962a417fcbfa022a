"""Every page that a phone can be shown, in every state: the real app, walked through as students do.

A page that is new belongs in here: tests look at each one's size, structure, fit and contrast, and
``scripts/screenshot_pages.py`` takes its picture.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from httpx import Response

from kiosk.domain.attendance.choices import ProofPolicy, Status
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.faces.frames import Detection
from kiosk.domain.faces.recognition import Decision, Match, Outcome
from kiosk.domain.people.staff import Role
from kiosk.domain.records.objections import MAX_PER_RECORD
from kiosk.domain.trust.throttle import FailureCount, account_of
from kiosk.errors import DatabaseError, StorageError
from kiosk.services.faces.recognition.analysis import TrackDecision
from kiosk.services.faces.recognition.track_memory import ClosestLook
from kiosk.settings import SchoolRules
from kiosk.translation import _
from kiosk.web.http.rendering import STATIC_PATH
from tests.fakes.actors import admin
from tests.fakes.phones.authenticator import Authenticator
from tests.fakes.phones.handset import ADDRESS, Handset, form
from tests.fakes.vision.recognition import FACE, picture_of, vector_of
from tests.world.api_school import ApiSchool
from tests.world.classroom import ANITA, BEN, PIN, Classroom, enrol_path

SECURE: Final = "https://kiosk.test"
LONG_TITLE: Final = "Wissenschaftliches Arbeiten und Rechtsschutzversicherungsgesellschaftsrecht"
LONG_NAME: Final = "Maria-Magdalena Freifrau von Schwarzenberg-Hohenlohe-Schillingsfürst"

Shown = Iterator[tuple[str, Response]]
"""Names of states with their pages."""


def every_page(folder: Path, *, long_words: bool = False) -> dict[str, Response]:
    """All pages by name of their state; with `long_words` course and students have very long names.

    One page is an unforeseen error, which the kiosk logs.
    """
    title, name = (LONG_TITLE, LONG_NAME) if long_words else ("Algorithms", "Anita Rao")
    shown: dict[str, Response] = {}
    for part in (
        _start,
        _scan,
        _results,
        _waiting,
        _away,
        _pass,
        _own,
        _consent,
        _letter,
        _own_pin,
        _phones,
        _teach,
        _failures,
        _api,
    ):
        keeps = part is _away
        room = Classroom(folder / part.__name__, title=title, anita=name, ben="Ben Okafor", keeps=keeps)
        try:
            for state, page in part(room):
                assert state not in shown, state
                shown[state] = page
        finally:
            room.close()
    return shown


def static_files() -> dict[str, Response]:
    """What pages load, by name."""
    with TemporaryDirectory() as folder:
        room = Classroom(Path(folder))
        try:
            with _phone(room) as phone:
                return {
                    name: phone.get(STATIC_PATH + name) for name in ("phone.css", "icon.svg", "phone_key.js")
                }
        finally:
            room.close()


@contextmanager
def _phone(room: Classroom, *, secure: bool = False) -> Iterator[Handset]:
    with Handset(room.app(secure=secure), base_url=SECURE if secure else ADDRESS) as handset:
        yield handset


def _signed_in(phone: Handset, room: Classroom, student_no: str = ANITA) -> Response:
    """The confirm page of a class that is open."""
    return phone.sign_in(phone.get(room.scan_path()), student_no, PIN)


def _start(room: Classroom) -> Shown:
    with _phone(room) as phone:
        yield "home-closed", phone.get("/")
        yield "no-class", phone.get("/s/ABCDEFGH")
        session = room.open_class()
        room.clock.advance(120)
        yield "home-open", phone.get("/")
        yield "code-wrong", phone.submit(phone.get("/"), "Continue", code="ACDEFG")
        room.running.reachable_at(ADDRESS)
        code = room.running.code()
        assert code is not None
        room.clock.advance(31)
        yield "code-expired", phone.submit(phone.get("/"), "Continue", code=code.typed)
        for _again in range(5):
            phone.submit(phone.get("/"), "Continue", code="ACDEFG")
        yield "code-throttled", phone.submit(phone.get("/"), "Continue", code="ACDEFG")
        _signed_in(phone, room)
        yield "home-signed-in", phone.get("/")
        room.end_class(session)
        yield "home-closed-signed-in", phone.get("/")
        room.running.reachable_at(ADDRESS)
        room.phone_test.begin()
        hello = room.phone_test.state().url.removeprefix(ADDRESS)
        yield "hello", phone.get(hello)
        room.phone_test.end()
        yield "hello-over", phone.get(hello)


def _scan(room: Classroom) -> Shown:
    with _phone(room) as phone:
        room.open_class()
        room.clock.advance(120)
        sign_in = phone.get(room.scan_path())
        yield "sign-in", sign_in
        yield "sign-in-wrong", phone.sign_in(sign_in, ANITA, "000000")
        for _again in range(4):
            phone.sign_in(sign_in, ANITA, "000000")
        yield "sign-in-rests", phone.sign_in(sign_in, ANITA, "000000")
        _count_failures(room, FailureCount(100, room.clock.now()))
        yield "sign-in-locked", phone.sign_in(sign_in, ANITA, PIN)
        room.store.write(lambda repositories: repositories.failures.forgive(account_of(ANITA)))
        confirm = phone.sign_in(sign_in, ANITA, PIN)
        yield "confirm", confirm
        room.store.database.refuses_writes = DatabaseError(
            _("The database is in use by another program for too long."),
            _("Close other programs that have the database open, then try again."),
        )
        yield "confirm-not-saved", phone.submit(confirm, "I am here")
        room.store.database.refuses_writes = None
        old = room.scan_path()
        room.clock.advance(60)
        yield "code-expired-scanned", phone.get(old)
        yield "code-forged", phone.get("/s/ABCDEFGH")
        yield "code-foreign", phone.get("/s/nonsense")
        room.clock.advance(61)
        yield "scan-used-up", phone.get(str(confirm.url))
        room.clock.advance(480)
        late = phone.get(room.scan_path())
        yield "confirm-late", late
        yield "marked-late", phone.submit(late, "I am here")
        yield "result-not-kept", phone.get("/check-in/nothing/result")
        where = phone.client.get(room.scan_path(), follow_redirects=False).headers["location"]
        phone.client.cookies.clear()
        yield "no-cookies", phone.get(where)


def _count_failures(room: Classroom, count: FailureCount) -> None:
    """Let Anita have mistyped her PIN so often."""
    room.store.write(lambda repositories: repositories.failures.put(account_of(ANITA), count))


def _results(room: Classroom) -> Shown:
    with _phone(room) as phone, _phone(room) as second:
        room.add_past_records([Status.PRESENT] * 10 + [Status.ABSENT])
        room.open_class()
        room.clock.advance(120)
        yield "marked", phone.submit(_signed_in(phone, room), "I am here")
        room.clock.advance(60)
        yield "already-marked", phone.submit(phone.get(room.scan_path()), "I am here")
        yield "not-registered", second.submit(_signed_in(second, room, BEN), "I am here")
        room.register(room.ben)
        phone.submit(phone.get("/"), "Sign out")
        yield "second-student", phone.submit(_signed_in(phone, room, BEN), "I am here")
        ended = room.open_class()
        confirm = second.get(room.scan_path())
        room.end_class(ended)
        yield "class-over", second.submit(confirm, "I am here")
        room.excuse(room.open_class())
        phone.submit(phone.get("/"), "Sign out")
        yield "excused", phone.submit(_signed_in(phone, room), "I am here")


def _waiting(room: Classroom) -> Shown:
    with _phone(room) as phone:
        room.open_class(ProofPolicy.FACE)
        yield "teacher-awaited", phone.submit(_signed_in(phone, room), "I am here")
        room.allow_face()
        room.open_class(ProofPolicy.FACE)
        yield "no-phones", phone.submit(phone.get(room.scan_path()), "I am here")
        session = room.open_class(ProofPolicy.BOTH)
        waits = phone.submit(phone.get(room.scan_path()), "I am here")
        yield "face-awaited", waits
        room.clock.advance(181)
        yield "face-not-seen", phone.get(str(waits.url))
        again = phone.submit(phone.get(room.scan_path()), "I am here")
        room.mark_by_camera(session)
        yield "face-seen", phone.get(str(again.url))


def _away(room: Classroom) -> Shown:
    session = room.open_class()
    room.remember(session)
    room.clock.advance(120)
    with _phone(room) as phone, _phone(room) as other:
        room.store.database.refuses = DatabaseError(
            _("The database server cannot be reached."),
            _("Check the network and the server, then try again."),
        )
        yield "sign-in-away-wrong", other.sign_in(other.get(room.scan_path()), BEN, PIN)
        kept = phone.submit(_signed_in(phone, room), "I am here")
        yield "kept", kept
        room.clock.advance(720)
        room.come_back()
        yield "kept-delivered", phone.get(kept.url.path)


def _pass(room: Classroom) -> Shown:
    with _phone(room) as phone:
        form_page = phone.get("/pass")
        yield "pass-sign-in", form_page
        yield "pass-wrong-pin", phone.sign_in(form_page, ANITA, "000000")
        yield "pass-no-class", phone.sign_in(form_page, ANITA, PIN)
        session = room.open_class()
        room.clock.advance(124)
        yield "pass", phone.get("/pass")
        _hold(room, session)
        yield "pass-marked", phone.get("/pass")
        phone.submit(phone.get("/"), "Sign out")
        phone.sign_in(phone.get("/pass"), BEN, PIN)
        _hold(room, session)
        yield "pass-refused", phone.get("/pass")


def _hold(room: Classroom, session: ClassSession) -> None:
    """The camera sees the pass that was shown last, and what comes of it is written."""
    assert session.session_id == (room.running.current and room.running.current.session.session_id)
    room.passes.take(list(room.passes._holders.values())[-1].text)
    room.store.write(lambda _: None)


def _own(room: Classroom) -> Shown:
    with _phone(room) as phone:
        form_page = phone.get("/sign-in")
        yield "own-sign-in", form_page
        yield "own-wrong-pin", phone.sign_in(form_page, ANITA, "000000")
        yield "own-overview-empty", phone.sign_in(form_page, BEN, PIN)
        phone.submit(phone.get("/me"), "Sign out")
        phone.sign_in(form_page, ANITA, PIN)
        course = f"/me/courses/{room.course_id}"
        yield "own-course-empty", phone.get(course)
        yield "own-stored-nothing", phone.get("/me/stored")
        yield "consent-desk-never", phone.get("/me/consent")
        yield "own-pin-desk", phone.get("/me/pin")
        room.add_past_records([Status.ABSENT, Status.LATE, Status.EXCUSED] + [Status.PRESENT] * 20)
        room.allow_face()
        overview = phone.get("/me")
        yield "own-overview", overview
        yield "own-course", phone.get(course)
        yield "own-course-older", phone.get(course + "?page=2")
        yield "own-stored", phone.get("/me/stored")
        yield "consent-desk", phone.get("/me/consent")
        yield "own-course-unknown", phone.get("/me/courses/9999")
        _action, hidden = form(overview.text, "Sign out")
        yield "consent-refused", phone.post("/me/consent", hidden | {"word": "no"})
        yield from _objection(room, phone, overview)


def _objection(room: Classroom, phone: Handset, overview: Response) -> Shown:
    link = re.search(r'href="(/me/records/\d+)"', overview.text)
    assert link is not None
    record = phone.get(link[1])
    yield "own-record", record
    yield "own-record-too-long", phone.submit(record, "This record is wrong", reason="word " * 70)
    reason = "I came at 08:55 and sat in row 2."
    yield "own-record-told", phone.submit(record, "This record is wrong", reason=reason)
    _answer(room, "Sorry!", Status.PRESENT)
    yield "own-record-answered", phone.get(link[1])
    for _again in range(MAX_PER_RECORD - 1):
        phone.submit(phone.get(link[1]), "This record is wrong", reason="It is still wrong.")
        _answer(room, "It stays.", None)
    yield "own-record-closed", phone.get(link[1])


def _answer(room: Classroom, answer: str, status: Status | None) -> None:
    """The teacher's answer to what the student wrote last."""
    (session_id,) = room.objections.open_by_session(room.course_id)
    (waiting,) = room.objections.waiting(session_id, actor=admin())
    room.objections.answer(waiting, status=status, answer=answer, actor=admin("Ms Weber"))


def _consent(room: Classroom) -> Shown:
    with _phone(room, secure=True) as phone:
        phone.sign_in(phone.get("/sign-in"), ANITA, PIN)
        give = phone.get("/me/consent")
        yield "consent-give", give
        yield "receipt-given", phone.submit(give, "I consent")
        room.allow_face()
        withdraw = phone.get("/me/consent")
        yield "consent-withdraw", withdraw
        yield "own-stored-secure", phone.get("/me/stored")
        yield "receipt-withdrawn", phone.submit(withdraw, "Withdraw and delete")
        yield "receipt-gone", phone.get("/me/consent/receipt/nothing")


def _letter(room: Classroom) -> Shown:
    with _phone(room) as phone:
        yield "letter-not-secure", phone.get("/answer")
    room.running.reachable_at(SECURE)
    codes = iter(room.letter_codes())
    with _phone(room, secure=True) as phone:
        page = phone.get("/answer")
        yield "letter-code", page
        yield "letter-code-wrong", phone.submit(page, "Continue", code="ACDE-FGHJ-KMNP")
        asked = phone.submit(page, "Continue", code=next(codes))
        yield "letter-question", asked
        yield "letter-no-name", phone.submit(asked, "Yes, I consent", by="guardian", word="yes")
        yield "letter-yes", phone.submit(asked, "Yes, I consent", by="guardian", name="Eva Rao", word="yes")
        asked = phone.submit(page, "Continue", code=next(codes))
        yield "letter-no", phone.submit(asked, "No, I do not", by="student", word="no")
        yield "letter-gone", phone.get("/answer/nothing")
        for _again in range(10):
            phone.submit(page, "Continue", code="ACDE-FGHJ-KMNP")
        yield "letter-throttled", phone.submit(page, "Continue", code="ACDE-FGHJ-KMNP")


def _own_pin(room: Classroom) -> Shown:
    with _phone(room, secure=True) as phone:
        phone.sign_in(phone.get("/sign-in"), ANITA, PIN)
        page = phone.get("/me/pin")
        yield "own-pin", page
        yield (
            "own-pin-old-wrong",
            phone.submit(page, "Change PIN", old="000000", new="730416", again="730416"),
        )
        yield "own-pin-differs", phone.submit(page, "Change PIN", old=PIN, new="730416", again="730417")
        yield "own-pin-changed", phone.submit(page, "Change PIN", old=PIN, new="730416", again="730416")


def _phones(room: Classroom) -> Shown:
    with _phone(room) as phone, _phone(room) as second:
        phone.sign_in(phone.get("/sign-in"), ANITA, PIN)
        yield "own-phones-none", phone.get("/me/phones")
        path = enrol_path(room, room.anita)
        form = phone.get(path)
        yield "enrol", form
        yield "enrol-wrong", phone.submit(form, "Enrol this phone", pin="000000")
        yield "enrol-done", phone.submit(form, "Enrol this phone", pin=PIN)
        yield "enrol-used-up", second.get(path)
        yield "own-phones", phone.get("/me/phones")
        phone.submit(phone.get(enrol_path(room, room.ben)), "Enrol this phone", pin=PIN)
        taken = phone.submit(phone.get(enrol_path(room, room.anita)), "Enrol this phone", pin=PIN)
        yield "enrol-was-others", taken
        room.wants_enrolled_phones()
        room.open_class()
        yield "phone-not-enrolled", second.submit(_signed_in(second, room), "I am here")
    yield from _phone_keys(room)


def _phone_keys(room: Classroom) -> Shown:
    with _phone(room, secure=True) as phone:
        form = phone.get(enrol_path(room, room.anita))
        yield "enrol-with-key", form
        authenticator = Authenticator(SECURE, SECURE.removeprefix("https://"))
        key = authenticator.make(phone.get(f"{form.url.path}/key").text)
        yield "enrol-done-with-key", phone.submit(form, "Enrol this phone", pin=PIN, key=key)
        yield "confirm-with-key", phone.get(room.scan_path())
        yield "pass-with-key", phone.get("/pass")


def _teach(room: Classroom) -> Shown:
    password = "correct horse battery"
    room.cases.people.accounts.add(name="Tom Weber", role=Role.TEACHER, password=password, actor=admin())
    with _phone(room) as phone:
        yield "teach-closed", phone.get("/teach")
    with _phone(room, secure=True) as tablet, _phone(room, secure=True) as phone:
        yield "home-secure", tablet.get("/")
        page = tablet.get("/teach")
        yield "teach-sign-in", page
        yield "teach-wrong", tablet.submit(page, "Sign in", name="Tom Weber", password="something else")
        yield "teach-none", tablet.submit(page, "Sign in", name="Tom Weber", password=password)
        room.register(room.ben)
        session = room.open_class(ProofPolicy.FACE)
        room.clock.advance(120)
        phone.submit(_signed_in(phone, room), "I am here")
        one = f"/teach/{session.session_id}"
        yield "teach-class", tablet.get("/teach")
        yield "teach-nobody", tablet.get("/teach?show=late")
        ben = f"{one}/students/{room.ben.student_id}"
        student = tablet.get(ben)
        yield "teach-student", student
        yield "teach-student-no-reason", tablet.submit(student, "Late", status="late")
        yield "teach-marked", tablet.submit(student, "Late", status="late", usual=_("Phone broken"))
        yield "teach-student-marked", tablet.get(ben)
        yield "teach-all", tablet.get("/teach?show=all")
        yield "teach-find", tablet.get("/teach?q=ben")
        yield "teach-missing", tablet.get(one + "/missing")
        yield "teach-face", tablet.get(f"{one}/faces/{unsure_face(room, session)}")
        yield "teach-class-face", tablet.get("/teach")
        end = tablet.get(one + "/end")
        yield "teach-end", end
        yield "teach-ended", tablet.submit(end, "End class")
        yield "teach-stale", tablet.submit(student, "Late", status="late", usual=_("Phone broken"))
        room.school.change_rules(SchoolRules(teach_by_phone=False), actor=admin())
        yield "teach-off", tablet.get("/teach")


def unsure_face(room: Classroom, session: ClassSession) -> int:
    """Anita walks past, and the camera is not sure; returns the face's number."""
    room.remember(session)
    match = Match(room.anita.student_id, 0.53, 0.7)
    doubt = ClosestLook(match, picture_of(1), Detection(FACE, 1.0), vector_of(1), 0.0)
    decided = TrackDecision(1, FACE, Decision(Outcome.AMBIGUOUS, match, 0.0, 12), None, 0.0, doubt)
    room.kiosk.faces.memory.take(session.session_id, decided, room.clock.now())
    (face,) = room.kiosk.faces.memory.of_session(session.session_id)
    return face.face_id


def _failures(room: Classroom) -> Shown:
    room.open_class()
    app = room.app()

    async def fail() -> None:
        raise ValueError("unforeseen")

    async def full() -> None:
        raise StorageError("The disk is full.", "Please tell your teacher.")

    app.add_api_route("/fail", fail)
    app.add_api_route("/full", full)
    with Handset(app) as phone:
        confirm = _signed_in(phone, room)
        kind = {"Origin": ADDRESS, "Content-Type": "application/json"}
        yield "error-403", phone.post(str(confirm.url), {"csrf": "0" * 64})
        yield "error-404", phone.get("/nothing")
        yield "error-405", phone.get("/sign-out")
        yield "error-413", phone.client.post("/sign-out", content=b"x" * 20_000)
        yield "error-415", phone.client.post(str(confirm.url), content=b"{}", headers=kind)
        yield "error-422", phone.get("/me/courses/x")
        yield "error-500", phone.get("/fail")
        yield "error-503", phone.get("/full")
    with Handset(room.app(allowed="10.20.0.0/16"), address="192.168.1.7") as outside:
        yield "error-outside", outside.get("/")


def _api(room: Classroom) -> Shown:
    with Handset(ApiSchool(room).app(), base_url="http://localhost", address="127.0.0.1") as browser:
        yield "api", browser.get("/api/v1/")
