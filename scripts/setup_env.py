"""Makes a checkout ready to run: system libraries, a virtual environment, the pinned dependencies.

`scripts/kiosk`, `scripts/kiosk.cmd` and `scripts/test` call it; a person need not. It runs before anything is
installed, so it uses the standard library only. All that it says goes to stderr: stdout belongs to the program.

Last it has `scripts/fetch_models.py` fetch the networks that come with packages, which may fail and stops nothing.

    python scripts/setup_env.py [--dev] [--check]

`--dev` adds the tools for tests and checks. `--check` changes nothing: exit code 0 when all is in place, 3 when not.

How it stays whole: one set-up at a time (a lock on `.setup.lock`, which the installer it starts holds too); the
stamp `.venv/kiosk-setup.json` is written last and removed first, so an environment without one was interrupted and
is made anew; a stamp for another lock file means that the environment is brought up to date in place.

`KIOSK_SYSTEM_PACKAGES=skip` leaves the system's libraries to whoever runs it, `KIOSK_FETCH_MODELS=skip` the networks.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any, Final

ROOT: Final = Path(__file__).resolve().parent.parent
VENV: Final = ROOT / ".venv"
STAMP: Final = VENV / "kiosk-setup.json"
STAMP_FORMAT: Final = 1
RUNTIME_LOCK: Final = ROOT / "requirements.lock"
DEV_LOCK: Final = ROOT / "requirements-dev.lock"
MANIFEST: Final = ROOT / "models" / "manifest.toml"
NOT_READY: Final = 3
SOON_S: Final = 60
SUPPORTED: Final = ((3, 11), (3, 12), (3, 13))
NEEDED_DISK_BYTES: Final = 5 * 1024**3

# What the wheels expect of a Linux system: (what to look for, Debian's package that has it). A name is a shared
# library, a path is a file, a name after "command:" is a program.
RUNTIME_NEEDS: Final = (
    # Qt, even with no window
    ("libGL.so.1", "libgl1"),
    ("libEGL.so.1", "libegl1"),
    ("libX11.so.6", "libx11-6"),
    ("libfontconfig.so.1", "libfontconfig1"),
    ("libxkbcommon.so.0", "libxkbcommon0"),
    ("libdbus-1.so.3", "libdbus-1-3"),
    ("libglib-2.0.so.0", "libglib2.0-0"),
    ("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", "fonts-dejavu-core"),
    # Qt with a window (the xcb platform)
    ("libX11-xcb.so.1", "libx11-xcb1"),
    ("libxcb-cursor.so.0", "libxcb-cursor0"),
    ("libxcb-icccm.so.4", "libxcb-icccm4"),
    ("libxcb-image.so.0", "libxcb-image0"),
    ("libxcb-keysyms.so.1", "libxcb-keysyms1"),
    ("libxcb-randr.so.0", "libxcb-randr0"),
    ("libxcb-render-util.so.0", "libxcb-render-util0"),
    ("libxcb-shape.so.0", "libxcb-shape0"),
    ("libxcb-xkb.so.1", "libxcb-xkb1"),
    ("libxkbcommon-x11.so.0", "libxkbcommon-x11-0"),
    # Sound (QtMultimedia)
    ("libpulse.so.0", "libpulse0"),
    ("libXrandr.so.2", "libxrandr2"),
    # Reading codes
    ("libzbar.so.0", "libzbar0"),
)
DEV_NEEDS: Final = (
    ("command:Xvfb", "xvfb"),
    ("command:xauth", "xauth"),
    ("command:chromium", "chromium"),
    ("/usr/lib/postgresql", "postgresql"),
)


class SetupError(Exception):
    """Set-up cannot go on; the text is one plain sentence that says what to do."""


def say(text: str) -> None:
    """Tell the person what is going on."""
    print(f"kiosk set-up: {text}", file=sys.stderr, flush=True)


# --- The system -------------------------------------------------------------------------------------------------------


def missing_packages(*, dev: bool) -> list[str]:
    """Debian's names of the packages that this Linux system lacks; nothing is asked of other systems."""
    if sys.platform != "linux" or os.environ.get("KIOSK_SYSTEM_PACKAGES") == "skip":
        return []
    ldconfig = shutil.which("ldconfig", path="/sbin:/usr/sbin:" + os.environ.get("PATH", ""))
    if ldconfig is None:  # no way to know; the program itself will tell
        return []
    listing = subprocess.run([ldconfig, "-p"], capture_output=True, text=True, check=False).stdout
    libraries = {line.split(None, 1)[0] for line in listing.splitlines() if "=>" in line}
    debian = shutil.which("apt-get") is not None
    missing = []
    for what, package in (*RUNTIME_NEEDS, *(DEV_NEEDS if dev else ())):
        if what.startswith("command:"):
            there = shutil.which(what.removeprefix("command:")) is not None
        elif what.startswith("/"):
            there = Path(what).exists() or not debian  # other systems keep their fonts elsewhere
        else:
            there = what in libraries
        if not there:
            missing.append(package)
    return missing


