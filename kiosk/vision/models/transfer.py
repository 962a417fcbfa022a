"""One request for one file: begin, or go on where an earlier one was cut. Any thread.

Going on needs the server's word that the file is still the same: it must answer 206 with the range that was asked for,
the same total and the same ETag or Last-Modified. Everything else begins anew.
"""

import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import httpx

from kiosk.errors import InstallStoppedError
from kiosk.services.ports.model_store import InstallProgress, InstallStep, InstallWatcher
from kiosk.translation import N_, _
from kiosk.vision.models.partial_file import PartialFile, PartNote

BLOCK: Final = 1 << 17
"""Bytes between two looks at progress and at whether somebody cancelled."""
TOLERANCE: Final = 0.1
"""How far the size of a file without a known checksum may be from the manifest's, which is approximate."""
TIMEOUT: Final = httpx.Timeout(10.0, connect=10.0)
"""Seconds without a byte after which a server counts as gone."""
REDIRECTS: Final = 5
_RANGE: Final = re.compile(r"bytes (\d+)-\d+/(\d+)")


@dataclass(frozen=True, slots=True)
class Wanted:
    """The file that is wanted.

    Attributes:
        urls: Where it is published, to be tried in order.
        size: Bytes; approximate when `sha256` is empty.
        sha256: Lower-case hexadecimal; empty when unknown.
        starts_with: Bytes that every file of its kind begins with; a web page in its place does not.
    """

    urls: tuple[str, ...]
    size: int
    sha256: str
    starts_with: bytes = b""

    def may_have(self, size: int) -> bool:
        """Whether a file of so many bytes can be it."""
        slack = 0 if self.sha256 else int(self.size * TOLERANCE)
        return abs(size - self.size) <= slack


class AddressError(Exception):
    """One address did not give the file.

    Attributes:
        again: Whether the same address may give it in a moment.
        unreachable: Whether no answer came at all.
    """

    def __init__(
        self, reason: str, *, again: bool = False, unreachable: bool = False, **values: object
    ) -> None:
        """Keep why: a marked text with a place for the server's name, and the values of its other places."""
        super().__init__(reason)
        self.again = again
        self.unreachable = unreachable
        self._reason = reason
        self._values = values

    def words(self, host: str) -> str:
        """Why this server did not give the file, without a full stop."""
        return _(self._reason, host=host, **self._values)


def make_client() -> httpx.Client:
    """A client that follows redirects, knows the PC's proxy, and trusts what the PC trusts besides the usual roots."""
    context = httpx.create_ssl_context()
    context.load_default_certs(ssl.Purpose.SERVER_AUTH)
    return httpx.Client(timeout=TIMEOUT, follow_redirects=True, max_redirects=REDIRECTS, verify=context)


def transfer(
    client: httpx.Client, url: str, part: PartialFile, wanted: Wanted, *, watcher: InstallWatcher
) -> None:
    """Bring `part` to its full length from `url`; what arrived before a failure stays for the next call.

    Args:
        client: Sends the request.
        url: One of `wanted.urls`.
        part: Where the bytes go.
        wanted: What is expected.
        watcher: Shown the bytes there are, and asked, at each block.

    Raises:
        AddressError: The address does not give the file, not now or not at all.
        InstallStoppedError: `watcher` cancelled it.
        OSError: The disk is full or cannot be written.
    """
    note = part.note()
    going_on = note if note is not None and note.url == url and (note.validator or note.total) else None
    if going_on is not None and part.size == going_on.total:
        return
    with _answer(client, url, _headers(going_on, part.size)) as response:
        _refuse_downgrade(url, response)
        if going_on is not None and response.status_code == httpx.codes.PARTIAL_CONTENT:
            _check_range(response, going_on, part)
            total = going_on.total or _range(response)[1]
        elif response.status_code == httpx.codes.OK:
            total = _announced(response, wanted)
            part.begin(PartNote(url, _validator(response), total))
        else:
            raise _refusal(response, part)
        _receive(response, part, wanted, total, watcher)


def _headers(going_on: PartNote | None, have: int) -> dict[str, str]:
    headers = {"Accept-Encoding": "identity"}
    if going_on is not None:
        headers["Range"] = f"bytes={have}-"
        if going_on.validator:
            headers["If-Range"] = going_on.validator
    return headers


