"""The power goes while a model is installed: a process that really dies, at each step, over an older installation."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.errors import ModelError
from kiosk.services.ports.model_store import ModelState
from kiosk.vision.models.conversion_record import read_record
from kiosk.vision.models.installer import LocalModelStore
from tests.fakes.clock import FakeClock
from tests.fakes.models.file_server import Served, file_server
from tests.fakes.models.model_files import WEIGHTS, FakeConversions, small_manifest
from tests.fakes.models.onlooker import Onlooker

ROOT = Path(__file__).parents[3]
BETTER = WEIGHTS[:-8] + b"better!!"
INSTALL = """
import sys, time
from pathlib import Path
from kiosk.vision.models.installer import LocalModelStore
from tests.fakes.models.model_files import FakeConversions, small_manifest
from tests.fakes.models.onlooker import Onlooker

models_dir, base, last_step = Path(sys.argv[1]), sys.argv[2], sys.argv[3]

def reach(step):
    if step == last_step:
        print("reached", flush=True)
        time.sleep(60)

class Watcher(Onlooker):
    def show(self, progress):
        reach("downloading" if progress.step == "downloading" and progress.done else "")

conversions = FakeConversions(steps=reach)
store = LocalModelStore(models_dir=models_dir, conversions=conversions, manifest=small_manifest(base))
store.install("net", origin=None, keep_weights=False, watcher=Watcher())
"""


@pytest.fixture
def served() -> Iterator[Served]:
    with file_server(Served(WEIGHTS)) as made:
        yield made


@pytest.mark.parametrize("step", ["downloading", "file", "record", "old files"])
def test_killed_installation_leaves_a_whole_model_and_is_gone_on_with(
    served: Served, tmp_path: Path, step: str
) -> None:
    manifest = small_manifest(served.base)
    store = LocalModelStore(
        models_dir=tmp_path, conversions=FakeConversions(), clock=FakeClock(), manifest=manifest
    )

    def install() -> None:
        store.install(
            "net",
            origin=None,
            keep_weights=False,
            watcher=Onlooker(),
        )

    store.accept_licence("net", by="Ada")
    install()
    before = read_record(tmp_path, manifest["net"])
    served.data, served.etag = BETTER, '"two"'

    child = subprocess.Popen(
        [sys.executable, "-c", INSTALL, str(tmp_path), served.base, step],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    with child:
        assert child.stdout is not None
        assert child.stdout.readline() == "reached\n"
        with pytest.raises(ModelError, match="being installed at the moment"):
            install()
        child.kill()

    state = next(row for row in store.models(chosen="net") if row.name == "net")
    assert state.state is ModelState.INSTALLED
    assert (read_record(tmp_path, manifest["net"]) == before) == (step != "old files")
    install()
    after = read_record(tmp_path, manifest["net"])
    assert after is not None
    assert after.weights_size == len(BETTER)
    assert sorted(path.name for path in tmp_path.iterdir() if path.suffix in {".tflite", ".h5", ".part"}) == [
        after.file
    ]
