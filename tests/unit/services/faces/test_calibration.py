from dataclasses import replace

import pytest

from kiosk.domain.courses.courses import Course
from kiosk.domain.faces.calibration import Verdict
from kiosk.domain.faces.error_rates import Interval, Rate
from kiosk.domain.faces.expected_errors import Expectation
from kiosk.domain.faces.recognition import ModelInfo, Thresholds
from kiosk.domain.people.students import Student
from kiosk.errors import ConflictError, NotFoundError
from kiosk.services.faces.calibration import Calibrating
from kiosk.services.faces.rate_words import basis_words, expected_words, roster_words, verdict_words
from kiosk.services.ports.outputs import DistanceChart
from tests.fakes.actors import admin
from tests.fakes.vision.recognition import MODEL, FakeLoadedModel, alike, vector_of
from tests.fakes.vision.spreads import spread
from tests.unit.services.faces.test_galleries import DAY, add_picture
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
        known={MODEL.name},
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


@pytest.fixture
def alike_course(school: SmallSchool) -> Course:
    """Six students who all look alike, with a picture each."""
    course, students = school.add_course(students=6)
    for person, student in enumerate(students):
        add_picture(school, student, alike(person))
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
    assert calibrating.in_use().in_use == found.in_use.for_roster(0)
    assert found.in_use.are_models_own
    assert [
        entry for entry in school.store.read(lambda r: r.audit.entries()) if "threshold" in entry.action
    ] == []


def test_what_fits_is_used_when_somebody_says_so(
    school: SmallSchool, calibrating: Calibrating, alike_course: Course
) -> None:
    found = calibrating.measure(alike_course.course_id, actor=admin())
    began = school.clock.now()

    calibrating.use(found, actor=admin("Anna"))

    used = calibrating.in_use().in_use
    assert used.thresholds.accept == pytest.approx(found.measured.thresholds.accept, abs=1e-6)
    assert used.origin == f"calibrated on {alike_course.code}: 6 people, 0 pictures"
    assert used.fitted_to == 6
    assert used.since == began


def test_the_way_back_leads_to_the_models_own(calibrating: Calibrating, alike_course: Course) -> None:
    calibrating.use(calibrating.measure(alike_course.course_id, actor=admin()), actor=admin("Anna"))

    calibrating.use_models_own(MODEL, actor=admin("Anna"))

    assert calibrating.in_use().in_use.are_models_own
    assert calibrating.in_use().in_use.thresholds == MODEL.thresholds


def test_a_change_can_be_undone_with_its_origin_and_date(
    school: SmallSchool, calibrating: Calibrating, alike_course: Course
) -> None:
    school.school.use_thresholds(MODEL, Thresholds(0.2, 0.3, 0.05), origin="by hand", actor=admin("Anna"))
    before = calibrating.in_use()
    school.clock.advance(60)

    calibrating.use(calibrating.measure(alike_course.course_id, actor=admin()), actor=admin("Anna"))
    assert calibrating.in_use() != before
    calibrating.put_back(before, actor=admin("Anna"))
    assert calibrating.in_use() == before

    calibrating.use_models_own(MODEL, actor=admin("Anna"))
    own = calibrating.in_use()
    calibrating.use(calibrating.measure(alike_course.course_id, actor=admin()), actor=admin("Anna"))
    calibrating.put_back(own, actor=admin("Anna"))
    assert calibrating.in_use() == own


def test_thresholds_of_an_earlier_version_come_back_as_such(
    school: SmallSchool, calibrating: Calibrating, course: Course
) -> None:
    school.school.use_thresholds(
        MODEL, Thresholds(0.2, 0.3, 0.05), origin="calibrated", actor=admin("Anna"), fitted_to=None
    )
    before = calibrating.in_use()
    assert before.in_use.are_of_earlier_version

    calibrating.use_models_own(MODEL, actor=admin("Anna"))
    assert not calibrating.in_use().in_use.are_of_earlier_version
    calibrating.put_back(before, actor=admin("Anna"))
    assert calibrating.in_use() == before


def test_all_that_earlier_versions_calibrated_is_forgotten_at_once(
    school: SmallSchool, calibrating: Calibrating
) -> None:
    other = replace(MODEL, name="unknown-model")
    assert not calibrating.is_of_earlier_version()
    school.school.use_thresholds(other, MODEL.thresholds, origin="x", actor=admin("Anna"), fitted_to=None)
    assert not calibrating.is_of_earlier_version()
    school.school.use_thresholds(MODEL, MODEL.thresholds, origin="x", actor=admin("Anna"), fitted_to=None)
    assert calibrating.is_of_earlier_version()

    calibrating.forget_earlier(actor=admin("Anna"))

    assert not calibrating.is_of_earlier_version()
    assert school.school.thresholds(MODEL).are_models_own
    assert school.school.thresholds(other).are_models_own


