"""Phones while the school's database server is away: they check in, are told that it is kept, and then what came of it."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from httpx import Response

from kiosk.domain.attendance.choices import Status
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.errors import DatabaseError
from tests.fakes.phones.handset import Handset, heading, words
from tests.world.classroom import ANITA, BEN, PIN, START, Classroom

GONE = DatabaseError("The database server cannot be reached.", "Check the network and the server.")
KEPT = "Kept here, will be delivered"
NOT_TOGETHER = "That number and PIN do not belong together, or are of somebody who is not in this class"

pytestmark = pytest.mark.logs_warnings


@pytest.fixture
def classroom(tmp_path: Path) -> Iterator[Classroom]:
    room = Classroom(tmp_path, keeps=True)
    yield room
    room.store.database.refuses = None
    room.close()


@pytest.fixture
def session(classroom: Classroom) -> ClassSession:
    """A class that is open at a kiosk whose server has just gone."""
    opened = classroom.open_class()
    classroom.remember(opened)
    classroom.store.database.refuses = GONE
    return opened


def come(handset: Handset, classroom: Classroom, student_no: str = ANITA, pin: str = PIN) -> Response:
    """Scan and sign in."""
    return handset.sign_in(handset.get(classroom.scan_path()), student_no, pin)


def test_a_phone_checks_in_without_the_server_and_sees_what_came_of_it(
    handset: Handset, classroom: Classroom, session: ClassSession
) -> None:
    classroom.clock.advance(60)
    kept = handset.submit(come(handset, classroom), "I am here")

    assert (kept.status_code, heading(kept)) == (200, KEPT)
    assert 'http-equiv="refresh"' in kept.text
    assert heading(handset.get(kept.url.path)) == KEPT

    classroom.clock.advance(720)  # late by then
    classroom.come_back()

    page = handset.get(kept.url.path)
    assert heading(page) == "You are marked present"
    assert 'http-equiv="refresh"' not in page.text
    (record,) = classroom.records(session)
    assert (record.status, record.marked_at) == (Status.PRESENT, START + timedelta(seconds=60))


@pytest.mark.usefixtures("session")
def test_a_second_scan_is_kept_as_well(handset: Handset, classroom: Classroom) -> None:
    handset.submit(come(handset, classroom), "I am here")
    again = handset.submit(handset.get(classroom.scan_path()), "I am here")
    assert heading(again) == KEPT


@pytest.mark.usefixtures("session")
@pytest.mark.parametrize(("student_no", "pin"), [(ANITA, "000000"), (BEN, PIN), ("S9999", PIN)])
def test_nobody_learns_by_a_wrong_pin_who_is_in_the_class(
    handset: Handset, classroom: Classroom, student_no: str, pin: str
) -> None:
    page = come(handset, classroom, student_no, pin)
    assert page.status_code == 403
    assert NOT_TOGETHER in words(page)


@pytest.mark.usefixtures("session")
def test_wrong_tries_are_counted_without_the_server_and_taken_along(
    handset: Handset, classroom: Classroom
) -> None:
    for _again in range(5):
        come(handset, classroom, pin="000000")
    assert "Too many wrong tries" in words(come(handset, classroom))

    classroom.store.database.refuses = None
    classroom.store.write(lambda _repositories: None)
    assert "Too many wrong tries" in words(come(handset, classroom))
    classroom.clock.advance(40)
    assert heading(come(handset, classroom)).startswith("Hello, Anita")


def test_a_pin_that_was_replaced_meanwhile_is_not_good_here(handset: Handset, classroom: Classroom) -> None:
    session = classroom.open_class()
    classroom.remember(session)
    old, new = PIN, "730416"
    classroom.pins.change(classroom.anita, old=old, new=new)
    classroom.cases.attendance.copy.tick()
    classroom.store.database.refuses = GONE

    assert NOT_TOGETHER in words(come(handset, classroom, pin=old))
    assert heading(come(handset, classroom, pin=new)).startswith("Hello, Anita")


def test_who_is_marked_already_is_told_so(handset: Handset, classroom: Classroom) -> None:
    session = classroom.open_class()
    classroom.remember(session)
    handset.submit(come(handset, classroom), "I am here")
    classroom.store.database.refuses = GONE

    classroom.mark_by_camera(session)
    page = handset.submit(handset.get(classroom.scan_path()), "I am here")

    assert heading(page) == "You are already marked present"


def test_a_refusal_at_delivery_is_shown_by_the_page(
    handset: Handset, classroom: Classroom, session: ClassSession
) -> None:
    kept = handset.submit(come(handset, classroom), "I am here")
    with classroom.database.transaction() as repositories:  # by a teacher at another kiosk
        classroom._add_record(repositories, session.session_id, Status.EXCUSED, classroom.clock.now())
    classroom.come_back()
    assert heading(handset.get(kept.url.path)) == "You are excused from this class"


def test_without_a_class_in_memory_a_sign_in_says_what_it_always_said(
    handset: Handset, classroom: Classroom
) -> None:
    classroom.open_class()
    classroom.store.database.refuses = GONE
    page = come(handset, classroom)
    assert page.status_code == 503
    assert "The database server cannot be reached" in words(page)
