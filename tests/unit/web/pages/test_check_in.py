import asyncio
import hashlib
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from kiosk.domain.attendance.choices import Method, ProofPolicy, Status
from kiosk.domain.phones import codes
from kiosk.errors import StorageError
from kiosk.services.events import CheckInResult
from kiosk.web.http.browsers import browser_of
from tests.fakes.actors import admin
from tests.fakes.phones.handset import ADDRESS, Handset, form, heading, words
from tests.fakes.storage.locked_database import locked_database
from tests.world.classroom import ANITA, BEN, PIN, Classroom
from tests.world.kiosk import QuickHasher


def signed_in(handset: Handset, classroom: Classroom) -> httpx.Response:
    """The confirm page."""
    return handset.sign_in(handset.get(classroom.scan_path()), ANITA, PIN)


def test_the_start_page_says_what_this_is(handset: Handset, classroom: Classroom) -> None:
    assert "No class is open" in words(handset.get("/"))
    classroom.open_class()
    page = handset.get("/")
    assert heading(page) == "Attendance"
    assert "Open now: CS 101 · Algorithms Room 4.12" in words(page)
    assert "scan the code" in words(page)


def test_a_scan_becomes_a_ticket_at_once_and_marks_nothing(handset: Handset, classroom: Classroom) -> None:
    session = classroom.open_class()
    answer = handset.client.get(classroom.scan_path(), follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/check-in/")
    page = handset.get(answer.headers["location"])
    assert heading(page) == "CS 101 · Algorithms"
    assert "kept for 2 minutes" in words(page)
    assert classroom.records(session) == []


def test_scan_sign_in_and_confirm_mark_a_student_present(handset: Handset, classroom: Classroom) -> None:
    classroom.add_past_records([Status.PRESENT] * 9 + [Status.LATE, Status.ABSENT, Status.EXCUSED])
    session = classroom.open_class()
    classroom.clock.advance(120)
    confirm = signed_in(handset, classroom)
    assert heading(confirm) == "Hello, Anita Rao"
    assert "Course CS 101 · Algorithms Room 4.12 Now 09:02 Will count as Present" in words(confirm)
    assert classroom.records(session) == []

    page = handset.submit(confirm, "I am here")

    assert page.status_code == 200
    assert heading(page) == "You are marked present"
    assert "09:02 Anita Rao · CS 101 · Room 4.12 My attendance: 11 of 12 (92 %)" in words(page)
    (record,) = classroom.records(session)
    assert (record.student_id, record.status, record.method) == (
        classroom.anita.student_id,
        Status.PRESENT,
        Method.PHONE,
    )
    assert record.evidence[0].device == browser_of(handset.client.cookies["kiosk_browser"])
    assert record.evidence[0].address == "testclient"
    (event,) = classroom.events
    assert isinstance(event, CheckInResult)


def test_a_late_student_is_told_before_and_after(handset: Handset, classroom: Classroom) -> None:
    classroom.open_class()
    classroom.clock.advance(11 * 60)
    confirm = signed_in(handset, classroom)
    assert "Will count as Late" in words(confirm)
    page = handset.submit(confirm, "I am here")
    assert heading(page) == "You are marked late"
    assert "09:11" in words(page)
    assert 'class="late"' in page.text


def test_reloading_the_result_shows_it_again(handset: Handset, classroom: Classroom) -> None:
    session = classroom.open_class()
    page = handset.submit(signed_in(handset, classroom), "I am here")
    again = handset.get(str(page.url))
    assert (again.status_code, again.text) == (200, page.text)
    assert len(classroom.records(session)) == 1


def test_going_back_to_a_used_ticket_leads_to_its_result(handset: Handset, classroom: Classroom) -> None:
    classroom.open_class()
    confirm = signed_in(handset, classroom)
    handset.submit(confirm, "I am here")
    assert heading(handset.get(str(confirm.url))) == "You are marked present"
    assert heading(handset.submit(confirm, "I am here")) == "You are marked present"
    assert len(classroom.events) == 1


def test_who_was_already_marked_is_told_so_calmly(handset: Handset, classroom: Classroom) -> None:
    session = classroom.open_class()
    classroom.mark_by_camera(session)
    classroom.clock.advance(300)
    page = handset.submit(signed_in(handset, classroom), "I am here")
    assert page.status_code == 200
    assert heading(page) == "You are already marked present"
    assert "09:00" in words(page)
    assert "The camera has marked you." in words(page)
    assert 'class="calm"' in page.text


def test_who_is_not_registered_is_not_marked(handset: Handset, classroom: Classroom) -> None:
    session = classroom.open_class()
    confirm = handset.sign_in(handset.get(classroom.scan_path()), BEN, PIN)
    page = handset.submit(confirm, "I am here")
    assert page.status_code == 403
    assert heading(page) == "You are not registered in this course"
    assert "My attendance" not in words(page)
    assert classroom.records(session) == []


def test_a_class_that_takes_faces_only_refuses_phones(handset: Handset, classroom: Classroom) -> None:
    classroom.allow_face()
    session = classroom.open_class(ProofPolicy.FACE)
    page = handset.submit(signed_in(handset, classroom), "I am here")
    assert page.status_code == 403
    assert heading(page) == "This class does not take phones"
    assert classroom.records(session) == []


def test_a_session_that_ended_meanwhile_marks_nobody(handset: Handset, classroom: Classroom) -> None:
    session = classroom.open_class()
    confirm = signed_in(handset, classroom)
    classroom.end_class(session)
    page = handset.submit(confirm, "I am here")
    assert page.status_code == 410
    assert heading(page) == "This class has ended"
    assert classroom.records(session) == []


def test_an_excused_student_is_told_so(handset: Handset, classroom: Classroom) -> None:
    session = classroom.open_class()
    classroom.excuse(session)
    page = handset.submit(signed_in(handset, classroom), "I am here")
    assert page.status_code == 409
    assert heading(page) == "You are excused from this class"


def test_a_slow_sign_in_does_not_lose_the_scan(handset: Handset, classroom: Classroom) -> None:
    classroom.open_class()
    page = handset.get(classroom.scan_path())
    classroom.clock.advance(100)
    confirm = handset.sign_in(page, ANITA, PIN)
    assert heading(handset.submit(confirm, "I am here")) == "You are marked present"


def test_a_sign_in_that_took_too_long_is_kept_and_a_new_scan_asked_for(
    handset: Handset, classroom: Classroom
) -> None:
    classroom.open_class()
    page = handset.get(classroom.scan_path())
    classroom.clock.advance(121)
    late = handset.sign_in(page, ANITA, PIN)
    assert late.status_code == 410
    assert heading(late) == "This scan is used up"
    assert "You are still signed in as Anita Rao." in words(late)
    assert heading(handset.get(classroom.scan_path())) == "Hello, Anita Rao"


def test_an_expired_code_says_so_and_keeps_the_sign_in(handset: Handset, classroom: Classroom) -> None:
    classroom.open_class()
    signed_in(handset, classroom)
    path = classroom.scan_path()
    classroom.clock.advance(31)
    page = handset.get(path)
    assert page.status_code == 410
    assert heading(page) == "This code has expired"
    assert "scan the code on the kiosk's screen again" in words(page)
    assert "You are still signed in as Anita Rao." in words(page)
    assert heading(handset.get(classroom.scan_path())) == "Hello, Anita Rao"


@pytest.mark.parametrize(
    "path",
    [
        "/s/1.0.aaaaaaaaaaaaaaaa",
        "/s/nonsense",
        "/s/%00%ff",
        "/s/1.99999999.aaaaaaaaaaaaaaaa",
        "/s/" + "9" * 3000,
    ],
)
def test_a_code_that_is_not_ours_is_refused(handset: Handset, classroom: Classroom, path: str) -> None:
    classroom.open_class()
    page = handset.get(path)
    assert page.status_code == 400
    assert "code" in heading(page)
    assert "scan the code on the kiosk's screen" in words(page)


def test_a_truncated_code_is_refused(handset: Handset, classroom: Classroom) -> None:
    classroom.open_class()
    assert handset.get(classroom.scan_path()[:-1]).status_code == 400


def test_a_code_is_refused_when_no_class_is_open(handset: Handset, classroom: Classroom) -> None:
    session = classroom.open_class()
    path = classroom.scan_path()
    classroom.end_class(session)
    page = handset.get(path)
    assert page.status_code == 400
    assert heading(page) == "No class is open at this kiosk"


def test_a_ticket_is_worth_nothing_in_another_browser(handset: Handset, classroom: Classroom) -> None:
    session = classroom.open_class()
    confirm = signed_in(handset, classroom)
    ticket = str(confirm.url).removeprefix(ADDRESS)
    with Handset(classroom.app()) as friend:
        other = friend.sign_in(friend.get(classroom.scan_path()), BEN, PIN)
        assert friend.get(ticket).status_code == 410
        _, hidden = form(other.text, "I am here")
        refused = friend.post(ticket, hidden)
        assert refused.status_code == 410
        assert heading(refused) == "This scan is used up"
    assert classroom.records(session) == []


def test_a_browser_without_cookies_is_told_to_allow_them(handset: Handset, classroom: Classroom) -> None:
    classroom.open_class()
    where = handset.client.get(classroom.scan_path(), follow_redirects=False).headers["location"]
    handset.client.cookies.clear()
    page = handset.get(where)
    assert page.status_code == 400
    assert "allow cookies" in words(page)


@pytest.mark.parametrize(
    ("student_no", "pin"),
    [(ANITA, "000000"), ("S9999", PIN), ("", ""), ("x\0y", PIN), (ANITA, "9" * 100), ("' or 1=1 --", PIN)],
)
def test_a_wrong_number_or_pin_gets_one_and_the_same_answer(
    handset: Handset, classroom: Classroom, student_no: str, pin: str
) -> None:
    classroom.open_class()
    page = handset.sign_in(handset.get(classroom.scan_path()), student_no, pin)
    assert page.status_code == 403
    assert "That number and PIN do not belong together. Check your slip, or ask your teacher." in words(page)
    assert 'role="alert"' in page.text
    assert pin not in page.text or not pin


def test_a_wrong_pin_is_said_once_and_the_number_kept(handset: Handset, classroom: Classroom) -> None:
    classroom.open_class()
    page = handset.sign_in(handset.get(classroom.scan_path()), ANITA, "000000")
    assert f'value="{ANITA}"' in page.text
    again = handset.get(str(page.url))
    assert again.status_code == 200
    assert 'role="alert"' not in again.text
    assert heading(handset.sign_in(again, ANITA.lower(), f" {PIN} ")) == "Hello, Anita Rao"


def test_reloading_after_a_wrong_pin_does_not_count_as_another_try(
    handset: Handset, classroom: Classroom
) -> None:
    classroom.open_class()
    page = handset.sign_in(handset.get(classroom.scan_path()), ANITA, "000000")
    for _ in range(10):
        page = handset.get(str(page.url))
    assert heading(handset.sign_in(page, ANITA, PIN)) == "Hello, Anita Rao"


def test_too_many_wrong_pins_make_the_account_rest(handset: Handset, classroom: Classroom) -> None:
    classroom.open_class()
    page = handset.get(classroom.scan_path())
    for _ in range(5):
        page = handset.sign_in(page, ANITA, "000000")
    resting = handset.sign_in(page, ANITA, PIN)
    assert resting.status_code == 429
    assert "Too many wrong tries. Please wait 30 seconds" in words(resting)
    classroom.clock.advance(31)
    assert heading(handset.sign_in(handset.get(str(resting.url)), ANITA, PIN)) == "Hello, Anita Rao"


def test_pins_are_checked_off_the_event_loop(handset: Handset, classroom: Classroom) -> None:
    classroom.open_class()
    signed_in(handset, classroom)
    assert isinstance(classroom.hasher, QuickHasher)
    (thread,) = classroom.hasher.threads
    assert thread.startswith("sign-in")


def test_a_signed_in_phone_needs_the_scan_and_one_tap(handset: Handset, classroom: Classroom) -> None:
    first = classroom.open_class()
    handset.submit(signed_in(handset, classroom), "I am here")
    classroom.end_class(first)
    second = classroom.open_class()
    page = handset.submit(handset.get(classroom.scan_path()), "I am here")
    assert heading(page) == "You are marked present"
    assert len(classroom.records(second)) == 1


def test_a_sign_in_ends_after_half_a_day(handset: Handset, classroom: Classroom) -> None:
    classroom.open_class()
    signed_in(handset, classroom)
    classroom.clock.advance(timedelta(hours=12, seconds=1).total_seconds())
    assert "Student number" in words(handset.get(classroom.scan_path()))


def test_not_you_signs_out_and_keeps_the_scan(handset: Handset, classroom: Classroom) -> None:
    session = classroom.open_class()
    confirm = signed_in(handset, classroom)
    page = handset.submit(confirm, "Not you? Sign out")
    assert page.url == confirm.url
    assert "Student number" in words(page)
    assert handset.client.cookies.get("kiosk_sign_in") is None
    handset.submit(confirm, "I am here")
    assert classroom.records(session) == []


def test_signing_out_hides_the_result_from_the_next_student(handset: Handset, classroom: Classroom) -> None:
    classroom.open_class()
    result = handset.submit(signed_in(handset, classroom), "I am here")
    handset.submit(handset.get("/"), "Sign out")
    handset.sign_in(handset.get(classroom.scan_path()), BEN, PIN)
    page = handset.get(str(result.url))
    assert page.status_code == 410
    assert "Anita" not in page.text


def test_names_and_titles_are_escaped(handset: Handset, classroom: Classroom) -> None:
    classroom.open_class()
    page = handset.sign_in(handset.get(classroom.scan_path()), '"><b>&', "1")
    assert "<b>" not in page.text
    assert "&#34;&gt;&lt;b&gt;&amp;" in page.text


@pytest.mark.logs_warnings
@pytest.mark.usefixtures("impatient")
def test_a_phone_is_told_that_the_database_is_in_use_and_the_next_tap_marks(
    handset: Handset, classroom: Classroom, tmp_path: Path
) -> None:
    """The phone's write stands between others, which share its transaction: that could not begin and answered nobody."""
    session = classroom.open_class()
    confirm = signed_in(handset, classroom)
    with locked_database(tmp_path), ThreadPoolExecutor(1) as beside:
        classroom.store.hold()
        before = classroom.store.write_later(lambda _: None)
        tapping = beside.submit(handset.submit, confirm, "I am here")
        for _ in range(2):
            classroom.store.waiting.get(timeout=60)
        after = classroom.store.write_later(lambda _: None)
        classroom.store.release()
        page = tapping.result(60)
        assert all(isinstance(one.exception(60), StorageError) for one in (before, after))

    assert page.status_code == 503
    assert "in use by another program" in words(page)
    assert "You are not marked yet." in words(page)
    assert classroom.records(session) == []
    again = handset.get(f"{page.url}/result")
    assert (again.url, again.status_code) == (page.url, 503)
    assert heading(handset.submit(again, "I am here")) == "You are marked present"
    assert len(classroom.records(session)) == 1


def test_a_hundred_taps_make_one_claim_and_get_the_same_answer(classroom: Classroom) -> None:
    session = classroom.open_class()

    async def tap() -> tuple[list[httpx.Response], httpx.Response]:
        app = classroom.app()
        transport = httpx.ASGITransport(app=app)
        headers = {"Origin": ADDRESS}
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport, base_url=ADDRESS, headers=headers) as client,
        ):
            page = await client.get(classroom.scan_path(), follow_redirects=True)
            action, hidden = form(page.text, "Sign in")
            fields = hidden | {"student_no": ANITA, "pin": PIN}
            page = await client.post(action, data=fields, follow_redirects=True)
            action, hidden = form(page.text, "I am here")
            before = classroom.store.writes
            classroom.store.hold()
            taps = [asyncio.create_task(client.post(action, data=hidden)) for _ in range(100)]
            await asyncio.to_thread(classroom.store.waiting.get)
            assert not any(tap.done() for tap in taps)
            classroom.store.release()
            answers = await asyncio.gather(*taps)
            assert classroom.store.writes == before + 1
            return answers, await client.get(answers[0].headers["location"])

    answers, result = asyncio.run(tap())
    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.headers["location"] for answer in answers}) == 1
    assert heading(result) == "You are marked present"
    assert len(classroom.records(session)) == 1
    assert len(classroom.events) == 1


