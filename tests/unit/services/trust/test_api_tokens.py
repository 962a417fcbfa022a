from dataclasses import replace
from datetime import timedelta

import pytest

from kiosk.domain.trust.api_tokens import Scope, TokenState, parse_token
from kiosk.errors import ConflictError, NotFoundError, SignInError
from kiosk.services.trust.api_token_queries import ApiTokenQueries
from kiosk.services.trust.api_tokens import ApiTokens, MadeToken
from tests.fakes.actors import admin
from tests.world.school import SmallSchool


@pytest.fixture
def tokens(school: SmallSchool) -> ApiTokens:
    return ApiTokens(store=school.store, clock=school.clock)


def make(tokens: ApiTokens, name: str = "Timetable", days: int | None = None) -> MadeToken:
    return tokens.make(
        name=name, scopes=[Scope.RECORDS_READ, Scope.COURSES_READ], days=days, actor=admin("Ada")
    )


def test_a_token_opens_what_it_was_made_for(tokens: ApiTokens, school: SmallSchool) -> None:
    made = make(tokens, "  Time\ttable ")
    found = tokens.check(made.text)
    assert found == made.token
    assert found.name == "Time table"
    assert found.scope_list == (Scope.COURSES_READ, Scope.RECORDS_READ)
    assert found.created_at == school.clock.now()
    assert found.created_by == "Ada"


def test_a_secret_has_256_bits_and_is_another_each_time(tokens: ApiTokens) -> None:
    texts = {make(tokens, f"Token {number}").text for number in range(20)}
    parsed = [parse_token(text) for text in texts]
    secrets = {one[1] for one in parsed if one is not None}
    assert len(secrets) == 20
    assert {len(secret) for secret in secrets} == {43}  # 32 bytes as base64url


def test_the_secret_is_neither_kept_nor_shown_by_accident(tokens: ApiTokens, school: SmallSchool) -> None:
    made = make(tokens)
    parsed = parse_token(made.text)
    assert parsed is not None
    secret = parsed[1]
    kept = school.store.read(
        lambda repositories: ApiTokenQueries(db_session=repositories.db_session).secret_hash(
            made.token.token_id
        )
    )
    entries = school.store.read(lambda repositories: repositories.audit.entries())
    assert kept is not None
    assert len(kept) == 64
    assert secret not in f"{kept}{made!r}{tokens.all(actor=admin())!r}{entries!r}"


def test_wrong_tokens_get_the_same_answer(tokens: ApiTokens, school: SmallSchool) -> None:
    made, revoked, expired = make(tokens), make(tokens, "Old"), make(tokens, "Short", days=1)
    tokens.revoke(revoked.token.token_id, actor=admin("Ada"))
    school.clock.advance(timedelta(days=1).total_seconds())
    other = made.text[:-1] + ("A" if made.text[-1] != "A" else "B")
    swapped = made.text.replace("kiosk-1-", "kiosk-2-")
    answers = set()
    for wrong in (
        revoked.text,
        expired.text,
        other,
        swapped,
        "",
        "kiosk-9-" + "x" * 43,
        made.text + "\n",
        "é",
    ):
        with pytest.raises(SignInError) as refused:
            tokens.check(wrong)
        answers.add(str(refused.value))
    assert len(answers) == 1
    assert tokens.check(made.text).token_id == made.token.token_id


def test_a_token_lasts_to_the_last_moment(tokens: ApiTokens, school: SmallSchool) -> None:
    made = make(tokens, days=2)
    school.clock.advance(timedelta(days=2).total_seconds() - 1)
    assert tokens.state(tokens.check(made.text)) is TokenState.GOOD
    school.clock.advance(1)
    assert tokens.state(made.token) is TokenState.EXPIRED


def test_the_last_use_is_written_once_a_minute(tokens: ApiTokens, school: SmallSchool) -> None:
    made = make(tokens)
    first = school.clock.now()
    tokens.check(made.text)
    school.clock.advance(59)
    tokens.check(made.text)
    assert tokens.all(actor=admin())[0].last_used_at == first
    school.clock.advance(1)
    tokens.check(made.text)
    assert tokens.all(actor=admin())[0].last_used_at == first + timedelta(minutes=1)


def test_making_and_revoking_are_logged_once(tokens: ApiTokens, school: SmallSchool) -> None:
    made = make(tokens)
    revoked = tokens.revoke(made.token.token_id, actor=admin("Ben"))
    assert revoked == replace(made.token, revoked_at=school.clock.now())
    assert tokens.revoke(made.token.token_id, actor=admin("Ben")) == revoked
    entries = school.store.read(lambda repositories: repositories.audit.entries())
    assert [(one.actor, one.action, one.subject, one.detail) for one in reversed(entries)] == [
        ("Ada", "token.made", "1 Timetable", "courses:read records:read"),
        ("Ben", "token.revoked", "1 Timetable", ""),
    ]
    with pytest.raises(NotFoundError):
        tokens.revoke(99, actor=admin("Ben"))


def test_the_newest_token_stands_first(tokens: ApiTokens) -> None:
    make(tokens, "One")
    make(tokens, "Two")
    assert [token.name for token in tokens.all(actor=admin())] == ["Two", "One"]


def test_a_name_is_free_again_once_its_token_is_revoked(tokens: ApiTokens) -> None:
    made = make(tokens)
    with pytest.raises(ConflictError, match="Timetable"):
        make(tokens, "TIMETABLE")
    tokens.revoke(made.token.token_id, actor=admin("Ada"))
    assert make(tokens).token.token_id != made.token.token_id


@pytest.mark.parametrize(
    ("name", "scopes", "days"),
    [
        (" ", [Scope.COURSES_READ], None),
        ("x" * 65, [Scope.COURSES_READ], None),
        ("Timetable", [], None),
        ("Timetable", [Scope.COURSES_READ], 0),
        ("Timetable", [Scope.COURSES_READ], 3651),
    ],
)
def test_what_makes_no_sense_is_refused(
    tokens: ApiTokens, name: str, scopes: list[Scope], days: int | None
) -> None:
    with pytest.raises(ConflictError):
        tokens.make(name=name, scopes=scopes, days=days, actor=admin("Ada"))
    assert tokens.all(actor=admin()) == []
