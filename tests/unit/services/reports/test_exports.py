from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from kiosk import __version__
from kiosk.domain.courses.courses import Course
from kiosk.domain.people.staff import Role
from kiosk.domain.records.filters import Days
from kiosk.domain.trust.rights import Actor
from kiosk.errors import ConflictError, ExportError, ForbiddenError, NotFoundError
from kiosk.services.ports.outputs import ReportContext
from kiosk.services.reports.exports import Exports
from kiosk.storage.repositories.repositories import Repositories
from tests.fakes.actors import admin
from tests.world.school import ZONE, SmallSchool

TARGET = Path("out") / "attendance.xlsx"


class Clerk:
    """`WorkbookWriter` that notes what it was asked and which sessions that covers."""

    def __init__(self) -> None:
        self.contexts: list[ReportContext] = []
        self.sessions: list[int] = []
        self.failure: ExportError | None = None

    def __call__(self, path: Path, repositories: Repositories, context: ReportContext) -> int:
        if self.failure is not None:
            raise self.failure
        self.contexts.append(context)
        self.sessions = [one.session_id for one in repositories.reports.sessions(context.chosen)]
        return sum(1 for _ in repositories.reports.rows(context.chosen))


@pytest.fixture
def clerk() -> Clerk:
    return Clerk()


@pytest.fixture
def exports(school: SmallSchool, clerk: Clerk) -> Exports:
    return Exports(store=school.store, clock=school.clock, zone=ZONE, write_workbook=clerk, write_table=clerk)


def meet(school: SmallSchool, course: Course, local: datetime) -> int:
    """Hold a class that begins at a local time; returns its id."""
    school.clock.advance((local.replace(tzinfo=ZONE) - school.clock.now()).total_seconds())
    session = school.sessions.start(course.course_id, actor=admin("Anna"), model="fake")
    school.sessions.end(session.session_id, actor=admin("Anna"))
    return session.session_id


def audit(school: SmallSchool) -> list[tuple[str, str, str, str]]:
    entries = school.store.read(lambda repositories: repositories.audit.entries())
    return [
        (entry.actor, entry.action, entry.subject, entry.detail)
        for entry in entries
        if entry.action == "records.exported"
    ]


def test_everything_is_exported_with_what_the_about_sheet_needs(
    school: SmallSchool, exports: Exports, clerk: Clerk
) -> None:
    course, _ = school.add_course(students=3)
    meet(school, course, datetime(2026, 11, 23, 10, 0))  # noqa: DTZ001 - local time, as it is written

    assert exports.workbook(TARGET, Days(), actor=admin("Anna")) == 3

    context = clerk.contexts[0]
    assert (context.course_label, context.generated_by, context.version) == (
        "All courses",
        "Anna",
        __version__,
    )
    assert (context.generated_at, context.zone) == (school.clock.now(), ZONE)
    entry_id, entry_hash = context.log_head.split()
    assert int(entry_id) >= 3  # a class began and ended, and what its records come to
    assert len(entry_hash) == 64
    assert audit(school) == [("Anna", "records.exported", "attendance.xlsx", "3 records")]


def test_one_course_is_exported_alone_and_named(school: SmallSchool, exports: Exports, clerk: Clerk) -> None:
    art, _ = school.add_course("ART", 2)
    bio, _ = school.add_course("BIO", 4)
    meet(school, art, datetime(2026, 11, 23, 10, 0))  # noqa: DTZ001 - local time, as it is written
    meet(school, bio, datetime(2026, 11, 23, 12, 0))  # noqa: DTZ001 - local time, as it is written

    assert exports.workbook(TARGET, Days(course_id=art.course_id), actor=admin("Anna")) == 2
    assert clerk.contexts[0].course_label == "ART · Title of ART"


