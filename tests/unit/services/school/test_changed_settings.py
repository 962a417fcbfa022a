from kiosk.services.school.changed_settings import note_changed_settings
from kiosk.settings import KioskSettings, StorageSettings, WebSettings
from tests.fakes.actors import admin
from tests.world.school import SmallSchool


def entries(school: SmallSchool) -> list[tuple[str, str, str, str]]:
    found = school.store.read(lambda repositories: repositories.audit.entries())
    return [(one.actor, one.action, one.subject, one.detail) for one in reversed(found)]


def test_each_setting_that_is_another_one_is_an_entry_and_no_password_is(school: SmallSchool) -> None:
    before = KioskSettings()
    after = KioskSettings(
        web=WebSettings(port=9000, address="kiosk.school.test"),
        storage=StorageSettings(database_url="postgresql+psycopg://kiosk:secret@db/school"),
    )
    note_changed_settings(school.store, school.clock, before, after, actor=admin("Anna"))
    said = entries(school)
    assert sorted(said) == [
        ("Anna", "setting.changed", "storage.database_url", "(an address)"),
        ("Anna", "setting.changed", "web.address", "kiosk.school.test"),
        ("Anna", "setting.changed", "web.port", "9000"),
    ]
    assert "secret" not in str(said)


def test_what_stayed_is_no_entry(school: SmallSchool) -> None:
    note_changed_settings(school.store, school.clock, KioskSettings(), KioskSettings(), actor=admin("Anna"))
    assert entries(school) == []