def test_a_phone_that_waits_for_the_camera_says_so_and_shows_the_mark_when_it_comes(
    handset: Handset, classroom: Classroom
) -> None:
    classroom.allow_face()
    session = classroom.open_class(ProofPolicy.BOTH)

    page = handset.submit(signed_in(handset, classroom), "I am here")

    assert (page.status_code, heading(page)) == (200, "Almost done: look at the kiosk’s camera")
    assert '<meta http-equiv="refresh" content="3">' in page.text
    assert 'class="waiting"' in page.text
    assert "My attendance" not in page.text
    assert classroom.records(session) == []
    classroom.mark_by_camera(session)
    done = handset.get(str(page.url))
    assert heading(done) == "You are marked present"
    assert "09:00" in words(done)
    assert "refresh" not in done.text
    (record,) = classroom.records(session)
    assert [one.method for one in record.evidence] == [Method.PHONE, Method.FACE]


def test_a_phone_whose_owner_nobody_saw_is_told_to_scan_again(handset: Handset, classroom: Classroom) -> None:
    classroom.allow_face()
    session = classroom.open_class(ProofPolicy.BOTH)
    page = handset.submit(signed_in(handset, classroom), "I am here")
    classroom.clock.advance(181)

    late = handset.get(str(page.url))

    assert (late.status_code, heading(late)) == (410, "Your scan has expired: please scan again")
    assert "refresh" not in late.text
    again = handset.submit(handset.get(classroom.scan_path()), "I am here")
    assert heading(again) == "Almost done: look at the kiosk’s camera"
    assert classroom.records(session) == []


