from collections.abc import Iterator

import pytest

from kiosk.domain.people.consents import STUDENT, ConsentKind
from kiosk.services.events import ConsentWithdrawn
from kiosk.settings import SchoolRules
from tests.fakes.actors import admin
from tests.fakes.phones.handset import Handset, form, heading, words
from tests.world.classroom import ANITA, BEN, PIN, Classroom

SECURE = "https://kiosk.test"


def withdrawn(classroom: Classroom) -> list[int]:
    return [one.student_id for one in classroom.events if isinstance(one, ConsentWithdrawn)]


@pytest.fixture
def safe(classroom: Classroom) -> Iterator[Handset]:
    """Anita, enrolled and signed in over TLS."""
    classroom.allow_face()
    with Handset(classroom.app(secure=True), base_url=SECURE) as phone:
        phone.sign_in(phone.get("/sign-in"), ANITA, PIN)
        yield phone


def consents(classroom: Classroom) -> bool:
    word = classroom.store.read(
        lambda repositories: repositories.consents.newest(
            classroom.anita.student_id, ConsentKind.FACE_RECOGNITION
        )
    )
    return word is not None and word.given


def pictures(classroom: Classroom) -> int:
    counts = classroom.store.read(lambda repositories: repositories.faces.sample_counts())
    return counts.get(classroom.anita.student_id, 0)


def test_withdrawing_deletes_at_once_and_shows_a_receipt(safe: Handset, classroom: Classroom) -> None:
    asked = safe.get("/me/consent")
    assert (pictures(classroom), withdrawn(classroom)) == (1, [])
    receipt = safe.submit(asked, "Withdraw and delete")
    assert heading(receipt) == "Your face is deleted"
    entry = classroom.store.read(lambda repositories: repositories.audit.entries(1))[0]
    assert (entry.action, entry.actor) == ("consent.withdrawn", "student S2041")
    said = words(receipt)
    assert f"Receipt No. {entry.entry_id} " in said
    assert "When 2 Mar 2026, 09:00" in said
    assert "1 picture, all templates, the key" in said
    assert (pictures(classroom), consents(classroom)) == (0, False)
    assert withdrawn(classroom) == [classroom.anita.student_id]
    assert safe.get(str(receipt.url)).text == receipt.text
    assert "Pictures of your face none" in words(safe.get("/me/stored"))


def test_consent_can_be_given_again(safe: Handset, classroom: Classroom) -> None:
    safe.submit(safe.get("/me/consent"), "Withdraw and delete")
    receipt = safe.submit(safe.get("/me/consent"), "I consent")
    assert heading(receipt) == "Your consent is recorded"
    assert consents(classroom)


def test_a_receipt_is_for_its_student_only(safe: Handset, classroom: Classroom) -> None:
    receipt = safe.submit(safe.get("/me/consent"), "Withdraw and delete")
    safe.submit(safe.get("/me"), "Sign out")
    safe.sign_in(safe.get("/sign-in"), BEN, PIN)
    assert safe.get(str(receipt.url)).status_code == 404


def test_without_tls_nothing_is_changed(handset: Handset, classroom: Classroom) -> None:
    classroom.allow_face()
    home = handset.sign_in(handset.get("/sign-in"), ANITA, PIN)
    page = handset.get("/me/consent")
    assert "ask at the desk" in words(page)
    assert "<button" not in page.text
    _action, hidden = form(home.text, "Sign out")
    refused = handset.post("/me/consent", hidden | {"word": "no"})
    assert refused.status_code == 403
    assert "ask at the desk" in words(refused)
    assert (pictures(classroom), consents(classroom)) == (1, True)


def test_a_form_from_elsewhere_changes_nothing(safe: Handset, classroom: Classroom) -> None:
    assert safe.post("/me/consent", {"word": "no"}).status_code == 403
    _action, hidden = form(safe.get("/me").text, "Sign out")
    assert safe.post("/me/consent", hidden | {"word": "no"}, Origin="https://evil.test").status_code == 403
    assert (pictures(classroom), consents(classroom)) == (1, True)


def test_who_is_too_young_to_decide_may_say_no_and_not_yes(safe: Handset, classroom: Classroom) -> None:
    safe.submit(safe.get("/me/consent"), "Withdraw and delete")
    page = safe.get("/me/consent")
    assert "you say that you are 16 or older" in words(page)
    refused = safe.submit(page, "I consent", of_age="")
    assert refused.status_code == 409
    assert "from the age of 16 on" in words(refused)
    assert not consents(classroom)
    classroom.school.change_rules(SchoolRules(student_decides_from_age=0), actor=admin())
    page = safe.get("/me/consent")
    assert "or older" not in words(page)
    assert heading(safe.submit(page, "I consent")) == "Your consent is recorded"


def test_after_a_new_notice_the_student_reads_it_and_renews_or_withdraws(
    safe: Handset, classroom: Classroom
) -> None:
    classroom.cases.people.notices.publish("Faces are kept for one term.", actor=admin())
    page = safe.get("/me/consent")
    assert "Faces are kept for one term." in words(page)
    assert "Please read it and answer again" in words(page)
    safe.submit(page, "I consent")
    word = classroom.store.read(
        lambda repositories: repositories.consents.newest(
            classroom.anita.student_id, ConsentKind.FACE_RECOGNITION
        )
    )
    assert word is not None
    assert (word.given, word.notice, word.answerer) == (True, 2, STUDENT)
    classroom.cases.people.notices.publish("Faces are kept for two terms.", actor=admin())
    receipt = safe.submit(safe.get("/me/consent"), "I consent", no="no")
    assert heading(receipt) == "Your face is deleted"
    assert (pictures(classroom), consents(classroom)) == (0, False)
