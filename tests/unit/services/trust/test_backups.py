"""Backups as an admin sees them, and when the kiosk makes them by itself."""

import json
import os
import zipfile
from collections import namedtuple
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from kiosk.bootstrap.settings import SettingsFile
from kiosk.domain.attendance.choices import Status
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.courses.courses import Course
from kiosk.domain.people.staff import Role
from kiosk.domain.people.students import Student
from kiosk.domain.trust.backups import (
    BackupHistory,
    BackupState,
    Difference,
    FolderDoubt,
    Origin,
    Part,
    outlived,
)
from kiosk.errors import ConflictError, ExportError, ForbiddenError, KioskError, NeedsPassphraseError
from kiosk.services.events import RestoreAsked
from kiosk.services.trust.backup_rounds import BackupRounds
from kiosk.services.trust.backups import Backups, StoppedError
from kiosk.settings import CameraSettings, KioskSettings, StorageSettings
from kiosk.storage.backup.bundle import opened
from kiosk.storage.backup.vault import BackupVault, back_up_before_upgrade
from kiosk.storage.database.sql_database import SqlDatabase
from kiosk.storage.keys.key_ring import KeyRing, database_path
from tests.fakes.actors import admin, teacher
from tests.fakes.clock import START
from tests.fakes.progress import WatchedProgress
from tests.world.school import ZONE, SmallSchool, open_school

DiskUsage = namedtuple("DiskUsage", "total used free")
DAY_S = 86400.0
HOUR_S = 3600.0


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def school(data_dir: Path) -> Iterator[SmallSchool]:
    with open_school(data_dir) as made:
        yield made


@pytest.fixture
def backups(school: SmallSchool) -> Backups:
    return school.cases.trust.backups


@pytest.fixture
def rounds(school: SmallSchool, backups: Backups) -> BackupRounds:
    school.accounts.add(name="Ada", role=Role.ADMIN, password="correct horse", actor=admin())
    return _rounds(school, backups)


def _rounds(school: SmallSchool, backups: Backups) -> BackupRounds:
    core = school.cases.core
    return BackupRounds(
        backups=backups,
        running=school.running,
        clock=core.clock,
        zone=ZONE,
        settings=SettingsFile(core.directories.data),
        events=core.events,
        is_new_school=school.accounts.needs_first_admin,
    )


def _choose(data_dir: Path, **values: object) -> None:
    SettingsFile(data_dir).save(KioskSettings(storage=StorageSettings.model_validate(values)))


def _made(backups: Backups) -> list[Origin | None]:
    found = backups.overview(actor=admin()).backups
    return [one.file.manifest.origin if one.file.manifest else None for one in found]


def _start(school: SmallSchool, course: Course) -> ClassSession:
    return school.sessions.start(course.course_id, actor=admin(), model="none")


def _mark(school: SmallSchool, session: ClassSession, student: Student) -> None:
    school.marks.mark(session.session_id, student.student_id, Status.PRESENT, actor=admin(), reason="here")


def _round(rounds: BackupRounds) -> Origin | None:
    origin = rounds.due()
    if origin is not None:
        rounds.run(origin, lambda: False)
    return origin


def test_one_made_by_hand_is_listed_as_verified_and_logged(school: SmallSchool, backups: Backups) -> None:
    progress = WatchedProgress()
    made = backups.make(actor=admin("Ada"), progress=progress)
    overview = backups.overview(actor=admin())
    (listed,) = overview.backups
    assert listed.file.path == made
    assert made.parent == overview.folder
    assert (listed.file.made_at, listed.verified_at) == (START, START)
    assert listed.file.state is BackupState.OURS
    assert listed.file.size == made.stat().st_size
    assert progress.seen[-1] == (100, 100)
    assert progress.seen == sorted(progress.seen)
    entry = school.store.read(lambda repositories: repositories.audit.entries(1))[0]
    assert (entry.actor, entry.action, entry.subject) == ("Ada", "backup.made", made.name)


def test_only_who_administers_may(backups: Backups, tmp_path: Path) -> None:
    with pytest.raises(ForbiddenError):
        backups.make(actor=teacher())
    with pytest.raises(ForbiddenError):
        backups.ask_restore(tmp_path, actor=teacher())
    assert backups.wanted is None


def test_one_that_is_stopped_leaves_nothing(backups: Backups, data_dir: Path) -> None:
    with pytest.raises(StoppedError):
        backups.make(actor=admin(), progress=WatchedProgress(stop_after=0))
    assert _made(backups) == []
    assert [path.name for path in data_dir.rglob("*") if path.name.startswith(".")] == []


def test_the_folder_that_an_admin_chose_is_used_at_once(
    backups: Backups, data_dir: Path, tmp_path: Path
) -> None:
    _choose(data_dir, backup_folder=str(tmp_path / "share"))
    assert backups.make(actor=admin()).parent == tmp_path / "share"


