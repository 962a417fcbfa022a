"""Making the file that the kiosk runs from deepface's weights, once, at install; bringing one made elsewhere.

Runs on the caller's thread, never the window's: the work is done by a child process (half a minute), which is ended when
the caller gives up. A cut at any point leaves the old state: the record beside the file is replaced last.
"""

import importlib.util
import logging
import multiprocessing
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final

import psutil

from kiosk.errors import InstallStoppedError, ModelError
from kiosk.files import move_whole
from kiosk.services.ports.model_store import InstallProgress, InstallStep, InstallWatcher
from kiosk.translation import _
from kiosk.vision.embedding.converted_network import open_converted
from kiosk.vision.models.conversion_process import (
    Finished,
    Job,
    Message,
    Refused,
    Step,
    convert_in_process,
    memory_gb,
    out_of_memory,
)
from kiosk.vision.models.conversion_record import (
    ConversionRecord,
    converted_files,
    converted_model,
    file_sha256,
    read_record,
)
from kiosk.vision.models.manifest import ModelEntry
from kiosk.vision.models.model_files import cannot_write

CONVERSION_VERSION: Final = 2
"""Count it up whenever `conversion_process` changes what it makes; the record names it."""

Target = Callable[[Job, Connection], None]

_POLL_S: Final = 0.5
_WORKPLACE: Final = ".convert-"
_ABANDONED_S: Final = 24 * 3600
_SAID_CHARACTERS: Final = 4000
log = logging.getLogger(__name__)


class DeepfaceConversions:
    """`Conversions` with deepface and TensorFlow, in a process of their own.

    Args:
        target: What the process runs.
    """

    def __init__(self, target: Target = convert_in_process) -> None:
        self._target = target

    def has_tools(self, entry: ModelEntry) -> bool:
        """Whether what converts its file is installed here: TensorFlow and deepface, but for graphs of ONNX."""
        if entry.converted.endswith(".onnx"):
            return True
        return all(importlib.util.find_spec(name) is not None for name in ("tensorflow", "deepface"))

    def require(self, entry: ModelEntry) -> None:
        """Say early, before a download, whether a network can be converted on this PC.

        Raises:
            ModelError: TensorFlow is not here, as in the packaged app, or memory is too small.
        """
        name = entry.name
        if not self.has_tools(entry):
            raise ModelError(
                _("This kiosk comes without TensorFlow, so it cannot convert {name} itself.", name=name),
                _(
                    "Install its published graph instead, without --from or from where that lies; or install the model on "
                    "a PC with TensorFlow, copy {name}.json and {name}-…{suffix} from its models folder, and install from "
                    "there: kiosk models install {name} --from FOLDER",
                    name=name,
                    suffix=Path(entry.converted).suffix,
                ),
            )
        needed = memory_gb(name, Path(entry.converted).suffix)
        free = (psutil.virtual_memory().available + psutil.swap_memory().free) / 1e9
        if free < needed:
            raise ModelError(
                _(
                    "Converting {name} takes {needed:g} GB of memory for half a minute; {free:.1f} GB are free.",
                    name=name,
                    needed=needed,
                    free=free,
                ),
                _("Close other programs, or convert it on a larger PC and bring the files."),
            )

    def convert(
        self,
        entry: ModelEntry,
        weights: Path,
        models_dir: Path,
        *,
        weights_from: str = "",
        watcher: InstallWatcher | None = None,
    ) -> ConversionRecord:
        """Convert a network, check it against deepface's `forward` or the published graph, and put it into the models directory.

        Args:
            entry: Its manifest entry: ``facenet512``, ``facenet128``, ``vggface`` or ``sface``.
            weights: deepface's `.h5` file, or the published graph; may be deleted afterwards.
            models_dir: Where the converted file and its record go; made when missing.
            weights_from: Where the weights came from, for the record; by default the file's name.
            watcher: Shown how far it is, at least twice a second.

        Raises:
            ModelError: TensorFlow is not here, the weights are damaged or another network's, the result differs from
                deepface's, memory ran out, or the models directory cannot be written. Nothing is changed then.
        """
        self.require(entry)
        if not weights.is_file():
            raise ModelError(
                _("There is no weights file {weights}.", weights=weights),
                _("Install {name} again.", name=entry.name),
            )
        with _workplace(models_dir) as workplace:
            digest, size = file_sha256(weights), weights.stat().st_size
            job = Job(entry.name, weights.absolute(), workplace / entry.converted, workplace / "said")
            finished = _run(job, watcher, self._target)
            made = file_sha256(job.graph)
            record = ConversionRecord(
                model=entry.name,
                file=f"{entry.name}-{made[:12]}{Path(entry.converted).suffix}",
                size=job.graph.stat().st_size,
                sha256=made,
                weights_file=entry.file,
                weights_size=size,
                weights_sha256=digest,
                weights_from=weights_from or weights.name,
                cosine=finished.cosine,
                made_at=datetime.now(UTC).isoformat(timespec="seconds"),
                made_with=f"conversion {CONVERSION_VERSION}, {finished.made_with}",
            )
            _put(job.graph, record, models_dir)
        show_share(1.0, watcher)
        return record

    def adopt(self, entry: ModelEntry, folder: Path, models_dir: Path) -> ConversionRecord | None:
        """Take over a model that another PC converted: its record (`<name>.json`) and converted file in a folder.

        Returns:
            The record as it was taken over; None when the folder has no record of that model.

        Raises:
            ModelError: The file does not belong to the record or is another network, or the models directory cannot be
                written. Nothing is changed then.
        """
        record = read_record(folder, entry)
        if record is None:
            return None
        original = converted_model(folder, entry)
        open_converted(original, entry)
        with _workplace(models_dir) as workplace:
            copy = workplace / "graph"
            shutil.copyfile(original, copy)
            _put(copy, record, models_dir)
        return record


