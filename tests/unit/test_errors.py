import inspect

import pytest

from kiosk import errors
from kiosk.errors import ExpiredCodeError, KioskError, ThrottledError

KINDS = [kind for _, kind in inspect.getmembers(errors, inspect.isclass)]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_an_expected_failure_with_words(kind: type[KioskError]) -> None:
    error = kind("The disk is full.", "Make room.")

    assert isinstance(error, KioskError)
    assert (error.user_text, error.hint) == ("The disk is full.", "Make room.")
    assert str(error) == "The disk is full. Make room."


def test_a_hint_may_be_missing() -> None:
    assert str(KioskError("The disk is full.")) == "The disk is full."


def test_resting_accounts_and_expired_codes_can_be_told_from_other_refusals() -> None:
    assert issubclass(ThrottledError, errors.SignInError)
    assert issubclass(ExpiredCodeError, errors.CodeError)