def install_packages(packages: Sequence[str]) -> None:
    """Install Debian packages, where that is allowed."""
    names = " ".join(packages)
    if shutil.which("apt-get") is None:
        raise SetupError(
            f"This system lacks some libraries; install what Debian calls {names} and start again."
        )
    prefix: list[str] = []
    if os.geteuid() != 0:
        sudo = shutil.which("sudo")
        allowed = sudo is not None and run([sudo, "-n", "true"], quiet=True) == 0
        if sudo is None or not allowed:
            raise SetupError(
                f"Some system packages are missing; ask an administrator to run "
                f"“apt-get install --no-install-recommends {names}” and start again."
            )
        prefix = [sudo, "-n"]
    say(f"installing system packages: {names}")
    apt = [
        *prefix, "env", "DEBIAN_FRONTEND=noninteractive",
        "apt-get", "-q", "-y", "-o", "DPkg::Lock::Timeout=300", "-o", "Dpkg::Use-Pty=0",
    ]  # fmt: skip
    run([*apt, "update"], quiet=True)  # a stale list may still do
    if run([*apt, "install", "--no-install-recommends", *packages], quiet=not sys.stderr.isatty()) != 0:
        raise SetupError(
            f"The system packages {names} could not be installed; check the network, then run "
            f"“apt-get update && apt-get install --no-install-recommends {names}” to see why."
        )


# --- The virtual environment ------------------------------------------------------------------------------------------


def venv_python() -> Path:
    """Where the environment's interpreter is."""
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def site_packages() -> Path:
    """Where the environment's packages are."""
    if os.name == "nt":
        return VENV / "Lib" / "site-packages"
    found = sorted((VENV / "lib").glob("python3.*/site-packages"))
    return found[0] if found else VENV / "lib" / "site-packages"


def run(command: Sequence[str | Path], *, quiet: bool = False, hold: int | None = None) -> int:
    """Run a program with its output on stderr (or nowhere); `hold` is a file descriptor that it keeps open."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    environment |= {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1", "PIP_USER": "0"}
    return subprocess.run(
        [str(part) for part in command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL if quiet else sys.stderr,
        stderr=subprocess.DEVNULL if quiet else None,
        env=environment,
        pass_fds=() if hold is None or os.name == "nt" else (hold,),
        check=False,
    ).returncode


def distributions() -> list[str]:
    """The names of the metadata folders of all installed packages."""
    return sorted(entry.name for entry in site_packages().glob("*.dist-info"))


def digest(path: Path) -> str:
    """SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def pins(lock: Path) -> list[str]:
    """The package names in a lock file."""
    return sorted(set(re.findall(r"^([A-Za-z0-9][\w.-]*)==", lock.read_text(encoding="utf-8"), re.MULTILINE)))


