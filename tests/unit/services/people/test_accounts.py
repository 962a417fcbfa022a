from pathlib import Path

import pytest

from kiosk.domain.people.staff import Role, User
from kiosk.domain.trust.api_tokens import Scope
from kiosk.domain.trust.rights import Actor
from kiosk.errors import ConflictError, ForbiddenError, NotFoundError, SignInError, ThrottledError
from kiosk.services.people.accounts import MAX_PASSWORD, MIN_PASSWORD, Accounts
from tests.fakes.actors import admin
from tests.world.kiosk import QuickHasher
from tests.world.school import SmallSchool, open_school

GOOD = "correct horse battery"


def add(school: SmallSchool, name: str = "Anna", role: Role = Role.ADMIN, password: str = GOOD) -> User:
    return school.accounts.add(name=name, role=role, password=password, actor=admin("the test"))


def fail(school: SmallSchool, name: str = "Anna", times: int = 1) -> None:
    for _ in range(times):
        with pytest.raises(SignInError):
            school.accounts.sign_in(name, "a wrong password")


def audit(school: SmallSchool) -> list[tuple[str, str]]:
    entries = school.store.read(lambda repositories: repositories.audit.entries())
    return [(entry.action, entry.subject) for entry in reversed(entries)]


# -- who there is


def test_a_new_kiosk_needs_a_first_admin_and_a_teacher_is_none(school: SmallSchool) -> None:
    assert school.accounts.needs_first_admin()
    add(school, "Tom", Role.TEACHER)
    assert school.accounts.needs_first_admin()
    add(school, "Anna", Role.ADMIN)
    assert not school.accounts.needs_first_admin()


def test_accounts_are_listed_by_name_and_their_making_is_logged(school: SmallSchool) -> None:
    tom = add(school, "Tom", Role.TEACHER)
    anna = add(school, "  Anna\tLena ")

    assert school.accounts.all(actor=admin()) == [anna, tom]
    assert anna.name == "Anna Lena"
    assert audit(school) == [("user.added", "Tom"), ("user.added", "Anna Lena")]


@pytest.mark.parametrize("name", ["", "   ", "x" * 65])
def test_a_name_must_have_one_to_64_characters(school: SmallSchool, name: str) -> None:
    with pytest.raises(ConflictError, match="1 to 64"):
        add(school, name)
    assert school.accounts.all(actor=admin()) == []


def test_a_name_is_taken_whatever_its_case(school: SmallSchool) -> None:
    add(school, "Zoë")

    with pytest.raises(ConflictError, match="exists already"):
        add(school, "ZOE")
    assert len(school.accounts.all(actor=admin())) == 1


@pytest.mark.parametrize("length", [MIN_PASSWORD, MAX_PASSWORD])
def test_passwords_of_the_outermost_lengths_are_taken(school: SmallSchool, length: int) -> None:
    user = add(school, password="p" * length)

    assert school.accounts.sign_in("Anna", "p" * length) == user


@pytest.mark.parametrize(
    ("length", "words"),
    [(0, "at least 10"), (MIN_PASSWORD - 1, "at least 10"), (MAX_PASSWORD + 1, "at most 128")],
)
def test_a_password_of_another_length_is_refused_and_says_what_is_wrong(
    school: SmallSchool, length: int, words: str
) -> None:
    with pytest.raises(SignInError, match=words):
        add(school, password="p" * length)
    assert school.accounts.all(actor=admin()) == []


# -- signing in


@pytest.mark.parametrize("name", ["Anna", "anna", " ANNA "])
def test_the_right_password_signs_in_whatever_the_case_of_the_name(school: SmallSchool, name: str) -> None:
    user = add(school)

    assert school.accounts.sign_in(name, GOOD) == user


