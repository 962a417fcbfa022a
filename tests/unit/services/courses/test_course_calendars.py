from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from kiosk.domain.courses.calendars import CalendarMeeting, CalendarReading
from kiosk.domain.courses.courses import Course
from kiosk.domain.courses.meetings import DateOrigin, SingleDate
from kiosk.errors import ConflictError, FileFormatError, NotFoundError, SourceError
from kiosk.services.courses.calendar_queries import CalendarQueries, KeptCalendar
from kiosk.services.courses.course_calendars import CourseCalendars, is_address
from kiosk.storage.database.sql_database import SqlDatabase
from tests.fakes.actors import admin
from tests.fakes.clock import START
from tests.unit.storage.classroom import add_classroom
from tests.world.school import SmallSchool

ADDRESS = "https://school.example/secret-token/a.ics"
HOUR = timedelta(hours=1)
DAY_S = 86400


@dataclass
class Calendar:
    """The calendar of a course, both as a file and at an address; a test writes into it."""

    meetings: list[CalendarMeeting] = field(default_factory=list)
    is_away: bool = False
    is_page: bool = False
    fetched: int = 0

    def fetch(self, address: str) -> bytes:
        self.fetched += 1
        if self.is_away:
            raise SourceError("school.example cannot be reached.", "Try later.")
        return address.encode()

    def read(self, content: bytes, *, since: datetime, until: datetime, zone: ZoneInfo) -> CalendarReading:
        assert content
        if self.is_page:
            raise FileFormatError("This is no calendar.", "Ask for another address.")
        return CalendarReading(tuple(one for one in self.meetings if one.begins_at >= since))


def meeting(number: int, *, hours: int = 0, room: str = "") -> CalendarMeeting:
    return CalendarMeeting(f"u{number}", START + timedelta(days=number, hours=hours), 90, room)


class Office:
    def __init__(self, school: SmallSchool) -> None:
        self.school, self.page = school, Calendar([meeting(one) for one in range(1, 5)])
        core = school.kiosk.app.core
        self.calendars = CourseCalendars(core, read=self.page.read, fetch=self.page.fetch)
        self.course: Course = school.add_course()[0]

    def dates(self) -> list[str]:
        found = self.school.cases.courses.timetables.of_course(self.course.course_id).dates
        return [f"{one.uid}@{(one.begins_at - START) // HOUR}" for one in found]

    def agree(self) -> None:
        opinion = self.calendars.look(self.course, ADDRESS, actor=admin())
        self.calendars.take(opinion, actor=admin("Ada"), nightly=True)

    def night(self) -> KeptCalendar:
        self.school.clock.advance(DAY_S)
        self.calendars.read_due()
        kept = self.calendars.of_course(self.course.course_id)
        assert kept is not None
        return kept

    def log(self) -> list[tuple[str, str, str]]:
        entries = self.school.store.read(lambda repositories: repositories.audit.entries())
        return [(one.actor, one.action, one.detail) for one in entries]


@pytest.fixture
def office(school: SmallSchool) -> Office:
    return Office(school)


def test_a_calendar_is_shown_before_it_is_taken(office: Office) -> None:
    opinion = office.calendars.look(office.course, ADDRESS, actor=admin())
    assert (len(opinion.changes.new), opinion.changes.same, office.dates()) == (4, 0, [])
    office.calendars.take(opinion, actor=admin("Ada"))
    assert office.dates() == ["u1@24", "u2@48", "u3@72", "u4@96"]
    assert office.log()[0] == (
        "Ada",
        "timetable.calendar",
        "4 new, 0 changed, 0 gone; school.example",
    )
    assert office.calendars.of_course(office.course.course_id) is None


def test_a_file_is_taken_the_same_way_and_the_second_time_nothing_is_new(
    office: Office, tmp_path: Path
) -> None:
    path = tmp_path / "a.ics"
    path.write_bytes(b"ics")
    first = office.calendars.look(office.course, str(path), actor=admin())
    office.calendars.take(first, actor=admin(), nightly=True)  # a file has no address to read again
    again = office.calendars.look(office.course, str(path), actor=admin())
    assert (again.changes.any, again.changes.same, again.address) == (False, 4, None)
    assert office.calendars.of_course(office.course.course_id) is None
    office.calendars.take(first, actor=admin())
    assert len(office.dates()) == 4
    with pytest.raises(NotFoundError, match="no file"):
        office.calendars.look(office.course, str(tmp_path / "none.ics"), actor=admin())
    with pytest.raises(FileFormatError, match="cannot be read"):
        office.calendars.look(office.course, str(tmp_path), actor=admin())


def test_new_changed_and_gone_are_told_apart_and_what_is_over_stays(office: Office) -> None:
    office.agree()
    office.school.clock.advance(DAY_S * 1.5)
    office.page.meetings = [meeting(2, hours=2), meeting(4), meeting(9)]
    opinion = office.calendars.look(office.course, ADDRESS, actor=admin())
    changes = opinion.changes
    assert [one.uid for one in changes.new] == ["u9"]
    assert [(before.uid, after.begins_at) for before, after in changes.changed] == [
        ("u2", meeting(2, hours=2).begins_at)
    ]
    assert ([one.uid for one in changes.gone], changes.same) == (["u3"], 1)
    office.calendars.take(opinion, actor=admin())
    assert office.dates() == ["u1@24", "u2@50", "u4@96", "u9@216"]