def test_a_share_that_is_away_is_never_made_and_said_in_words(
    backups: Backups, data_dir: Path, tmp_path: Path
) -> None:
    _choose(data_dir, backup_folder=str(tmp_path / "away" / "share"))
    with pytest.raises(ExportError, match="folder for backups cannot be used"):
        backups.make(actor=admin())
    assert not (tmp_path / "away").exists()


def test_a_folder_in_the_data_directory_or_on_its_disk_is_doubted(backups: Backups, tmp_path: Path) -> None:
    def doubts(folder: str) -> tuple[FolderDoubt, ...]:
        opinion = backups.judge(StorageSettings(backup_folder=folder), actor=admin())
        assert opinion is not None
        return opinion.doubts

    assert doubts("") == (FolderDoubt.INSIDE,)
    assert doubts(str(tmp_path / "data" / "keys" / ".." / "elsewhere")) == (FolderDoubt.INSIDE,)
    assert doubts(str(tmp_path / "share")) == (FolderDoubt.SAME_DISK,)
    assert not (tmp_path / "share").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_a_disk_without_room_for_what_is_kept_is_doubted(
    backups: Backups, data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "share").mkdir()
    (tmp_path / "share" / "one.kiosk-backup").write_bytes(bytes(1000))
    monkeypatch.setattr("shutil.disk_usage", lambda _place: DiskUsage(10_000, 4_000, 6_000))
    for kept, has_room in ((7, True), (8, False)):
        storage = StorageSettings(backup_folder=str(tmp_path / "share"), backups_kept=kept)
        opinion = backups.judge(storage, actor=admin())
        assert opinion is not None
        assert (FolderDoubt.LITTLE_ROOM not in opinion.doubts) is has_room
        assert (opinion.free, opinion.needed) == (6_000, 1_000 * (kept - 1))


@pytest.mark.parametrize("name", ["away/share", "file/share", "file"])
def test_a_folder_that_cannot_be_used_is_refused_before_it_is_stored(
    school: SmallSchool, data_dir: Path, tmp_path: Path, name: str
) -> None:
    (tmp_path / "file").touch()
    settings = school.cases.school.settings
    chosen = KioskSettings(storage=StorageSettings(backup_folder=str(tmp_path / name)))
    with pytest.raises(ExportError, match="folder for backups cannot be used"):
        settings.change(chosen, actor=admin())
    assert settings.load() == KioskSettings()


def test_other_settings_are_stored_while_the_share_is_away(
    school: SmallSchool, data_dir: Path, tmp_path: Path
) -> None:
    _choose(data_dir, backup_folder=str(tmp_path / "away" / "share"))
    settings = school.cases.school.settings
    stored = settings.load()
    changed = stored.model_copy(update={"camera": CameraSettings(mirror=False)})
    assert settings.change(changed, actor=admin()) is None
    assert settings.load() == changed


def test_a_share_that_is_away_is_said_beside_the_list(
    backups: Backups, data_dir: Path, tmp_path: Path
) -> None:
    _choose(data_dir, backup_folder=str(tmp_path / "away" / "share"))
    overview = backups.overview(actor=admin())
    assert overview.trouble is not None
    assert "cannot be used" in overview.trouble.user_text
    assert overview.opinion is None


def test_a_relative_folder_is_no_setting() -> None:
    with pytest.raises(ValueError, match="full path"):
        StorageSettings(backup_folder="backups")


def test_after_a_class_and_once_a_night_one_is_made(
    school: SmallSchool, backups: Backups, rounds: BackupRounds
) -> None:
    assert _round(rounds) is Origin.NIGHTLY
    assert _round(rounds) is None

    school.clock.advance(HOUR_S)
    course, students = school.add_course()
    session = _start(school, course)
    _mark(school, session, students[0])
    assert rounds.due() is None
    school.sessions.end(session.session_id, actor=admin())
    school.running.clear()
    assert _round(rounds) is Origin.AFTER_CLASS
    assert _round(rounds) is None

    school.clock.advance(DAY_S)
    assert _round(rounds) is Origin.NIGHTLY
    assert _made(backups) == [Origin.NIGHTLY, Origin.AFTER_CLASS, Origin.NIGHTLY]


def test_none_is_made_during_a_class_and_one_under_way_gives_way(
    school: SmallSchool, backups: Backups, rounds: BackupRounds
) -> None:
    course, _students = school.add_course()
    origin = rounds.due()
    assert origin is Origin.NIGHTLY
    session = _start(school, course)
    school.running.show(session, course)
    rounds.run(origin, lambda: False)
    assert _made(backups) == []
    assert backups.history().trouble == ""
    school.clock.advance(DAY_S)
    assert rounds.due() is None


