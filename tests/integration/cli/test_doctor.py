"""`kiosk doctor`: what works on this PC, and what to do about the rest."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kiosk.domain.attendance.choices import Method
from kiosk.domain.attendance.kept import KeptClaim
from kiosk.domain.attendance.record import Evidence
from kiosk.domain.trust.backups import Origin
from kiosk.errors import KioskError
from kiosk.storage.backup.vault import BackupVault
from kiosk.storage.kept_claims import KeptClaimsFile
from kiosk.storage.keys.key_ring import database_path
from tests.fakes.phones.certificates import SchoolFiles
from tests.fakes.storage.damaged_pages import damage, fill
from tests.world.command_line import Run, begin_school, is_one_sentence


def test_doctor_says_what_to_do_about_each_thing(run: Run) -> None:
    checked = run("doctor", "--json")
    findings = {one["name"]: one for one in json.loads(checked.out)["checks"]}

    assert set(findings) == {
        "database",
        "pages",
        "kept here",
        "camera",
        "models",
        "codes",
        "display",
        "address",
        "code size",
        "certificate",
        "clock",
        "disk",
        "backups",
        "left-overs",
    }
    assert findings["certificate"]["works"]
    assert findings["database"]["works"]
    assert findings["models"]["works"]
    assert findings["codes"]["works"]
    assert all(one["hint"] for one in findings.values() if not one["works"])
    assert findings["clock"]["works"] == (datetime.now(UTC).year >= 2026)


def test_marks_that_wait_for_a_server_are_named_also_when_the_settings_name_none(
    run: Run, data_dir: Path
) -> None:
    begin_school(run)
    at = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
    kept = KeptClaimsFile.open(data_dir, place="db.school.example:5432/kiosk", school="of another key")
    kept.keep([KeptClaim(7, at, student, Evidence(Method.FACE, at), at) for student in (1, 2)])
    kept.close()

    checked = run("doctor", "--json")

    found = next(one for one in json.loads(checked.out)["checks"] if one["name"] == "kept here")
    assert (checked.code, found["works"], found["state"]) == (1, False, "fault")
    assert "2 marks are kept on this PC since 2026-03-02 08:00" in found["text"]
    assert "db.school.example:5432/kiosk" in found["text"]
    assert "database_url" in found["hint"]


@pytest.mark.logs_warnings
def test_damage_inside_the_database_is_named_by_doctor_and_keeps_the_program_from_starting(
    run: Run, data_dir: Path
) -> None:
    begin_school(run)
    fill(database_path(data_dir))
    damage(database_path(data_dir))
    checked = run("doctor", "--json")
    pages = next(one for one in json.loads(checked.out)["checks"] if one["name"] == "pages")
    assert checked.code == 1
    assert not pages["works"]
    for said in (f"{pages['text']} {pages['hint']}", run("run").err, run("serve").err):
        assert "Pages inside the database file are damaged" in said
        assert "kiosk restore" in said
        assert is_one_sentence(said)
    assert not run("backup", data_dir.parent / "saved").out
    assert not (data_dir.parent / "saved").exists()


def test_doctor_counts_and_names_what_is_left_over(run: Run, data_dir: Path) -> None:
    begin_school(run)
    (data_dir / "kiosk.sqlite3.before-restore-1").write_bytes(bytes(200_000))
    (data_dir / "keys" / "school.key.before-recovery-1").write_bytes(bytes(32))
    found = {one["name"]: one for one in json.loads(run("doctor", "--json").out)["checks"]}["left-overs"]
    assert found["works"]
    assert found["text"] == (
        "1 left-over of restores and of work that was cut off, 0.2 MB; it goes by itself: kiosk.sqlite3.before-restore-1. "
        "1 old file of keys, which stays until you delete it: keys/school.key.before-recovery-1."
    )


def test_doctor_says_whether_backups_work(run: Run, data_dir: Path, tmp_path: Path) -> None:
    def said() -> tuple[bool, str]:
        found = {one["name"]: one for one in json.loads(run("doctor", "--json").out)["checks"]}["backups"]
        return found["works"], found["text"]

    begin_school(run)
    folder = data_dir / "backups"
    assert said() == (True, f"None was made yet; they go to {folder}.")
    assert "Backups are kept in the data directory" in run("doctor").out
    vault = BackupVault(data_dir=data_dir, database=database_path(data_dir))
    vault.make(folder, origin=Origin.NIGHTLY, keep=14, at=datetime(2026, 3, 2, 8, 0, tzinfo=UTC))
    assert said() == (
        True,
        f"1 backup is in {folder}; the newest that was proved is of 2026-03-02 08:00 UTC.",
    )
    vault.remember_trouble(KioskError("The share is away."), datetime.now(UTC))
    works, text = said()
    assert not works
    assert text.startswith("No backup has worked for")


def test_doctor_warns_of_what_a_newcomer_would_not_see(run: Run, data_dir: Path) -> None:
    begin_school(run)
    findings = {one["name"]: one for one in json.loads(run("doctor", "--json").out)["checks"]}
    backups, models, address = (findings[name] for name in ("backups", "models", "address"))
    assert (backups["works"], backups["state"]) == (True, "warning")
    assert "Choose another disk or a share" in backups["hint"]
    assert (models["works"], models["state"]) == (True, "warning")
    assert "photograph held up to the camera" in models["hint"]
    assert address["state"] == "fault" or ":8080" in address["text"]


def test_doctors_names_stand_in_one_column(run: Run) -> None:
    lines = [line for line in run("doctor").out.splitlines() if line]
    named = {line[4:].split("  ")[0] for line in lines if "  " in line[4:]}
    assert "clock" in named
    starts = {len(line) - len(line[4:].lstrip()) for line in lines}
    assert starts == {4}
    widest = len("certificate")
    assert all(line[4 + widest] == " " and line[5 + widest] != " " for line in lines)


def test_doctor_names_a_certificate_that_phones_would_refuse(run: Run, data_dir: Path) -> None:
    data_dir.mkdir()
    files = SchoolFiles(data_dir)
    files.write("kiosk.school.test")
    settings = (
        '[web]\naddress = "other.school.test"\n'
        f'certificate = "{files.certificate_path.as_posix()}"\ncertificate_key = "{files.key_path.as_posix()}"\n'
    )
    (data_dir / "kiosk.toml").write_text(settings, encoding="utf-8")

    findings = {one["name"]: one for one in json.loads(run("doctor", "--json").out)["checks"]}
    assert not findings["certificate"]["works"]
    assert "does not name other.school.test" in findings["certificate"]["text"]
    assert "kiosk.school.test" in findings["certificate"]["hint"]
    assert findings["code size"]["works"]
    assert "modules of 6.1 mm in the corner, readable from 2.8 m" in findings["code size"]["text"]


def test_doctor_warns_of_an_address_that_makes_the_code_small(run: Run, data_dir: Path) -> None:
    data_dir.mkdir()
    (data_dir / "kiosk.toml").write_text(f'[web]\naddress = "{"k" * 60}.school.test"\n', encoding="utf-8")
    found = {one["name"]: one for one in json.loads(run("doctor", "--json").out)["checks"]}["code size"]
    assert not found["works"]
    assert "at most 37 characters" in found["hint"]
