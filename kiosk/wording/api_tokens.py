"""What other programs may read, and whether their tokens are good. Pure; any thread."""

from typing import assert_never

from kiosk.domain.trust.api_tokens import Scope, TokenState
from kiosk.translation import _


def scope_words(scope: Scope) -> str:
    """What it lets a program see."""
    match scope:
        case Scope.COURSES_READ:
            return _("Courses and who is registered in them")
        case Scope.SESSIONS_READ:
            return _("Class sessions")
        case Scope.RECORDS_READ:
            return _("Attendance records and their corrections")
        case Scope.EXPORT_READ:
            return _("The workbook and the table of all records")
        case _:
            assert_never(scope)


def scope_word(scope: Scope) -> str:
    """The same in one word, for a table."""
    match scope:
        case Scope.COURSES_READ:
            return _("courses")
        case Scope.SESSIONS_READ:
            return _("sessions")
        case Scope.RECORDS_READ:
            return _("records")
        case Scope.EXPORT_READ:
            return _("export")
        case _:
            assert_never(scope)


def token_state_title(state: TokenState) -> str:
    """Whether a token opens anything, alone."""
    match state:
        case TokenState.GOOD:
            return _("Good")
        case TokenState.EXPIRED:
            return _("Expired")
        case TokenState.REVOKED:
            return _("Revoked")
        case _:
            assert_never(state)