@contextmanager
def _answer(client: httpx.Client, url: str, headers: dict[str, str]) -> Iterator[httpx.Response]:
    try:
        with client.stream("GET", url, headers=headers) as response:
            yield response
    except httpx.TooManyRedirects as error:
        raise AddressError(N_("{host} sends from one address to the next without end")) from error
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError) as error:
        raise _no_connection(error) from error
    except httpx.TimeoutException as error:
        raise AddressError(N_("{host} stopped sending"), again=True) from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise AddressError(
            N_("{host} cut the connection"), again=isinstance(error, httpx.TransportError)
        ) from error


def _no_connection(error: httpx.TransportError) -> AddressError:
    if "CERTIFICATE_VERIFY_FAILED" in str(error):
        return AddressError(
            N_("{host} has a certificate that this PC does not trust, perhaps because the network filters it")
        )
    return AddressError(N_("{host} could not be reached"), again=True, unreachable=True)


def _refuse_downgrade(url: str, response: httpx.Response) -> None:
    if url.startswith("https:") and response.url.scheme != "https":
        raise AddressError(N_("{host} sends on to an address without encryption"))


def _check_range(response: httpx.Response, note: PartNote, part: PartialFile) -> None:
    start, total = _range(response)
    same = not note.validator or _validator(response) in {note.validator, ""}
    if start != part.size or (note.total and total != note.total) or not same:
        part.discard()
        raise AddressError(N_("{host} has another file by now than the one begun"), again=True)


def _range(response: httpx.Response) -> tuple[int, int]:
    found = _RANGE.fullmatch(response.headers.get("Content-Range", ""))
    return (int(found[1]), int(found[2])) if found else (-1, 0)


def _announced(response: httpx.Response, wanted: Wanted) -> int:
    """How many bytes the server says the file has; 0 when it does not say.

    Raises:
        AddressError: So many that it is another file.
    """
    text = response.headers.get("Content-Length", "")
    total = int(text) if text.isdecimal() else 0
    if text and not wanted.may_have(total):
        raise AddressError(
            N_("{host} has another file: {total:,} bytes instead of {size:,}"), total=total, size=wanted.size
        )
    return total


def _validator(response: httpx.Response) -> str:
    etag = str(response.headers.get("ETag", ""))
    if etag and not etag.startswith("W/"):
        return etag
    return str(response.headers.get("Last-Modified", ""))


def _refusal(response: httpx.Response, part: PartialFile) -> AddressError:
    status = response.status_code
    if status in {httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE, httpx.codes.PARTIAL_CONTENT}:
        part.discard()
        return AddressError(N_("{host} has another file by now than the one begun"), again=True)
    if status in {httpx.codes.NOT_FOUND, httpx.codes.GONE}:
        return AddressError(N_("{host} does not have the file any more ({status})"), status=status)
    again = status >= httpx.codes.INTERNAL_SERVER_ERROR or status == httpx.codes.TOO_MANY_REQUESTS
    return AddressError(N_("{host} refused ({status})"), again=again, status=status)


def _receive(
    response: httpx.Response, part: PartialFile, wanted: Wanted, total: int, watcher: InstallWatcher
) -> None:
    have = part.size
    most = total or int(wanted.size * (1 + TOLERANCE))
    _show(watcher, have, total or wanted.size)
    with part.append() as file:
        for block in response.iter_raw(BLOCK):
            if watcher.is_cancelled():
                raise InstallStoppedError(
                    _("The download was stopped."), _("It goes on from there next time.")
                )
            if have < len(wanted.starts_with) and not _begins_right(have, block, wanted.starts_with):
                file.close()
                part.discard()
                raise AddressError(N_("{host} has another file, perhaps a page that asks for a sign-in"))
            have += len(block)
            if have > most:
                file.close()
                part.discard()
                raise AddressError(N_("{host} sends more than the file has"))
            file.write(block)
            _show(watcher, have, total or wanted.size)
    if total and have < total:
        raise AddressError(N_("{host} cut the connection"), again=True)


def _show(watcher: InstallWatcher, done: int, total: int) -> None:
    watcher.show(InstallProgress(InstallStep.DOWNLOAD, done, total))


def _begins_right(have: int, block: bytes, beginning: bytes) -> bool:
    rest = beginning[have:]
    return block[: len(rest)] == rest[: len(block)]
