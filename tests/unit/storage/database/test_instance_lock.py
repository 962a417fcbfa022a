import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kiosk.errors import InstanceError, StorageError
from kiosk.storage.database import instance_lock
from kiosk.storage.database.instance_lock import LOCK_FILE, InstanceLock

posix = pytest.mark.skipif(os.name != "posix", reason="forks and flock are POSIX's")

_HOLD = """
import sys
from pathlib import Path
from kiosk.storage.database.instance_lock import InstanceLock

with InstanceLock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


_LEAVE_A_CHILD = """
import os, sys
from pathlib import Path
from kiosk.storage.database.instance_lock import InstanceLock

with InstanceLock(Path(sys.argv[1])):
    if os.fork() == 0:
        print("forked", flush=True)
        sys.stdin.read()
    os._exit(0)
"""

_HOLD_AS_0_1 = """
import fcntl, os, sys

file = open(sys.argv[1], "w")
fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
print(os.getpid(), file=file, flush=True)
print("held", flush=True)
sys.stdin.read()
"""


def test_a_second_kiosk_on_the_same_data_is_refused_in_words(tmp_path: Path) -> None:
    with InstanceLock(tmp_path), pytest.raises(InstanceError, match="Another kiosk") as raised:
        InstanceLock(tmp_path).acquire()
    assert str(os.getpid()) in raised.value.user_text


def test_the_lock_can_be_taken_again_after_its_release(tmp_path: Path) -> None:
    first, second = InstanceLock(tmp_path), InstanceLock(tmp_path)
    first.acquire()
    first.acquire()
    first.release()
    first.release()
    second.acquire()
    second.release()


def test_another_directory_is_another_lock(tmp_path: Path) -> None:
    with InstanceLock(tmp_path / "a"), InstanceLock(tmp_path / "b"):
        assert InstanceLock(tmp_path / "a").holder_pid() == os.getpid()
    assert InstanceLock(tmp_path / "c").holder_pid() is None


def test_another_process_is_refused_until_the_holder_dies(tmp_path: Path) -> None:
    command = [sys.executable, "-c", _HOLD, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "held\n"
        with pytest.raises(InstanceError, match=str(child.pid)):
            InstanceLock(tmp_path).acquire()
        child.kill()
        child.wait()
    with InstanceLock(tmp_path) as lock:
        assert lock.holder_pid() == os.getpid()


@posix
def test_a_child_that_outlives_its_kiosk_does_not_hold_the_lock(tmp_path: Path) -> None:
    command = [sys.executable, "-c", _LEAVE_A_CHILD, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as kiosk:
        assert kiosk.stdout is not None
        assert kiosk.stdout.readline() == "forked\n"
        kiosk.wait()
        with InstanceLock(tmp_path) as lock:
            assert lock.holder_pid() == os.getpid()


@posix
def test_a_kiosk_of_version_0_1_is_respected_and_its_file_taken_over(tmp_path: Path) -> None:
    command = [sys.executable, "-c", _HOLD_AS_0_1, str(tmp_path / LOCK_FILE)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as older:
        assert older.stdout is not None
        assert older.stdout.readline() == "held\n"
        with pytest.raises(InstanceError, match=f"process {older.pid}"):
            InstanceLock(tmp_path).acquire()
        older.kill()
        older.wait()
    assert InstanceLock(tmp_path).holder_pid() == older.pid
    with InstanceLock(tmp_path) as lock:
        assert lock.holder_pid() == os.getpid()


def test_the_lock_belongs_to_the_kiosk_not_to_the_thread_that_took_it(tmp_path: Path) -> None:
    lock = InstanceLock(tmp_path)
    with ThreadPoolExecutor(1) as thread:
        thread.submit(lock.acquire).result()
        with pytest.raises(InstanceError):
            thread.submit(InstanceLock(tmp_path).acquire).result()
    lock.acquire()
    lock.release()
    with InstanceLock(tmp_path):
        pass


def test_the_number_can_stand_behind_the_byte_that_windows_locks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(instance_lock, "_NUMBER_AT", 1)
    with InstanceLock(tmp_path), pytest.raises(InstanceError, match=f"process {os.getpid()}"):
        InstanceLock(tmp_path).acquire()


def test_a_directory_that_cannot_be_used_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageError, match="data directory cannot be used"):
        InstanceLock(tmp_path / "file" / "data").acquire()
