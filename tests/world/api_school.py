"""A classroom with classes held, records and a correction, and programs that ask its REST API."""

from datetime import timedelta
from typing import Any

from fastapi import FastAPI
from httpx import Response
from starlette.testclient import TestClient

from kiosk.domain.attendance.choices import Method, Status
from kiosk.domain.attendance.record import AttendanceRecord, Evidence
from kiosk.domain.trust.api_tokens import Scope
from kiosk.storage.repositories.repositories import Repositories
from kiosk.web.api.application import ApiServices
from tests.fakes.actors import admin
from tests.world.classroom import START, Classroom

HELD = 7


class Program:
    """Another program with a token; asks from this PC unless told otherwise."""

    def __init__(
        self,
        app: FastAPI,
        token: str = "",
        *,
        address: str = "127.0.0.1",
        scheme: str = "http",
        host: str = "",
    ) -> None:
        self.client = TestClient(
            app,
            base_url=f"{scheme}://{host or ('localhost' if scheme == 'http' else 'kiosk.test')}",
            raise_server_exceptions=False,
            client=(address, 50000),
            headers={"Authorization": f"Bearer {token}"} if token else {},
        )

    def __enter__(self) -> "Program":
        self.client.__enter__()
        return self

    def __exit__(self, *error: Any) -> None:
        self.client.__exit__(*error)

    def get(self, path: str, **headers: str) -> Response:
        answer: Response = self.client.get(f"/api/v1{path}", headers=headers)
        return answer

    def pages(self, path: str) -> list[dict[str, Any]]:
        """All pages of a list, by its own links."""
        pages, following = [], f"/api/v1{path}"
        while following:
            answer = self.client.get(following)
            assert answer.status_code == 200, answer.text
            pages.append(answer.json())
            following = pages[-1]["next"]
        return pages


class ApiSchool:
    """CS 101 met seven times; Anita was there each time, and the first of her records was corrected."""

    def __init__(self, classroom: Classroom) -> None:
        self.classroom = classroom
        cases = classroom.cases
        self.tokens = cases.trust.api_tokens
        self.services = ApiServices(
            tokens=self.tokens, exports=cases.reports.exports, reading=cases.records.reading
        )
        classroom.add_past_records([Status.PRESENT, Status.LATE] * 3 + [Status.ABSENT])
        self.corrected = self._correct()

    def app(self, *, allowed: str = "") -> FastAPI:
        return self.classroom.app(allowed=allowed, api=self.services)

    def token(self, *scopes: Scope, name: str = "Timetable") -> str:
        return self.tokens.make(name=name, scopes=scopes or tuple(Scope), actor=admin("Ada")).text

    def _correct(self) -> AttendanceRecord:
        def work(repositories: Repositories) -> AttendanceRecord:
            (record,) = repositories.records.of_session(1)
            at = START - timedelta(days=1)
            evidence = Evidence(Method.MANUAL, at, actor="Tom", reason="Came with a note", device="d" * 32)
            changed = AttendanceRecord(
                record_id=record.record_id,
                session_id=record.session_id,
                student_id=record.student_id,
                status=Status.EXCUSED,
                method=Method.MANUAL,
                marked_at=record.marked_at,
                evidence=(evidence,),
                version=record.version,
                policy=record.policy,
            )
            return repositories.records.correct(
                changed, corrected_at=at, actor="Tom", reason="Came with a note"
            )

        return self.classroom.store.write(work)
