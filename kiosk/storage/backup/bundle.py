"""The file of a backup: what stands in it, how it is sealed, and how it is read without trusting it. Any thread.

It is a zip with four members: ``manifest.json`` (what made it, when and why, how large the database is), ``manifest.mac``
(HMAC-SHA256 of the manifest with a key from the school key), the recovery file of the school key in the clear, and the
database: pieces of 1 MiB, each compressed, then sealed with AES-256-GCM. The key of that is derived from the school key and
a salt of its own, so the number of the piece is its nonce, and a piece that is changed, moved, missing or too many shows.

Who finds a backup can read nothing but the manifest; who lost the school key needs the recovery passphrase. Files of
format 1 (an unsealed database and SHA-256 sums) are read, too.
"""

import errno
import hashlib
import hmac
import json
import os
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Final, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

import kiosk
from kiosk.domain.trust.backups import BackupState, Origin
from kiosk.errors import FileFormatError
from kiosk.files import OWNER_ONLY
from kiosk.storage.keys.key_ring import DATABASE_FILE, RECOVERY_FILE, KeyRing
from kiosk.storage.keys.sealing import NONCE_BYTES, context
from kiosk.translation import _

FORMAT: Final = 2
MANIFEST: Final = "manifest.json"
MANIFEST_MAC: Final = "manifest.mac"
SEALED_DATABASE: Final = f"{DATABASE_FILE}.sealed"

PIECE: Final = 1 << 20
"""Bytes of the database that are compressed and sealed together."""

SMALL_MOST: Final = 1 << 16
"""No manifest and no recovery file is larger."""

_LENGTH_BYTES: Final = 4
_PIECE_MOST: Final = PIECE + (1 << 12)
_MEMBERS: Final = {
    1: ({MANIFEST, DATABASE_FILE}, {RECOVERY_FILE}),
    FORMAT: ({MANIFEST, MANIFEST_MAC, SEALED_DATABASE}, {RECOVERY_FILE}),
}
"""What a file of each format must hold, and what it may hold."""

_PACKED: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)

Watch = Callable[[int, int], None]
"""Is told that so many of so many bytes are done; what it raises ends the work."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself; to be believed only where its state is `OURS`.

    Attributes:
        key_check: Says which school key it was sealed with, and nothing about the key; empty in format 1.
        recovery_digest: SHA-256 of the recovery file; empty for none.
        database_bytes: Size of the database inside.
        database_digest: Format 1 only.
    """

    format: int
    kiosk: str
    created_at: datetime
    origin: Origin
    key_check: str = ""
    salt: str = ""
    recovery_digest: str = ""
    database_bytes: int = 0
    database_digest: str = ""

    def to_json(self) -> bytes:
        """As it stands in the file."""
        said = asdict(self) | {"created_at": self.created_at.isoformat()}
        del said["database_digest"]
        return json.dumps(said, indent=2).encode()

    @classmethod
    def from_json(cls, raw: bytes) -> Self:
        """The inverse; also of format 1. Raises ValueError, KeyError or TypeError: it is none."""
        said = json.loads(raw)
        if said.get("format", 1) == 1:
            sums = said["sha256"]
            if set(sums) - {DATABASE_FILE, RECOVERY_FILE}:
                raise ValueError("unknown members")
            return cls(
                1,
                str(said.get("kiosk", "")),
                _moment(said.get("created_at", "1970-01-01T00:00:00+00:00")),
                Origin.BY_HAND,
                recovery_digest=str(sums.get(RECOVERY_FILE, "")),
                database_digest=str(sums[DATABASE_FILE]),
            )
        said["created_at"], said["origin"] = _moment(said["created_at"]), Origin(said["origin"])
        manifest = cls(**said)
        if manifest.format != FORMAT or type(manifest.database_bytes) is not int:
            raise ValueError("unknown format")
        return manifest