def test_a_student_without_a_face_on_record_waits_for_the_teacher_calmly(
    handset: Handset, classroom: Classroom
) -> None:
    session = classroom.open_class(ProofPolicy.BOTH)

    page = handset.submit(signed_in(handset, classroom), "I am here")

    assert (page.status_code, heading(page)) == (200, "Almost done: your teacher confirms you")
    classroom.claims.confirm(session.session_id, classroom.anita.student_id, actor=admin("Anna"))
    assert heading(handset.get(str(page.url))) == "You are marked present"


def test_a_phone_that_waits_learns_that_the_class_has_ended(handset: Handset, classroom: Classroom) -> None:
    classroom.allow_face()
    session = classroom.open_class(ProofPolicy.BOTH)
    page = handset.submit(signed_in(handset, classroom), "I am here")
    classroom.end_class(session)

    assert heading(handset.get(str(page.url))) == "This class has ended"


def test_two_students_on_one_phone_in_one_class_are_not_both_marked(
    handset: Handset, classroom: Classroom
) -> None:
    """Also after signing out and in: the browser stays the same one."""
    session = classroom.open_class()
    classroom.register(classroom.ben)
    handset.submit(signed_in(handset, classroom), "I am here")
    handset.submit(handset.get("/"), "Sign out")
    confirm = handset.sign_in(handset.get(classroom.scan_path()), BEN, PIN)

    page = handset.submit(confirm, "I am here")

    assert page.status_code == 409
    assert heading(page) == "This phone has already marked another student in this class"
    assert "Use your own phone, or speak to your teacher." in words(page)
    assert [record.student_id for record in classroom.records(session)] == [classroom.anita.student_id]
    (result,) = [event for event in classroom.events if isinstance(event, CheckInResult)][1:]
    assert result.incident is not None


