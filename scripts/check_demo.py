"""Re-counts a demo: what is in its SQLite file and its workbook, against who was registered and who walked when.

Of what the program printed only the two paths, the seed and the number of strangers are used. Who was expected comes
from the registrations in the database; whose face it was comes from the plan of the drawn class, which the seed gives:
a face record is right only if that very student stood in front of the camera at that moment.
"""

import json
import sqlite3
import sys
from collections import Counter
from contextlib import closing
from datetime import datetime
from pathlib import Path

from openpyxl import load_workbook

from kiosk.demo.pool import pool
from kiosk.demo.script import ClassPlan, plan_class

SLACK_S = 1.0
"""A live camera opens a moment after the session; a recording starts with it."""


def main() -> int:
    text = Path(sys.argv[1]).read_text("utf-8") if len(sys.argv) > 1 else sys.stdin.read()
    said = json.loads(text)
    problems: list[str] = []
    with closing(sqlite3.connect(f"file:{said['database']}?mode=ro", uri=True)) as database:
        registered = [
            row[0]
            for row in database.execute(
                "SELECT student_no FROM students JOIN registrations ON student_id = students.id ORDER BY student_no"
            )
        ]
        records = database.execute(
            "SELECT student_no, status, method, marked_at, started_at FROM attendance_records"
            " JOIN students ON students.id = student_id JOIN class_sessions ON class_sessions.id = session_id"
        ).fetchall()
        enrolled = database.execute("SELECT COUNT(DISTINCT student_id) FROM face_templates").fetchone()[0]
    marked = Counter(number for number, status, *_ in records if status in {"present", "late"})
    problems += [f"{number} was not marked" for number in registered if marked[number] == 0]
    problems += [f"{number} was marked {count} times" for number, count in marked.items() if count > 1]
    problems += [f"{number} is not in the course" for number in marked if number not in registered]

    plan = plan_class(said["seed"], enrolled, said["strangers"], pool())
    faces = [row for row in records if row[2] == "face"]
    problems += [problem for row in faces if (problem := misplaced(plan, row))]
    problems += workbook_problems(Path(said["workbook"]), marked)

    methods = Counter(row[2] for row in records)
    print(
        f"{len(registered)} registered, {len(marked)} marked once ({methods['face']} by face, {methods['phone']} by "
        f"phone), {len(plan.strangers)} strangers walked past, {len(problems)} problems"
    )
    for problem in problems:
        print(f"- {problem}")
    return 1 if problems else 0


def misplaced(plan: ClassPlan, row: tuple[str, str, str, str, str]) -> str | None:
    """Why a face record cannot be that student's own face, or None when it can."""
    number, _, _, marked_at, started_at = row
    at = (datetime.fromisoformat(marked_at) - datetime.fromisoformat(started_at)).total_seconds()
    student = next((one for one in plan.students if one.student_no == number), None)
    if student is None or student.person is None:
        return f"{number} was marked by face but never walked past"
    walks = [walk for walk in plan.walks if walk.key == student.person.key]
    if not any(walk.start_s - SLACK_S <= at <= walk.end_s + SLACK_S for walk in walks):
        return f"{number} was marked {at:.1f} s after the start, when somebody else stood there"
    return None


def workbook_problems(path: Path, marked: Counter[str]) -> list[str]:
    """Compare the sheet *Records* with the database."""
    book = load_workbook(path, read_only=True, data_only=True)
    try:
        rows = [list(row) for row in book["Records"].iter_rows(values_only=True)]
    finally:
        book.close()
    top = next(
        index
        for index, row in enumerate(rows)
        if "Status" in row and any(str(cell).startswith("Student no") for cell in row)
    )
    heading = [str(cell) for cell in rows[top]]
    number = next(index for index, cell in enumerate(heading) if cell.startswith("Student no"))
    status = heading.index("Status")
    listed = Counter(
        str(row[number]) for row in rows[top + 1 :] if str(row[status]).casefold() in {"present", "late"}
    )
    if listed == marked:
        return []
    return [f"the workbook lists {dict(listed - marked)} too many and {dict(marked - listed)} too few"]


if __name__ == "__main__":
    sys.exit(main())
