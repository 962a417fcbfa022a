from dataclasses import replace

import pytest

from kiosk.domain.faces.recognition import Metric, ModelInfo, RosterThresholds, Thresholds
from kiosk.errors import SettingsError
from kiosk.settings import SchoolRules
from tests.fakes.actors import admin
from tests.fakes.vision.recognition import MODEL
from tests.world.school import SmallSchool

STRICT = Thresholds(0.4, 0.5, 0.02)


def put(school: SmallSchool, name: str, value: str) -> None:
    school.store.write(lambda repositories: repositories.school_settings.put(name, value))


def audit(school: SmallSchool) -> list[tuple[str, str, str]]:
    entries = school.store.read(lambda repositories: repositories.audit.entries())
    return [(entry.action, entry.subject, entry.detail) for entry in reversed(entries)]


def test_a_new_school_has_the_default_rules(school: SmallSchool) -> None:
    assert school.school.rules() == SchoolRules()


def test_changed_rules_are_kept_and_each_change_is_logged(school: SmallSchool) -> None:
    rules = SchoolRules(late_after_min=5, time_zone="Europe/Berlin")

    school.school.change_rules(rules, actor=admin("Anna"))

    assert school.school.rules() == rules
    assert audit(school) == [
        ("rule.changed", "rules.time_zone", "Europe/Berlin"),
        ("rule.changed", "rules.late_after_min", "5"),
    ]


def test_putting_the_same_rules_into_force_again_logs_nothing(school: SmallSchool) -> None:
    rules = SchoolRules(late_after_min=5)
    school.school.change_rules(rules, actor=admin("Anna"))

    school.school.change_rules(rules, actor=admin("Anna"))

    assert len(audit(school)) == 1


def test_a_stored_rule_out_of_bounds_is_named(school: SmallSchool) -> None:
    put(school, "rules.late_after_min", "999")

    with pytest.raises(SettingsError, match="late_after_min"):
        school.school.rules()


def test_a_rule_of_a_newer_program_is_left_alone(school: SmallSchool) -> None:
    put(school, "rules.of_tomorrow", "yes")

    assert school.school.rules() == SchoolRules()


def test_until_calibrated_a_model_has_its_own_thresholds(school: SmallSchool) -> None:
    used = school.school.thresholds(MODEL)

    assert (used.thresholds, used.origin) == (MODEL.thresholds, "default")


def test_calibrated_thresholds_belong_to_one_model(school: SmallSchool) -> None:
    other = ModelInfo("other-model", 8, Metric.COSINE, Thresholds(0.2, 0.3, 0.01))

    school.school.use_thresholds(MODEL, STRICT, origin="the test", actor=admin("Anna"))

    used = school.school.thresholds(MODEL)
    assert (used.thresholds, used.origin) == (STRICT, "the test")
    assert school.school.thresholds(other).thresholds == other.thresholds
    assert [entry[:2] for entry in audit(school)] == [("thresholds.changed", MODEL.name)]


def test_it_is_known_since_when_thresholds_are_in_use(school: SmallSchool) -> None:
    assert school.school.thresholds(MODEL).since is None
    assert school.school.thresholds(MODEL).are_models_own

    began = school.clock.now()
    school.school.use_thresholds(MODEL, STRICT, origin="the test", actor=admin("Anna"))

    used = school.school.thresholds(MODEL)
    assert used.since == began
    assert not used.are_models_own


def test_forgotten_thresholds_are_the_models_own_again(school: SmallSchool) -> None:
    other = ModelInfo("fake-model.2", 8, Metric.COSINE, Thresholds(0.2, 0.3, 0.01))
    school.school.use_thresholds(MODEL, STRICT, origin="the test", actor=admin("Anna"))
    school.school.use_thresholds(other, STRICT, origin="the test", actor=admin("Anna"))

    school.school.forget_thresholds(MODEL.name, actor=admin("Berta"))
    school.school.forget_thresholds(MODEL.name, actor=admin("Berta"))

    used = school.school.thresholds(MODEL)
    assert (used.thresholds, used.origin, used.since) == (MODEL.thresholds, "default", None)
    assert school.school.thresholds(other).thresholds == STRICT
    assert audit(school)[2:] == [("thresholds.changed", MODEL.name, "the model's own")]


@pytest.mark.parametrize(("name", "value"), [("accept", "0.9"), ("reject", "nonsense"), ("margin", "-1")])
def test_stored_thresholds_that_contradict_each_other_are_not_used(
    school: SmallSchool, name: str, value: str
) -> None:
    school.school.use_thresholds(MODEL, STRICT, origin="the test", actor=admin("Anna"))
    put(school, f"thresholds.{MODEL.name}.{name}", value)

    assert school.school.thresholds(MODEL).thresholds == MODEL.thresholds


SIZED = replace(
    MODEL,
    by_size=(
        RosterThresholds(30, Thresholds(0.5, 0.6, 0.05)),
        RosterThresholds(300, Thresholds(0.4, 0.55, 0.05)),
    ),
)


def test_the_models_own_thresholds_follow_the_size_of_the_roster(school: SmallSchool) -> None:
    assert school.school.thresholds(SIZED).thresholds.accept == 0.5
    assert school.school.thresholds(SIZED, people=300).thresholds.accept == 0.4


def test_what_was_fitted_to_one_roster_is_as_much_stricter_for_another(school: SmallSchool) -> None:
    fitted = Thresholds(0.45, 0.6, 0.05)
    school.school.use_thresholds(SIZED, fitted, origin="the test", actor=admin("Anna"), fitted_to=30)

    assert school.school.thresholds(SIZED, people=30).thresholds == fitted
    larger = school.school.thresholds(SIZED, people=300).thresholds
    assert larger.numbers == pytest.approx((0.35, 0.55, 0.05))


def test_what_was_set_by_hand_counts_for_every_roster(school: SmallSchool) -> None:
    school.school.use_thresholds(SIZED, STRICT, origin="by hand", actor=admin("Anna"))

    assert school.school.thresholds(SIZED, people=300).thresholds == STRICT
    assert not school.school.thresholds(SIZED).are_of_earlier_version


def test_thresholds_of_an_earlier_calibration_count_and_are_known_as_such(school: SmallSchool) -> None:
    for name, value in (("accept", "0.2"), ("reject", "0.3"), ("margin", "0.05"), ("origin", "calibrated")):
        put(school, f"thresholds.{MODEL.name}.{name}", value)

    used = school.school.thresholds(MODEL, people=30)
    assert used.thresholds == Thresholds(0.2, 0.3, 0.05)
    assert used.are_of_earlier_version
    assert school.school.models_calibrated_earlier() == {MODEL.name}

    school.school.use_thresholds(MODEL, STRICT, origin="by hand", actor=admin("Anna"))
    assert not school.school.thresholds(MODEL).are_of_earlier_version
    assert school.school.models_calibrated_earlier() == frozenset()


@pytest.mark.parametrize("people", ["nonsense", ""])
def test_a_number_of_people_that_is_none_gives_the_models_own(school: SmallSchool, people: str) -> None:
    school.school.use_thresholds(MODEL, STRICT, origin="the test", actor=admin("Anna"), fitted_to=30)
    put(school, f"thresholds.{MODEL.name}.people", people)

    assert school.school.thresholds(MODEL).are_models_own