def test_days_are_those_of_the_schools_zone_and_inclusive(
    school: SmallSchool, exports: Exports, clerk: Clerk
) -> None:
    course, _ = school.add_course(students=1)
    # In UTC these begin on the 23rd at 22:59, the 23rd at 23:00, the 24th at 22:59 and the 24th at 23:00.
    held = [
        meet(school, course, datetime(2026, 11, day, hour, minute))  # noqa: DTZ001 - local time, as it is written
        for day, hour, minute in [(23, 23, 59), (24, 0, 0), (24, 23, 59), (25, 0, 0)]
    ]
    day = date(2026, 11, 24)

    exports.workbook(TARGET, Days(first=day, last=day), actor=admin("Anna"))
    assert clerk.sessions == held[1:3]
    chosen = clerk.contexts[0].chosen
    assert chosen.since is not None
    assert chosen.until is not None
    assert chosen.since.astimezone(UTC) == datetime(2026, 11, 23, 23, 0, tzinfo=UTC)
    assert chosen.until.astimezone(UTC) == datetime(2026, 11, 24, 23, 0, tzinfo=UTC)

    exports.workbook(TARGET, Days(first=day), actor=admin("Anna"))
    assert clerk.sessions == held[1:]
    exports.workbook(TARGET, Days(last=day), actor=admin("Anna"))
    assert clerk.sessions == held[:3]


def test_a_day_on_which_the_clocks_change_has_its_own_length(exports: Exports, clerk: Clerk) -> None:
    day = date(2026, 10, 25)

    exports.workbook(TARGET, Days(first=day, last=day), actor=admin("Anna"))

    chosen = clerk.contexts[0].chosen
    assert chosen.since is not None
    assert chosen.until is not None
    assert (chosen.until.astimezone(UTC) - chosen.since.astimezone(UTC)).total_seconds() == 25 * 3600


def test_swapped_days_are_refused_and_nothing_is_written(
    school: SmallSchool, exports: Exports, clerk: Clerk
) -> None:
    choice = Days(first=date(2026, 11, 24), last=date(2026, 11, 23))

    with pytest.raises(ConflictError, match="swap"):
        exports.workbook(TARGET, choice, actor=admin("Anna"))
    assert (clerk.contexts, audit(school)) == ([], [])


def test_an_unknown_course_is_refused(school: SmallSchool, exports: Exports, clerk: Clerk) -> None:
    with pytest.raises(NotFoundError):
        exports.workbook(TARGET, Days(course_id=99), actor=admin("Anna"))
    assert (clerk.contexts, audit(school)) == ([], [])


def test_an_export_that_failed_is_not_logged_as_done(
    school: SmallSchool, exports: Exports, clerk: Clerk
) -> None:
    clerk.failure = ExportError("The disk is full.", "Make room.")

    with pytest.raises(ExportError):
        exports.workbook(TARGET, Days(), actor=admin("Anna"))
    assert audit(school) == []


def test_the_suggested_name_says_what_is_in_the_file_on_the_local_day(
    school: SmallSchool, exports: Exports
) -> None:
    course, _ = school.add_course("R&D/1 a")
    school.clock.advance(15.5 * 3600)  # 23:30 in UTC, already the next day in Berlin

    assert exports.suggested_name(course) == "attendance-RD1a-2026-11-24.xlsx"
    assert exports.suggested_name(None) == "attendance-all-2026-11-24.xlsx"


def test_a_teacher_exports_own_courses_alone(school: SmallSchool, exports: Exports, clerk: Clerk) -> None:
    art, _ = school.add_course("ART", 1)
    bio, _ = school.add_course("BIO", 1)
    own = meet(school, art, datetime(2026, 11, 23, 10, 0))  # noqa: DTZ001 - local time, as it is written
    meet(school, bio, datetime(2026, 11, 23, 12, 0))  # noqa: DTZ001 - local time, as it is written
    tom = school.accounts.add(name="Tom", role=Role.TEACHER, password="a long password", actor=admin())
    teacher = Actor.of(tom)
    with pytest.raises(ForbiddenError, match="nobody has assigned you"):
        exports.workbook(TARGET, Days(), actor=teacher)

    school.cases.courses.teachers.assign(art, [tom.user_id], actor=admin())
    exports.workbook(TARGET, Days(), actor=teacher)
    assert clerk.sessions == [own]
    with pytest.raises(ForbiddenError, match="somebody else"):
        exports.table(TARGET, Days(course_id=bio.course_id), actor=teacher)
