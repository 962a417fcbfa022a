"""Judges a JUnit report of pytest: nothing may be skipped, except tests whose shared data is absent.

Such a test gives a reason that starts with `shared data absent`. No test run at all is a failure too. Used by .ci/run.

    python scripts/check_skips.py REPORT.xml
"""

from __future__ import annotations

import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Final

ALLOWED: Final = "shared data absent"


def reason(skipped: ET.Element) -> str:
    """Why a test was skipped; a module that skipped itself says so inside a tuple in the text."""
    message = skipped.get("message", "")
    if message == "collection skipped":
        text = skipped.text or ""
        return text.rpartition("Skipped: ")[2].strip("')\" \n")
    return message.removeprefix("Skipped: ")


def judge(report: Path) -> tuple[str, list[str]]:
    """The closing line with its counts, and what is wrong, one line each."""
    try:
        cases = list(ET.parse(report).getroot().iter("testcase"))  # noqa: S314 - our own pytest wrote it
    except (OSError, ET.ParseError):
        return "0 passed, 0 failed", ["pytest left no report: it did not get as far as running tests"]
    failed = sum(case.find("failure") is not None or case.find("error") is not None for case in cases)
    skipped = expected = 0
    problems: list[str] = []
    for case in cases:
        for element in case.iter("skipped"):
            if element.get("type") == "pytest.xfail":
                expected += 1
                continue
            skipped += 1
            if not reason(element).startswith(ALLOWED):
                problems.append(
                    f"skipped: {case.get('classname', '')}::{case.get('name', '')}: {reason(element)}"
                )
    passed = len(cases) - failed - skipped - expected
    if passed <= 0:
        problems.append("no test passed")
    return f"{passed} passed, {failed} failed, {skipped} skipped", problems


def main() -> int:
    """Print the verdict; gives the exit code."""
    closing, problems = judge(Path(sys.argv[1]))
    for problem in problems:
        print(problem)
    print(closing)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