def read_stamp() -> dict[str, Any] | None:
    """What the last complete set-up wrote, or None."""
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return stamp if isinstance(stamp, dict) and stamp.get("format") == STAMP_FORMAT else None


def environment_is_ready(stamp: dict[str, Any] | None, *, dev: bool) -> bool:
    """Whether the environment holds exactly what the lock files say, as far as a quick look can tell."""
    if stamp is None or (dev and not stamp["dev"]):
        return False
    locks = (RUNTIME_LOCK, DEV_LOCK) if stamp["dev"] else (RUNTIME_LOCK,)
    if any(stamp["locks"].get(lock.name) != digest(lock) for lock in locks):
        return False
    return set(stamp["distributions"]) <= set(distributions())


def environment_works() -> bool:
    """Whether the environment's interpreter starts, is one of ours to use, and has its installer."""
    if not venv_python().exists():
        return False
    supported = ", ".join(str(version) for version in SUPPORTED)
    probe = f"import sys, pip; sys.exit(sys.version_info[:2] not in ({supported},) or sys.prefix == sys.base_prefix)"
    return run([venv_python(), "-I", "-c", probe], quiet=True) == 0


def create_environment() -> None:
    """Make an empty environment in place of what is there."""
    try:
        import ensurepip  # noqa: F401 - whether it is there
        import venv  # noqa: F401 - whether it is there
    except ImportError:
        # Debian keeps these in a package of their own.
        package = f"python3.{sys.version_info.minor}-venv"
        if not sys.base_prefix.startswith("/usr"):
            raise SetupError(
                f"The Python at {sys.executable} lacks its venv module; install a complete Python 3.11."
            ) from None
        install_packages([package])
    if VENV.is_symlink() or VENV.is_file():
        VENV.unlink()
    elif VENV.exists():
        shutil.rmtree(VENV)
    if shutil.disk_usage(ROOT).free < NEEDED_DISK_BYTES:
        raise SetupError(f"The disk that holds {ROOT} has less than 5 GB free; make room and start again.")
    say(f"making a virtual environment with Python {sys.version.split()[0]}")
    if run([sys.executable, "-I", "-m", "venv", VENV]) != 0:
        raise SetupError(f"The virtual environment in {VENV} could not be made; the lines above say why.")


def install_pins(lock: Path, *, hold: int | None) -> None:
    """Install what the lock file names, and nothing that it does not."""
    pip: list[str | Path] = [venv_python(), "-I", "-m", "pip", "install", "--require-hashes", "--no-deps"]
    if not sys.stderr.isatty():
        pip.append("-qq")
    # face_recognition_models comes as source. It is built with the pinned setuptools, not with whatever is newest.
    first = VENV / "build-requirements.txt"
    blocks = re.findall(
        r"^(?:setuptools|wheel)==(?:.*\\\n)*.*\n", lock.read_text(encoding="utf-8"), re.MULTILINE
    )
    first.write_text("".join(blocks), encoding="utf-8")
    say(f"installing {len(pins(lock))} packages (once, a few minutes)")
    steps: tuple[list[str | Path], ...] = (
        ["--only-binary=:all:", "-r", first],
        ["--use-pep517", "--no-build-isolation", "-r", lock],
    )
    for step in steps:
        if run([*pip, *step], hold=hold) != 0:
            raise SetupError(
                "The Python packages could not be installed (the lines above say why); check the network "
                "and the disk, then start again."
            )


def remove_stale(before: Sequence[str], now: Sequence[str]) -> None:
    """Uninstall what an older lock brought and this one does not."""
    stale = sorted(set(before) - set(now))
    if stale:
        run([venv_python(), "-I", "-m", "pip", "uninstall", "-qq", "--yes", *stale])


def _locked_soon(handle: IO[bytes]) -> bool:
    """Whether the lock came without a long wait: both ends of a pipe make the checkout ready, and one of them tells of it."""
    import fcntl

    for _ in range(SOON_S):
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(1)
        else:
            return True
    return False


