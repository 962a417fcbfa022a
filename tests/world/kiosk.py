"""The world of the tests: a kiosk as `kiosk.bootstrap` wires it, over a copied database, with parts replaced.

Which world a test takes is said in ``docs/testing.md``. `build_kiosk` is the only caller of `bootstrap.build` in the tests.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self, TypedDict, Unpack
from zoneinfo import ZoneInfo

import pytest

from kiosk import bootstrap
from kiosk.domain.attendance.claims import Lot
from kiosk.domain.school.face_rule import FaceRule
from kiosk.services.attendance.check_in import CheckIn
from kiosk.services.ports.clock import Clock
from kiosk.services.ports.outputs import PasswordHasher
from kiosk.services.ports.sources import FrameSource
from kiosk.settings import KioskSettings
from kiosk.storage.database.sql_database import SqlDatabase
from kiosk.storage.kept_claims import KeptClaimsFile
from kiosk.storage.keys.key_ring import KeyRing, database_path
from kiosk.storage.store import Database, Store

SERVER = "db.school.example:5432/kiosk"
"""The place that claims are kept for where a test has no server."""


class QuickHasher:
    """No hash at all, and tells apart what a real one would; notes the threads that it verified on."""

    def __init__(self) -> None:
        self.threads: list[str] = []

    def hash(self, secret: str) -> str:
        return f"quick:{secret}"

    def verify(self, secret_hash: str | None, secret: str) -> bool:
        self.threads.append(threading.current_thread().name)
        return secret_hash == f"quick:{secret}"

    def is_outdated(self, secret_hash: str) -> bool:
        return not secret_hash.startswith("quick:")


@dataclass(frozen=True, slots=True)
class DataCopy:
    """A data directory kept in memory, to be written as often as a test needs a fresh one."""

    files: dict[Path, bytes]

    @classmethod
    def of(cls, data_dir: Path) -> Self:
        """Keep a directory that nobody has open."""
        found = (path for path in sorted(data_dir.rglob("*")) if path.is_file())
        return cls({path.relative_to(data_dir): path.read_bytes() for path in found})

    def write(self, data_dir: Path) -> None:
        for name, content in self.files.items():
            path = data_dir / name
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.touch(mode=0o600)
            path.write_bytes(content)


@cache
def _migrated(rule: FaceRule | None) -> DataCopy:
    with TemporaryDirectory() as folder:
        made = Path(folder)
        keys = KeyRing.open_or_create(made)
        database = SqlDatabase.open(database_path(made), key_ring=keys)
        if rule is not None:
            with database.transaction() as repositories:
                repositories.school_settings.put("faces.rule", rule.value)
                repositories.school_settings.put("faces.asked_at", "2026-01-01T00:00:00+00:00")
        database.close()
        keys.create_recovery()
        return DataCopy.of(made)


def with_schema(data_dir: Path, *, rule: FaceRule | None = None) -> Path:
    """Give a directory without a database one of this program's schema, with its school key and a
    recovery passphrase: migrating and making that take long. `rule` is how its school uses faces; None: nobody chose."""
    if not database_path(data_dir).exists():
        _migrated(rule).write(data_dir)
    return data_dir


def go_by(clock: Clock, patch: pytest.MonkeyPatch) -> None:
    """Let every kiosk that is built while `patch` holds have this clock."""
    patch.setattr("kiosk.bootstrap.core.SystemClock", lambda: clock)


class Wiring(TypedDict, total=False):
    """What `bootstrap.build` is told."""

    settings: KioskSettings
    source: FrameSource
    every_frame: bool
    with_web: bool
    for_window: bool


@dataclass(frozen=True, slots=True)
class Parts:
    """What is in the place of a kiosk's own.

    Attributes:
        store: Made over the database.
        zone: This PC's.
        lot: Draws for spot checks.
        keeps: Whether claims are kept on this PC, as if the database were a server's.
    """

    clock: Clock | None = None
    hasher: PasswordHasher | None = None
    store: Callable[[Database], Store] | None = None
    zone: ZoneInfo | None = None
    lot: Lot | None = None
    keeps: bool = False

    def put(self, patch: pytest.MonkeyPatch) -> None:
        """Let every kiosk that is built while `patch` holds have them."""
        if (clock := self.clock) is not None:
            go_by(clock, patch)
        if (hasher := self.hasher) is not None:
            patch.setattr("kiosk.storage.keys.hashing.Argon2Hasher", lambda _pepper: hasher)
        if self.store is not None:
            patch.setattr(bootstrap, "StoreWorker", self.store)
        if (zone := self.zone) is not None:
            patch.setattr("tzlocal.get_localzone_name", lambda: zone.key)
        if self.keeps:
            patch.setattr(bootstrap, "open_kept_claims", _keep_claims)
        if self.lot is not None:
            patch.setitem(CheckIn.__init__.__kwdefaults__ or {}, "lot", self.lot)


def _keep_claims(data_dir: Path, database: SqlDatabase, keys: KeyRing) -> KeptClaimsFile:
    """What `kiosk.bootstrap` opens beside a server."""
    return KeptClaimsFile.open(data_dir, place=SERVER, school=keys.check_value)


def build_kiosk(
    data_dir: Path, *, models_dir: Path, parts: Parts | None = None, **wiring: Unpack[Wiring]
) -> bootstrap.Kiosk:
    """The real kiosk, not started yet, with some other parts where they are given.

    In a new directory the school has chosen that people walk past; `with_schema` makes others.
    """
    with pytest.MonkeyPatch.context() as patch:
        if parts is not None:
            parts.put(patch)
        return bootstrap.build(
            with_schema(data_dir, rule=FaceRule.WALK_PAST), models_dir=models_dir, **wiring
        )
