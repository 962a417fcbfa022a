"""A class that demands phone and face, with the whole runtime."""

from collections.abc import Callable, Mapping

from kiosk.domain.attendance.choices import CheckInOutcome, Method, ProofPolicy
from kiosk.domain.attendance.record import Evidence
from kiosk.domain.faces.frames import Frame
from kiosk.domain.faces.recognition import Outcome
from kiosk.domain.people.students import Student
from kiosk.services.attendance.check_in import Claim
from kiosk.services.events import CameraState, CheckInResult, FaceDecided
from kiosk.services.ports.sources import SourceInfo
from tests.fakes.actors import admin
from tests.fakes.camera.sources import ScriptedSource
from tests.fakes.recorder import WAIT_S
from tests.fakes.vision.recognition import MODEL, frames_of
from tests.unit.pipeline.class_bench import MakeBench, is_state


class Doorway:
    """A recording during which something happens: `at` says what, before which frame."""

    def __init__(self, people: list[int], at: Mapping[int, Callable[[], object]]) -> None:
        self._frames = frames_of(people)
        self._at = dict(at)

    def open(self) -> SourceInfo:
        return SourceInfo("Doorway", 320, 180, 10.0, live=False)

    def read(self) -> Frame | None:
        if not self._frames:
            return None
        frame = self._frames.pop(0)
        happening = self._at.pop(frame.index, None)
        if happening is not None:
            happening()
        return frame

    def close(self) -> None:
        """Nothing to release."""


def test_a_relayed_code_marks_nobody_who_is_not_in_front_of_the_camera(make_bench: MakeBench) -> None:
    def scan() -> None:
        shown_class = bench.school.running.current
        assert shown_class is not None
        evidence = Evidence(Method.PHONE, bench.school.clock.now(), device="d")
        claim = Claim(shown_class.session.session_id, bench.students[0].student_id, evidence)
        scanned.append(bench.checkin.submit(claim).result(WAIT_S).outcome)

    def time_passes() -> None:
        shown_class = bench.school.running.current
        assert shown_class is not None
        roster = bench.school.sessions.roster(shown_class.session.session_id)
        marked_before.extend(entry.student for entry in roster if entry.record is not None)
        bench.school.clock.advance(181)

    scanned: list[CheckInOutcome] = []
    marked_before: list[Student] = []
    # Student 2 stands there when Student 1's phone scans somewhere else, then a stranger; Student 1 comes when the scan
    # has expired, and scans again before the camera.
    people = [2] * 50 + [0] * 2 + [7] * 28 + [0] + [1] * 29
    bench = make_bench(Doorway(people, {20: scan, 80: time_passes, 100: scan}))
    session = bench.runtime.start_class(bench.course.course_id, actor=admin("Anna"), policy=ProofPolicy.BOTH)
    bench.recorder.wait_for(is_state(CameraState.CLOSED))
    run = bench.runtime.run
    assert run is not None
    assert run.vision.ended.wait(WAIT_S)
    run.vision.settle(WAIT_S)

    assert scanned == [CheckInOutcome.FACE_AWAITED] * 2
    assert marked_before == []
    decided = bench.recorder.of(FaceDecided)
    assert [(one.outcome, one.student) for one in decided] == [(Outcome.ACCEPTED, bench.students[0])]
    assert decided[0].decided_s >= 10.0
    results = bench.recorder.of(CheckInResult)
    assert [one.outcome for one in results] == [*scanned, CheckInOutcome.MARKED_PRESENT]
    (record,) = [
        entry.record for entry in bench.school.sessions.roster(session.session_id) if entry.record is not None
    ]
    assert record.student_id == bench.students[0].student_id
    assert [one.method for one in record.evidence] == [Method.PHONE, Method.FACE]
    assert record.policy is ProofPolicy.BOTH


def test_a_class_that_is_resumed_still_awaits_who_scanned_before(make_bench: MakeBench) -> None:
    bench = make_bench(ScriptedSource(frames_of([1] * 10)))
    school = bench.school
    session = school.sessions.start(
        bench.course.course_id, actor=admin("Anna"), model=MODEL.name, policy=ProofPolicy.BOTH
    )
    evidence = Evidence(Method.PHONE, school.clock.now())
    school.checkin.submit(Claim(session.session_id, bench.students[0].student_id, evidence)).result()

    bench.runtime.resume_class(session.session_id, actor=admin())
    result = bench.recorder.wait_for(lambda event: isinstance(event, CheckInResult))

    assert isinstance(result, CheckInResult)
    assert (result.outcome, result.student) == (CheckInOutcome.MARKED_PRESENT, bench.students[0])
