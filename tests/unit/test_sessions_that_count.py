"""Every module that asks the database for class sessions, or for records of many, says what it makes of deleted and cancelled ones."""

import re
from pathlib import Path

import kiosk

ROOT = Path(kiosk.__file__).parent

ASKED = re.compile(r"\b(is_there|counts|do_not_count|counted_sessions|chosen_sessions|session_counts)\(")
"""What a query asks: `is_there` and `counts` of `kiosk.storage.repositories.class_sessions`, or what is made of them."""

OF_ALL = {
    "storage/database/tables.py": "says what there is",
    "storage/moving/move.py": "moves all that is kept",
    "storage/moving/source.py": "a deleted session has ended",
    "storage/backup/report_copies.py": "copies whole tables; the queries ask",
    "storage/repositories/repository.py": "only names tables",
    "storage/repositories/record_seals.py": "proves deleted ones, too",
    "storage/repositories/audit.py": "counts what began, which is in the log for ever",
    "storage/repositories/student_removal.py": "what is kept of a student goes, whatever became of the session",
    "storage/repositories/claims.py": "of one open session",
    "storage/repositories/incidents.py": "of one session",
    "storage/repositories/school_statuses.py": "what a record of a deleted session has is in use: it may be put back",
    "services/people/merge_queries.py": "records of a deleted session change hands, too: it may be put back",
    "services/people/merging.py": "the same",
    "services/attendance/attack_queries.py": "of one session",
    "services/attendance/recheck/recheck_queries.py": "of one session",
    "services/attendance/leaving/check_out_queries.py": "of one session",
    "services/trust/audit_list_queries.py": "the log goes on to name a deleted session",
    "services/school/kept_queries.py": "what is kept is counted, deleted or not",
}
"""Modules that may see all, and why."""


def test_whoever_reads_sessions_asks_whether_they_are_deleted_or_cancelled() -> None:
    silent = {
        str(path.relative_to(ROOT))
        for path in ROOT.rglob("*.py")
        if re.search(r"\b(ClassSessionRow|AttendanceRecordRow)\b", text := path.read_text(encoding="utf-8"))
        and not ASKED.search(text)
    }
    assert silent - set(OF_ALL) == set(), "ask is_there() for lists and counts() for rates"
    assert set(OF_ALL) - silent == set(), "not needed any more"
