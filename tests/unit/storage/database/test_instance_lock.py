import os
import subprocess
import sys
from pathlib import Path

import pytest

from kiosk.errors import InstanceError, StorageError
from kiosk.storage.database.instance_lock import InstanceLock

_HOLD = """
import sys
from pathlib import Path
from kiosk.storage.database.instance_lock import InstanceLock

with InstanceLock(Path(sys.argv[1])):
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


def test_a_directory_that_cannot_be_used_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageError, match="data directory cannot be used"):
        InstanceLock(tmp_path / "file" / "data").acquire()
