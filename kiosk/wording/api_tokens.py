"""What other programs may read, and whether their tokens are good. Pure; any thread."""

from typing import assert_never

from kiosk.domain.trust.api_tokens import Scope, TokenState


def scope_words(scope: Scope) -> str:
    """What it lets a program see."""
    match scope:
        case Scope.COURSES_READ:
            return "Courses and who is registered in them"
        case Scope.SESSIONS_READ:
            return "Class sessions"
        case Scope.RECORDS_READ:
            return "Attendance records and their corrections"
        case Scope.EXPORT_READ:
            return "The workbook and the table of all records"
        case _:
            assert_never(scope)


def token_state_title(state: TokenState) -> str:
    """Whether a token opens anything, alone."""
    match state:
        case TokenState.GOOD:
            return "Good"
        case TokenState.EXPIRED:
            return "Expired"
        case TokenState.REVOKED:
            return "Revoked"
        case _:
            assert_never(state)
