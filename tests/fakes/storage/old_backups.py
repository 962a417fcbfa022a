"""Backups as versions before 0.2 made them: format 1, a zip with an open database and SHA-256 sums."""

import hashlib
import json
import zipfile
from contextlib import closing
from pathlib import Path

from kiosk.storage.database.sqlite_library import sqlite3
from kiosk.storage.keys.key_ring import KEYS_FOLDER, RECOVERY_FILE, database_path


def old_backup(data_dir: Path, target: Path, *statements: str) -> Path:
    """Write one of a data directory, after some statements were run on the copy."""
    copy = target.with_name("copy")
    with (
        closing(sqlite3.connect(database_path(data_dir))) as original,
        closing(sqlite3.connect(copy)) as made,
    ):
        original.backup(made)
        made.execute("PRAGMA journal_mode=DELETE").fetchall()
        for statement in statements:
            made.execute(statement)
        made.commit()
    members = {"kiosk.sqlite3": copy.read_bytes()}
    recovery = data_dir / KEYS_FOLDER / RECOVERY_FILE
    if recovery.is_file():
        members[RECOVERY_FILE] = recovery.read_bytes()
    sums = {name: hashlib.sha256(content).hexdigest() for name, content in members.items()}
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as bundle:
        said = {"format": 1, "kiosk": "0.1.0", "created_at": "2026-03-02T08:00:00+00:00", "sha256": sums}
        bundle.writestr("manifest.json", json.dumps(said))
        for name, content in members.items():
            bundle.writestr(name, content)
    copy.unlink()
    return target
