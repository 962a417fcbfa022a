from datetime import timedelta

import pytest

from kiosk.domain.school.kept_lines import KeptKind, KeptLine
from kiosk.domain.trust.throttle import FailureCount
from kiosk.errors import ForbiddenError
from kiosk.settings import SchoolRules
from kiosk.storage.database.message_tables import MessageRow
from kiosk.storage.repositories.repositories import Repositories
from tests.fakes.actors import admin, teacher
from tests.world.school import ZONE, SmallSchool

DAY_S = 86400.0


def line(school: SmallSchool, kind: KeptKind) -> KeptLine:
    lines = school.cases.school.kept.lines(actor=admin())
    assert [one.kind for one in lines] == list(KeptKind)
    return lines[list(KeptKind).index(kind)]


def fail_to_sign_in(school: SmallSchool, account: str) -> None:
    school.store.write(
        lambda repositories: repositories.failures.put(account, FailureCount(3, school.clock.now()))
    )


def test_by_default_nothing_goes_that_was_kept_before(school: SmallSchool) -> None:
    fail_to_sign_in(school, "student:x")
    school.clock.advance(900 * DAY_S)
    assert school.cases.school.kept.remove_old(actor=admin()) == 0
    assert line(school, KeptKind.FAILURES) == KeptLine(KeptKind.FAILURES, 1)


def test_what_the_rules_end_is_announced_with_its_day_and_goes_then(school: SmallSchool) -> None:
    school.school.change_rules(SchoolRules(failures_kept_days=10), actor=admin())
    fail_to_sign_in(school, "student:a")
    fail_to_sign_in(school, "student:b")
    school.clock.advance(3 * DAY_S)
    fail_to_sign_in(school, "student:c")
    today = school.clock.now().astimezone(ZONE).date()
    assert line(school, KeptKind.FAILURES) == KeptLine(KeptKind.FAILURES, 3, 10, 2, today + timedelta(days=7))
    school.clock.advance(7 * DAY_S + 1)
    assert school.cases.school.kept.remove_old(actor=admin("the kiosk")) == 2
    assert line(school, KeptKind.FAILURES).number == 1
    entry = school.store.read(lambda repositories: repositories.audit.entries(1))[0]
    assert (entry.action, entry.detail) == ("kept.expired", "2 sign-in failures")


def test_faces_codes_and_pictures_held_up_are_counted_and_go_by_their_rules(school: SmallSchool) -> None:
    course, (anna, ben, _carl) = school.add_course()
    school.enrol(anna, 0)
    school.school.change_rules(SchoolRules(events_kept_days=30), actor=admin())
    session = school.sessions.start(course.course_id, actor=admin("Tom"), model="m")
    now = school.clock.now()

    def work(repositories: Repositories) -> None:
        repositories.db_session.connection().exec_driver_sql(
            f"INSERT INTO suspected_attacks (session_id, at, liveness) VALUES ({session.session_id}, "
            f"'{now:%Y-%m-%d %H:%M:%S.%f}', 0.1)"
        )
        until = now + timedelta(days=60)
        repositories.consent_codes.put(
            ben.student_id, "ACDEFGHJKMNP", made_at=now, made_by="Ada", until=until
        )

    school.store.write(work)
    school.sessions.end(session.session_id, actor=admin("Tom"))
    faces = line(school, KeptKind.FACES)
    assert (faces.number, faces.term, faces.next_number) == (1, 6, 1)
    assert line(school, KeptKind.CODES).number == 1
    assert line(school, KeptKind.EVENTS).next_number == 1
    school.clock.advance(61 * DAY_S)
    assert school.cases.school.kept.remove_old(actor=admin()) == 2
    assert (line(school, KeptKind.CODES).number, line(school, KeptKind.EVENTS).number) == (0, 0)


@pytest.mark.parametrize(("kept", "again", "term"), [(366, 30, 366), (10, 30, 30), (0, 30, 0)])
def test_sent_e_mails_go_after_their_days_but_never_before_somebody_may_be_written_to_again(
    school: SmallSchool, kept: int, again: int, term: int
) -> None:
    _course, (anna, *_others) = school.add_course()
    rules = SchoolRules(messages_kept_days=kept, warn_again_days=again)
    school.school.change_rules(rules, actor=admin())
    row = MessageRow(
        student_id=anna.student_id,
        reason="below_limit",
        recipient="guardian",
        address="mum@home.example",
        subject="Attendance",
        text="Anna came to 3 of 8.",
        at=school.clock.now(),
        sent_by="Ada",
        outcome="sent",
    )
    school.store.write(lambda it: it.db_session.add(row))
    found = line(school, KeptKind.MESSAGES)
    assert (found.number, found.term) == (1, term)
    school.clock.advance((term or 900) * DAY_S - 1)
    assert school.cases.school.kept.remove_old(actor=admin()) == 0
    school.clock.advance(2)
    assert school.cases.school.kept.remove_old(actor=admin()) == (1 if term else 0)


def test_a_teacher_reads_and_deletes_nothing(school: SmallSchool) -> None:
    with pytest.raises(ForbiddenError):
        school.cases.school.kept.lines(actor=teacher())
    with pytest.raises(ForbiddenError):
        school.cases.school.kept.remove_old(actor=teacher())
