"""Runs a piece of Python in a process of its own: TensorFlow must not grow the process of the tests."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

ROOT = Path(__file__).parents[2]

LONGEST_S: Final = 600
"""Half a minute of work. A child that is still there after this stands still: it says where, and ends."""

_WATCHED: Final = f"import faulthandler; faulthandler.dump_traceback_later({LONGEST_S}, exit=True)\n"


def run_child(code: str, *arguments: str | Path) -> Any:
    """Run `code` with `sys.argv[1:] = arguments` and return what it printed last, as JSON.

    A run of all tests once waited without an end while VGG-Face was made or used. A child that stands still is run once more, and
    what is printed says where it stood.
    """
    done = _run(code, arguments)
    if done.returncode and "Timeout (" in done.stderr:
        print(f"a child stood still and is run again:\n{done.stderr[-3000:]}", file=sys.stderr)
        done = _run(code, arguments)
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


def _run(code: str, arguments: tuple[str | Path, ...]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", _WATCHED + code, *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "TF_CPP_MIN_LOG_LEVEL": "3"},
        capture_output=True,
        text=True,
        check=False,
    )
