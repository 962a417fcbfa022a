"""Downloading one file over a bad line, from bad servers, onto a bad disk."""

import errno
import hashlib
import json
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from kiosk.errors import InstallStoppedError, ModelError
from kiosk.vision.models.download import download
from kiosk.vision.models.partial_file import PartialFile
from kiosk.vision.models.transfer import Wanted
from tests.fakes.clock import FakeClock
from tests.fakes.models.file_server import Served, file_server
from tests.fakes.models.onlooker import Onlooker

DATA = b"\x89HDF" + bytes(range(256)) * 4000
"""A megabyte."""
OTHER = DATA[:-1] + b"?"


@pytest.fixture
def served() -> Iterator[Served]:
    with file_server(Served(DATA)) as made:
        yield made


def wanted(served: Served, *paths: str, sha256: str | None = None, size: int = len(DATA)) -> Wanted:
    urls = tuple(served.base + path for path in paths or ("/model.h5",))
    known = hashlib.sha256(DATA).hexdigest() if sha256 is None else sha256
    return Wanted(urls, size, known, starts_with=b"\x89HDF")


def left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def begin(served: Served, target: Path, size: int, *, path: str = "/model.h5") -> None:
    """Leave a download of `size` bytes as a cut would."""
    onlooker = Onlooker(cancel_after=0)
    served.cuts.append(size)
    with pytest.raises(InstallStoppedError):
        download(wanted(served, path), target, watcher=onlooker)
    PartialFile(target).path.write_bytes(DATA[:size])
    served.cuts.clear()
    served.requests.clear()


def test_file_arrives_whole_with_progress_and_its_checksum(served: Served, tmp_path: Path) -> None:
    onlooker = Onlooker()
    target = tmp_path / "models" / "model.h5"
    found = download(wanted(served), target, watcher=onlooker)
    assert target.read_bytes() == DATA
    assert (found.url, found.size, found.sha256) == (
        f"{served.base}/model.h5",
        len(DATA),
        hashlib.sha256(DATA).hexdigest(),
    )
    assert left(target.parent) == ["model.h5"]
    assert onlooker.reports[0] == (0, len(DATA))
    assert onlooker.reports[-1] == (len(DATA), len(DATA))
    assert [done for done, _ in onlooker.reports] == sorted(done for done, _ in onlooker.reports)


def test_cut_download_goes_on_where_it_was_cut(served: Served, tmp_path: Path) -> None:
    served.cuts.extend([300_000, 300_000])
    onlooker = Onlooker()
    download(wanted(served), tmp_path / "model.h5", watcher=onlooker)
    assert (tmp_path / "model.h5").read_bytes() == DATA
    ranges = [asked for _, asked in served.requests]
    assert len(ranges) == 3
    assert ranges[0] == ""
    assert all(asked.startswith("bytes=") and asked != "bytes=0-" for asked in ranges[1:])


def test_download_goes_on_after_the_program_was_ended(served: Served, tmp_path: Path) -> None:
    target = tmp_path / "model.h5"
    begin(served, target, 400_000)
    download(wanted(served), target, watcher=Onlooker(), clock=FakeClock())
    assert target.read_bytes() == DATA
    assert served.requests == [("/model.h5", "bytes=400000-")]
    assert left(tmp_path) == ["model.h5"]


def test_whole_part_needs_no_request(served: Served, tmp_path: Path) -> None:
    target = tmp_path / "model.h5"
    begin(served, target, len(DATA))
    download(wanted(served), target, watcher=Onlooker(), clock=FakeClock())
    assert target.read_bytes() == DATA
    assert served.requests == []


@pytest.mark.parametrize("behaviour", ["ignores_range", "wrong_range"])
def test_server_that_does_not_honour_ranges_gives_everything_again(
    served: Served, tmp_path: Path, behaviour: str
) -> None:
    target = tmp_path / "model.h5"
    begin(served, target, 400_000)
    setattr(served, behaviour, True)
    download(wanted(served), target, watcher=Onlooker(), clock=FakeClock())
    assert target.read_bytes() == DATA


def test_file_that_changed_meanwhile_is_loaded_anew(served: Served, tmp_path: Path) -> None:
    target = tmp_path / "model.h5"
    served.data = OTHER
    begin(served, target, 400_000)
    served.data, served.etag = DATA, '"two"'
    download(wanted(served), target, watcher=Onlooker(), clock=FakeClock())
    assert target.read_bytes() == DATA
    assert served.requests == [("/model.h5", "bytes=400000-")]