def test_a_wrong_password_an_unknown_name_and_a_closed_account_answer_alike(school: SmallSchool) -> None:
    add(school)
    closed = add(school, "Tom", Role.TEACHER)
    school.accounts.set_active(closed.user_id, False, actor=admin("Anna"))
    answers = set()

    for name, password in [("Anna", "a wrong password"), ("Nobody", GOOD), ("Tom", GOOD)]:
        with pytest.raises(SignInError) as refusal:
            school.accounts.sign_in(name, password)
        answers.add((type(refusal.value), str(refusal.value)))

    assert len(answers) == 1


def test_passwords_are_told_apart_by_case_and_blanks(school: SmallSchool) -> None:
    add(school)

    for wrong in (GOOD.upper(), GOOD + " ", GOOD.replace(" ", "")):
        with pytest.raises(SignInError):
            school.accounts.sign_in("Anna", wrong)


def test_after_five_wrong_tries_even_the_right_password_must_wait(school: SmallSchool) -> None:
    user = add(school)
    fail(school, times=5)

    with pytest.raises(ThrottledError, match="wait 5 seconds"):
        school.accounts.sign_in("Anna", GOOD)
    school.clock.advance(4.5)
    with pytest.raises(ThrottledError, match="wait 1 second and"):
        school.accounts.sign_in("Anna", GOOD)
    school.clock.advance(0.5)
    assert school.accounts.sign_in("Anna", GOOD) == user


def test_each_further_wrong_try_rests_twice_as_long(school: SmallSchool) -> None:
    add(school)
    fail(school, times=5)
    for rest_s, words in [(5, "10 seconds"), (10, "20 seconds"), (20, "30 seconds"), (30, "30 seconds")]:
        school.clock.advance(rest_s)
        fail(school)
        with pytest.raises(ThrottledError, match=words):
            school.accounts.sign_in("Anna", GOOD)


def test_tries_during_the_rest_do_not_make_it_longer(school: SmallSchool) -> None:
    user = add(school)
    fail(school, times=5)
    for _ in range(10):
        with pytest.raises(ThrottledError):
            school.accounts.sign_in("Anna", "a wrong password")

    school.clock.advance(30)
    assert school.accounts.sign_in("Anna", GOOD) == user


def test_a_name_that_does_not_exist_rests_too(school: SmallSchool) -> None:
    fail(school, "Nobody", times=5)

    with pytest.raises(ThrottledError):
        school.accounts.sign_in("nobody", GOOD)


def test_signing_in_forgives_what_was_counted(school: SmallSchool) -> None:
    user = add(school)
    fail(school, times=4)
    school.accounts.sign_in("Anna", GOOD)

    fail(school, times=4)
    assert school.accounts.sign_in("Anna", GOOD) == user


def test_the_rest_of_one_account_is_not_that_of_another(school: SmallSchool) -> None:
    add(school)
    tom = add(school, "Tom", Role.TEACHER)
    fail(school, times=6 - 1)

    assert school.accounts.sign_in("Tom", GOOD) == tom


def test_a_restart_forgives_nothing(data_dir: Path) -> None:
    with open_school(data_dir) as school:
        add(school)
        fail(school, times=5)
    with open_school(data_dir) as again:
        with pytest.raises(ThrottledError):
            again.accounts.sign_in("Anna", GOOD)
        again.clock.advance(30)
        assert again.accounts.sign_in("Anna", GOOD).name == "Anna"


class ChangingHasher(QuickHasher):
    """Its parameters can be raised; it still knows the old hashes."""

    parameters = "weak"

    def hash(self, secret: str) -> str:
        return f"{self.parameters}:{secret}"

    def verify(self, secret_hash: str | None, secret: str) -> bool:
        return secret_hash in {f"weak:{secret}", f"strong:{secret}"}

    def is_outdated(self, secret_hash: str) -> bool:
        return not secret_hash.startswith(self.parameters)


