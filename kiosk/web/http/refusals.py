"""Failures in the form that whoever asked can read: a page for browsers, a problem document for programs.

Runs on the web thread's event loop; holds no state.
"""

from typing import Final

from fastapi import Response
from starlette.types import Scope

from kiosk.web.api.problems import problem
from kiosk.web.http.rendering import Pages

API_PATH: Final = "/api/v1"


def is_for_programs(scope: Scope) -> bool:
    """Whether a request goes to the REST API."""
    path: str = scope["path"]
    return path == "/api" or path.startswith("/api/")


def refusal(scope: Scope, pages: Pages, title: str, hint: str, *, status_code: int) -> Response:
    """What happened and what to do, with a status."""
    if is_for_programs(scope):
        return problem(status_code, f"{title} {hint}".strip())
    return pages.message(title, hint, status_code=status_code)
