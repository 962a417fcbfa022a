import pytest
from httpx import Response

from kiosk.domain.trust.api_tokens import Scope
from kiosk.web.api.access import accepts
from kiosk.web.http.guard import MAX_BODY_BYTES
from tests.fakes.actors import admin
from tests.world.api_school import ApiSchool, Program


def detail(answer: Response, status: int) -> str:
    """What a problem document says, after a look at its form."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == status
    assert body["type"] == "about:blank"
    assert body["title"]
    said = body["detail"]
    assert isinstance(said, str)
    return said


@pytest.mark.parametrize("path", ["/", "/openapi.json", "/courses", "/nothing"])
def test_without_tls_only_this_pc_may_ask(school: ApiSchool, path: str) -> None:
    token = school.token()
    with Program(school.app(), token, address="10.0.0.7") as far:
        far.client.headers["X-Forwarded-For"] = "127.0.0.1"
        far.client.headers["X-Forwarded-Proto"] = "https"
        assert "HTTPS only" in detail(far.get(path), 403)
        assert far.client.get("/").status_code == 200
    with Program(school.app(), token, address="10.0.0.7", scheme="https") as secure:
        assert secure.get("/courses").status_code == 200


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.0.1", "::1", "::ffff:127.0.0.1"])
def test_this_pc_may_ask_by_any_of_its_own_addresses(school: ApiSchool, address: str) -> None:
    with Program(school.app(), school.token(), address=address) as near:
        assert near.get("/courses").status_code == 200


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "Via", "X-Real-IP", "X-Forwarded-Proto"])
def test_a_proxy_on_this_pc_does_not_open_the_door_to_others(school: ApiSchool, header: str) -> None:
    token = school.token()
    with Program(school.app(), token) as through:
        assert "HTTPS only" in detail(through.get("/courses", **{header: "10.0.0.7"}), 403)
        assert through.get("/courses").status_code == 200
    with Program(school.app(), token, host="kiosk.test") as keeping:  # as the documents say that a proxy must
        assert "HTTPS only" in detail(keeping.get("/courses"), 403)


@pytest.mark.parametrize("scheme", ["", "Basic ", "Bearer ", "bearer"])
def test_a_wrong_token_is_told_how_to_send_one(school: ApiSchool, scheme: str) -> None:
    with Program(school.app()) as stranger:
        headers = {"Authorization": f"{scheme}kiosk-1-{'x' * 43}"} if scheme else {}
        answer = stranger.get("/courses", **headers)
        assert "token" in detail(answer, 401).lower()
        assert answer.headers["www-authenticate"].startswith("Bearer")


def test_a_revoked_token_opens_nothing_at_once(school: ApiSchool, program: Program) -> None:
    assert program.get("/courses").status_code == 200
    school.tokens.revoke(1, actor=admin("Ada"))
    detail(program.get("/courses"), 401)


@pytest.mark.parametrize(
    ("scope", "path"),
    [
        (Scope.COURSES_READ, "/courses"),
        (Scope.COURSES_READ, "/courses/1"),
        (Scope.COURSES_READ, "/courses/1/students"),
        (Scope.SESSIONS_READ, "/sessions"),
        (Scope.SESSIONS_READ, "/sessions/1"),
        (Scope.RECORDS_READ, "/sessions/1/records"),
        (Scope.RECORDS_READ, "/records"),
        (Scope.RECORDS_READ, "/records/1"),
        (Scope.EXPORT_READ, "/export.csv"),
        (Scope.EXPORT_READ, "/export.xlsx"),
    ],
)
def test_each_operation_needs_its_scope_and_no_other(school: ApiSchool, scope: Scope, path: str) -> None:
    with Program(school.app(), school.token(scope)) as fitting:
        assert fitting.get(path).status_code == 200
        others = [other for other in Scope if other is not scope]
        lacking = school.token(*others, name="Others")
        answer = fitting.get(path, Authorization=f"Bearer {lacking}")
        assert scope.value in detail(answer, 403)
        assert "insufficient_scope" in answer.headers["www-authenticate"]


def test_other_failures_are_problems_too(program: Program) -> None:
    assert "openapi" not in detail(program.get("/nothing"), 404)
    refused = program.client.post("/api/v1/courses")
    assert "GET" in detail(refused, 405)
    assert refused.headers["allow"] == "GET"
    detail(program.get("/courses", Accept="text/csv"), 406)
    detail(program.client.request("GET", "/api/v1/courses", content=b"{}"), 415)
    detail(program.client.post("/api/v1/courses", content=b"x" * (MAX_BODY_BYTES + 1)), 413)
    detail(program.get("/courses/99"), 404)
    detail(program.client.get("/api/v2/courses"), 404)
    detail(program.client.get("/api/v1"), 404)


def test_a_value_at_fault_is_named(program: Program) -> None:
    answer = program.get("/records?limit=201&status=asleep")
    detail(answer, 422)
    assert {one["where"] for one in answer.json()["errors"]} == {"query.limit", "query.status"}
    assert all(one["message"] for one in answer.json()["errors"])


def test_a_network_that_may_not_come_is_told_so_in_the_same_form(school: ApiSchool) -> None:
    session = school.classroom.open_class()
    with Program(
        school.app(allowed="10.20.0.0/16"), school.token(), address="8.8.8.8", scheme="https"
    ) as far:
        assert "network" in detail(far.get("/courses"), 403)
    assert school.classroom.outsiders(session) == 1


@pytest.mark.logs_warnings
def test_the_unforeseen_is_a_problem_without_its_cause(
    school: ApiSchool, program: Program, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def burst(_wanted: object) -> None:
        raise RuntimeError("the cause")

    monkeypatch.setattr(school.services.reading, "courses", burst)
    answer = program.get("/courses")
    assert "log" in detail(answer, 500)
    assert "cause" not in answer.text
    assert "unforeseen" in caplog.text


def test_a_token_that_asks_too_often_is_told_when_to_go_on(school: ApiSchool, program: Program) -> None:
    answers = [program.get("/courses/1") for _ in range(101)]
    assert [answer.status_code for answer in answers] == [200] * 100 + [429]
    assert answers[-1].headers["retry-after"] == "1"
    detail(answers[-1], 429)
    other = school.token(name="Another")
    assert program.get("/courses/1", Authorization=f"Bearer {other}").status_code == 200
    school.classroom.clock.advance(1)
    assert [program.get("/courses/1").status_code for _ in range(11)] == [200] * 10 + [429]


def test_another_web_part_does_not_let_a_token_ask_more_often(school: ApiSchool) -> None:
    token = school.token()
    with Program(school.app(), token) as before:
        assert [before.get("/courses/1").status_code for _ in range(100)] == [200] * 100
    with Program(school.app(), token) as after:
        assert after.get("/courses/1").status_code == 429


def test_the_protective_headers_stand_here_too(program: Program) -> None:
    headers = program.get("/courses").headers
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert "set-cookie" not in headers


@pytest.mark.parametrize(
    ("header", "lets_through"),
    [
        ("", True),
        ("*/*", True),
        ("application/*;q=0.5", True),
        ("text/html, application/json;q=0.1", True),
        ("text/html", False),
        ("application/json;q=0", False),
        ("*/*, application/json;q=0.0", False),
        ("application/json, */*;q=0", True),
        (";;,=", False),
    ],
)
def test_what_an_accept_header_lets_through(header: str, lets_through: bool) -> None:
    assert accepts(header, "application/json") is lets_through
