"""Numbers typed at the kiosk: one at a time, limited, and the same words whoever's number it is."""

from pathlib import Path

import pytest

from kiosk.domain.attendance.choices import CheckInOutcome, Method
from kiosk.services.attendance.typed_numbers import FREE, LOOK_S, REST_S, SHOWN_S, PadState, TypedNumbers
from kiosk.services.events import CheckInResult, SessionEnded
from tests.fakes.actors import admin
from tests.world.school import SmallSchool


class Pad:
    """The keypad of a class of three, of whom the first is enrolled."""

    def __init__(self, folder: Path) -> None:
        self.school = school = SmallSchool(folder)
        course, self.students = school.add_course()
        school.enrol(self.students[0], 1)
        self.session = school.sessions.start(course.course_id, actor=admin(), model="fake-model")
        school.running.show(self.session, course)
        self.typed: TypedNumbers = school.cases.attendance.typed

    def expected(self) -> frozenset[int]:
        return self.typed.expected(self.session.session_id)

    def confirm(self, place: int) -> None:
        now = self.school.clock.now()
        self.school.hub.emit(
            CheckInResult(
                CheckInOutcome.MARKED_PRESENT,
                self.session.session_id,
                self.students[place],
                Method.FACE,
                None,
                now,
                None,
            )
        )


@pytest.fixture
def pad(tmp_path: Path) -> Pad:
    return Pad(tmp_path / "data")


def test_a_number_says_whose_face_to_expect_for_some_seconds(pad: Pad) -> None:
    assert pad.typed.view().state is PadState.READY

    assert pad.typed.type(" cs101-1 ").state is PadState.LOOK
    assert pad.expected() == {pad.students[0].student_id}
    assert pad.typed.expected(pad.session.session_id + 1) == frozenset()

    pad.school.clock.advance(LOOK_S + 0.1)
    assert (pad.typed.view().state, pad.expected()) == (PadState.FAILED, frozenset())
    pad.school.clock.advance(SHOWN_S)
    assert pad.typed.view().state is PadState.READY


@pytest.mark.parametrize("number", ["CS101-1", "CS101-2", "nobody", "'; --"])
def test_whoever_has_that_number_or_nobody_the_pad_says_the_same_at_the_same_time(
    pad: Pad, number: str
) -> None:
    said = [pad.typed.type(number)]
    for _unused in range(17):
        pad.school.clock.advance(1.0)
        said.append(pad.typed.view())

    assert [one.state for one in said] == (
        [PadState.LOOK] * 11 + [PadState.FAILED] * 5 + [PadState.READY] * 2
    )


def test_a_new_number_ends_the_one_before(pad: Pad) -> None:
    pad.typed.type("CS101-1")
    pad.typed.type("CS101-2")

    assert pad.expected() == {pad.students[1].student_id}


def test_a_face_that_comes_makes_room_at_once_and_counts_as_no_failure(pad: Pad) -> None:
    for _unused in range(3 * FREE):
        pad.typed.type("CS101-1")
        pad.confirm(0)
        assert (pad.typed.view().state, pad.expected()) == (PadState.DONE, frozenset())


def test_somebody_elses_face_does_not_end_it(pad: Pad) -> None:
    pad.typed.type("CS101-1")
    pad.confirm(1)

    assert pad.typed.view().state is PadState.LOOK


def test_numbers_that_no_face_follows_are_limited(pad: Pad) -> None:
    for number in range(FREE + 1):
        pad.typed.type(f"guess {number}")
    assert (pad.typed.view().state, pad.expected()) == (PadState.RESTING, frozenset())

    assert pad.typed.type("CS101-1").state is PadState.RESTING
    assert pad.expected() == frozenset()

    pad.school.clock.advance(REST_S + 0.1)
    assert pad.typed.type("CS101-1").state is PadState.LOOK


def test_a_number_vouches_for_a_face_of_its_own_seconds_only(pad: Pad) -> None:
    began = pad.school.clock.now()
    pad.typed.type("CS101-1")
    session_id, student_id = pad.session.session_id, pad.students[0].student_id
    pad.school.clock.advance(LOOK_S + 60)

    assert pad.typed.was_typed(session_id, student_id, at=began)
    assert not pad.typed.was_typed(session_id, student_id, at=pad.school.clock.now())
    assert not pad.typed.was_typed(session_id, pad.students[1].student_id, at=began)


def test_nothing_of_a_class_is_left_for_the_next_one(pad: Pad) -> None:
    for number in range(FREE + 1):
        pad.typed.type(f"guess {number}")
    began = pad.school.clock.now()
    pad.school.hub.emit(SessionEnded(pad.session.session_id, began))

    assert pad.typed.view().state is PadState.READY


def test_without_a_class_nothing_is_taken(pad: Pad) -> None:
    pad.school.running.clear()

    assert pad.typed.type("CS101-1").state is PadState.READY