def test_what_an_earlier_calibration_costs_is_forecast(
    school: SmallSchool, calibrating: Calibrating, course: Course
) -> None:
    school.school.use_thresholds(
        MODEL, Thresholds(0.2, 0.3, 0.05), origin="calibrated", actor=admin("Anna"), fitted_to=None
    )
    found = calibrating.measure(course.course_id, actor=admin())

    assert found.expected is not None
    now, then = found.expected
    assert now.missed.value > 0.8
    assert then.missed.value < 0.01
    assert not found.fits_better


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
    assert found.measured.calibration.verdict is Verdict.ORDINARY
    assert roster_words(found.measured)[0].startswith(
        "With 6 people and 12 pictures 4 of 12 pictures of strangers were accepted"
    )
    assert [(one.student_no, other.student_no) for one, other in found.confusable] == [
        (students[4].student_no, students[5].student_no)
    ]


@pytest.mark.parametrize("accept", [0.2, 0.35, MODEL.thresholds.accept, 0.6])
def test_calibration_and_the_list_of_look_alikes_name_the_same_pairs(
    school: SmallSchool, calibrating: Calibrating, accept: float
) -> None:
    course, students = school.add_course(students=6)
    for person, student in enumerate(students):
        add(school, student, min(person, 3), aside={4: 0.28, 5: 0.15}.get(person, 0))
    limits = Thresholds(accept, accept + 0.1, 0.05)
    school.school.use_thresholds(MODEL, limits, origin="by hand", actor=admin("Anna"))
    school.lookalikes.refresh(MODEL, actor="Anna")
    found = calibrating.measure(course.course_id, actor=admin())

    listed = {(known.student, known.other) for known in school.lookalikes.listed(actor=admin())}
    assert set(found.confusable) == listed


def test_pairs_are_the_same_once_the_thresholds_that_fit_are_in_force(
    school: SmallSchool, calibrating: Calibrating, alike_course: Course
) -> None:
    found = calibrating.measure(alike_course.course_id, actor=admin())
    calibrating.use(found, actor=admin())
    again = calibrating.measure(alike_course.course_id, actor=admin())

    listed = [
        (known.pair.student_id, known.pair.other_id) for known in school.lookalikes.listed(actor=admin())
    ]
    assert sorted(again.alike) == sorted(listed)
    assert sorted(found.measured.calibration.confusable) == sorted(listed)


def test_too_few_people_are_shown_but_not_used(
    school: SmallSchool, calibrating: Calibrating, drawn: Drawn
) -> None:
    course, students = school.add_course(students=2)
    for person, student in enumerate(students):
        add(school, student, person)
    found = calibrating.measure(course.course_id, actor=admin())

    assert calibrating.chart(found, dark=False, scale=1) == b"light"
    assert drawn.charts[0].in_use == MODEL.thresholds
    assert found.confusable == []
    assert verdict_words(found.measured).startswith(
        "Faces of 2 people are enrolled. Fewer than 5 say nothing"
    )
    with pytest.raises(ConflictError, match="Fewer than 5 say nothing"):
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


@pytest.mark.parametrize(
    ("words", "model"),
    [
        ("The model’s own thresholds fit", MODEL),
        ("was never measured", replace(MODEL, spread=None)),
        (
            "would miss as many students as they save",
            replace(MODEL, spread=spread(impostor=(1.9, 0.3), genuine=(0.45, 0.1))),
        ),
    ],
)
def test_why_the_default_stays_is_said(
    school: SmallSchool, course: Course, words: str, model: ModelInfo
) -> None:
    found = school.galleries.measure(course.course_id, on=DAY, model=model, actor=admin())

    assert words in verdict_words(found.measured)
    assert not found.fits_better
    with pytest.raises(ConflictError, match=words):
        school.galleries.use(found, actor=admin())


def test_what_the_forecast_rests_on_is_said(
    school: SmallSchool, calibrating: Calibrating, course: Course
) -> None:
    sitting = calibrating.measure(course.course_id, actor=admin())
    assert "Nobody has pictures of two days" in basis_words(sitting.measured)

    school.clock.advance(24 * 3600)
    student = next(iter(sitting.students.values()))
    vector = vector_of(0)
    vector[7] = 0.2
    add_picture(school, student, vector)
    assert basis_words(calibrating.measure(course.course_id, actor=admin()).measured).startswith(
        "Forecast from the pictures of different days of 1 person"
    )


def test_shares_of_a_hundred_have_two_figures() -> None:
    def words(value: float) -> str:
        return expected_words(Expectation(value, Interval(0.0, value)))

    assert [words(one) for one in (0.23456, 0.0234, 0.00123, 0.00001, 0.0)] == [
        "23 (0 to 23)",
        "2.3 (0 to 2.3)",
        "0.12 (0 to 0.12)",
        "0 (0 to 0)",
        "0 (0 to 0)",
    ]


def test_an_empty_roster_has_words_too(school: SmallSchool, calibrating: Calibrating) -> None:
    course, _ = school.add_course(students=1)

    assert (
        "nothing can be said"
        in roster_words(calibrating.measure(course.course_id, actor=admin()).measured)[0]
    )
