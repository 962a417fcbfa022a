"""Changing settings as one, while somebody else does."""

from collections.abc import Mapping
from typing import Any

import pytest

from kiosk.errors import ConflictError, SettingsError, StorageError
from kiosk.services.events import RestartAsked, SettingsChanged
from kiosk.services.school.settings_editing import AllSettings, OthersChange, SettingsEditing
from kiosk.settings import CodeSettings, KioskSettings, LookSettings, SchoolRules, StorageSettings
from tests.fakes.actors import admin
from tests.unit.services.attendance.classes import actions
from tests.world.school import SmallSchool


@pytest.fixture
def editing(school: SmallSchool) -> SettingsEditing:
    return school.cases.school.editing


def with_values(seen: AllSettings, **values: Mapping[str, Any]) -> AllSettings:
    return seen.changed(values)


def test_what_was_changed_is_stored_on_this_pc_and_for_the_school(
    school: SmallSchool, editing: SettingsEditing
) -> None:
    seen = editing.read()
    wanted = with_values(seen, code={"rotation_s": 20}, rules={"late_after_min": 5})
    saved = editing.save(seen, wanted, actor=admin())
    assert saved.now == editing.read() == wanted
    assert (saved.others, saved.clash) == ((), ())


def test_where_the_schools_rules_cannot_be_written_those_of_this_pc_stay_as_they_were(
    school: SmallSchool, editing: SettingsEditing, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = editing.read()
    wanted = with_values(seen, code={"rotation_s": 20}, rules={"late_after_min": 5})
    write = school.store.write

    def full(work: Any, **then: Any) -> Any:
        def fails_at_its_end(repositories: Any) -> Any:
            work(repositories)
            raise StorageError("The disk is full.")

        return write(fails_at_its_end, **then)

    monkeypatch.setattr(school.store, "write", full)
    with pytest.raises(StorageError):
        editing.save(seen, wanted, actor=admin())
    monkeypatch.undo()
    assert editing.read() == seen
    assert school.cases.core.settings.code == seen.kiosk.code
    assert not {"setting.changed", "rule.changed"} & set(actions(school))


def test_what_somebody_else_changed_meanwhile_stays_and_is_told_with_the_name(
    editing: SettingsEditing,
) -> None:
    seen = editing.read()
    editing.save(seen, with_values(seen, rules={"late_after_min": 5}), actor=admin("Anna"))
    saved = editing.save(
        seen, with_values(seen, rules={"auto_end_h": 2}, look={"sounds": False}), actor=admin("Ben")
    )
    assert saved.others == (OthersChange("rules", "late_after_min", "Anna", 10, 5),)
    assert (saved.now.rules.late_after_min, saved.now.rules.auto_end_h) == (5, 2)
    assert editing.read() == saved.now


def test_nothing_is_saved_where_two_want_different_things_of_one_setting(editing: SettingsEditing) -> None:
    seen = editing.read()
    editing.save(seen, with_values(seen, rules={"late_after_min": 5}), actor=admin("Anna"))
    wanted = with_values(seen, rules={"late_after_min": 15, "auto_end_h": 2})
    saved = editing.save(seen, wanted, actor=admin("Ben"))
    assert saved.clash == (OthersChange("rules", "late_after_min", "Anna", 10, 5),)
    assert editing.read() == saved.now
    assert editing.read().rules.auto_end_h == 4

    again = editing.save(saved.now, wanted, actor=admin("Ben"))
    assert (again.clash, editing.read().rules.late_after_min) == ((), 15)


def test_two_who_want_the_same_do_not_clash(editing: SettingsEditing) -> None:
    seen = editing.read()
    wanted = with_values(seen, look={"theme": "dark"})
    editing.save(seen, wanted, actor=admin("Anna"))
    assert editing.save(seen, wanted, actor=admin("Ben")).clash == ()


def test_two_changes_that_do_not_go_together_are_refused(editing: SettingsEditing) -> None:
    seen = editing.read()
    editing.save(seen, with_values(seen, liveness={"live_from": 40}), actor=admin())
    with pytest.raises(SettingsError):
        editing.save(seen, with_values(seen, liveness={"attack_below": 45}), actor=admin())


def test_changed_settings_are_in_force_at_once_but_the_database(
    school: SmallSchool, editing: SettingsEditing
) -> None:
    url = "postgresql+psycopg://kiosk@db/school"
    changed = KioskSettings(
        code=CodeSettings(rotation_s=20),
        look=LookSettings(sounds=False),
        storage=StorageSettings(database_url=url),
    )
    school.cases.school.settings.change(changed, actor=admin())
    in_force = school.cases.core.settings
    assert (in_force.code.rotation_s, in_force.look.sounds, in_force.storage.database_url) == (20, False, "")
    assert SettingsChanged(in_force) in school.events
    assert editing.waits_for_start(editing.read())


def test_only_what_takes_effect_at_the_next_start_asks_for_one(
    school: SmallSchool, editing: SettingsEditing
) -> None:
    stored = editing.read()
    assert not editing.waits_for_start(
        AllSettings(KioskSettings(), SchoolRules(time_zone=school.cases.core.zone.key))
    )
    assert editing.waits_for_start(AllSettings(stored.kiosk, SchoolRules(time_zone="Asia/Tokyo")))


def test_the_program_starts_again_when_an_admin_asks_but_not_during_a_class(
    school: SmallSchool, editing: SettingsEditing
) -> None:
    editing.ask_restart(actor=admin())
    assert RestartAsked() in school.events
    course, _students = school.add_course()
    session = school.sessions.start(course.course_id, actor=admin(), model="fake")
    school.running.show(session, course)
    with pytest.raises(ConflictError):
        editing.ask_restart(actor=admin())


def test_codes_change_by_the_new_time_from_the_next_class_on(school: SmallSchool) -> None:
    course, _students = school.add_course()
    session = school.sessions.start(course.course_id, actor=admin(), model="fake")
    school.running.show(session, course)
    school.cases.school.settings.change(KioskSettings(code=CodeSettings(rotation_s=5)), actor=admin())
    code = school.running.code()
    assert code is not None
    assert code.period_s == 15
    school.running.show(session, course)
    code = school.running.code()
    assert code is not None
    assert code.period_s == 5
