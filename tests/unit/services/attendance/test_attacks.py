from datetime import timedelta

import pytest

from kiosk.domain.faces.liveness import SuspectedAttack
from kiosk.errors import NotFoundError
from kiosk.services.attendance.attacks import Attacks
from kiosk.services.events import AttackRecorded
from tests.fakes.actors import admin
from tests.world.school import SmallSchool


@pytest.fixture
def attacks(school: SmallSchool) -> Attacks:
    return Attacks(store=school.store, events=school.hub)


def session_of(school: SmallSchool, code: str = "CS 101") -> int:
    course, _ = school.add_course(code)
    return school.sessions.start(course.course_id, actor=admin("Anna"), model="m").session_id


def test_an_attack_is_kept_and_told(school: SmallSchool, attacks: Attacks) -> None:
    attack = SuspectedAttack(session_of(school), school.clock.now(), 0.02)
    kept = attacks.record_later(attack)
    assert kept is not None
    assert kept.result().attack == attack
    assert attacks.of_session(attack.session_id, actor=admin()) == [attack]
    assert school.events == [AttackRecorded(attack)]


def test_a_picture_that_was_lost_from_sight_for_a_moment_is_one_attack(
    school: SmallSchool, attacks: Attacks
) -> None:
    session, now = session_of(school), school.clock.now()
    for seconds in (0, 4, 8, 17, 28):
        attacks.record_later(SuspectedAttack(session, now + timedelta(seconds=seconds), 0.1))
    kept = attacks.of_session(session, actor=admin())
    assert [(one.at - now).total_seconds() for one in kept] == [0, 28]
    assert len(school.events) == 2


def test_another_class_has_attacks_of_its_own(school: SmallSchool, attacks: Attacks) -> None:
    first, second, now = session_of(school), session_of(school, "CS 102"), school.clock.now()
    for session in (first, second):
        attacks.record_later(SuspectedAttack(session, now, 0.1))
    assert (
        len(attacks.of_session(first, actor=admin())) == len(attacks.of_session(second, actor=admin())) == 1
    )


def test_an_attack_on_no_session_is_an_error_and_told_to_nobody(
    school: SmallSchool, attacks: Attacks
) -> None:
    refused = attacks.record_later(SuspectedAttack(99, school.clock.now(), 0.1))
    assert refused is not None
    with pytest.raises(NotFoundError):
        refused.result()
    assert school.events == []
