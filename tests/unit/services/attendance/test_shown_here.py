"""Kiosks that share a database: a class of another room is not offered as this one's."""

from pathlib import Path

import pytest

from kiosk.services.attendance.sessions import Sessions
from kiosk.services.attendance.shown_here import SHOWN_FILE, ShownHere
from kiosk.services.events import Event, Events, SessionStarted
from kiosk.services.ports.clock import SteadyClock
from tests.unit.services.attendance.classes import end, start
from tests.world.school import ZONE, SmallSchool


class Room:
    """A kiosk with a data directory of its own, over the school's database."""

    def __init__(self, school: SmallSchool, folder: Path, place: str = "server/kiosk") -> None:
        folder.mkdir(exist_ok=True)
        self.events = Events()
        self.here = ShownHere(file=folder / SHOWN_FILE, place=place)
        self.events.subscribe(Event, self.here.on_event)
        self.sessions = Sessions(
            store=school.store,
            clock=SteadyClock(school.clock),
            school=school.school,
            zone=ZONE,
            events=self.events,
            here=self.here,
        )

    @property
    def listed(self) -> list[tuple[str, bool, bool]]:
        """Code, whether it is open, and whether in another room."""
        today = self.sessions.today()
        return [(one.course.code, one.open_session is not None, one.is_elsewhere) for one in today]


def test_a_class_of_another_room_is_listed_as_such_and_not_offered_at_the_sign_in(
    school: SmallSchool, tmp_path: Path
) -> None:
    course, _students = school.add_course("CS 101", 1)
    school.add_course("BIO", 1)
    here, there = Room(school, tmp_path / "a"), Room(school, tmp_path / "b")
    session = start(school, course)
    here.events.emit(SessionStarted(session, course, 1))

    assert here.listed == [("CS 101", True, False), ("BIO", False, False)]
    assert ("CS 101", True, True) in there.listed
    assert here.sessions.still_open() == [course]
    assert there.sessions.still_open() == []


def test_after_a_restart_the_class_is_still_this_rooms(school: SmallSchool, tmp_path: Path) -> None:
    course, _students = school.add_course("CS 101", 1)
    here = Room(school, tmp_path / "a")
    here.events.emit(SessionStarted(start(school, course), course, 1))
    assert Room(school, tmp_path / "a").listed == [("CS 101", True, False)]
    assert Room(school, tmp_path / "a", place="other/kiosk").listed == [("CS 101", True, True)]


def test_a_class_that_is_taken_over_is_this_rooms_too(school: SmallSchool, tmp_path: Path) -> None:
    course, _students = school.add_course("CS 101", 1)
    here, there = Room(school, tmp_path / "a"), Room(school, tmp_path / "b")
    session = start(school, course)
    for room in (here, there):
        room.events.emit(SessionStarted(session, course, 1))
    assert here.listed == there.listed == [("CS 101", True, False)]


def test_what_ended_is_forgotten(school: SmallSchool, tmp_path: Path) -> None:
    course, _students = school.add_course("CS 101", 1)
    here = Room(school, tmp_path / "a")
    session = start(school, course)
    here.events.emit(SessionStarted(session, course, 1))
    here.events.emit(end(school, session))
    assert not here.here.has(session.session_id)
    assert not Room(school, tmp_path / "a").here.has(session.session_id)


@pytest.mark.logs_warnings
def test_a_file_that_cannot_be_read_makes_no_class_this_rooms(school: SmallSchool, tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / SHOWN_FILE).write_text("{not json")
    course, _students = school.add_course("CS 101", 1)
    start(school, course)
    assert Room(school, tmp_path / "a").listed == [("CS 101", True, True)]
