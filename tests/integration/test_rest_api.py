"""The REST API as its own OpenAPI document says: asked everything that the document allows, and much that it forbids.

The real server on a port of this PC; the questions are drawn from the document, the same each time.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from kiosk.settings import WebSettings
from kiosk.web.http.server import UvicornServer
from tests.world.api_school import ApiSchool
from tests.world.classroom import Classroom

QUESTIONS = 40
"""Of each kind for each operation; a token may ask 100 times at once."""

EXPORTS = 9
"""The same for exports, which count as ten each."""

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


Operation = APIOperation[Any, Any, Any, Any]


@dataclass
class Served:
    school: ApiSchool
    address: str
    statuses: dict[str, Counter[int]] = field(default_factory=dict)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    classroom = Classroom(tmp_path)
    school = ApiSchool(classroom)
    server = UvicornServer(school.app(), WebSettings(host="127.0.0.1").model_copy(update={"port": 0}))
    try:
        yield Served(school, server.start())
    finally:
        assert server.stop(60)
        classroom.close()


def test_the_api_keeps_to_its_document(served: Served) -> None:
    document = requests.get(f"{served.address}/api/v1/openapi.json", timeout=60).json()
    schema = schemathesis.openapi.from_dict(document)
    operations = [found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)]
    assert len(operations) == sum(len(methods) for methods in document["paths"].values()) >= 10
    with requests.Session() as session:
        for operation in operations:
            seen = served.statuses[operation.label] = Counter()
            for mode in GenerationMode:
                token = served.school.token(name=f"{operation.label} {mode.value}")
                _ask(operation, mode, session, served.address, token, seen)
            token = served.school.token(name=f"{operation.label} known")
            _ask_known(operation, session, served.address, token, seen)
    for operation in operations:
        described = {
            int(status) for status in operation.definition.raw["responses"] if status.startswith("2")
        }
        seen = served.statuses[operation.label]
        assert described
        assert described <= set(seen), (operation.label, seen)
        assert 429 not in seen, (operation.label, seen)
        assert 422 in seen, (operation.label, seen)


def _ask(
    operation: Operation,
    mode: GenerationMode,
    session: requests.Session,
    address: str,
    token: str,
    seen: Counter[int],
) -> None:
    """Draw questions from the document and hold each answer to it."""

    @settings(
        max_examples=EXPORTS if "export" in operation.path else QUESTIONS,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(mode))
    def ask(case: Case[Operation]) -> None:
        headers = {"Authorization": f"Bearer {token}"}
        answer = case.call(base_url=f"{address}/api/v1", session=session, headers=headers)
        seen[answer.status_code] += 1
        case.validate_response(answer, checks=CHECKS)

    ask()


def _ask_known(
    operation: Operation, session: requests.Session, address: str, token: str, seen: Counter[int]
) -> None:
    """Ask for something that is there: ids that are drawn seldom are."""
    case = operation.Case(path_parameters={"id": 1} if "{id}" in operation.path else {})
    answer = case.call(
        base_url=f"{address}/api/v1", session=session, headers={"Authorization": f"Bearer {token}"}
    )
    seen[answer.status_code] += 1
    assert answer.status_code == 200
    case.validate_response(answer, checks=CHECKS)
    without = case.call(base_url=f"{address}/api/v1", session=session)
    assert without.status_code == 401
    case.validate_response(without, checks=CHECKS)