class Bundle:
    """One backup that is open for reading; nothing of it was believed yet.

    Attributes:
        recovery: The recovery file of the school key; None where the backup has none.
    """

    def __init__(self, *, name: str, file: zipfile.ZipFile) -> None:
        """Read the small members.

        Raises:
            FileFormatError: It is no backup.
        """
        self._name = name
        self._file = file
        with _reading(name), _damage(name):
            self._raw = self._small(MANIFEST)
            self.manifest = Manifest.from_json(self._raw)
            must, may = _MEMBERS[self.manifest.format]
            names = [member.filename for member in file.infolist()]
            if any(member.compress_type not in _PACKED for member in file.infolist()):
                raise ValueError("packed in another way")
            if len(set(names)) != len(names) or not must <= set(names) <= must | may:
                raise ValueError("unknown members")
            self.recovery = self._small(RECOVERY_FILE) if RECOVERY_FILE in names else None
            digest = hashlib.sha256(self.recovery).hexdigest() if self.recovery is not None else ""
            if digest != self.manifest.recovery_digest:
                raise ValueError("another recovery file")
            self._mac = self._small(MANIFEST_MAC).decode("ascii") if self.manifest.format > 1 else ""

    def state(self, keys: KeyRing | None) -> BackupState:
        """Whether the manifest was made with a school key; the database is proved by unpacking it."""
        if self.manifest.format == 1:
            return BackupState.OLD_FORMAT
        if keys is None or not hmac.compare_digest(self.manifest.key_check, keys.check_value):
            return BackupState.OTHER_KEY
        genuine = hmac.compare_digest(self._mac, keys.seal_of_backup(self._raw))
        return BackupState.OURS if genuine else BackupState.FORGED

    @property
    def unpacked_bytes(self) -> int:
        """How large the database becomes, and not a byte larger."""
        if self.manifest.format == 1:
            return self._file.getinfo(DATABASE_FILE).file_size
        return self.manifest.database_bytes

    def unpack(self, keys: KeyRing | None, target: Path, watch: Watch) -> None:
        """Write the database inside to a new file, with the keys of the state `OURS`; format 1 needs none.

        Raises:
            FileFormatError: It is damaged, or was changed.
            OSError: `target` cannot be written.
        """
        digest, done, total = hashlib.sha256(), 0, self.unpacked_bytes
        with target.open("xb") as unpacked, _damage(self._name):
            target.chmod(OWNER_ONLY)
            for piece in _readable(self._pieces(keys), self._name):
                done += len(piece)
                if done > total:
                    raise ValueError("larger than it says")
                digest.update(piece)
                unpacked.write(piece)
                watch(done, total)
            if done != total or (
                self.manifest.format == 1 and digest.hexdigest() != self.manifest.database_digest
            ):
                raise ValueError("another database")

    def _pieces(self, keys: KeyRing | None) -> Iterator[bytes]:
        if self.manifest.format == 1:
            with self._file.open(DATABASE_FILE) as packed:
                while piece := packed.read(PIECE):
                    yield piece
            return
        if self.state(keys) is not BackupState.OURS or keys is None:
            raise ValueError("not proved")
        sealing = AESGCM(keys.backup_key(bytes.fromhex(self.manifest.salt)))
        number, left = 0, self.manifest.database_bytes
        with self._file.open(SEALED_DATABASE) as packed:
            while left > 0:
                length = int.from_bytes(packed.read(_LENGTH_BYTES), "big")
                if length > _PIECE_MOST:
                    raise ValueError("a piece that is too large")
                piece = _unsealed(sealing, number, packed.read(length))
                left -= len(piece)
                number += 1
                yield piece
            if packed.read(1):
                raise ValueError("a piece too many")

    def _small(self, name: str) -> bytes:
        with self._file.open(name) as member:
            content = member.read(SMALL_MOST + 1)
        if len(content) > SMALL_MOST:
            raise ValueError("too large")
        return content