def test_an_address_that_was_agreed_to_is_read_again_each_night(office: Office) -> None:
    office.agree()
    assert office.calendars.due() == []
    office.page.meetings.append(meeting(5))
    kept = office.night()
    assert (kept.problem, kept.waits, kept.read_at) == ("", False, office.school.clock.now())
    assert office.dates()[-1] == "u5@120"
    assert office.log()[0][0] == "the kiosk"
    assert office.calendars.read_due() == 0


def test_what_nobody_agreed_to_is_never_read(office: Office) -> None:
    office.calendars.look(office.course, ADDRESS, actor=admin())
    fetched = office.page.fetched
    office.school.clock.advance(DAY_S * 3)
    assert office.calendars.read_due() == 0
    assert (office.page.fetched, office.dates()) == (fetched, [])


@pytest.mark.parametrize("trouble", ["is_away", "is_page"])
def test_an_address_that_fails_is_noted_and_takes_nothing_away(office: Office, trouble: str) -> None:
    office.agree()
    setattr(office.page, trouble, True)
    kept = office.night()
    assert kept.problem in {"school.example cannot be reached.", "This is no calendar."}
    assert len(office.dates()) == 4
    setattr(office.page, trouble, False)
    assert office.night().problem == ""


def test_a_calendar_that_changes_its_mind_waits_for_somebody_to_look(office: Office) -> None:
    office.page.meetings = [meeting(one) for one in range(2, 9)]
    office.agree()
    office.page.meetings = []
    kept = office.night()
    assert (kept.waits, kept.problem, len(office.dates())) == (True, "", 7)
    opinion = office.calendars.look(office.course, ADDRESS, actor=admin())
    assert opinion.changes.is_doubtful
    office.calendars.take(opinion, actor=admin(), nightly=True)
    assert office.dates() == []
    agreed = office.calendars.of_course(office.course.course_id)
    assert agreed is not None
    assert not agreed.waits


def test_a_few_meetings_that_go_are_followed_without_asking(office: Office) -> None:
    office.page.meetings = [meeting(one) for one in range(2, 9)]
    office.agree()
    office.page.meetings = office.page.meetings[2:]
    assert not office.night().waits
    assert len(office.dates()) == 5


def test_a_calendar_can_be_forgotten_and_its_dates_stay(office: Office) -> None:
    office.agree()
    office.calendars.forget(office.course, actor=admin())
    office.calendars.forget(office.course, actor=admin())
    assert office.calendars.of_course(office.course.course_id) is None
    assert len(office.dates()) == 4
    assert [one[1] for one in office.log()].count("timetable.calendar_forgotten") == 1


def test_an_archived_course_takes_no_calendar_and_reads_none(office: Office) -> None:
    office.agree()
    opinion = office.calendars.look(office.course, ADDRESS, actor=admin())
    office.school.cases.courses.editing.archive(office.course, actor=admin())
    with pytest.raises(ConflictError, match="archived"):
        office.calendars.take(opinion, actor=admin())
    office.school.clock.advance(DAY_S)
    assert office.calendars.due() == []


def test_dates_by_hand_are_left_alone(office: Office) -> None:
    by_hand = SingleDate(0, office.course.course_id, START + timedelta(days=2, hours=5), 45)
    office.school.cases.courses.timetables.add_date(by_hand, actor=admin())
    office.agree()
    office.page.meetings = []
    office.calendars.take(office.calendars.look(office.course, ADDRESS, actor=admin()), actor=admin())
    found = office.school.cases.courses.timetables.of_course(office.course.course_id).dates
    assert [one.origin for one in found] == [DateOrigin.HAND]


def test_reading_stops_when_it_is_told_to(office: Office) -> None:
    office.agree()
    office.school.clock.advance(DAY_S)
    assert office.calendars.read_due(lambda: True) == 0


@pytest.mark.parametrize(
    ("source", "expected"),
    [("webcal://x/a", True), (" HTTPS://x/a", True), ("a.ics", False), ("file:///a.ics", False)],
)
def test_addresses_are_told_from_files(source: str, expected: bool) -> None:
    assert is_address(source) is expected


def test_calendars_are_kept_on_both_databases(database: SqlDatabase) -> None:
    course = add_classroom(database).course.course_id
    with database.transaction() as repositories:
        queries = CalendarQueries(db_session=repositories.db_session)
        kept = KeptCalendar(course, ADDRESS, agreed_at=START, agreed_by="Ada")
        queries.keep(kept)
        queries.keep(kept)
        assert (queries.of_course(course), queries.due(START)) == (kept, [course])
        queries.note(course, START, problem="away", waits=True)
        assert queries.due(START) == []
        assert queries.due(START + HOUR) == [course]
        assert queries.forget(course)
        assert not queries.forget(course)
        queries.note(course, START)
        with pytest.raises(NotFoundError):
            queries.keep(KeptCalendar(99, ADDRESS, agreed_at=START, agreed_by="Ada"))
