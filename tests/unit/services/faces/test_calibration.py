import pytest

from kiosk.domain.courses.courses import Course
from kiosk.domain.faces.error_rates import Rate
from kiosk.domain.faces.recognition import Thresholds
from kiosk.domain.people.students import Student
from kiosk.errors import ConflictError, NotFoundError
from kiosk.services.faces.calibration import Calibrating
from kiosk.services.faces.rate_words import roster_words
from kiosk.services.ports.outputs import DistanceChart
from tests.fakes.actors import admin
from tests.fakes.vision.recognition import MODEL, FakeLoadedModel, vector_of
from tests.unit.services.faces.test_galleries import add_picture
from tests.world.school import ZONE, SmallSchool


class Drawn:
    """A drawer that keeps what it was asked to draw."""

    def __init__(self) -> None:
        self.charts: list[DistanceChart] = []

    def __call__(self, chart: DistanceChart, *, dark: bool, scale: float = 1.0) -> bytes:
        self.charts.append(chart)
        return b"dark" if dark else b"light"


@pytest.fixture
def drawn() -> Drawn:
    return Drawn()


@pytest.fixture
def calibrating(school: SmallSchool, drawn: Drawn) -> Calibrating:
    return Calibrating(
        galleries=school.galleries,
        school=school.school,
        lookalikes=school.lookalikes,
        model=FakeLoadedModel(),
        clock=school.clock,
        zone=ZONE,
        draw=drawn,
    )


@pytest.fixture
def course(school: SmallSchool) -> Course:
    """Six students with two pictures each, 0.1 apart, and far from each other."""
    course, students = school.add_course(students=6)
    for person, student in enumerate(students):
        add(school, student, person)
    return course


def add(school: SmallSchool, student: Student, person: int, *, aside: float = 0.0) -> None:
    """Two pictures of a face that lies `aside` of the usual one of `person`."""
    for turn in (0.0, 0.1):
        vector = vector_of(person)
        vector[6] += aside
        vector[7] = turn
        add_picture(school, student, vector)


def test_measuring_changes_nothing(school: SmallSchool, calibrating: Calibrating, course: Course) -> None:
    found = calibrating.measure(course.course_id, actor=admin())

    assert found.course == course
    assert found.measured.people == 6
    assert found.measured.calibration is not None
    assert calibrating.in_use().in_use == found.in_use
    assert found.in_use.are_models_own
    assert [
        entry for entry in school.store.read(lambda r: r.audit.entries()) if "threshold" in entry.action
    ] == []


def test_what_fits_is_used_when_somebody_says_so(
    school: SmallSchool, calibrating: Calibrating, course: Course
) -> None:
    found = calibrating.measure(course.course_id, actor=admin())
    began = school.clock.now()

    calibrating.use(found, actor=admin("Anna"))

    used = calibrating.in_use().in_use
    assert used.thresholds.accept == pytest.approx(found.measured.thresholds.accept, abs=1e-6)
    assert used.origin == f"calibrated on {course.code}: 6 people, 12 pictures"
    assert used.since == began


def test_the_way_back_leads_to_the_models_own(calibrating: Calibrating, course: Course) -> None:
    calibrating.use(calibrating.measure(course.course_id, actor=admin()), actor=admin("Anna"))

    calibrating.use_models_own(MODEL, actor=admin("Anna"))

    assert calibrating.in_use().in_use.are_models_own
    assert calibrating.in_use().in_use.thresholds == MODEL.thresholds


def test_a_change_can_be_undone_with_its_origin_and_date(
    school: SmallSchool, calibrating: Calibrating, course: Course
) -> None:
    school.school.use_thresholds(MODEL, Thresholds(0.2, 0.3, 0.05), origin="by hand", actor=admin("Anna"))
    before = calibrating.in_use()
    school.clock.advance(60)

    calibrating.use(calibrating.measure(course.course_id, actor=admin()), actor=admin("Anna"))
    assert calibrating.in_use() != before
    calibrating.put_back(before, actor=admin("Anna"))
    assert calibrating.in_use() == before

    calibrating.use_models_own(MODEL, actor=admin("Anna"))
    own = calibrating.in_use()
    calibrating.use(calibrating.measure(course.course_id, actor=admin()), actor=admin("Anna"))
    calibrating.put_back(own, actor=admin("Anna"))
    assert calibrating.in_use() == own


def test_the_chart_shows_the_thresholds_that_fit(
    calibrating: Calibrating, course: Course, drawn: Drawn
) -> None:
    found = calibrating.measure(course.course_id, actor=admin())

    assert calibrating.chart(found, dark=True, scale=2) == b"dark"
    (chart,) = drawn.charts
    assert len(chart.genuine) == len(chart.impostor) == 12
    assert chart.in_use == found.measured.thresholds
    assert chart.own_accept == MODEL.thresholds.accept


def test_who_looks_alike_is_named_and_would_be_taken_for_the_other(
    school: SmallSchool, calibrating: Calibrating
) -> None:
    course, students = school.add_course(students=6)
    for person, student in enumerate(students):
        add(school, student, min(person, 4), aside=0.15 if person == 5 else 0)
    found = calibrating.measure(course.course_id, actor=admin())

    assert found.measured.calibrated().fpir == Rate(4, 12)
    assert roster_words(found.measured)[0].startswith(
        "With 6 people and 12 pictures 4 of 12 pictures of strangers were accepted"
    )
    assert [(one.student_no, other.student_no) for one, other in found.confusable] == [
        (students[4].student_no, students[5].student_no)
    ]


def test_too_few_pictures_are_shown_but_not_used(
    school: SmallSchool, calibrating: Calibrating, drawn: Drawn
) -> None:
    course, students = school.add_course(students=2)
    for person, student in enumerate(students):
        add(school, student, person)
    found = calibrating.measure(course.course_id, actor=admin())

    assert calibrating.chart(found, dark=False, scale=1) == b"light"
    assert drawn.charts[0].in_use == MODEL.thresholds
    assert found.confusable == []
    with pytest.raises(ConflictError, match="Too few faces"):
        calibrating.use(found, actor=admin("Anna"))
    assert calibrating.in_use().in_use.are_models_own


def test_a_course_that_is_gone_is_said(calibrating: Calibrating) -> None:
    with pytest.raises(NotFoundError):
        calibrating.measure(99, actor=admin())


def test_the_words_say_how_little_a_roster_shows(calibrating: Calibrating, course: Course) -> None:
    measured = calibrating.measure(course.course_id, actor=admin()).measured
    strangers, own = roster_words(measured)

    assert measured.calibrated().fpir == Rate(0, 12)
    assert strangers.startswith(
        "With 6 people and 12 pictures no stranger was accepted; the true rate may still be up to 22\N{NO-BREAK SPACE}%."
    )
    assert "0 of 12" in own


def test_an_empty_roster_has_words_too(school: SmallSchool, calibrating: Calibrating) -> None:
    course, _ = school.add_course(students=1)

    assert (
        "nothing can be said"
        in roster_words(calibrating.measure(course.course_id, actor=admin()).measured)[0]
    )
