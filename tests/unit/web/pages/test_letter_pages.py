from collections.abc import Iterator

import pytest

from kiosk.domain.people.consents import STUDENT, AnsweredBy, Answerer, Consent, ConsentState
from kiosk.services.events import ConsentWithdrawn
from tests.fakes.actors import admin
from tests.fakes.phones.handset import Handset, form, heading, words
from tests.world.classroom import Classroom

SECURE = "https://kiosk.test"


@pytest.fixture
def codes(classroom: Classroom) -> list[str]:
    """Of Anita's and Ben's letters."""
    classroom.running.reachable_at(SECURE)
    bens, anitas = classroom.letter_codes()  # letters lie by family name: Okafor, Rao
    return [anitas, bens]


@pytest.fixture
def phone(classroom: Classroom, codes: list[str]) -> Iterator[Handset]:
    with Handset(classroom.app(secure=True), base_url=SECURE, address="10.0.0.7") as handset:
        yield handset


def newest(classroom: Classroom) -> Consent | None:
    return classroom.cases.people.consents.newest(classroom.anita.student_id)


def test_a_guardian_answers_once_with_the_code_of_the_letter(
    phone: Handset, classroom: Classroom, codes: list[str]
) -> None:
    asked = phone.submit(phone.get("/answer"), "Continue", code=f" {codes[0].lower()} ")
    assert "Anita Rao, S2041" in words(asked)
    assert classroom.cases.people.notices.current().text in words(asked)
    done = phone.submit(asked, "Yes, I consent", by="guardian", name="  Eva   Rao ", word="yes")
    assert heading(done) == "Your yes is recorded"
    word = newest(classroom)
    assert word is not None
    assert (word.given, word.answerer, word.recorded_by) == (
        True,
        Answerer(AnsweredBy.GUARDIAN, "Eva Rao"),
        "letter to S2041",
    )
    assert phone.get(str(done.url)).text == done.text
    again = phone.submit(asked, "No, I do not", by="guardian", name="Eva Rao", word="no")
    assert heading(again) == "Your yes is recorded"
    refused = phone.submit(phone.get("/answer"), "Continue", code=codes[0])
    assert (refused.status_code, "not good" in words(refused)) == (400, True)


def test_a_no_deletes_and_stands_against_the_yes_of_a_second_letter(
    phone: Handset, classroom: Classroom, codes: list[str]
) -> None:
    classroom.allow_face()
    asked = phone.submit(phone.get("/answer"), "Continue", code=codes[0])
    gone = phone.submit(asked, "No, I do not", by="student", word="no")
    assert "1 picture, all templates, the key" in words(gone)
    assert [one.student_id for one in classroom.events if isinstance(one, ConsentWithdrawn)] == [
        classroom.anita.student_id
    ]
    people = classroom.cases.people
    eva = Answerer(AnsweredBy.GUARDIAN, "Eva Rao")
    receipt = people.consents.record(classroom.anita.student_id, given=True, actor=admin(), answerer=eva)
    assert not receipt.counts
    found = people.consents.standing(classroom.anita.student_id)
    assert (found.state, [one.answerer for one in found.objections]) == (ConsentState.OBJECTED, [STUDENT])


@pytest.mark.parametrize(
    "fields",
    [
        {"word": "yes"},
        {"word": "yes", "by": "guardian", "name": "   "},
        {"word": "yes", "by": "guardian", "name": "x" * 201},
        {"word": "perhaps", "by": "student"},
        {"word": "yes", "by": "friend", "name": "Eva"},
        {"word": "yes", "by": "young"},
    ],
)
def test_half_an_answer_is_refused_in_words_and_keeps_the_code(
    phone: Handset, classroom: Classroom, codes: list[str], fields: dict[str, str]
) -> None:
    asked = phone.submit(phone.get("/answer"), "Continue", code=codes[0])
    refused = phone.submit(asked, "Yes, I consent", **fields)
    assert refused.status_code == 409
    assert newest(classroom) is None
    done = phone.submit(asked, "Yes, I consent", by="guardian", name="Eva", word="yes")
    assert heading(done) == "Your yes is recorded"


def test_wrong_codes_rest_where_they_come_from_and_nowhere_else(
    phone: Handset, classroom: Classroom, codes: list[str]
) -> None:
    page = phone.get("/answer")
    for _again in range(10):
        assert phone.submit(page, "Continue", code="ACDE-FGHJ-KMNP").status_code == 400
    assert phone.submit(page, "Continue", code=codes[0]).status_code == 429
    with Handset(classroom.app(secure=True), base_url=SECURE, address="10.0.0.8") as other:
        assert other.submit(other.get("/answer"), "Continue", code=codes[0]).status_code == 200
    classroom.clock.advance(601)
    assert phone.submit(page, "Continue", code=codes[0]).status_code == 200


def test_a_code_ends_with_its_time_and_with_the_next_letter(
    phone: Handset, classroom: Classroom, codes: list[str]
) -> None:
    (newer, _ben) = classroom.letter_codes()
    page = phone.get("/answer")
    assert phone.submit(page, "Continue", code=codes[0]).status_code == 400
    assert phone.submit(page, "Continue", code=newer).status_code == 200
    classroom.clock.advance(60 * 86400.0)
    assert phone.submit(phone.get("/answer"), "Continue", code=newer).status_code == 400


def test_an_answer_to_a_notice_that_was_changed_meanwhile_is_not_taken(
    phone: Handset, classroom: Classroom, codes: list[str]
) -> None:
    asked = phone.submit(phone.get("/answer"), "Continue", code=codes[0])
    classroom.cases.people.notices.publish("Other words.", actor=admin())
    refused = phone.submit(asked, "Yes, I consent", by="guardian", name="Eva", word="yes")
    assert refused.status_code == 409
    assert "Other words." in words(refused)
    assert newest(classroom) is None


def test_what_one_browser_opened_is_shown_to_no_other(
    phone: Handset, classroom: Classroom, codes: list[str]
) -> None:
    asked = phone.submit(phone.get("/answer"), "Continue", code=codes[0])
    with Handset(classroom.app(secure=True), base_url=SECURE) as other:
        assert other.get(asked.url.path).status_code == 404
    assert phone.post(asked.url.path, {"word": "no", "by": "student"}).status_code == 403


def test_without_tls_no_letter_is_answered_and_none_gets_a_code(classroom: Classroom) -> None:
    classroom.running.reachable_at("http://kiosk.test")
    assert classroom.letter_codes() == ["", ""]
    with Handset(classroom.app()) as plain:
        page = plain.get("/answer")
        assert "hand in the signed letter" in words(page)
        assert "<form" not in page.text
        _action, hidden = form(plain.get("/sign-in").text, "Sign in")
        refused = plain.post("/answer", hidden | {"code": "ACDE-FGHJ-KMNP"})
        assert refused.status_code == 403


def test_the_database_keeps_no_code(classroom: Classroom, codes: list[str]) -> None:
    found = classroom.cases.core.directories.data.rglob("*")
    stored = [one.read_bytes() for one in found if one.is_file()]
    assert len(stored) > 1
    for code in codes:
        assert not [one for one in stored if code.encode() in one or code.replace("-", "").encode() in one]