@contextmanager
def opened(path: Path) -> Iterator[Bundle]:
    """Open a backup for reading.

    Raises:
        FileFormatError: It cannot be read, or is no backup.
    """
    try:
        file = path.open("rb")
    except OSError as error:
        raise _unreadable(error, path) from error
    with file, read_from(file, name=path.name) as bundle:
        yield bundle


@contextmanager
def read_from(file: IO[bytes], *, name: str) -> Iterator[Bundle]:
    """The same over a file that is open already."""
    with _reading(name), _damage(name):
        bundle = zipfile.ZipFile(file)
    with bundle:
        yield Bundle(name=name, file=bundle)


def write(
    file: IO[bytes],
    database: Path,
    recovery: Path,
    keys: KeyRing,
    *,
    origin: Origin,
    at: datetime,
    watch: Watch,
) -> Manifest:
    """Write a backup of a database that nobody has open, and of the recovery file where there is one.

    Raises:
        OSError: One of the files cannot be read or written.
    """
    locked_away = recovery.read_bytes() if recovery.is_file() else None
    manifest = Manifest(
        FORMAT,
        kiosk.__version__,
        at,
        origin,
        key_check=keys.check_value,
        salt=os.urandom(32).hex(),
        recovery_digest=hashlib.sha256(locked_away).hexdigest() if locked_away is not None else "",
        database_bytes=database.stat().st_size,
    )
    raw = manifest.to_json()
    sealing = AESGCM(keys.backup_key(bytes.fromhex(manifest.salt)))
    with zipfile.ZipFile(file, "w") as bundle, database.open("rb") as plain:
        bundle.writestr(MANIFEST, raw)
        bundle.writestr(MANIFEST_MAC, keys.seal_of_backup(raw))
        if locked_away is not None:
            bundle.writestr(RECOVERY_FILE, locked_away)
        with bundle.open(SEALED_DATABASE, "w", force_zip64=True) as packed:
            number = 0
            while piece := plain.read(PIECE):
                sealed = _sealed(sealing, number, piece)
                packed.write(len(sealed).to_bytes(_LENGTH_BYTES, "big") + sealed)
                number += 1
                watch(plain.tell(), manifest.database_bytes)
    return manifest


def _sealed(sealing: AESGCM, number: int, piece: bytes) -> bytes:
    return sealing.encrypt(
        number.to_bytes(NONCE_BYTES, "big"), zlib.compress(piece, 3), context("backup", number)
    )


def _unsealed(sealing: AESGCM, number: int, sealed: bytes) -> bytes:
    packed = sealing.decrypt(number.to_bytes(NONCE_BYTES, "big"), sealed, context("backup", number))
    piece = zlib.decompressobj().decompress(packed, PIECE + 1)
    if not 0 < len(piece) <= PIECE:
        raise ValueError("a piece of another size")
    return piece


def _readable(pieces: Iterator[bytes], name: str) -> Iterator[bytes]:
    """The pieces; what fails is said of them, not of what is written meanwhile."""
    with _reading(name):
        yield from pieces


@contextmanager
def _reading(name: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno == errno.EINVAL:  # the file says that something stands before its beginning
            raise _damaged(name) from error
        raise _unreadable(error, name) from error


def _unreadable(error: OSError, file: Path | str) -> FileFormatError:
    return FileFormatError(
        _("The backup cannot be read: {strerror} ({file}).", strerror=error.strerror or error, file=file),
        _("Check the name of the file."),
    )


@contextmanager
def _damage(name: str) -> Iterator[None]:
    try:
        yield
    except (
        *(zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValueError, TypeError, AttributeError),
        *(NotImplementedError, RuntimeError, InvalidTag, struct.error),
    ) as error:
        raise _damaged(name) from error


def _damaged(name: str) -> FileFormatError:
    return FileFormatError(
        _("{name} is no kiosk backup, or it is damaged or was changed.", name=name), _("Use another backup.")
    )


def _moment(text: Any) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a time without a zone")
    return moment
