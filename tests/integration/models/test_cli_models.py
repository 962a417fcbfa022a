"""`kiosk models …` as schools and scripts use it."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kiosk import bootstrap
from kiosk.services.ports.model_store import ModelStore
from kiosk.vision.models.installer import LocalModelStore
from tests.fakes.clock import FakeClock
from tests.fakes.models.file_server import Served, file_server
from tests.fakes.models.model_files import DETECTOR, WEIGHTS, FakeConversions, small_manifest, write_stick
from tests.world.command_line import Run, begin_school


class Shell:
    """The command line, which keeps what the last command printed."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self.out = ""
        self.err = ""

    def run(self, *arguments: str | Path, answers: str = "", terminal: bool = False) -> int:
        done = self._run(*arguments, stdin=answers, terminal=terminal)
        self.out, self.err = done.out, done.err
        return done.code

    def json(self, *arguments: str | Path) -> Any:
        self.run(*arguments, "--json")
        return json.loads(self.out)

    def states(self) -> dict[str, str]:
        return {row["name"]: row["state"] for row in self.json("models", "list")["models"]}


@pytest.fixture
def shell(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """With a models directory of its own, which tests change."""
    monkeypatch.setenv("KIOSK_MODELS_DIR", str(tmp_path / "models"))
    return Shell(run)


@pytest.fixture
def served() -> Iterator[Served]:
    with file_server(Served(WEIGHTS)) as made:
        yield made


@pytest.fixture
def small_models(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three small models instead of the real ones; TensorFlow is not needed for them."""

    def open_store(models_dir: Path) -> ModelStore:
        return LocalModelStore(
            models_dir=models_dir,
            conversions=FakeConversions(),
            clock=FakeClock(),
            manifest=small_manifest(served.base),
        )

    monkeypatch.setattr(bootstrap, "open_model_store", open_store)


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    return write_stick(tmp_path / "stick")


@pytest.mark.usefixtures("small_models")
def test_script_installs_with_the_licence_accepted_beforehand(shell: Shell, tmp_path: Path) -> None:
    assert shell.run("models", "install", "net", "--accept-licence") == 0
    assert "Licence: Research only. For research." in shell.err
    assert "net: downloading\nnet: converting\n" in shell.err
    assert "net is installed; the SHA-256 of its file is" in shell.out
    assert shell.states()["net"] == "installed"
    rows = json.loads((tmp_path / "models" / "licences.json").read_text("utf-8"))
    assert rows[0]["by"].startswith("local:")
    assert not (tmp_path / "data").exists()


@pytest.mark.usefixtures("small_models")
def test_without_terminal_and_acceptance_one_sentence_says_so(
    shell: Shell, served: Served, tmp_path: Path
) -> None:
    assert shell.run("models", "install", "net") == 1
    assert shell.err == (
        "The licence of net (Research only) was not accepted, and there is no terminal to ask at. "
        "Accept it with --accept-licence.\n"
    )
    assert served.requests == []
    assert not (tmp_path / "models").exists()


def test_without_tensorflow_nothing_is_in_the_way_and_the_licence_is_asked_as_ever(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    rows = {row["name"]: row["obstacle"] for row in shell.json("models", "list")["models"]}
    assert {rows[name] for name in ("facenet512", "facenet128", "vggface")} == {""}
    assert shell.run("models", "install", "facenet512", answers="n\n", terminal=True) == 1
    assert "Do you accept it? [y/N]" in shell.err
    assert not (tmp_path / "models").exists()


def test_weights_without_tensorflow_are_one_sentence_that_says_how(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    (tmp_path / "facenet512_weights.h5").write_bytes(WEIGHTS)
    assert shell.run("models", "install", "facenet512", "--from", tmp_path, "--accept-licence") == 1
    said = shell.err.splitlines()[-1]
    assert said.startswith("This kiosk comes without TensorFlow, so it cannot convert facenet512 itself.")
    assert "Install its published graph instead" in said
    assert "--from FOLDER" in said


@pytest.mark.usefixtures("small_models")
def test_person_at_a_terminal_is_asked_once(shell: Shell, stick: Path) -> None:
    assert shell.run("models", "install", "net", "--from", stick, answers="\n", terminal=True) == 1
    assert "Do you accept it? [y/N]" in shell.err
    assert "the model is not installed" in shell.err
    assert shell.states()["net"] == "not installed"
    assert shell.run("models", "install", "net", "--from", stick, answers="y\n", terminal=True) == 0
    assert shell.run("models", "install", "net", "--from", stick) == 0
    assert " on the command line, " in shell.err


@pytest.mark.usefixtures("small_models")
def test_json_says_what_was_installed(shell: Shell, stick: Path) -> None:
    found = shell.json("models", "install", "small", "--from", stick, "--accept-licence")
    assert [(row["name"], row["state"]) for row in found["installed"]] == [("small", "installed")]
    assert shell.json("models", "verify") == {"damaged": [], "checked": ["dlib-resnet-v1", "small"]}


@pytest.mark.usefixtures("small_models")
@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (
            lambda stick: (stick / "net.h5").write_bytes(WEIGHTS[:500]),
            "net.h5 is not net.h5: it has 500 bytes",
        ),
        (lambda stick: (stick / "net.h5").write_bytes(DETECTOR), "net.h5 is not net.h5"),
        (lambda stick: (stick / "net.h5").unlink(), "There is no file"),
    ],
)
def test_bad_file_is_one_sentence_and_nothing_is_installed(
    shell: Shell, stick: Path, damage: Any, said: str
) -> None:
    damage(stick)
    assert shell.run("models", "install", "net", "--from", stick, "--accept-licence") == 1
    assert said in shell.err.splitlines()[-1]
    assert "Traceback" not in shell.err
    assert shell.states()["net"] == "not installed"


@pytest.mark.usefixtures("small_models")
def test_damaged_model_is_named_and_the_built_in_one_is_in_use(
    shell: Shell, stick: Path, tmp_path: Path
) -> None:
    shell.run("models", "install", "net", "--from", stick, "--accept-licence")
    file = next((tmp_path / "models").glob("net-*.tflite"))
    file.write_bytes(file.read_bytes()[:100])
    assert shell.run("models", "verify") == 1
    assert shell.err == "Damaged: net. Install again what is damaged.\n"
    assert shell.json("models", "verify")["damaged"] == ["net"]
    assert shell.run("models", "list") == 0
    lines = [line.split() for line in shell.out.splitlines()]
    assert lines[0][:5] == ["dlib-resnet-v1", "recognition", "built", "in", "in"]
    assert lines[1][:3] == ["net", "recognition", "damaged"]
    assert "kiosk models install net" in shell.out


@pytest.mark.usefixtures("small_models")
def test_model_is_removed(shell: Shell, stick: Path) -> None:
    shell.run("models", "install", "net", "--from", stick, "--accept-licence")
    assert shell.run("models", "remove", "net") == 0
    assert shell.out == "net is removed.\n"
    assert shell.states()["net"] == "not installed"
    assert shell.run("models", "remove", "net") == 1
    assert shell.err == "The model net is not installed. There is nothing to remove.\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("install", "unheard"), "There is no model unheard. Known models: dlib-resnet-v1,"),
        (("install", "dlib-resnet-v1"), "dlib-resnet-v1 is built in. There is nothing to install."),
        (("remove", "dlib-resnet-v1"), "dlib-resnet-v1 is built in and cannot be removed."),
        (("remove", "facenet512"), "The model facenet512 is not installed."),
    ],
)
def test_wrong_names_are_one_sentence(shell: Shell, arguments: tuple[str, ...], said: str) -> None:
    assert shell.run("models", *arguments) == 1
    assert shell.err.startswith(said)
    assert len(shell.err.splitlines()) == 1


def test_unwritable_models_directory_is_one_sentence(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "models").write_text("a file, not a folder")
    assert shell.run("models", "install", "yunet-2026may", "--accept-licence") == 1
    assert "cannot be written" in shell.err.splitlines()[-1]


def test_research_only_weights_say_so_before_they_are_installed(shell: Shell) -> None:
    assert shell.run("models", "install", "vggface", answers="n\n", terminal=True) == 1
    assert "Non-commercial research only" in shell.err
    assert "University of Oxford" in shell.err


@pytest.mark.shared_data
def test_doctor_names_the_models_in_use_and_the_damaged_ones(
    shell: Shell, models_dir: Path, shared_dir: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    shutil.copytree(models_dir, tmp_path / "models")
    files = shared_dir / "models"

    def models() -> dict[str, Any]:
        found = shell.json("doctor")["checks"]
        return next(one for one in found if one["name"] == "models")

    assert models()["text"] == (
        "dlib-resnet-v1 recognises, dlib-hog finds faces, nothing notices pictures of faces."
    )
    for name in ("liveness", "detector"):
        shell.run("models", "install", name, "--from", files, "--accept-licence")
    checked = models()
    assert checked["works"]
    assert checked["text"] == (
        "dlib-resnet-v1 recognises, yunet-2026may finds faces, "
        "minifasnet-v2 and minifasnet-v1se notice pictures of faces."
    )
    (tmp_path / "models" / "4_0_0_80x80_MiniFASNetV1SE.onnx").write_bytes(b"half a file")
    checked = models()
    assert not checked["works"]
    assert "nothing notices pictures of faces. Damaged: minifasnet-v1se." in checked["text"]
    assert checked["hint"] == "Install again: kiosk models install minifasnet-v1se"


def test_a_model_is_chosen_by_its_name(shell: Shell, run: Run) -> None:
    begin_school(run)
    assert shell.run("models", "use", "dlib-resnet-v1") == 0
    assert "Built-in model is used from the next class on." in shell.out
    assert shell.run("models", "use", "sface") == 1
    assert "SFace is not installed. Install it, then choose it." in shell.err.replace("\n", " ")
    assert shell.run("models", "use", "arcface") == 1
    assert "There is no recognition model arcface." in shell.err


@pytest.mark.shared_data
def test_liveness_installs_both_of_its_models(shell: Shell, shared_dir: Path) -> None:
    assert (
        shell.run("models", "install", "liveness", "--from", shared_dir / "models", "--accept-licence") == 0
    )
    assert shell.states()["minifasnet-v2"] == shell.states()["minifasnet-v1se"] == "installed"
    shell.run("models", "install", "yunet-2026may", "--from", shared_dir / "models", "--accept-licence")
    rows = {row["name"]: row["in_use"] for row in shell.json("models", "list")["models"]}
    assert rows["minifasnet-v2"]
    assert rows["minifasnet-v1se"]
