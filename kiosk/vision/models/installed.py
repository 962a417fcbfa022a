"""Which models of the manifest are installed, and the detail of each. Any thread."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from kiosk.domain.faces.recognition import BUILTIN_MODEL
from kiosk.errors import ModelError
from kiosk.services.ports.model_store import InstalledModel, ModelState
from kiosk.translation import _
from kiosk.vision.models.conversion_record import converted_model, is_of_known_training, read_record
from kiosk.vision.models.licences import Acceptance, acceptance
from kiosk.vision.models.manifest import ModelEntry, read_manifest
from kiosk.vision.models.model_choice import AUTO, PREFERRED


@dataclass(frozen=True, slots=True)
class _Looked:
    entry: ModelEntry
    state: ModelState
    problem: str = ""
    sha256: str = ""
    known: bool = True

    @property
    def whole(self) -> bool:
        return self.state.is_whole


def installed_models(
    models_dir: Path, *, chosen: str = "", opencv: str = "", manifest: Mapping[str, ModelEntry] | None = None
) -> list[InstalledModel]:
    """All known models; installed files are read whole and checked.

    Args:
        models_dir: The model store.
        chosen: The setting *Model*; empty for the best that is installed.
        opencv: Version of OpenCV, which decides between detectors; empty for the one that is installed.
        manifest: The known models; by default the kiosk's own.
    """
    known = read_manifest() if manifest is None else manifest
    looked = {name: _look(entry, models_dir) for name, entry in known.items() if not entry.parts}
    joint = {name: _look_at_parts(entry, looked) for name, entry in known.items() if entry.parts}
    looked = {name: joint.get(name) or looked[name] for name in known}
    in_use = {*_recognition(looked, chosen), *_detection(looked, opencv), *_together(looked, "liveness")}
    in_use |= _together(looked, "landmarks")
    return [_row(one, models_dir, known, in_use=name in in_use) for name, one in looked.items()]


def _row(
    one: _Looked, models_dir: Path, manifest: Mapping[str, ModelEntry], *, in_use: bool
) -> InstalledModel:
    """What is said of a model comes out of the manifest, and is looked up as it stands there."""
    licensed = [manifest[part] for part in one.entry.parts] or [one.entry]
    acceptances = [_accepted(entry, models_dir) for entry in licensed]
    accepted = acceptances[-1] if all(acceptances) else None
    return InstalledModel(
        name=one.entry.name,
        task=one.entry.task,
        state=one.state,
        licence=" AND ".join(dict.fromkeys(_(entry.licence) for entry in licensed)),
        size=one.entry.size,
        source="; ".join(_(entry.source) for entry in licensed),
        terms=" ".join(_(entry.terms) for entry in licensed),
        good_for=_(one.entry.good_for),
        in_use=in_use,
        problem=one.problem,
        sha256=one.sha256,
        accepted_by=accepted.by if accepted is not None else "",
        accepted_at=accepted.at if accepted is not None else "",
        title=_title(one),
    )


def _title(one: _Looked) -> str:
    """What people call it; weights of an unknown training run never go by the model's own name."""
    title = _(one.entry.title or one.entry.name)
    return title if one.known else _("{title}, other weights (training unknown)", title=title)


def _look(entry: ModelEntry, models_dir: Path) -> _Looked:
    if entry.builtin:
        return _Looked(entry, ModelState.BUILT_IN, sha256=entry.sha256)
    try:
        if entry.converted:
            record = read_record(models_dir, entry)
            if record is None:
                return _Looked(entry, ModelState.MISSING)
            converted_model(models_dir, entry)
            known = is_of_known_training(record, entry)
            return _Looked(entry, ModelState.INSTALLED, sha256=record.weights_sha256, known=known)
        path = models_dir / entry.file
        if not path.exists():
            return _Looked(entry, ModelState.MISSING)
        entry.read(path)
    except ModelError as error:
        return _Looked(entry, ModelState.DAMAGED, problem=str(error))
    return _Looked(entry, ModelState.INSTALLED, sha256=entry.sha256)


def _look_at_parts(entry: ModelEntry, looked: Mapping[str, _Looked]) -> _Looked:
    """A model of several: as far as its parts are, and only with the weights that it was measured with."""
    parts = [looked[name] for name in entry.parts]
    damaged = next((one for one in parts if one.state is ModelState.DAMAGED), None)
    if damaged is not None:
        return _Looked(entry, ModelState.DAMAGED, problem=damaged.problem)
    if not all(one.whole and one.known for one in parts):
        return _Looked(entry, ModelState.MISSING)
    return _Looked(entry, ModelState.INSTALLED)


def _recognition(looked: Mapping[str, _Looked], chosen: str) -> list[str]:
    automatic = chosen in {"", AUTO}
    for name in (*(PREFERRED if automatic else (chosen,)), BUILTIN_MODEL):
        if automatic and name in looked and not looked[name].known:
            continue
        if name in looked and looked[name].entry.task == "recognition" and looked[name].whole:
            return [name]
    return []


def _detection(looked: Mapping[str, _Looked], opencv: str) -> list[str]:
    import cv2

    from kiosk.vision.factory import yunet_names

    names = [name for name in yunet_names(opencv or cv2.__version__) if name in looked]
    return [name for name in names if looked[name].whole][:1]


def _together(looked: Mapping[str, _Looked], task: str) -> set[str]:
    """All models of a task that work only together, when all are whole."""
    names = {name for name, one in looked.items() if one.entry.task == task}
    return names if all(looked[name].whole for name in names) else set()


def _accepted(entry: ModelEntry, models_dir: Path) -> Acceptance | None:
    try:
        return acceptance(models_dir, entry)
    except ModelError:
        return None