@pytest.mark.parametrize(("etag", "modified"), [("", "Mon, 02 Nov 2026 08:00:00 GMT"), ("", "")])
def test_without_an_etag_the_date_or_the_size_tell_whether_it_is_the_same(
    served: Served, tmp_path: Path, etag: str, modified: str
) -> None:
    target = tmp_path / "model.h5"
    served.etag, served.modified = etag, modified
    begin(served, target, 400_000)
    download(wanted(served), target, watcher=Onlooker(), clock=FakeClock())
    assert target.read_bytes() == DATA
    assert served.requests == [("/model.h5", "bytes=400000-")]


@pytest.mark.parametrize("note", ["", "{", "[]", '{"url": 5}'])
def test_part_with_a_broken_note_is_not_used(served: Served, tmp_path: Path, note: str) -> None:
    target = tmp_path / "model.h5"
    PartialFile(target).path.write_bytes(b"rubbish of nobody knows what")
    (tmp_path / "model.h5.part.json").write_text(note, "utf-8")
    download(wanted(served), target, watcher=Onlooker(), clock=FakeClock())
    assert target.read_bytes() == DATA
    assert served.requests == [("/model.h5", "")]


def test_rotten_part_is_noticed_and_loaded_anew_from_the_next_address(served: Served, tmp_path: Path) -> None:
    target = tmp_path / "model.h5"
    begin(served, target, 400_000, path="/a")
    PartialFile(target).path.write_bytes(b"x" * 400_000)
    download(wanted(served, "/a", "/b"), target, watcher=Onlooker(), clock=FakeClock())
    assert target.read_bytes() == DATA
    assert [path for path, _ in served.requests] == ["/a", "/b"]


def test_part_longer_than_the_file_is_loaded_anew(served: Served, tmp_path: Path) -> None:
    target = tmp_path / "model.h5"
    begin(served, target, 400_000)
    PartialFile(target).path.write_bytes(DATA + b"more")
    download(wanted(served), target, watcher=Onlooker(), clock=FakeClock())
    assert target.read_bytes() == DATA


def test_addresses_are_tried_in_order(served: Served, tmp_path: Path) -> None:
    served.missing.add("/a")
    found = download(
        wanted(served, "/a", "/b", "/c"), tmp_path / "model.h5", watcher=Onlooker(), clock=FakeClock()
    )
    assert found.url.endswith("/b")
    assert [path for path, _ in served.requests] == ["/a", "/b"]


def test_redirect_is_followed_and_an_endless_one_is_not(served: Served, tmp_path: Path) -> None:
    served.redirects["/model.h5"] = f"{served.base}/elsewhere"
    download(wanted(served), tmp_path / "model.h5", watcher=Onlooker(), clock=FakeClock())
    assert (tmp_path / "model.h5").read_bytes() == DATA
    served.redirects["/elsewhere"] = f"{served.base}/elsewhere"
    with pytest.raises(ModelError, match="without end"):
        download(wanted(served), tmp_path / "again.h5", watcher=Onlooker(), clock=FakeClock())


@pytest.mark.parametrize("says", [len(DATA) - 1, len(DATA) + 1, 0])
def test_length_other_than_the_known_one_is_another_file(served: Served, tmp_path: Path, says: int) -> None:
    served.says_length = says
    with pytest.raises(ModelError, match=r"has another file: .* bytes instead of 1,024,004"):
        download(wanted(served), tmp_path / "model.h5", watcher=Onlooker(), clock=FakeClock())
    assert left(tmp_path) == []


def test_file_without_known_checksum_may_differ_a_little_in_size(served: Served, tmp_path: Path) -> None:
    found = download(
        wanted(served, sha256="", size=1_000_000),
        tmp_path / "model.h5",
        watcher=Onlooker(),
        clock=FakeClock(),
    )
    assert found.sha256 == hashlib.sha256(DATA).hexdigest()
    with pytest.raises(ModelError, match="another file"):
        download(
            wanted(served, sha256="", size=2_000_000),
            tmp_path / "other.h5",
            watcher=Onlooker(),
            clock=FakeClock(),
        )


def test_server_that_hides_the_length_cannot_fill_the_disk(served: Served, tmp_path: Path) -> None:
    served.says_length = -1
    served.data = DATA * 2
    with pytest.raises(ModelError, match="sends more than the file has"):
        download(wanted(served), tmp_path / "model.h5", watcher=Onlooker(), clock=FakeClock())
    assert left(tmp_path) == []


def test_length_that_nobody_says_is_checked_at_the_end(served: Served, tmp_path: Path) -> None:
    served.says_length = -1
    onlooker = Onlooker()
    download(wanted(served), tmp_path / "model.h5", watcher=onlooker)
    assert onlooker.reports[-1] == (len(DATA), len(DATA))


