from datetime import datetime, timedelta
from pathlib import Path

from tests.world.command_line import Run, is_one_sentence, write_class_list

YESTERDAY = (datetime.now() - timedelta(days=1)).strftime("%Y-%m-%dT09:00")  # noqa: DTZ005  the school's own day


def add(run: Run, tmp_path: Path) -> int:
    listed = write_class_list(tmp_path / "list.csv", "S1,Ada Hall", "S2,Ben Hall")
    assert run("people", "import", listed, "--course", "CS 101").code == 0
    added = run("sessions", "add", "--course", "CS 101", "--start", YESTERDAY, "--note", "Group B", "--json")
    assert added.code == 0, added.err
    assert added.answer["added_afterwards"]
    return int(added.answer["session"])


def test_a_session_is_added_listed_cancelled_removed_and_put_back(run: Run, tmp_path: Path) -> None:
    session = add(run, tmp_path)
    listed = run("sessions", "list", "--course", "CS 101").out
    assert "Group B" in listed
    assert "not marked yet" in listed

    assert run("sessions", "cancel", str(session)).code == 1
    assert run("sessions", "cancel", str(session), "--reason", "strike").code == 0
    assert "cancelled: strike" in run("sessions", "list").out
    assert run("sessions", "list", "--json").answer["sessions"][0]["cancelled"] == "strike"
    assert run("sessions", "cancel", str(session), "--undo").code == 0

    removed = run("sessions", "remove", str(session), "--yes")
    assert (removed.code, f"sessions restore {session}" in removed.out) == (0, True)
    assert run("sessions", "list", "--json").answer == {"sessions": []}
    assert "removed" in run("sessions", "list", "--deleted").out
    assert run("sessions", "list", "--deleted", "--json").answer["sessions"][0]["session"] == session
    assert run("sessions", "restore", str(session)).code == 0
    assert run("sessions", "list", "--json").answer["sessions"][0]["session"] == session
    assert run("audit", "verify").code == 0


def test_removing_asks_first(run: Run, tmp_path: Path) -> None:
    session = add(run, tmp_path)
    asked = run("sessions", "remove", str(session), stdin="n\n")
    assert asked.code == 1
    assert "Remove it with its 0 records?" in asked.err
    assert len(run("sessions", "list", "--json").answer["sessions"]) == 1
    assert run("sessions", "remove", str(session), stdin="y\n").code == 0


def test_what_cannot_be_added_is_refused_in_a_sentence(run: Run, tmp_path: Path) -> None:
    add(run, tmp_path)
    again = run("sessions", "add", "--course", "CS 101", "--start", YESTERDAY, "--note", "Group B")
    assert again.code == 1
    assert is_one_sentence(again.err)
    assert "at that time already" in again.err
    assert run("sessions", "remove", "99", "--yes").code == 1
