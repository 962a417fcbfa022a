"""Downloads one file from the first of its addresses that gives it, and checks it. Any thread.

What was loaded before a cut, a cancel or a power failure is kept beside the target and gone on with; a file counts
only after its size and SHA-256 were checked.
"""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import httpx

from kiosk.errors import ModelError
from kiosk.services.ports.clock import SYSTEM_CLOCK, Clock
from kiosk.services.ports.model_store import InstallWatcher
from kiosk.translation import N_, _
from kiosk.vision.models.conversion_record import file_sha256
from kiosk.vision.models.model_files import cannot_write
from kiosk.vision.models.partial_file import PartialFile
from kiosk.vision.models.transfer import AddressError, Wanted, make_client, transfer

ATTEMPTS: Final = 3
"""In a row without `WORTH` new bytes, then the next address is tried; a bad line may cut a large file many times."""
WORTH: Final = 65_536
FIRST_WAIT_S: Final = 1.0
"""Doubled before each further attempt."""
WAIT_STEP_S: Final = 0.2
SPARE: Final = 20_000_000
"""Bytes that stay free on the disk."""


@dataclass(frozen=True, slots=True)
class Downloaded:
    """A whole file.

    Attributes:
        url: Where it came from.
        size: Bytes.
        sha256: As computed here, lower-case hexadecimal.
    """

    url: str
    size: int
    sha256: str


def download(
    wanted: Wanted, target: Path, *, watcher: InstallWatcher, clock: Clock = SYSTEM_CLOCK
) -> Downloaded:
    """Bring `target` here.

    Args:
        wanted: The file and its addresses.
        target: Where it goes; an older file there is replaced in one step, at the end.
        watcher: Shown bytes there are and bytes in all, and asked a few times a second while bytes arrive.
        clock: Waits before another attempt.

    Raises:
        ModelError: No address gives the file, it is another one, or the disk is full.
        InstallStoppedError: `watcher` cancelled it.
    """
    part = PartialFile(target)
    failures: list[tuple[str, AddressError]] = []
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _check_room(target.parent, wanted.size - part.size)
        with make_client() as client:
            for url in _begun_first(wanted.urls, part):
                try:
                    _persist(client, url, part, wanted, watcher, clock)
                    found = _checked(url, part, wanted)
                except AddressError as failure:
                    failures.append((urlsplit(url).hostname or url, failure))
                else:
                    part.finish()
                    return found
    except OSError as error:
        raise cannot_write(target.parent, error) from error
    raise _nowhere(failures)


def _begun_first(urls: tuple[str, ...], part: PartialFile) -> list[str]:
    """The address that a download was begun from, then the others in order."""
    note = part.note()
    return sorted(urls, key=lambda url: note is None or url != note.url)


def _persist(
    client: httpx.Client, url: str, part: PartialFile, wanted: Wanted, watcher: InstallWatcher, clock: Clock
) -> None:
    """Ask one address until the file is there or `ATTEMPTS` in a row brought nothing."""
    idle = 0
    while True:
        before = part.size
        try:
            transfer(client, url, part, wanted, watcher=watcher)
        except AddressError as failure:
            idle = 0 if part.size >= before + WORTH else idle + 1
            if not failure.again or idle >= ATTEMPTS or watcher.is_cancelled():
                raise
            _rest(FIRST_WAIT_S * 2 ** max(idle - 1, 0), watcher, clock)
        else:
            return


def _rest(seconds: float, watcher: InstallWatcher, clock: Clock) -> None:
    """Wait before another attempt, but not when somebody cancels."""
    while seconds > 0 and not watcher.is_cancelled():
        clock.sleep(min(seconds, WAIT_STEP_S))
        seconds -= WAIT_STEP_S


def _checked(url: str, part: PartialFile, wanted: Wanted) -> Downloaded:
    size = part.size
    sha256 = file_sha256(part.path)
    if not wanted.may_have(size) or sha256 != (wanted.sha256 or sha256):
        part.discard()
        raise AddressError(N_("{host} has another file than the one that this kiosk was made for"))
    return Downloaded(url, size, sha256)


def _check_room(folder: Path, missing: int) -> None:
    free = shutil.disk_usage(folder).free
    if missing + SPARE > free:
        raise ModelError(
            _(
                "The disk is too full: {missing:,.0f} MB are needed and {free:,.0f} MB are free.",
                missing=(missing + SPARE) / 1e6,
                free=free / 1e6,
            ),
            _("Make room where {folder} is, and try again.", folder=folder),
        )


def _nowhere(failures: list[tuple[str, AddressError]]) -> ModelError:
    if not failures:
        return ModelError(_("No address of this file is known."), _("Install it from a folder."))
    hosts = ", ".join(dict.fromkeys(host for host, _unused in failures))
    if all(failure.unreachable for _unused2, failure in failures):
        return ModelError(
            _("There is no connection to the internet: {hosts} could not be reached.", hosts=hosts),
            _("Check the network; or load the file on another PC and install it from a folder."),
        )
    reasons = "; ".join(dict.fromkeys(failure.words(host) for host, failure in failures))
    return ModelError(
        _("The file could not be downloaded: {reasons}.", reasons=reasons),
        _("Try again later; what was loaded is kept. Or install it from a folder."),
    )