def test_an_outdated_hash_is_renewed_at_the_next_sign_in(school: SmallSchool) -> None:
    hasher = ChangingHasher()
    accounts = Accounts(store=school.store, hasher=hasher, clock=school.clock, throttle=school.throttle)
    user = accounts.add(name="Anna", role=Role.ADMIN, password=GOOD, actor=admin("the test"))
    hasher.parameters = "strong"
    with pytest.raises(SignInError):
        accounts.sign_in("Anna", "a wrong password")
    stored = [school.store.read(lambda repositories: repositories.users.password_hash(user.user_id))]

    accounts.sign_in("Anna", GOOD)

    stored.append(school.store.read(lambda repositories: repositories.users.password_hash(user.user_id)))
    assert stored == [f"weak:{GOOD}", f"strong:{GOOD}"]
    assert accounts.sign_in("Anna", GOOD) == user


def test_a_current_hash_is_left_as_it_is(school: SmallSchool) -> None:
    user = add(school)
    before = school.store.read(lambda repositories: repositories.users.password_hash(user.user_id))

    school.accounts.sign_in("Anna", GOOD)

    assert school.store.read(lambda repositories: repositories.users.password_hash(user.user_id)) == before
    assert audit(school) == [("user.added", "Anna"), ("user.signed_in", "Anna")]


def test_a_password_that_is_asked_for_again_is_an_entry_of_its_own(school: SmallSchool) -> None:
    add(school)
    school.accounts.sign_in("Anna", GOOD)
    school.accounts.sign_in("Anna", GOOD, again=True)
    with pytest.raises(SignInError):
        school.accounts.sign_in("Anna", "a wrong password", again=True)
    assert audit(school)[1:] == [("user.signed_in", "Anna"), ("user.password_confirmed", "Anna")]


# -- changing


def test_a_changed_password_replaces_the_old_one(school: SmallSchool) -> None:
    user = add(school)

    school.accounts.change_password(user.user_id, "another good one", actor=admin("Anna"))

    with pytest.raises(SignInError):
        school.accounts.sign_in("Anna", GOOD)
    assert school.accounts.sign_in("Anna", "another good one") == user
    assert audit(school)[-2:] == [("user.password_changed", "Anna"), ("user.signed_in", "Anna")]


def test_a_password_that_is_too_short_changes_nothing(school: SmallSchool) -> None:
    user = add(school)

    with pytest.raises(SignInError):
        school.accounts.change_password(user.user_id, "short", actor=admin("Anna"))
    assert school.accounts.sign_in("Anna", GOOD) == user


def test_an_unknown_account_cannot_be_changed(school: SmallSchool) -> None:
    with pytest.raises(NotFoundError):
        school.accounts.change_password(99, GOOD, actor=admin("Anna"))
    with pytest.raises(NotFoundError):
        school.accounts.set_active(99, False, actor=admin("Anna"))


def test_the_last_admin_cannot_be_closed(school: SmallSchool) -> None:
    anna = add(school)
    add(school, "Tom", Role.TEACHER)

    with pytest.raises(ForbiddenError, match="last admin"):
        school.accounts.set_active(anna.user_id, False, actor=admin("Anna"))
    assert school.accounts.sign_in("Anna", GOOD) == anna


def test_of_two_admins_one_can_be_closed_and_then_the_other_not(school: SmallSchool) -> None:
    anna, otto = add(school), add(school, "Otto")
    school.accounts.set_active(anna.user_id, False, actor=admin("Otto"))

    with pytest.raises(ForbiddenError):
        school.accounts.set_active(otto.user_id, False, actor=admin("Otto"))
    school.accounts.set_active(anna.user_id, True, actor=admin("Otto"))
    school.accounts.set_active(otto.user_id, False, actor=admin("Anna"))

    assert audit(school)[2:] == [("user.closed", "Anna"), ("user.reopened", "Anna"), ("user.closed", "Otto")]
    fail(school, "Otto")


def test_closing_a_closed_admin_again_is_harmless(school: SmallSchool) -> None:
    anna = add(school)
    add(school, "Otto")
    school.accounts.set_active(anna.user_id, False, actor=admin("Otto"))

    school.accounts.set_active(anna.user_id, False, actor=admin("Otto"))

    assert [user.active for user in school.accounts.all(actor=admin())] == [False, True]