def test_a_new_school_has_nothing_to_keep_yet(school: SmallSchool, backups: Backups) -> None:
    assert _rounds(school, backups).due() is None


def test_who_wants_none_by_itself_gets_none(data_dir: Path, rounds: BackupRounds, backups: Backups) -> None:
    _choose(data_dir, backups_kept=0)
    assert rounds.due() is None
    assert backups.overdue() is None


def test_fourteen_are_kept_and_those_made_by_hand_always(
    school: SmallSchool, backups: Backups, rounds: BackupRounds, data_dir: Path
) -> None:
    _choose(data_dir, backups_kept=2)
    by_hand = backups.make(actor=admin())
    foreign = by_hand.with_name("copied-by-somebody.kiosk-backup")
    foreign.write_bytes(b"no backup")
    for _night in range(4):
        school.clock.advance(DAY_S)
        assert _round(rounds) is Origin.NIGHTLY
    assert _made(backups).count(Origin.NIGHTLY) == 2
    assert _made(backups).count(Origin.BY_HAND) == 1
    assert by_hand.exists()
    assert foreign.exists()
    assert KioskSettings().storage.backups_kept == 14


def test_what_was_cut_off_goes_when_nobody_writes_it_any_more(school: SmallSchool, backups: Backups) -> None:
    folder = backups.make(actor=admin()).parent
    old, young, foreign = folder / ".kiosk-1.part", folder / ".kiosk-2.part", folder / ".else.part"
    for path, age_s in ((old, 2 * HOUR_S), (young, 60.0), (foreign, 2 * HOUR_S)):
        path.touch()
        moment = school.clock.now().timestamp() - age_s
        os.utime(path, (moment, moment))
    backups.make(actor=admin())
    assert [path.exists() for path in (old, young, foreign)] == [False, True, True]


def test_one_of_a_wrong_clock_does_not_push_out_those_that_are_made_now() -> None:
    future = (START + timedelta(days=900), Origin.NIGHTLY, "future")
    nights = [(START + timedelta(days=day), Origin.NIGHTLY, f"{day}") for day in range(3)]
    now = START + timedelta(days=3)
    assert outlived([future, *nights], keep=3, now=now) == ["future"]
    assert outlived([future, *nights], keep=2, now=now) == ["0", "future"]


@pytest.mark.logs_warnings
def test_after_three_days_without_one_whoever_works_here_is_told(
    school: SmallSchool, backups: Backups, rounds: BackupRounds, data_dir: Path, tmp_path: Path
) -> None:
    assert _round(rounds) is Origin.NIGHTLY
    _choose(data_dir, backup_folder=str(tmp_path / "away" / "share"))
    for _day in range(2):
        school.clock.advance(DAY_S)
        assert _round(rounds) is Origin.NIGHTLY
        assert backups.overdue() is None
    school.clock.advance(DAY_S)
    told = backups.overdue()
    assert told is not None
    assert told.user_text == "No backup has worked for 3 days."
    assert "cannot be used" in told.hint

    (tmp_path / "away").mkdir()
    school.clock.advance(HOUR_S)
    assert _round(rounds) is Origin.NIGHTLY
    assert backups.overdue() is None


def test_a_pc_that_was_off_for_weeks_is_no_trouble(
    school: SmallSchool, backups: Backups, rounds: BackupRounds
) -> None:
    assert _round(rounds) is Origin.NIGHTLY
    school.clock.advance(21 * DAY_S)
    assert backups.overdue() is None
    assert _round(rounds) is Origin.NIGHTLY


def test_a_class_that_ended_gets_its_backup_also_after_one_that_failed(
    school: SmallSchool, backups: Backups, rounds: BackupRounds
) -> None:
    assert _round(rounds) is Origin.NIGHTLY
    course, _students = school.add_course()
    school.sessions.end(_start(school, course).session_id, actor=admin())
    school.running.clear()
    rounds.run(Origin.AFTER_CLASS, lambda: True)
    assert rounds.due() is None
    school.clock.advance(HOUR_S)
    assert _round(rounds) is Origin.AFTER_CLASS


def test_never_two_at_once(backups: Backups) -> None:
    seen: list[KioskError] = []

    class Second(WatchedProgress):
        def report(self, done: int, total: int) -> None:
            if not seen:
                try:
                    backups.make(actor=admin())
                except ConflictError as error:
                    seen.append(error)

    backups.make(actor=admin(), progress=Second())
    assert "this moment" in seen[0].user_text