def stop_if_cancelled(watcher: InstallWatcher) -> None:
    """End an installation that nobody wants any more. Raises InstallStoppedError: `watcher` cancelled it."""
    if watcher.is_cancelled():
        raise InstallStoppedError(
            _("The installation was stopped."), _("What was there before is there still.")
        )


def _run(job: Job, watcher: InstallWatcher | None, target: Target) -> Finished:
    """Start the child, pass on what it says, and end it in any case."""
    context = multiprocessing.get_context("spawn")
    answers, sender = context.Pipe(duplex=False)
    process = context.Process(target=target, args=(job, sender), name="conversion", daemon=True)
    try:
        process.start()
        sender.close()
        return _listen(job, answers, watcher)
    finally:
        if process.is_alive():
            process.join(_POLL_S)
        if process.is_alive():
            process.kill()
        process.join()
        process.close()
        answers.close()


def _listen(job: Job, answers: Connection, watcher: InstallWatcher | None) -> Finished:
    step = Step(0.0)
    while True:
        show_share(step.share, watcher)
        if not answers.poll(_POLL_S):
            continue
        try:
            message: Message = answers.recv()
        except (EOFError, OSError):
            log.info("the conversion of %s died; it had said:\n%s", job.name, _said(job))
            raise ModelError(*out_of_memory(job)) from None
        match message:
            case Step():
                step = message
            case Finished():
                return message
            case Refused():
                log.info("the conversion of %s failed; it had said:\n%s", job.name, _said(job))
                raise ModelError(message.user_text, message.hint)


def _said(job: Job) -> str:
    try:
        return job.said.read_text("utf-8", errors="replace")[-_SAID_CHARACTERS:]
    except OSError:
        return ""


def _put(graph: Path, record: ConversionRecord, models_dir: Path) -> None:
    """Move the file to its place, then replace the record, then delete what the old record named."""
    move_whole(graph, models_dir / record.file)
    record.save(models_dir)
    for other in converted_files(models_dir, record.model):
        if other.name != record.file:
            with suppress(OSError):
                other.unlink()


@contextmanager
def _workplace(models_dir: Path) -> Iterator[Path]:
    """A folder in the models directory that goes at the end.

    Raises:
        ModelError: The models directory cannot be written, also inside the block.
    """
    try:
        models_dir.mkdir(parents=True, exist_ok=True)
        _sweep(models_dir)
        with tempfile.TemporaryDirectory(
            dir=models_dir, prefix=_WORKPLACE, ignore_cleanup_errors=True
        ) as folder:
            yield Path(folder)
    except OSError as error:
        raise cannot_write(models_dir, error) from error


def _sweep(models_dir: Path) -> None:
    """Delete what a conversion left behind that was cut off more than a day ago."""
    for left in models_dir.glob(f"{_WORKPLACE}*"):
        if time.time() - left.stat().st_mtime > _ABANDONED_S:
            shutil.rmtree(left, ignore_errors=True)


def show_share(share: float, watcher: InstallWatcher | None) -> None:
    """Say how far it is, from 0 to 1; at 1 the model is installed, and stopping would be untrue."""
    if watcher is None:
        return
    if share < 1:
        stop_if_cancelled(watcher)
    watcher.show(InstallProgress(InstallStep.CONVERT, round(100 * share), 100))