def test_no_password_stands_in_the_log_of_changes(school: SmallSchool) -> None:
    user = add(school)
    school.accounts.change_password(user.user_id, "another good one", actor=admin("Anna"))
    entries = school.store.read(lambda repositories: repositories.audit.entries())

    assert all(secret not in repr(entries) for secret in (GOOD, "another good one"))


def test_wrong_passwords_at_the_keyboard_cost_a_teacher_half_a_minute_at_most(school: SmallSchool) -> None:
    """Five wrong ones locked the teacher out, in the end for an hour."""
    school.accounts.add(name="Tom", role=Role.TEACHER, password="correct horse", actor=admin("test"))
    for _ in range(200):
        with pytest.raises(SignInError):
            school.accounts.sign_in("Tom", "wrong")
        school.clock.advance(30)
    with pytest.raises(SignInError):
        school.accounts.sign_in("Tom", "wrong")
    school.clock.advance(30)
    assert school.accounts.sign_in("Tom", "correct horse").name == "Tom"


def test_a_new_password_works_at_once(school: SmallSchool) -> None:
    tom = school.accounts.add(name="Tom", role=Role.TEACHER, password="correct horse", actor=admin("test"))
    for _ in range(6):
        with pytest.raises(SignInError):
            school.accounts.sign_in("Tom", "wrong")
    school.accounts.change_password(tom.user_id, "another horse", actor=admin("Ada"))
    assert school.accounts.sign_in("Tom", "another horse").name == "Tom"


def test_closing_an_account_revokes_the_tokens_that_it_made(school: SmallSchool) -> None:
    ada = school.accounts.add(name="Ada", role=Role.ADMIN, password="correct horse", actor=admin("test"))
    school.accounts.add(name="Eve", role=Role.ADMIN, password="correct horse", actor=admin("test"))
    tokens = school.cases.trust.api_tokens
    of_ada = tokens.make(name="plan", scopes=[Scope.COURSES_READ], actor=Actor.of(ada))
    of_eve = tokens.make(name="board", scopes=[Scope.COURSES_READ], actor=admin("Eve"))
    school.accounts.set_active(ada.user_id, False, actor=admin("Eve"))
    with pytest.raises(SignInError):
        tokens.check(of_ada.text)
    assert tokens.check(of_eve.text).name == "board"
    assert school.accounts.mark(ada.user_id) == ""


def test_what_a_sign_in_is_good_for_changes_with_the_password(school: SmallSchool) -> None:
    ada = school.accounts.add(name="Ada", role=Role.ADMIN, password="correct horse", actor=admin("test"))
    before = school.accounts.mark(ada.user_id)
    assert before == school.accounts.mark(ada.user_id)
    school.accounts.change_password(ada.user_id, "another horse", actor=admin("Eve"))
    assert school.accounts.mark(ada.user_id) not in {"", before}


def test_another_role_ends_sign_ins_and_stands_in_the_log(school: SmallSchool) -> None:
    for name in ("Ada", "Eva"):
        school.accounts.add(name=name, role=Role.ADMIN, password="a long password", actor=admin())
    eva = next(one for one in school.accounts.all(actor=admin()) if one.name == "Eva")
    before = school.accounts.mark(eva.user_id)
    school.accounts.set_role(eva.user_id, Role.TEACHER, actor=admin("Ada"))
    assert school.accounts.mark(eva.user_id) != before
    entry = school.store.read(lambda it: it.audit.entries(1)[0])
    assert (entry.action, entry.subject, entry.detail) == ("user.role_changed", "Eva", "admin → teacher")
    school.accounts.set_role(eva.user_id, Role.TEACHER, actor=admin("Ada"))
    assert school.store.read(lambda it: it.audit.entries(1)[0]) == entry