def test_the_evidence_tells_kinds_of_browsers_apart_and_keeps_no_more(
    handset: Handset, classroom: Classroom
) -> None:
    session = classroom.open_class()
    handset.client.headers["User-Agent"] = "Some phone"
    handset.submit(signed_in(handset, classroom), "I am here")
    (record,) = classroom.records(session)
    assert record.evidence[0].agent == hashlib.sha256(b"Some phone").hexdigest()[:16]


def test_the_code_is_taken_as_the_square_says_it_in_capital_letters(
    handset: Handset, classroom: Classroom
) -> None:
    classroom.open_class()
    path = classroom.scan_path()
    assert path.startswith("/s/")
    assert heading(handset.get(path.upper())) == "CS 101 · Algorithms"
    assert heading(handset.get(path.lower())) == "CS 101 · Algorithms"


def test_a_head_request_of_a_code_marks_nothing(handset: Handset, classroom: Classroom) -> None:
    session = classroom.open_class()
    answer = handset.client.head(classroom.scan_path(), follow_redirects=False)
    assert answer.status_code == 303
    assert answer.content == b""
    assert classroom.records(session) == []


@pytest.mark.parametrize(
    ("change", "status", "title"),
    [
        (lambda code: code[:-1], 400, "This is not a code of this kiosk"),
        (lambda code: code + "A", 400, "This is not a code of this kiosk"),
        (lambda code: code[:-1] + ("A" if code[-1] != "A" else "B"), 400, "This code does not belong"),
        (lambda code: "%00" * 8, 400, "This is not a code of this kiosk"),
        (lambda code: "A" * 3000, 400, "This is not a code of this kiosk"),
    ],
    ids=["truncated", "lengthened", "forged", "NUL", "3 kB"],
)
def test_a_bad_code_is_refused_and_keeps_the_sign_in(
    handset: Handset, classroom: Classroom, change: Callable[[str], str], status: int, title: str
) -> None:
    session = classroom.open_class()
    signed_in(handset, classroom)
    page = handset.get("/s/" + change(classroom.scan_path().removeprefix("/s/")))
    assert page.status_code == status
    assert heading(page).startswith(title)
    assert "You are still signed in as Anita Rao." in words(page)
    assert classroom.records(session) == []


