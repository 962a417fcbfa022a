from kiosk.domain.phones.codes import Rotation
from kiosk.services.attendance.ends_elsewhere import EndsElsewhere
from kiosk.services.attendance.running_class import RunningClass
from kiosk.services.events import Events, SessionEnded
from tests.unit.services.attendance.classes import end, start
from tests.world.school import SmallSchool


def test_an_end_by_another_kiosk_is_told_once_here(school: SmallSchool) -> None:
    course, _students = school.add_course("CS 101", 2)
    session = start(school, course)
    events, told = Events(), list[SessionEnded]()
    events.subscribe(SessionEnded, told.append)
    running = RunningClass(clock=school.clock, rotation=Rotation(15))
    events.subscribe(SessionEnded, lambda _event: running.clear())
    watch = EndsElsewhere(store=school.store, running=running, events=events)
    watch.tick()
    running.show(session, course)
    watch.tick()
    assert told == []

    end(school, session)
    for _look in range(4):
        watch.tick()

    assert [(one.session_id, one.absent) for one in told] == [(session.session_id, 2)]
    assert not running.is_open
