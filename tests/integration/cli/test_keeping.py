"""Backups by the command line: made, tried, brought back, finished after a cut, and the passphrase for them."""

import shutil
from pathlib import Path

import pytest

from kiosk.errors import StorageError
from kiosk.storage.backup import swapping
from kiosk.storage.database.instance_lock import InstanceLock
from kiosk.storage.keys.key_ring import RESTORE_READY
from tests.world.command_line import Run, begin_school, is_one_sentence, write_class_list


def test_backup_and_restore_bring_everything_back(run: Run, tmp_path: Path) -> None:
    run("people", "import", write_class_list(tmp_path / "list.csv", "S1,Ada Lovelace"), "--course", "CS 101")
    saved = tmp_path / "school.backup"
    assert run("backup", saved).code == 0
    run("people", "import", write_class_list(tmp_path / "more.csv", "S2,Grace Hopper"), "--course", "CS 101")
    assert run("restore", saved).code == 0

    again = run("people", "import", tmp_path / "more.csv", "--course", "CS 101")
    assert again.out.startswith("1 added")
    (tmp_path / "bad.backup").write_bytes(b"no backup")
    assert is_one_sentence(run("restore", tmp_path / "bad.backup").err)


def test_a_backup_replaces_no_file_unless_that_is_said(run: Run, tmp_path: Path) -> None:
    begin_school(run)
    saved = tmp_path / "thesis.odt"
    saved.write_bytes(b"three years of work")
    refused = run("backup", saved)
    assert (refused.code, refused.out) == (1, "")
    assert is_one_sentence(refused.err)
    assert f"{saved} is there already." in refused.err
    assert saved.read_bytes() == b"three years of work"
    assert is_one_sentence(run("backup", tmp_path).err)

    assert run("backup", saved, "--overwrite").code == 0
    assert run("restore", saved, "--dry-run").out == "The backup holds what is here already.\n"


def test_a_restore_says_what_came_back_and_takes_the_passphrase_from_a_pipe(
    run: Run, tmp_path: Path, data_dir: Path
) -> None:
    class_list = write_class_list(tmp_path / "list.csv", "S1,Ada Lovelace", "S2,Grace Hopper")
    passphrase = run("people", "import", class_list, "--course", "CS 101").err.splitlines()[2].strip()
    saved = tmp_path / "school.backup"
    run("backup", saved)
    shutil.rmtree(data_dir)
    done = run("restore", saved, "--passphrase-stdin", stdin=f"{passphrase}\n")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("Back is what stood in the backup of 20")
    assert "UTC: 2 students, 0 records." in done.out


def test_a_dry_run_says_what_would_come_back_and_what_would_be_lost(run: Run, tmp_path: Path) -> None:
    run("people", "import", write_class_list(tmp_path / "list.csv", "S1,Ada Lovelace"), "--course", "CS 101")
    saved = tmp_path / "school.backup"
    run("backup", saved)
    assert run("restore", saved, "--dry-run").out == "The backup holds what is here already.\n"
    run("people", "import", write_class_list(tmp_path / "more.csv", "S2,Grace Hopper"), "--course", "MA 2")

    assert run("restore", saved, "--dry-run").out.splitlines() == [
        "Is lost: 1 student.",
        "Is lost: 1 course.",
    ]

    assert run("people", "import", tmp_path / "more.csv", "--course", "MA 2").out.startswith("0 added")


def test_a_school_whose_pc_burnt_down_comes_back_with_backup_and_passphrase(
    run: Run, tmp_path: Path, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class_list = write_class_list(tmp_path / "list.csv", "S1,Ada Lovelace")
    passphrase = run("people", "import", class_list, "--course", "CS 101").err.splitlines()[2].strip()
    saved = tmp_path / "school.backup"
    run("backup", saved)
    shutil.rmtree(data_dir)
    typed = ["0000-wrong", passphrase]
    monkeypatch.setattr("getpass.getpass", lambda *_prompt, **_stream: typed.pop(0))

    refused = run("restore", saved, terminal=True)
    assert refused.code == 1
    assert "does not fit" in refused.err
    assert run("restore", saved, terminal=True).code == 0

    assert run("people", "import", class_list, "--course", "CS 101").out.startswith("0 added")
    assert run("audit", "verify").code == 0
    assert typed == []


def test_a_lost_passphrase_is_renewed_once_the_new_one_is_written_down(
    run: Run, tmp_path: Path, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin_school(run)
    before = (data_dir / "keys" / "recovery.json").read_bytes()
    refused = run("recovery", "renew", stdin="n\n")
    assert refused.code == 1
    assert (data_dir / "keys" / "recovery.json").read_bytes() == before

    renewed = run("recovery", "renew", stdin="y\n")
    assert renewed.code == 0
    assert "Is it written down?" in renewed.err
    assert "need the old one on another PC" in renewed.err
    passphrase = renewed.out.strip()
    saved = tmp_path / "school.backup"
    run("backup", saved)
    shutil.rmtree(data_dir)
    monkeypatch.setattr("getpass.getpass", lambda *_prompt, **_stream: passphrase)
    assert run("restore", saved, terminal=True).code == 0
    assert run("audit", "verify").code == 0


def test_a_restore_that_was_cut_off_is_finished_by_the_next_command(
    run: Run, tmp_path: Path, data_dir: Path
) -> None:
    run("people", "import", write_class_list(tmp_path / "list.csv", "S1,Ada Lovelace"), "--course", "CS 101")
    run("backup", tmp_path / "saved")
    run("people", "import", write_class_list(tmp_path / "more.csv", "S2,Grace Hopper"), "--course", "CS 101")

    def cut(_data_dir: Path) -> None:
        raise StorageError("The power is gone.")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(swapping, "_move_in", cut)
        assert run("restore", tmp_path / "saved").code == 1
    assert (data_dir / RESTORE_READY).is_dir()

    with InstanceLock(data_dir):
        assert "Another kiosk" in run("audit", "verify").err
    assert run("audit", "verify").code == 0
    assert not (data_dir / RESTORE_READY).exists()
    assert run("people", "import", tmp_path / "more.csv", "--course", "CS 101").out.startswith("1 added")
