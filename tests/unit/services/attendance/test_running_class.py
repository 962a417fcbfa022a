import pytest

from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.courses.courses import Course
from kiosk.domain.phones import codes
from kiosk.errors import CodeError, ExpiredCodeError
from kiosk.services.attendance.running_class import SCAN_PATH, RunningClass, ShownCode
from tests.fakes.actors import admin
from tests.world.school import SmallSchool

BASE = "http://10.20.4.17:8080"


@pytest.fixture
def opened(school: SmallSchool) -> tuple[ClassSession, Course]:
    course, _ = school.add_course()
    session = school.sessions.start(course.course_id, actor=admin("Anna"), model="fake")
    school.running.reachable_at(BASE)
    school.running.show(session, course)
    return session, course


def shown(running: RunningClass) -> ShownCode:
    code = running.code()
    assert code is not None
    return code


def text(running: RunningClass) -> str:
    return shown(running).url.removeprefix(BASE + SCAN_PATH)


def test_between_classes_there_is_no_code(school: SmallSchool) -> None:
    assert school.running.code() is None
    assert school.running.current is None
    with pytest.raises(CodeError, match="No class is open"):
        school.running.accept("ABCDEFGH")


def test_the_code_is_an_address_of_this_kiosk(
    school: SmallSchool, opened: tuple[ClassSession, Course]
) -> None:
    code = shown(school.running)

    assert code.url.startswith(f"{BASE}/s/")
    assert (code.remaining_s, code.period_s, code.step) == (15, 15, 0)
    assert code.qr_text == code.url.upper()
    assert len(code.typed) == 6


def test_a_slash_at_the_end_of_the_address_is_not_doubled(
    school: SmallSchool, opened: tuple[ClassSession, Course]
) -> None:
    school.running.reachable_at(BASE + "/")

    assert school.running.base_url == BASE
    assert shown(school.running).url.startswith(f"{BASE}/s/")


def test_while_no_phone_can_connect_there_is_no_address_but_still_a_step(
    school: SmallSchool, opened: tuple[ClassSession, Course]
) -> None:
    school.running.reachable_at("")
    school.clock.advance(20)

    assert shown(school.running) == ShownCode("", 10, 15, 1, shown(school.running).typed)


def test_the_code_changes_each_period_and_counts_down(
    school: SmallSchool, opened: tuple[ClassSession, Course]
) -> None:
    first = shown(school.running)
    school.clock.advance(14.5)
    assert (shown(school.running).url, shown(school.running).remaining_s) == (first.url, 0.5)
    school.clock.advance(0.5)

    assert shown(school.running).url != first.url
    assert (shown(school.running).step, shown(school.running).remaining_s) == (1, 15)


def test_a_shown_code_is_accepted_until_the_second_change(
    school: SmallSchool, opened: tuple[ClassSession, Course]
) -> None:
    code = text(school.running)

    assert school.running.accept(code).session == opened[0]
    school.clock.advance(29.9)
    assert school.running.accept(code).course == opened[1]
    school.clock.advance(0.1)
    with pytest.raises(ExpiredCodeError):
        school.running.accept(code)


def test_a_change_of_the_wall_clock_expires_nothing(
    school: SmallSchool, opened: tuple[ClassSession, Course]
) -> None:
    code = text(school.running)
    school.clock.set_wall_clock(86400)

    assert school.running.accept(code).session == opened[0]


def test_a_code_of_the_future_is_refused_even_with_the_right_key(
    school: SmallSchool, opened: tuple[ClassSession, Course]
) -> None:
    shown_class = school.running.current
    assert shown_class is not None

    with pytest.raises(CodeError, match="does not belong"):
        school.running.accept(codes.SCANNED.mint(shown_class.key, opened[0].session_id, 1))


def test_a_code_made_with_the_stored_key_is_refused(
    school: SmallSchool, opened: tuple[ClassSession, Course]
) -> None:
    """Who reads the database cannot make codes: those shown have a key that is in memory only."""
    with pytest.raises(CodeError, match="does not belong"):
        school.running.accept(codes.SCANNED.mint(opened[0].code_key, opened[0].session_id, 0))


@pytest.mark.parametrize("nonsense", ["", "hello", "1.0", "../../etc/passwd", "ABCDEFGHI", "ABCDEFG1"])
def test_what_is_no_code_says_so(
    school: SmallSchool, opened: tuple[ClassSession, Course], nonsense: str
) -> None:
    with pytest.raises(CodeError, match="not a code of this kiosk") as refusal:
        school.running.accept(nonsense)
    assert not isinstance(refusal.value, ExpiredCodeError)


def test_after_clearing_a_fresh_code_is_worth_nothing(
    school: SmallSchool, opened: tuple[ClassSession, Course]
) -> None:
    code = text(school.running)
    school.running.clear()

    assert school.running.code() is None
    with pytest.raises(CodeError, match="No class is open"):
        school.running.accept(code)


def test_the_codes_of_the_last_class_do_not_open_the_next(
    school: SmallSchool, opened: tuple[ClassSession, Course]
) -> None:
    code = text(school.running)
    school.running.clear()
    course, _ = school.add_course("ART")
    session = school.sessions.start(course.course_id, actor=admin("Anna"), model="fake")
    school.running.show(session, course)

    with pytest.raises(CodeError, match="does not belong"):
        school.running.accept(code)


@pytest.mark.parametrize("passed_s", [0, 15, 3600])
def test_a_resumed_session_brings_no_old_code_back_to_life(
    school: SmallSchool, opened: tuple[ClassSession, Course], passed_s: float
) -> None:
    old = [text(school.running)]
    for _ in range(3):
        school.clock.advance(15)
        old.append(text(school.running))
    school.clock.advance(passed_s)

    restarted = RunningClass(clock=school.clock, rotation=codes.Rotation(15))
    restarted.reachable_at(BASE)
    restarted.show(*opened)

    for _ in range(4):
        for code in old:
            with pytest.raises(CodeError):
                restarted.accept(code)
        school.clock.advance(15)
    assert restarted.accept(text(restarted)).session == opened[0]


def test_no_key_is_in_what_a_log_would_print(
    school: SmallSchool, opened: tuple[ClassSession, Course]
) -> None:
    shown_class = school.running.current
    assert shown_class is not None

    assert repr(shown_class.key) not in repr(shown_class)
    assert repr(opened[0].code_key) not in repr(shown_class)


def test_a_typed_code_lives_as_long_as_the_scanned_one(
    school: SmallSchool, opened: tuple[ClassSession, Course]
) -> None:
    typed = shown(school.running).typed
    school.clock.advance(29.9)
    assert school.running.accept_typed(f" {typed[:3].lower()}-{typed[3:]} ").session == opened[0]
    school.clock.advance(0.1)
    with pytest.raises(ExpiredCodeError, match="expired"):
        school.running.accept_typed(typed)


def test_a_scanned_code_cannot_be_typed_nor_a_typed_one_scanned(
    school: SmallSchool, opened: tuple[ClassSession, Course]
) -> None:
    with pytest.raises(CodeError, match="6 letters and digits"):
        school.running.accept_typed(text(school.running))
    with pytest.raises(CodeError, match="not a code of this kiosk"):
        school.running.accept(shown(school.running).typed)
