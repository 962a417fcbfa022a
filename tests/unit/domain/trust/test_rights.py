import pytest

from kiosk.domain.people.staff import Role, User
from kiosk.domain.trust.rights import NOBODY, Actor, Right, rights_of
from kiosk.errors import ForbiddenError


def test_a_teacher_holds_classes_and_sees_to_their_records() -> None:
    assert rights_of(Role.TEACHER) == {
        Right.OWN_ACCOUNT,
        Right.TAKE,
        Right.CORRECT,
        Right.LEARN_FACE,
        Right.SEE_RECORDS,
        Right.EXPORT,
    }


def test_an_admin_may_do_everything() -> None:
    assert rights_of(Role.ADMIN) == set(Right)


@pytest.mark.parametrize("role", Role)
def test_who_signed_in_has_the_rights_of_the_role_and_a_closed_account_none(role: Role) -> None:
    assert Actor.of(User(7, "Kim", role)) == Actor("Kim", rights_of(role), 7)
    assert Actor.of(User(7, "Kim", role, active=False)) == Actor("Kim", frozenset(), 7)


def test_the_command_line_may_do_everything_and_is_audited_as_the_user_of_this_pc() -> None:
    assert Actor.local("kim") == Actor("local:kim", frozenset(Right))


@pytest.mark.parametrize(
    ("actor", "right", "sentence"),
    [
        (
            Actor("Tom", rights_of(Role.TEACHER)),
            Right.ENROL,
            "Only an admin may enrol faces and record consent.",
        ),
        (Actor("Tom", frozenset(), 7), Right.TAKE, "The account Tom is closed."),
        (NOBODY, Right.TAKE, "Nobody is signed in."),
    ],
)
def test_a_refusal_says_who_may(actor: Actor, right: Right, sentence: str) -> None:
    assert not actor.may(right)
    with pytest.raises(ForbiddenError) as refused:
        actor.require(right)
    assert refused.value.user_text == sentence
    assert refused.value.hint