@contextlib.contextmanager
def one_at_a_time() -> Iterator[int | None]:
    """Hold the checkout's set-up lock; gives its file descriptor where children can inherit it."""
    with (ROOT / ".setup.lock").open("a+b") as handle:
        if sys.platform == "win32":
            import msvcrt

            while True:
                try:
                    msvcrt.locking(handle.fileno(), msvcrt.LK_LOCK, 1)  # gives up after 10 s
                    break
                except OSError:
                    say("another set-up is running; waiting for it")
            yield None
        else:
            import fcntl

            if not _locked_soon(handle):
                say("another set-up is running; waiting for it")
                fcntl.flock(handle, fcntl.LOCK_EX)
            yield handle.fileno()


# --- Networks ---------------------------------------------------------------------------------------------------------


def models_are_settled() -> bool:
    """Whether the networks of this manifest were fetched, or could not be, in an earlier run; quick."""
    if os.environ.get("KIOSK_FETCH_MODELS") == "skip":
        return True
    chosen = os.environ.get("KIOSK_MODELS_DIR")
    models = Path(chosen).expanduser() if chosen else ROOT / "data" / "models"
    try:
        note = json.loads((models / "set-up.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(note, dict) and note.get("manifest") == digest(MANIFEST)


def fetch_models(*, hold: int | None) -> None:
    """Have them fetched; what goes wrong is said there and stops nothing."""
    if not models_are_settled():
        run([venv_python(), "-I", ROOT / "scripts" / "fetch_models.py"], hold=hold)


def set_up(*, dev: bool) -> None:
    """Bring everything in place."""
    with one_at_a_time() as hold:
        if packages := missing_packages(dev=dev):
            install_packages(packages)
        bring_environment(dev=dev, hold=hold)
        fetch_models(hold=hold)


def bring_environment(*, dev: bool, hold: int | None) -> None:
    """Make the virtual environment, or bring it up to date."""
    stamp = read_stamp()
    if environment_is_ready(stamp, dev=dev) and environment_works():
        return
    if stamp is None or not environment_works():
        stamp = None
        create_environment()
    STAMP.unlink(missing_ok=True)
    dev = dev or (stamp is not None and stamp["dev"])
    lock = DEV_LOCK if dev else RUNTIME_LOCK
    install_pins(lock, hold=hold)
    remove_stale(stamp["pins"] if stamp else (), pins(lock))
    # The package runs from the checkout; the relative path survives a move of it.
    site = site_packages()
    up = os.path.relpath(ROOT, site)
    (site / "kiosk-checkout.pth").write_text(up + "\n", encoding="utf-8")
    written = {
        "format": STAMP_FORMAT,
        "dev": dev,
        "locks": {path.name: digest(path) for path in (RUNTIME_LOCK, DEV_LOCK)},
        "pins": pins(lock),
        "distributions": distributions(),
    }
    fresh = STAMP.with_suffix(".new")
    fresh.write_text(json.dumps(written, indent=1), encoding="utf-8")
    fresh.replace(STAMP)
    say("done")


def main() -> int:
    """Parse the arguments and act; gives the exit code."""
    parser = argparse.ArgumentParser(description="Make this checkout ready to run.")
    parser.add_argument("--dev", action="store_true", help="with the tools for tests and checks")
    parser.add_argument(
        "--check", action="store_true", help="change nothing; exit code 3 when set-up is needed"
    )
    options = parser.parse_args()
    if options.check:
        ready = environment_is_ready(read_stamp(), dev=options.dev) and not missing_packages(dev=options.dev)
        return 0 if ready and models_are_settled() else NOT_READY
    try:
        set_up(dev=options.dev)
    except SetupError as problem:
        say(str(problem))
        return 1
    except OSError as problem:
        say(f"set-up stopped: {problem}.")
        return 1
    except KeyboardInterrupt:
        say("stopped; the next start begins anew.")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
