"""How a school uses faces: who may choose it, what is kept of it, and where a school starts strictly."""

from pathlib import Path

import pytest

from kiosk.domain.school.face_rule import FaceRule
from kiosk.domain.trust.rights import Actor
from kiosk.errors import ConflictError, ForbiddenError
from kiosk.services.events import FaceRuleChanged
from kiosk.services.school.face_rules import FaceRules
from kiosk.settings import country_of
from tests.fakes.actors import admin, teacher
from tests.world.kiosk import with_schema
from tests.world.school import SmallSchool

ZONES = {
    "Europe/Berlin": "DE",
    "Europe/London": "GB",
    "GB": "GB",
    "Europe/Belfast": "GB",
    "Eire": "IE",
    "Poland": "PL",
    "CET": "BE",
    "Atlantic/Canary": "ES",
    "Atlantic/Azores": "PT",
    "Indian/Reunion": "RE",
    "Europe/Oslo": "NO",
    "Europe/Vaduz": "LI",
    "Atlantic/Reykjavik": "IS",
    "Asia/Nicosia": "CY",
    "America/New_York": "US",
    "Europe/Zurich": "CH",
    "UTC": None,
    "Etc/GMT+3": None,
}


def rules_of(school: SmallSchool) -> FaceRules:
    return school.cases.school.faces


@pytest.fixture
def new_school(tmp_path: Path) -> SmallSchool:
    return SmallSchool(with_schema(tmp_path / "new"), rule=None)


@pytest.fixture
def old_school(tmp_path: Path) -> SmallSchool:
    """As the migration leaves one of an earlier version."""
    school = SmallSchool(tmp_path / "old")
    school.store.write(lambda repositories: repositories.school_settings.remove("faces.asked_at"))
    return school


@pytest.mark.parametrize(("zone", "country"), ZONES.items())
def test_a_zone_says_its_country(zone: str, country: str | None) -> None:
    assert country_of(zone) == country


@pytest.mark.parametrize(
    ("zone", "offered"),
    [
        ("Europe/Berlin", (FaceRule.VERIFY_ONLY, FaceRule.OFF)),
        ("GB", (FaceRule.VERIFY_ONLY, FaceRule.OFF)),
        ("America/Cayenne", (FaceRule.VERIFY_ONLY, FaceRule.OFF)),
        ("America/Chicago", (FaceRule.VERIFY_ONLY, FaceRule.OFF, FaceRule.WALK_PAST)),
        ("UTC", (FaceRule.VERIFY_ONLY, FaceRule.OFF, FaceRule.WALK_PAST)),
    ],
)
def test_a_new_school_only_verifies_and_is_offered_what_its_zone_lets_it(
    new_school: SmallSchool, monkeypatch: pytest.MonkeyPatch, zone: str, offered: tuple[FaceRule, ...]
) -> None:
    monkeypatch.setattr("tzlocal.get_localzone_name", lambda: zone)
    rules = rules_of(new_school)

    assert (rules.rule(), rules.offered(), rules.must_ask()) == (FaceRule.VERIFY_ONLY, offered, True)


def test_a_school_of_an_earlier_version_keeps_what_it_has_and_is_asked_once(old_school: SmallSchool) -> None:
    rules = rules_of(old_school)
    assert (rules.rule(), rules.offered()[0], rules.must_ask()) == (
        FaceRule.WALK_PAST,
        FaceRule.WALK_PAST,
        True,
    )

    rules.note_asked(actor=admin("Ada"))

    assert (rules.rule(), rules.must_ask(), rules.choice().is_chosen) == (FaceRule.WALK_PAST, False, False)


def test_a_new_school_is_asked_until_somebody_chooses(new_school: SmallSchool) -> None:
    rules = rules_of(new_school)
    rules.note_asked(actor=admin("Ada"))
    assert rules.must_ask()

    rules.choose(FaceRule.OFF, actor=admin("Ada"))
    assert not rules.must_ask()


def test_a_choice_is_kept_with_name_and_date_and_stands_in_the_log(new_school: SmallSchool) -> None:
    choice = rules_of(new_school).choose(FaceRule.OFF, actor=admin("Ada"))

    now = new_school.clock.now()
    assert (choice.rule, choice.chosen_by, choice.chosen_at) == (FaceRule.OFF, "Ada", now)
    assert rules_of(new_school).choice() == choice
    entry = new_school.store.read(lambda repositories: repositories.audit.entries(1))[0]
    assert (entry.actor, entry.action, entry.detail) == ("Ada", "faces.rule_chosen", "off")
    assert new_school.events[-1] == FaceRuleChanged(FaceRule.OFF)


def test_only_an_admin_chooses(new_school: SmallSchool) -> None:
    with pytest.raises(ForbiddenError):
        rules_of(new_school).choose(FaceRule.WALK_PAST, actor=teacher("Tom"))
    with pytest.raises(ForbiddenError):
        rules_of(new_school).choose(FaceRule.WALK_PAST, actor=Actor("", frozenset()))
    assert rules_of(new_school).rule() is FaceRule.VERIFY_ONLY


def test_what_is_no_rule_lets_nobody_walk_past(new_school: SmallSchool) -> None:
    new_school.store.write(lambda repositories: repositories.school_settings.put("faces.rule", "anything"))

    assert rules_of(new_school).rule() is FaceRule.VERIFY_ONLY


def test_enrolment_is_refused_in_words_where_faces_are_off(old_school: SmallSchool) -> None:
    rules_of(old_school).choose(FaceRule.OFF, actor=admin("Ada"))

    with pytest.raises(ConflictError, match="does not use faces"):
        old_school.cases.faces.enrolments.build()


@pytest.mark.parametrize("rule", [FaceRule.OFF, FaceRule.VERIFY_ONLY])
def test_a_recording_is_not_searched_where_the_school_chose_otherwise(
    new_school: SmallSchool, rule: FaceRule
) -> None:
    rules_of(new_school).choose(rule, actor=admin("Ada"))

    with pytest.raises(ConflictError):
        rules_of(new_school).require_recording()


def test_a_recording_may_be_tried_out_before_anybody_chose_but_not_where_the_law_is_strict(
    new_school: SmallSchool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tzlocal.get_localzone_name", lambda: "UTC")
    assert "Nobody has chosen" in rules_of(new_school).require_recording()

    monkeypatch.setattr("tzlocal.get_localzone_name", lambda: "Europe/Paris")
    with pytest.raises(ConflictError):
        rules_of(new_school).require_recording()


def test_where_people_walk_past_a_recording_needs_no_word(old_school: SmallSchool) -> None:
    assert rules_of(old_school).require_recording() == ""
