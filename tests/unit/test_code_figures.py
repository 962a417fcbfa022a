"""The figures of the code are counted by the rules that the script states."""

import json
from pathlib import Path

import pytest

from scripts.code_figures import Figures, main, measure

ENGINE = """
from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

T = TypeVar("T")
OnEvent = Callable[[str], None]

class Port(Protocol):
    def read(self) -> str: ...

class Store(Protocol[T]):
    def take(self, item: T) -> None: ...

class Engine:
    on_stop: Callable[[], None]
    name: str

    def __init__(self, *, port: Port, on_event: "OnEvent | None", wait: "Callable[[float], bool] | None") -> None:
        self.port = port

    @staticmethod
    def twice(number: int, *more: int) -> int:
        return (lambda value: value * 2)(number)

    @property
    def long(self) -> int:
        def inner(a: int, b: int, c: int, d: int) -> int:
            return a + b + c + d

        return inner(1, 2, 3, 4)
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write(tmp_path / "kiosk" / "services" / "engine.py", ENGINE)
    write(tmp_path / "kiosk" / "services" / "faces" / "looks.py", "X = 1\n\n# a word\n")
    write(tmp_path / "kiosk" / "errors.py", "X = 1\n")
    write(tmp_path / "kiosk" / "services" / "page.html", "<p>\n")
    write(
        tmp_path / "tests" / "test_engine.py",
        "def test_a(): ...\n\nasync def test_b(): ...\n\ndef helper(): ...\n",
    )
    return tmp_path


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_modules_and_lines_add_up_by_floor_and_by_folder(root: Path) -> None:
    figures = measure(root)

    lines = len(ENGINE.splitlines())
    assert figures["Whole"] | {"functions": 6, "classes": 3} == {
        "modules": 3,
        "lines": lines + 4,
        "functions": 6,
        "classes": 3,
        "test functions": 2,
    }
    assert figures["Modules by floor"] == {"errors": 1, "services": 2}
    assert figures["Lines by floor"] == {"errors": 1, "services": lines + 3}
    assert figures["Lines by folder"] == {".": 1, "services": lines, "services/faces": 3}


def test_parts_are_named_with_their_size_and_parameters_without_self(root: Path) -> None:
    lengths = measure(root)["Lengths"]

    assert lengths["largest class"] == "17 services/engine.py:Engine"
    assert lengths["longest function"] == "6 services/engine.py:Engine.long"
    assert lengths["most parameters"] == "4 services/engine.py:Engine.long.inner"


def test_functions_of_schema_versions_may_be_long(root: Path) -> None:
    version = root / "kiosk" / "storage" / "migrations" / "versions" / "v1.py"
    write(version, "def upgrade():\n" + "    pass\n" * 99)

    assert measure(root)["Lengths"]["functions over 60 lines"] == 0


def test_callables_under_a_name_of_their_own_count_apart(root: Path) -> None:
    wiring = measure(root)["Wiring"]

    assert wiring["callables"] == 2
    assert wiring["callables, named ones too"] == 3
    assert wiring["lambdas"] == 1
    assert wiring["Protocols"] == 2
    assert wiring["lines of Protocols"] == 4


def test_folders_with_many_files_are_named_with_pages_counted_and_caches_not(root: Path) -> None:
    for number in range(20):
        write(root / "kiosk" / "services" / f"page{number}.html", "")
        write(root / "kiosk" / "services" / "__pycache__" / f"{number}.pyc", "")

    assert measure(root)["Files by folder"] == {"max": 22, "folders over 20": 1, "services": 22}


def test_two_checkouts_stand_side_by_side_and_a_missing_figure_is_a_dash(
    root: Path, tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path_factory.mktemp("other")
    write(other / "kiosk" / "errors.py", "def fail(): ...\n\nclass Failure: ...\n")

    assert main([str(root), "--against", str(other)]) == 0

    rows = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ["modules", "3", "1"] in rows
    assert ["services", "2", "–"] in rows


def test_json_holds_the_same_figures(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(root), "--json"]) == 0

    printed: Figures = json.loads(capsys.readouterr().out)
    assert printed == measure(root)


def test_folder_without_the_program_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path)]) == 1

    assert "No modules in" in capsys.readouterr().err