def test_a_code_of_the_last_class_and_one_of_the_future_do_not_open_this_one(
    handset: Handset, classroom: Classroom
) -> None:
    ended = classroom.open_class()
    old = classroom.scan_path()
    classroom.end_class(ended)
    assert handset.get(old).status_code == 400
    session = classroom.open_class()
    shown_class = classroom.running.current
    assert shown_class is not None
    for path in (old, "/s/" + codes.SCANNED.mint(shown_class.key, session.session_id, 400)):
        page = handset.get(path)
        assert (page.status_code, heading(page)) == (
            400,
            "This code does not belong to the class that is open",
        )
    assert classroom.records(session) == []


def test_no_page_needs_over_100_kilobytes_with_all_it_loads(handset: Handset, classroom: Classroom) -> None:
    classroom.open_class()
    start = handset.get("/")
    sign_in = handset.get(classroom.scan_path())
    confirm = handset.sign_in(sign_in, ANITA, PIN)
    result = handset.submit(confirm, "I am here")
    refusal = handset.get("/s/ABCDEFGH")
    for page in (start, sign_in, confirm, result, refusal):
        loaded = re.findall(r"(?:href|src)=\"([^\"]+)\"", page.text)
        assert all(address.startswith("/") for address in loaded)
        assert "<script" not in page.text
        files = [handset.get(address) for address in loaded if address.startswith("/static/")]
        assert len(files) == 2
        assert sum(len(part.content) for part in (page, *files)) < 100_000


