import pytest

from kiosk.domain.people.staff import Role
from kiosk.domain.records.record_list import RecordQuestion
from kiosk.domain.trust.rights import Actor
from kiosk.errors import ConflictError, ForbiddenError, NotFoundError
from kiosk.services.records.saved_views import SavedViews
from tests.fakes.actors import admin
from tests.unit.services.attendance.classes import actions
from tests.world.school import SmallSchool

ABSENT = RecordQuestion(search="absent")


@pytest.fixture
def views(school: SmallSchool) -> SavedViews:
    return school.cases.records.views


@pytest.fixture
def accounts(school: SmallSchool) -> tuple[Actor, Actor, Actor]:
    """Two teachers and an admin."""
    tom, tina = (_account(school, name, Role.TEACHER) for name in ("Tom", "Tina"))
    return tom, tina, _account(school, "Ada", Role.ADMIN)


def _account(school: SmallSchool, name: str, role: Role) -> Actor:
    user = school.accounts.add(name=name, role=role, password="correct horse battery", actor=admin())
    return Actor.of(user)


def names(views: SavedViews, actor: Actor) -> list[str]:
    return [view.name for view in views.all(actor=actor)]


def test_own_views_are_ones_own_and_shared_ones_everybodys(
    views: SavedViews, accounts: tuple[Actor, Actor, Actor], school: SmallSchool
) -> None:
    tom, tina, _ada = accounts
    views.save("  Mine \n alone ", ABSENT, is_shared=False, actor=tom)
    views.save("For all", ABSENT, is_shared=True, actor=tom)
    assert names(views, tom) == ["For all", "Mine alone"]
    assert names(views, tina) == ["For all"]
    assert actions(school)[-2:] == ["view.saved", "view.saved"]


def test_a_view_is_opened_with_what_it_asks_for(
    views: SavedViews, accounts: tuple[Actor, Actor, Actor]
) -> None:
    tom, tina, _ada = accounts
    own = views.save("Mine", ABSENT, is_shared=False, actor=tom)
    assert views.open(own.view_id, actor=tom).question == ABSENT
    with pytest.raises(NotFoundError, match="does not exist any more"):
        views.open(own.view_id, actor=tina)


def test_saving_again_under_the_same_name_replaces_ones_own(
    views: SavedViews, accounts: tuple[Actor, Actor, Actor]
) -> None:
    tom, tina, _ada = accounts
    first = views.save("Week", ABSENT, is_shared=True, actor=tom)
    again = views.save("WEEK", RecordQuestion(only_changed=True), is_shared=True, actor=tom)
    assert (again.view_id, names(views, tom)) == (first.view_id, ["WEEK"])
    with pytest.raises(ConflictError, match="already"):
        views.save("week", ABSENT, is_shared=False, actor=tina)


@pytest.mark.parametrize("name", ["", "  \n", "x" * 61])
def test_a_view_needs_a_name_of_reasonable_length(views: SavedViews, name: str) -> None:
    with pytest.raises(ConflictError):
        views.save(name, ABSENT, is_shared=False, actor=admin())


def test_only_its_owner_and_an_admin_rename_and_delete_a_view(
    views: SavedViews, accounts: tuple[Actor, Actor, Actor]
) -> None:
    tom, tina, ada = accounts
    view = views.save("Week", ABSENT, is_shared=True, actor=tom)
    with pytest.raises(ForbiddenError, match="Somebody else"):
        views.rename(view.view_id, "Mine now", actor=tina)
    with pytest.raises(ForbiddenError):
        views.delete(view.view_id, actor=tina)
    assert views.rename(view.view_id, "This week", actor=tom).name == "This week"
    assert views.delete(view.view_id, actor=ada).question == ABSENT
    assert names(views, tom) == []


def test_a_name_that_another_view_has_is_refused(
    views: SavedViews, accounts: tuple[Actor, Actor, Actor]
) -> None:
    tom = accounts[0]
    views.save("Week", ABSENT, is_shared=False, actor=tom)
    month = views.save("Month", ABSENT, is_shared=False, actor=tom)
    with pytest.raises(ConflictError, match="Week already"):
        views.rename(month.view_id, "Week", actor=tom)


def test_the_list_opens_with_the_view_that_an_account_chose(
    views: SavedViews, accounts: tuple[Actor, Actor, Actor]
) -> None:
    tom, tina, _ada = accounts
    view = views.save("Week", ABSENT, is_shared=True, actor=tom)
    views.choose_default(view.view_id, actor=tina)
    assert (views.default(actor=tina), views.default(actor=tom)) == (view.view_id, None)
    views.choose_default(None, actor=tina)
    assert views.default(actor=tina) is None
    views.choose_default(view.view_id, actor=tina)
    views.delete(view.view_id, actor=tom)
    assert views.default(actor=tina) is None
    with pytest.raises(NotFoundError):
        views.choose_default(view.view_id, actor=tina)


def test_a_view_of_a_course_that_is_gone_opens_without_it_and_says_so(
    views: SavedViews, school: SmallSchool
) -> None:
    course, students = school.add_course()
    kept = views.save(
        "Theirs", RecordQuestion(search="x", course_id=course.course_id), is_shared=True, actor=admin()
    )
    gone = views.save(
        "Gone", RecordQuestion(search="x", course_id=99, student_id=99), is_shared=True, actor=admin()
    )
    opened = views.open(kept.view_id, actor=admin())
    assert (opened.lost_course, opened.question.course_id) == (False, course.course_id)
    lost = views.open(gone.view_id, actor=admin())
    assert (lost.lost_course, lost.lost_student, lost.question) == (True, True, RecordQuestion(search="x"))
    assert students


def test_the_list_opens_with_all_records_when_the_chosen_view_is_not_shared_any_more(
    views: SavedViews, accounts: tuple[Actor, Actor, Actor]
) -> None:
    tom, tina, _ada = accounts
    view = views.save("Week", ABSENT, is_shared=True, actor=tom)
    for actor in (tom, tina):
        views.choose_default(view.view_id, actor=actor)
    views.save("Week", ABSENT, is_shared=False, actor=tom)
    assert (views.default(actor=tina), views.default(actor=tom)) == (None, view.view_id)
