import threading
from collections.abc import Iterator

import pytest
from httpx import Response

from kiosk.domain.trust.audit import AuditEntry
from kiosk.domain.trust.throttle import FailureCount, Source, pin_limits
from kiosk.errors import ConflictError, SignInError
from kiosk.web.http.browsers import browser_of
from tests.fakes.actors import admin
from tests.fakes.phones.handset import Handset, form, heading, words
from tests.world.classroom import ANITA, BEN, PIN, Classroom
from tests.world.kiosk import QuickHasher

SECURE = "https://kiosk.test"
NEW = "730184"


@pytest.fixture
def safe(classroom: Classroom) -> Iterator[Handset]:
    """Anita, signed in over TLS."""
    with Handset(classroom.app(secure=True), base_url=SECURE) as phone:
        phone.sign_in(phone.get("/sign-in"), ANITA, PIN)
        yield phone


def change(phone: Handset, old: str, new: str, again: str | None = None) -> Response:
    return phone.submit(
        phone.get("/me/pin"), "Change PIN", old=old, new=new, again=new if again is None else again
    )


def signs_in(classroom: Classroom, number: str, pin: str) -> bool:
    try:
        classroom.phone.sign_in(number, pin)
    except SignInError:
        return False
    return True


def quick(classroom: Classroom) -> QuickHasher:
    assert isinstance(classroom.hasher, QuickHasher)
    return classroom.hasher


def audit(classroom: Classroom) -> list[AuditEntry]:
    return classroom.store.read(lambda repositories: repositories.audit.entries())


def test_a_student_changes_the_own_pin_and_nobody_elses(safe: Handset, classroom: Classroom) -> None:
    assert 'href="/me/pin"' in safe.get("/me").text
    done = change(safe, PIN, NEW)
    assert (heading(done), done.url.path) == ("Your PIN is changed", "/me/pin")
    assert signs_in(classroom, ANITA, NEW)
    assert not signs_in(classroom, ANITA, PIN)
    assert signs_in(classroom, BEN, PIN)
    entry = audit(classroom)[0]
    assert (entry.action, entry.actor, entry.subject) == ("pin.changed", "student S2041", ANITA)
    assert all(secret not in repr(audit(classroom)) for secret in (PIN, NEW))
    assert heading(safe.get("/me/pin")) == "Change my PIN"


def test_this_browser_stays_signed_in_with_a_new_token_and_all_others_do_not(
    safe: Handset, classroom: Classroom
) -> None:
    elsewhere, _anita = classroom.phone.sign_in(ANITA, PIN)
    bens, ben = classroom.phone.sign_in(BEN, PIN)
    before = safe.client.cookies["__Host-kiosk_sign_in"]
    change(safe, PIN, NEW)
    after = safe.client.cookies["__Host-kiosk_sign_in"]
    assert after != before
    assert classroom.phone.signed_in(before) is None
    assert classroom.phone.signed_in(elsewhere) is None
    assert classroom.phone.signed_in(bens) == ben
    assert heading(safe.get("/me")) == "My attendance"


def test_a_new_pin_that_is_no_good_is_refused_with_a_sentence_and_costs_no_try(
    safe: Handset, classroom: Classroom
) -> None:
    for new, again, said in (
        ("123456", "123456", "counts up"),
        ("12345", "12345", "exactly 6 digits"),
        ("204112", "204112", "shows your student number"),
        ("730000", "730000", "differ"),
        (PIN, PIN, "This is the PIN that you have now"),
        ("666666", "666666", "are the same"),
    ):
        page = change(safe, PIN, new, "999" if said == "differ" else again)
        assert page.status_code == 409
        assert said in words(page)
        assert new not in page.text
    assert signs_in(classroom, ANITA, PIN)