def test_a_preview_says_what_would_come_back_and_what_would_be_lost(
    school: SmallSchool, backups: Backups
) -> None:
    course, students = school.add_course()
    first = _start(school, course)
    _mark(school, first, students[0])
    school.sessions.end(first.session_id, actor=admin())
    school.enrol(students[0], 1)
    saved = backups.make(actor=admin())
    assert backups.preview(saved, actor=admin()).differences == {}

    school.clock.advance(HOUR_S)
    school.add_course("MA 2", students=1)
    second = _start(school, course)
    _mark(school, second, students[0])
    _mark(school, second, students[1])
    seen = backups.preview(saved, actor=admin())

    assert seen.differences == {
        Part.CLASSES: Difference(0, 1),
        Part.RECORDS: Difference(0, 2),
        Part.STUDENTS: Difference(0, 1),
        Part.COURSES: Difference(0, 1),
    }
    assert seen.is_authenticated
    assert seen.is_present_readable


def test_another_schools_backup_asks_for_its_passphrase_and_is_not_believed_before(
    school: SmallSchool, backups: Backups, tmp_path: Path
) -> None:
    keys = KeyRing.open_or_create(tmp_path / "other")
    SqlDatabase.open(database_path(tmp_path / "other"), key_ring=keys).close()
    passphrase = keys.create_recovery()
    with open_school(tmp_path / "other") as other:
        other.add_course()
        saved = other.cases.trust.backups.make(actor=admin())
    with pytest.raises(NeedsPassphraseError):
        backups.preview(saved, actor=admin())
    seen = backups.preview(saved, passphrase=passphrase, actor=admin())
    assert seen.brings_keys
    assert seen.differences[Part.STUDENTS] == Difference(3, 0)


def test_a_restore_waits_until_the_kiosk_has_stopped(
    school: SmallSchool, backups: Backups, tmp_path: Path
) -> None:
    backups.ask_restore(tmp_path / "saved", passphrase="words", actor=admin("Ada"))
    assert backups.wanted is not None
    assert (backups.wanted.file, backups.wanted.actor) == (tmp_path / "saved", "Ada")
    assert RestoreAsked() in school.events


def test_a_server_has_backups_of_its_own_and_that_is_said(school: SmallSchool, data_dir: Path) -> None:
    core, settings = school.cases.core, SettingsFile(data_dir)
    backups = Backups(
        vault=BackupVault(data_dir=data_dir, database=None),
        data_dir=data_dir,
        store=core.store,
        clock=core.clock,
        settings=settings,
        events=core.events,
    )
    school.accounts.add(name="Ada", role=Role.ADMIN, password="correct horse", actor=admin())
    assert _rounds(school, backups).due() is None
    trouble = backups.overview(actor=admin()).trouble
    assert trouble is not None
    assert "database server" in trouble.user_text
    for refused in (
        lambda: backups.make(actor=admin()),
        lambda: backups.preview(data_dir / "saved", actor=admin()),
        lambda: backups.ask_restore(data_dir / "saved", actor=admin()),
    ):
        with pytest.raises(ExportError, match="database server"):
            refused()
    assert backups.wanted is None


def test_a_forged_one_is_listed_as_such_and_never_verified(backups: Backups) -> None:
    made = backups.make(actor=admin())
    with zipfile.ZipFile(made) as bundle:
        members = {name: bundle.read(name) for name in bundle.namelist()}
    said = json.loads(members["manifest.json"]) | {"origin": "night"}
    members["manifest.json"] = json.dumps(said).encode()
    with zipfile.ZipFile(made, "w") as bundle:
        for name, content in members.items():
            bundle.writestr(name, content)
    (listed,) = backups.overview(actor=admin()).backups
    assert (listed.file.state, listed.verified_at) == (BackupState.FORGED, None)
    with pytest.raises(KioskError, match="changed"):
        backups.verify(made, actor=admin())


def test_before_an_update_one_is_made_in_the_data_directory_where_the_share_is_away(
    school: SmallSchool, data_dir: Path, tmp_path: Path
) -> None:
    made = back_up_before_upgrade(
        data_dir, database_path(data_dir), chosen=str(tmp_path / "away" / "share"), keep=14, at=START
    )
    assert made.parent == data_dir / "backups"
    with opened(made) as bundle:
        assert bundle.manifest.origin is Origin.BEFORE_MIGRATION


def test_what_is_remembered_outlives_the_program_and_a_damaged_memory_harms_nothing(
    data_dir: Path, school: SmallSchool
) -> None:
    vault = BackupVault(data_dir=data_dir, database=database_path(data_dir))
    vault.remember_trouble(KioskError("The share is away."), START)
    later = START + timedelta(days=4)
    assert vault.memory(later).history == BackupHistory(START, None, "The share is away.")
    assert vault.memory(later).history.is_overdue(later)
    (data_dir / "backups.json").write_text("[]")
    assert vault.memory(later).history == BackupHistory(later)
