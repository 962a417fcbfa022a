from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.world.command_line import Run, is_one_sentence, write_class_list

SOON = datetime.now(UTC) + timedelta(days=3)


def ics(path: Path, *days: int) -> Path:
    events = "".join(
        f"BEGIN:VEVENT\r\nUID:{day}\r\nDTSTART:{SOON + timedelta(days=day):%Y%m%dT080000Z}\r\nDURATION:PT1H\r\nEND:VEVENT\r\n"
        for day in days
    )
    path.write_text(f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{events}END:VCALENDAR\r\n")
    return path


def begin(run: Run, tmp_path: Path) -> None:
    listed = write_class_list(tmp_path / "list.csv", "S1,Ada Hall", "S2,Ben Hall")
    assert run("people", "import", listed, "--course", "CS 101").code == 0


def test_a_calendar_is_rehearsed_taken_and_followed(run: Run, tmp_path: Path) -> None:
    begin(run, tmp_path)
    path = ics(tmp_path / "a.ics", 0, 7)
    tried = run("timetable", "import", str(path), "--course", "CS 101", "--dry-run")
    assert (tried.code, "Nothing was written." in tried.out) == (0, True)
    assert run("courses", "list", "--json").answer["courses"][0]["next_meeting"] is None
    taken = run("timetable", "import", str(path), "--course", "CS 101")
    assert (taken.code, "2 new, 0 changed, 0 gone" in taken.out) == (0, True)
    listed = run("courses", "list", "--json").answer["courses"]
    assert [(one["code"], one["students"]) for one in listed] == [("CS 101", 2)]
    assert listed[0]["next_meeting"].startswith(f"{SOON:%Y-%m-%d}T08:00")
    assert "CS 101 · 2 students · next:" in run("courses", "list").out
    again = run("timetable", "import", str(ics(path, 7)), "--course", "CS 101", "--json")
    assert (len(again.answer["gone"]), again.answer["same"], again.answer["new"]) == (1, 1, [])
    assert run("courses", "list", "--archived").out == ""
    assert run("audit", "verify").code == 0


def test_what_is_no_calendar_or_no_course_is_one_sentence(run: Run, tmp_path: Path) -> None:
    begin(run, tmp_path)
    page = tmp_path / "page.ics"
    page.write_text("<html>Sign in</html>")
    for given in (
        (str(page), "--course", "CS 101"),
        (str(tmp_path / "none.ics"), "--course", "CS 101"),
        (str(ics(tmp_path / "a.ics", 0)), "--course", "MA 2"),
        ("http://127.0.0.1:9/a.ics", "--course", "CS 101"),
    ):
        refused = run("timetable", "import", *given)
        assert refused.code == 1
        assert is_one_sentence(refused.err), refused.err