def test_a_recheck_asks_whoever_is_marked_again_and_leaves_the_mark(
    handset: Handset, classroom: Classroom
) -> None:
    session = classroom.open_class()
    handset.submit(signed_in(handset, classroom), "I am here")
    classroom.begin_recheck(session)
    classroom.clock.advance(30)

    confirm = handset.get(classroom.scan_path())
    assert "Everybody shows up again" in words(confirm)
    assert "Your mark stays as it is" in words(confirm)
    page = handset.submit(confirm, "I am here")

    assert (page.status_code, heading(page)) == (200, "Here again: noted")
    assert len(classroom.records(session)) == 1
    again = handset.get(classroom.scan_path())
    assert "Will count as" in words(again), "once is enough"
    assert heading(handset.submit(again, "I am here")) == "You are already marked present"


def test_a_scan_in_a_recheck_that_waits_for_the_camera_is_not_said_to_be_marked(
    handset: Handset, classroom: Classroom
) -> None:
    session = classroom.open_class(policy=ProofPolicy.BOTH)
    classroom.cases.attendance.marks.mark(
        session.session_id, classroom.anita.student_id, Status.PRESENT, actor=admin(), reason="seen"
    )
    classroom.begin_recheck(session)
    page = handset.submit(signed_in(handset, classroom), "I am here")
    assert heading(page).startswith("Almost done")
    assert heading(handset.get(str(page.url))).startswith("Almost done")
    classroom.cases.attendance.claims.confirm(session.session_id, classroom.anita.student_id, actor=admin())
    assert heading(handset.get(str(page.url))) == "Here again: noted"
