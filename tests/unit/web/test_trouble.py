"""Phones and programs while the database fails: 503 with the store's sentence, never 500, and nothing kept of it."""

from collections.abc import Iterator

import pytest
from httpx import Response

from kiosk.domain.attendance.choices import Status
from kiosk.errors import DatabaseError, UnknownOutcomeError
from tests.fakes.phones.handset import Handset, heading, words
from tests.world.api_school import ApiSchool, Program
from tests.world.classroom import ANITA, PIN, Classroom

GONE = DatabaseError("The database server cannot be reached.", "Check the network and the server.")

pytestmark = pytest.mark.logs_warnings


def says_gone(page: Response) -> bool:
    return page.status_code == 503 and GONE.user_text.rstrip(".") in words(page)


def confirm(handset: Handset, classroom: Classroom) -> Response:
    return handset.sign_in(handset.get(classroom.scan_path()), ANITA, PIN)


@pytest.fixture
def gone(classroom: Classroom) -> Iterator[None]:
    """Until the test lets it come back."""
    yield
    classroom.store.database.refuses = None


@pytest.mark.usefixtures("gone")
def test_a_sign_in_that_cannot_be_checked_says_so_beside_the_form_and_keeps_the_scan(
    handset: Handset, classroom: Classroom
) -> None:
    classroom.open_class()
    form = handset.get(classroom.scan_path())
    classroom.store.database.refuses = GONE
    page = handset.sign_in(form, ANITA, PIN)
    assert says_gone(page)
    assert f'value="{ANITA}"' in page.text
    classroom.store.database.refuses = None
    page = handset.sign_in(page, ANITA, PIN)
    assert heading(handset.submit(page, "I am here")) == "You are marked present"


@pytest.mark.usefixtures("gone")
def test_every_page_about_oneself_says_so(handset: Handset, classroom: Classroom) -> None:
    classroom.add_past_records([Status.PRESENT])
    session = classroom.open_class()
    result = handset.submit(confirm(handset, classroom), "I am here")
    assert len(classroom.records(session)) == 1
    classroom.store.database.refuses = GONE
    for path in ("/me", "/me/stored", f"/me/courses/{classroom.course_id}", "/me/records/1"):
        assert says_gone(handset.get(path)), path
    assert (
        "You are marked present" in handset.get(result.url.path).text
    )  # that is known, and the counts are not
    classroom.store.database.refuses = None
    assert handset.get(result.url.path).status_code == 200


@pytest.mark.usefixtures("gone")
def test_words_to_the_teacher_that_could_not_be_sent_are_kept_in_the_form(
    handset: Handset, classroom: Classroom
) -> None:
    classroom.add_past_records([Status.ABSENT])
    page = handset.sign_in(handset.get("/sign-in"), ANITA, PIN)
    page = handset.get("/me/records/1")
    classroom.store.database.refuses_writes = GONE
    page = handset.submit(page, "This record is wrong", reason="I was there.")
    assert says_gone(page)
    assert "I was there." in page.text
    classroom.store.database.refuses_writes = None
    assert handset.submit(page, "This record is wrong", reason="I was there.").status_code == 200


@pytest.mark.usefixtures("gone")
def test_a_scan_whose_time_is_over_when_the_write_fails_says_why(
    handset: Handset, classroom: Classroom
) -> None:
    session = classroom.open_class()
    page = confirm(handset, classroom)
    classroom.store.database.refuses = GONE
    page = handset.submit(page, "I am here")
    assert says_gone(page)
    classroom.clock.advance(121)
    assert says_gone(handset.get(page.url.path))
    classroom.store.database.refuses = None
    assert handset.submit(page, "I am here").status_code == 410
    assert classroom.records(session) == []


@pytest.mark.usefixtures("gone")
def test_where_nobody_knows_whether_a_mark_was_saved_the_page_does_not_say_it_was_not(
    handset: Handset, classroom: Classroom
) -> None:
    session = classroom.open_class()
    page = confirm(handset, classroom)
    classroom.store.database.refuses = UnknownOutcomeError("It is not known whether this was saved.")
    page = handset.submit(page, "I am here")
    assert page.status_code == 503
    assert "It is not known whether this was saved." in words(page)
    assert "not marked yet" not in page.text.lower()
    classroom.store.database.refuses = None
    assert heading(handset.submit(page, "I am here")) == "You are marked present"
    assert len(classroom.records(session)) == 1


@pytest.mark.usefixtures("gone")
@pytest.mark.parametrize("path", ["/courses", "/sessions", "/records", "/export.csv"])
def test_a_program_gets_a_problem_document(classroom: Classroom, path: str) -> None:
    school = ApiSchool(classroom)
    with Program(school.app(), school.token()) as program:
        assert program.get(path).status_code == 200
        classroom.store.database.refuses = GONE
        answer = program.get(path)
        assert answer.status_code == 503
        assert answer.headers["content-type"] == "application/problem+json"
        assert GONE.user_text in answer.json()["detail"]
