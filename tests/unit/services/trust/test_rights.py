"""Every public use case with every role, with accounts that were closed meanwhile, and with nobody."""

import inspect
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.domain.people.staff import Role
from kiosk.domain.trust.rights import NOBODY, Actor, Right, rights_of
from kiosk.errors import ForbiddenError
from tests.fakes.actors import admin
from tests.unit.services.trust.use_cases import OWN, USE_CASES, Case, School, actor_of, public_methods
from tests.world.gui_kiosk import PASSWORD, GuiKiosk, gui_kiosk

INNER_STEPS = {"Enrolment.compare", "Lookalikes.refresh"}
"""They only write down who acted, and are called by use cases that checked."""

NOT_OF_THE_STAFF = {
    *("Throttle.reserve", "Throttle.succeeded", "Throttle.catch_up", "ApiTokens.check"),  # whoever signs in
    *("Attacks.record_later", "Incidents.note"),  # the kiosk itself
    *("Notices.tick", "RetentionRounds.tick", "Sessions.end_forgotten_later", "ClassClock.tick"),
    *(
        "Objections.make",
        "Pins.change",
        "PhoneEnrolments.enrol",
        "ConsentLetters.answer",
    ),  # students, and who holds a letter
}
"""They write and take no actor."""


@pytest.fixture(scope="module")
def kiosk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GuiKiosk]:
    with gui_kiosk(tmp_path_factory.mktemp("rights") / "data") as opened:
        opened.app.courses.lists.add_course(code=OWN, title="", room="", actor=admin())
        yield opened


@pytest.fixture(scope="module")
def actors(kiosk: GuiKiosk) -> dict[Actor, frozenset[Right]]:
    """Who acts, and what they may do now: closed accounts were closed after their owners had signed in."""
    found: dict[Actor, frozenset[Right]] = {NOBODY: frozenset(), Actor.local("kim"): frozenset(Right)}
    accounts = kiosk.app.people.accounts
    for role in Role:
        user = accounts.add(name=f"open {role}", role=role, password=PASSWORD, actor=admin())
        if role is Role.TEACHER:  # who teaches nothing takes nothing along
            for course in (kiosk.app.courses.lists.course(OWN), kiosk.course):
                kiosk.app.courses.teachers.assign(course, [user.user_id], actor=admin())
        found[Actor.of(user)] = rights_of(role)
        user = accounts.add(name=f"closed {role}", role=role, password=PASSWORD, actor=admin())
        found[Actor.of(user)] = frozenset()
        accounts.set_active(user.user_id, False, actor=admin())
    return found


@pytest.fixture(scope="module")
def cases(kiosk: GuiKiosk, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Case]]:
    school = School(kiosk, tmp_path_factory.mktemp("files"))
    yield school.cases()
    school.models.close()
    school.app.models.comparing.close()


@pytest.mark.parametrize("name", USE_CASES)
def test_only_who_has_the_right_now_is_served(
    name: str, cases: dict[str, Case], actors: dict[Actor, frozenset[Right]]
) -> None:
    case = cases[name]
    served = {actor.name: case.is_allowed(name.partition(".")[2], actor) for actor in actors}
    assert served == {actor.name: case.right in rights for actor, rights in actors.items()}


def test_the_walk_names_no_use_case_that_is_gone(cases: dict[str, Case]) -> None:
    assert sorted(cases) == USE_CASES


def test_nothing_else_writes_for_somebody() -> None:
    methods = public_methods()
    inner = {name for name, method in methods.items() if actor_of(method) not in {None, Actor}}
    without = {
        name
        for name, method in methods.items()
        if actor_of(method) is None and "_store.write" in inspect.getsource(method)
    }
    assert (inner, without) == (INNER_STEPS, NOT_OF_THE_STAFF)


def test_a_yes_needs_another_right_than_a_no(kiosk: GuiKiosk) -> None:
    enrols = Actor("Eva", frozenset({Right.ENROL}))
    student = kiosk.students[2].student_id
    assert kiosk.app.people.consents.record(student, given=True, actor=enrols).given
    with pytest.raises(ForbiddenError, match="delete faces"):
        kiosk.app.people.consents.record(student, given=False, actor=enrols)


def test_a_class_list_for_a_course_needs_the_right_to_manage_courses(kiosk: GuiKiosk, tmp_path: Path) -> None:
    manages = Actor("Max", frozenset({Right.MANAGE_PEOPLE}))
    path, day = tmp_path / "list.csv", kiosk.app.core.today()
    path.write_text("student_no,full_name\nS900,Grete Hall\n")
    assert kiosk.app.courses.lists.import_roster(path, course_code=None, since=day, actor=manages).added == (
        "S900",
    )
    with pytest.raises(ForbiddenError, match="manage courses"):
        kiosk.app.courses.lists.import_roster(path, course_code="MA 9", since=day, actor=manages)


def test_anybody_changes_their_own_password_and_nobody_elses(kiosk: GuiKiosk) -> None:
    accounts, tom = kiosk.app.people.accounts, Actor.of(kiosk.teacher)
    accounts.change_password(kiosk.teacher.user_id, "a new long password", actor=tom)
    assert accounts.sign_in("Tom", "a new long password") == kiosk.teacher
    with pytest.raises(ForbiddenError):
        accounts.change_password(kiosk.admin.user_id, "a new long password", actor=tom)
