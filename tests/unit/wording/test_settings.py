"""The choices of the settings in words."""

from enum import StrEnum

import pytest

from kiosk.settings import KioskSettings, LivenessDefault, ModelChoice, SchoolRules
from kiosk.wording.settings import choice_title


def test_every_choice_of_every_setting_has_words() -> None:
    groups = [info.annotation for info in KioskSettings.model_fields.values()]
    kinds = [
        field.annotation
        for group in (*groups, SchoolRules)
        if group is not None
        for field in group.model_fields.values()
    ]
    choices = [kind for kind in kinds if isinstance(kind, type) and issubclass(kind, StrEnum)]
    assert len(choices) == 10
    assert all(choice_title(member) for kind in choices for member in kind)


def test_choices_of_the_same_value_are_told_apart() -> None:
    assert choice_title(ModelChoice.AUTO) == "Best installed"
    assert choice_title(LivenessDefault.AUTO) == "Auto"


def test_a_choice_of_no_setting_has_no_words() -> None:
    other = StrEnum("other", {"ONE": "one"})
    with pytest.raises(TypeError):
        choice_title(other["ONE"])
