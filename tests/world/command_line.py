"""The command line as scripts and people at a terminal use it: what is typed goes in, exit code and both streams come back."""

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from kiosk import cli


@dataclass(frozen=True, slots=True)
class Outcome:
    code: int
    out: str
    err: str

    @property
    def answer(self) -> dict[str, Any]:
        """The object that `--json` printed."""
        found = json.loads(self.out)
        assert isinstance(found, dict)
        return found


class Run:
    """Runs `kiosk …` in this process; the data directory is the one of the environment."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch = monkeypatch
        self._capsys = capsys

    def __call__(self, *arguments: str | Path, stdin: str = "", terminal: bool = False) -> Outcome:
        self._monkeypatch.setattr(sys, "argv", ["kiosk", *map(str, arguments)])
        self._monkeypatch.setattr(sys, "stdin", _Stdin(stdin, terminal=terminal))
        with pytest.raises(SystemExit) as stop:
            cli.main()
        out, err = self._capsys.readouterr()
        return Outcome(int(stop.value.code or 0), out, err)


class _Stdin:
    def __init__(self, text: str, *, terminal: bool) -> None:
        self._lines = text.splitlines(keepends=True)
        self._terminal = terminal

    def readline(self) -> str:
        return self._lines.pop(0) if self._lines else ""

    def isatty(self) -> bool:
        return self._terminal


def begin_school(run: Run) -> Outcome:
    """A new school with its first admin, which most commands do not begin; the recovery passphrase is in what is said."""
    begun = run(
        "users", "add", "First Admin", "--role", "admin", "--password-stdin", stdin="a long password\n"
    )
    assert begun.code == 0, begun.err
    return begun


def write_class_list(path: Path, *rows: str, heading: str = "student_no,full_name") -> Path:
    path.write_text("\n".join([heading, *rows]) + "\n", encoding="utf-8")
    return path


def is_one_sentence(err: str) -> bool:
    lines = [line for line in err.splitlines() if line.strip()]
    return len(lines) == 1 and "Traceback" not in err
