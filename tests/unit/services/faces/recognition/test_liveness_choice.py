from dataclasses import dataclass

import pytest

from kiosk.domain.attendance.choices import LivenessMode
from kiosk.errors import ModelError
from kiosk.services.faces.recognition.liveness_choice import LivenessChoice
from kiosk.settings import LivenessDefault, SchoolRules
from tests.fakes.actors import admin
from tests.world.school import SmallSchool

OFF, PASSIVE, ACTIVE = LivenessMode


@dataclass
class Networks:
    installed: bool = True

    def problem(self, mode: LivenessMode) -> ModelError | None:
        missing = mode is PASSIVE and not self.installed
        return ModelError("The networks are missing.") if missing else None

    def are_installed(self) -> bool:
        return self.installed


@pytest.fixture
def networks() -> Networks:
    return Networks()


def choice_of(school: SmallSchool, networks: Networks, *, watches_people: bool = True) -> LivenessChoice:
    return LivenessChoice(
        store=school.store, school=school.school, networks=networks, watches_people=lambda: watches_people
    )


def test_a_camera_is_passive_once_the_networks_are_installed(school: SmallSchool, networks: Networks) -> None:
    networks.installed = False
    choice = choice_of(school, networks)
    assert choice.presets([1, 2]) == {1: OFF, 2: OFF}
    networks.installed = True
    assert choice.presets([1, 2]) == {1: PASSIVE, 2: PASSIVE}


def test_a_recording_is_never_checked_whatever_was_chosen(school: SmallSchool, networks: Networks) -> None:
    choice_of(school, networks).remember(1, ACTIVE, actor=admin())
    assert choice_of(school, networks, watches_people=False).presets([1]) == {1: OFF}


@pytest.mark.parametrize(
    ("rule", "mode"),
    [(LivenessDefault.OFF, OFF), (LivenessDefault.PASSIVE, PASSIVE), (LivenessDefault.ACTIVE, ACTIVE)],
)
def test_the_schools_rule_says_what_is_usual(
    school: SmallSchool, networks: Networks, rule: LivenessDefault, mode: LivenessMode
) -> None:
    networks.installed = False
    school.school.change_rules(SchoolRules(liveness=rule), actor=admin("Anna"))
    assert choice_of(school, networks).presets([1]) == {1: mode}


def test_what_a_teacher_chose_for_a_course_is_remembered_for_that_course(
    school: SmallSchool, networks: Networks
) -> None:
    choice_of(school, networks).remember(2, ACTIVE, actor=admin())
    assert choice_of(school, networks).presets([1, 2]) == {1: PASSIVE, 2: ACTIVE}


def test_choosing_the_usual_one_follows_the_rule_from_then_on(
    school: SmallSchool, networks: Networks
) -> None:
    choice = choice_of(school, networks)
    choice.remember(1, OFF, actor=admin())
    choice.remember(1, PASSIVE, actor=admin())
    school.school.change_rules(SchoolRules(liveness=LivenessDefault.ACTIVE), actor=admin("Anna"))
    assert choice.presets([1]) == {1: ACTIVE}


def test_a_choice_that_nobody_understands_any_more_is_no_choice(
    school: SmallSchool, networks: Networks
) -> None:
    school.store.write(lambda repositories: repositories.school_settings.put("liveness.course.1", "sonar"))
    assert choice_of(school, networks).presets([1]) == {1: PASSIVE}


def test_a_check_that_cannot_be_made_is_refused_before_the_class(
    school: SmallSchool, networks: Networks
) -> None:
    networks.installed = False
    choice = choice_of(school, networks)
    choice.check(OFF)
    choice.check(ACTIVE)
    with pytest.raises(ModelError, match="missing"):
        choice.check(PASSIVE)
