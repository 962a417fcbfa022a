import json

import pytest

from kiosk.domain.attendance.choices import Status
from tests.world.api_school import HELD, ApiSchool, Program


def test_courses_and_who_is_in_them(school: ApiSchool, program: Program) -> None:
    course = {"id": 1, "code": "CS 101", "title": "Algorithms", "room": "4.12"}
    assert program.get("/courses").json() == {"items": [course], "next": None}
    assert program.get("/courses/1").json() == course
    anita = {"id": 1, "student_no": "S2041", "full_name": "Anita Rao"}
    assert program.get("/courses/1/students").json()["items"] == [anita]
    assert program.get("/courses/1/students?on=2025-12-31").json()["items"] == []
    assert program.get("/courses/9/students").status_code == 404


def test_a_session_says_when_and_what_it_demands(school: ApiSchool, program: Program) -> None:
    school.classroom.open_class()
    open_one = program.get("/sessions?open=true").json()["items"]
    assert open_one == [program.get(f"/sessions/{HELD + 1}").json()]
    assert open_one[0] == {
        "id": HELD + 1,
        "course_id": 1,
        "course_code": "CS 101",
        "started_at": "2026-03-02T08:00:00Z",
        "ended_at": None,
        "late_from": "2026-03-02T08:10:00Z",
        "policy": "either",
        "open": True,
        "room": "",
        "note": "",
        "added_afterwards": False,
        "cancelled": False,
        "cancel_reason": None,
    }
    assert len(program.get("/sessions?open=false").json()["items"]) == HELD
    assert len(program.get("/sessions").json()["items"]) == HELD + 1


def test_days_are_days_of_the_school_and_both_count(program: Program) -> None:
    assert [one["id"] for one in program.get("/sessions?from=2026-02-16&to=2026-02-23").json()["items"]] == [
        1,
        2,
    ]
    assert [one["id"] for one in program.get("/records?from=2026-02-23").json()["items"]] == [1]
    assert program.get("/records?from=2026-02-24").json()["items"] == []
    assert program.get("/sessions?from=2026-02-23&to=2026-02-16").json()["items"] == []
    assert len(program.get("/sessions?from=0001-01-01&to=9999-12-31").json()["items"]) == HELD


def test_records_are_chosen_by_course_student_and_status(program: Program) -> None:
    def count(query: str) -> int:
        return len(program.get(f"/records?{query}").json()["items"])

    assert count("") == count("course=1") == count("student=1") == HELD
    assert count("course=9") == count("student=2") == 0
    assert count("status=late") == 3
    assert count("status=late&to=2026-01-31") == 1
    assert [one["id"] for one in program.get("/sessions/2/records").json()["items"]] == [2]
    assert program.get("/sessions/2/records?status=present").json()["items"] == []
    assert program.get("/sessions/99/records").status_code == 404


def test_a_record_shows_what_it_was_before(school: ApiSchool, program: Program) -> None:
    record = program.get("/records/1").json()
    assert record["status"] == "excused"
    assert record["version"] == 2
    assert record["student"]["full_name"] == "Anita Rao"
    (proof,) = record["proofs"]
    assert (proof["method"], proof["actor"], proof["reason"]) == ("manual", "Tom", "Came with a note")
    (before,) = record["history"]
    assert (before["status"], before["actor"], before["version"]) == ("present", "Tom", 1)
    assert program.get("/records/99").status_code == 404


@pytest.mark.parametrize("limit", [1, 3, 7, 200])
def test_pages_hold_everything_once_and_in_order(program: Program, limit: int) -> None:
    pages = program.pages(f"/records?course=1&limit={limit}")
    assert [one["id"] for page in pages for one in page["items"]] == list(range(1, HELD + 1))
    assert len(pages) == -(-HELD // limit)
    assert all(len(page["items"]) <= limit for page in pages)


def test_what_is_added_meanwhile_comes_at_the_end(school: ApiSchool, program: Program) -> None:
    first = program.get("/records?limit=4").json()
    school.classroom.excuse(school.classroom.open_class())
    rest = program.client.get(first["next"]).json()
    assert [one["id"] for one in first["items"] + rest["items"]] == list(range(1, HELD + 2))
    assert rest["next"] is None


def test_a_page_keeps_its_filters(program: Program) -> None:
    pages = program.pages("/records?status=late&limit=2")
    assert [one["status"] for page in pages for one in page["items"]] == [Status.LATE] * 3
    assert len(pages) == 2


@pytest.mark.parametrize(
    "cursor", ["", "x", "AAAA", "%00", "cmVjb3JkczotMQ", "cmVjb3JkczoxZTk5", "=" * 64, "é"]
)
def test_a_cursor_that_is_none_is_refused(program: Program, cursor: str) -> None:
    answer = program.get(f"/records?cursor={cursor}")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["where"] == "query.cursor"


def test_a_cursor_of_another_list_is_refused(program: Program) -> None:
    following = program.get("/records?limit=1").json()["next"]
    assert program.get(f"/sessions?{following.partition('?')[2]}").status_code == 422


def test_no_answer_holds_a_secret(school: ApiSchool, program: Program) -> None:
    school.classroom.open_class()
    text = "".join(
        program.get(path).text
        for path in ("/courses", "/courses/1/students", "/sessions", "/sessions/8", "/records", "/records/1")
    )
    assert "quick:" not in text  # the PIN's hash
    assert "d" * 32 not in text  # the browser that a record came from
    for word in ("pin", "key", "hash", "device", "address", "distance", "model", "email", "kkkk"):
        assert f'"{word}' not in text
        assert f'{word}"' not in text


def test_the_document_and_its_page_name_every_operation(program: Program) -> None:
    document = program.get("/openapi.json").json()
    assert document["openapi"] == "3.1.0"
    assert document["servers"] == [{"url": "/api/v1"}]
    assert len(document["paths"]) >= 8
    page = program.get("/").text
    for path, methods in document["paths"].items():
        assert list(methods) == ["get"]
        assert f"GET /api/v1{path}" in page
        assert methods["get"]["security"]
        for status, answer in methods["get"]["responses"].items():
            if int(status) >= 400:
                assert list(answer["content"]) == ["application/problem+json"], (path, status)
    assert "`" not in page
    assert "HTTPValidationError" not in json.dumps(document)
    assert "://" not in page.partition("<body>")[2].replace("http://kiosk.test", "")