def test_wrong_old_pins_rest_this_phone_as_at_sign_in(safe: Handset, classroom: Classroom) -> None:
    for _ in range(5):
        page = change(safe, "000000", NEW)
        assert page.status_code == 403
        assert "That is not the PIN that you have now" in words(page)
    resting = change(safe, PIN, NEW)
    assert resting.status_code == 429
    assert "Too many wrong tries. Please wait 30 seconds" in words(resting)
    assert signs_in(classroom, ANITA, PIN), "elsewhere nobody is held up by it"
    classroom.clock.advance(30)
    assert change(safe, "4" * 100, NEW).status_code == 403
    classroom.clock.advance(60)
    assert heading(change(safe, PIN, NEW)) == "Your PIN is changed"
    assert {name.partition("_")[0] for name in quick(classroom).threads} - {"MainThread"} == {"sign-in"}

    locked = FailureCount(100, classroom.clock.now())
    source = Source(browser_of(safe.client.cookies["__Host-kiosk_browser"]), is_known=True)
    (limit,) = pin_limits(ANITA, source)
    classroom.store.write(lambda repositories: repositories.failures.put(limit.account, locked))
    page = change(safe, PIN, NEW)
    assert page.status_code == 429
    assert "Please ask your teacher to unlock the sign-in" in words(page)
    assert 'aria-invalid="true"' in page.text


def test_guesses_at_the_same_time_cannot_exceed_the_free_ones(classroom: Classroom) -> None:
    together = threading.Barrier(12)
    answers: list[str] = []

    def guess(number: int) -> None:
        together.wait()
        try:
            classroom.phone.change_pin(classroom.anita, old=f"{number:06}", new=NEW)
        except SignInError as error:
            answers.append(error.user_text)

    threads = [threading.Thread(target=guess, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["That is not the PIN that you have now."] * 5 + ["Too many wrong tries."] * 7


def test_without_tls_the_page_says_ask_at_the_desk(handset: Handset, classroom: Classroom) -> None:
    home = handset.sign_in(handset.get("/sign-in"), ANITA, PIN)
    page = handset.get("/me/pin")
    assert "ask at the desk" in words(page)
    assert "<form" not in page.text
    _action, hidden = form(home.text, "Sign out")
    refused = handset.post("/me/pin", hidden | {"old": PIN, "new": NEW, "again": NEW})
    assert refused.status_code == 403
    assert signs_in(classroom, ANITA, PIN)


def test_nobody_signed_in_and_no_form_from_elsewhere_changes_anything(
    safe: Handset, classroom: Classroom
) -> None:
    action, hidden = form(safe.get("/me/pin").text, "Change PIN")
    safe.submit(safe.get("/me"), "Sign out")
    assert safe.get("/me/pin").url.path == "/sign-in"
    answer = safe.post(action, hidden | {"old": PIN, "new": NEW, "again": NEW})
    assert answer.url.path == "/sign-in"
    fields = {"old": PIN, "new": NEW, "again": NEW}
    assert safe.post(action, fields).status_code == 403
    assert safe.post(action, hidden | fields, Origin="https://evil.test").status_code == 403
    assert signs_in(classroom, ANITA, PIN)


def test_a_new_slip_ends_every_sign_in_of_that_student(safe: Handset, classroom: Classroom) -> None:
    bens, ben = classroom.phone.sign_in(BEN, PIN)
    slips, keep = classroom.pins.prepare(
        classroom.course_id, on=classroom.clock.now().date(), actor=admin("Ada"), renew=True
    )
    assert heading(safe.get("/me")) == "My attendance"
    keep()
    assert safe.get("/me").url.path == "/sign-in"
    assert classroom.phone.signed_in(bens) == ben
    assert signs_in(classroom, ANITA, slips[0].pin)
    with pytest.raises(ConflictError):
        classroom.phone.change_pin(classroom.anita, old=slips[0].pin, new="111111")


def test_a_slip_that_another_program_made_ends_sign_ins_when_it_is_noticed(
    safe: Handset, classroom: Classroom
) -> None:
    bens, ben = classroom.phone.sign_in(BEN, PIN)
    replaced = classroom.hasher.hash("551903")
    classroom.store.write(
        lambda repositories: repositories.students.set_pin_hash(classroom.anita.student_id, replaced)
    )
    classroom.phone.tick()
    assert safe.get("/me").url.path == "/sign-in"
    assert classroom.phone.signed_in(bens) == ben
    token, anita = classroom.phone.sign_in(ANITA, "551903")
    classroom.phone.tick()
    assert classroom.phone.signed_in(token) == anita