def test_swapped_file_of_the_same_size_is_refused(served: Served, tmp_path: Path) -> None:
    (tmp_path / "model.h5").write_bytes(b"the old one")
    served.data = OTHER
    with pytest.raises(ModelError, match="another file than the one that this kiosk was made for"):
        download(wanted(served), tmp_path / "model.h5", watcher=Onlooker(), clock=FakeClock())
    assert (tmp_path / "model.h5").read_bytes() == b"the old one"
    assert left(tmp_path) == ["model.h5"]


def test_sign_in_page_in_place_of_the_file_is_recognised(served: Served, tmp_path: Path) -> None:
    served.data = b"<html>please sign in to the school's network</html>".ljust(len(DATA))
    with pytest.raises(ModelError, match="a page that asks for a sign-in"):
        download(wanted(served, sha256=""), tmp_path / "model.h5", watcher=Onlooker(), clock=FakeClock())


def test_busy_server_is_asked_again_a_refusal_is_not(served: Served, tmp_path: Path) -> None:
    served.statuses.extend([503, 429])
    clock = FakeClock()
    download(wanted(served), tmp_path / "model.h5", watcher=Onlooker(), clock=clock)
    assert sum(clock.slept) == pytest.approx(1.0 + 2.0)
    served.requests.clear()
    served.statuses.append(403)
    with pytest.raises(ModelError, match=r"127.0.0.1 refused \(403\)"):
        download(wanted(served), tmp_path / "other.h5", watcher=Onlooker(), clock=FakeClock())
    assert len(served.requests) == 1


def test_server_that_fails_for_good_is_given_up_with_a_sentence(served: Served, tmp_path: Path) -> None:
    served.statuses.extend([500] * 10)
    with pytest.raises(ModelError, match=r"could not be downloaded: 127.0.0.1 refused \(500\)") as caught:
        download(wanted(served), tmp_path / "model.h5", watcher=Onlooker(), clock=FakeClock())
    assert len(served.requests) == 3
    assert "from a folder" in caught.value.hint


def test_line_that_is_cut_often_but_brings_bytes_is_not_given_up(served: Served, tmp_path: Path) -> None:
    served.cuts.extend([140_000] * 6)
    download(wanted(served), tmp_path / "model.h5", watcher=Onlooker(), clock=FakeClock())
    assert (tmp_path / "model.h5").read_bytes() == DATA
    assert len(served.requests) == 7


def test_without_internet_it_says_so(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/model.h5"
        with pytest.raises(ModelError, match=r"no connection to the internet: 127\.0\.0\.1 could not be"):
            download(Wanted((url,), 5, ""), tmp_path / "model.h5", watcher=Onlooker(), clock=FakeClock())


def test_cancelled_download_is_kept_for_next_time(served: Served, tmp_path: Path) -> None:
    onlooker = Onlooker(cancel_after=3)
    with pytest.raises(InstallStoppedError):
        download(wanted(served), tmp_path / "model.h5", watcher=onlooker)
    assert left(tmp_path) == ["model.h5.part", "model.h5.part.json"]
    kept = PartialFile(tmp_path / "model.h5").size
    assert 0 < kept < len(DATA)
    served.requests.clear()
    download(wanted(served), tmp_path / "model.h5", watcher=Onlooker(), clock=FakeClock())
    assert served.requests == [("/model.h5", f"bytes={kept}-")]


def test_too_full_disk_is_said_before_anything_is_loaded(
    served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: SimpleNamespace(free=10**6))
    with pytest.raises(ModelError, match=r"disk is too full: 21 MB are needed and 1 MB are free"):
        download(wanted(served), tmp_path / "model.h5", watcher=Onlooker(), clock=FakeClock())
    assert served.requests == []


def test_disk_that_fills_up_meanwhile_is_said_and_the_old_file_stays(
    served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "model.h5").write_bytes(b"the old one")

    def full(_part: PartialFile) -> object:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(PartialFile, "append", full)
    with pytest.raises(ModelError, match="The disk is full"):
        download(wanted(served), tmp_path / "model.h5", watcher=Onlooker(), clock=FakeClock())
    assert (tmp_path / "model.h5").read_bytes() == b"the old one"


def test_unwritable_directory_is_said(served: Served, tmp_path: Path) -> None:
    (tmp_path / "models").write_text("a file, not a folder")
    with pytest.raises(ModelError, match="cannot be written"):
        download(wanted(served), tmp_path / "models" / "model.h5", watcher=Onlooker(), clock=FakeClock())


def test_note_names_the_address_before_redirects(served: Served, tmp_path: Path) -> None:
    served.redirects["/model.h5"] = f"{served.base}/signed?secret=1"
    with pytest.raises(InstallStoppedError):
        download(wanted(served), tmp_path / "model.h5", watcher=Onlooker(cancel_after=0))
    note = json.loads((tmp_path / "model.h5.part.json").read_text("utf-8"))
    assert note == {"url": f"{served.base}/model.h5", "validator": '"one"', "total": len(DATA)}
