"""The documents: what they link to is there, and the README is short."""

import re
import shlex
import tomllib
from pathlib import Path

import pytest
import typer

from kiosk import __version__
from kiosk.cli import app

ROOT = Path(__file__).parents[2]
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
COMMAND = re.compile(r"(?:^|`|\| )(?:scripts/)?kiosk ([^`#\n|]+)", re.MULTILINE)
FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
NAMED = re.compile(r"(?<![\w/.-])((?:docs|notes)/[\w/.-]*\w|[A-Z][A-Z-]+\.md|DESIGN\b|design note)")
"""A document that a text names without a link."""

DOCUMENTS = sorted(
    [
        *ROOT.glob("*.md"),
        *(ROOT / "docs").rglob("*.md"),
        ROOT / "data" / "README.md",
        ROOT / "tests" / "benchmarks" / "README.md",
    ]
)
SOURCES = sorted(
    path
    for pattern in (
        "*.spec",
        "pyproject.toml",
        ".github/**/*.yml",
        "scripts/*",
        "tests/**/*.py",
        "models/*.toml",
        "kiosk/**/*.py",
    )
    for path in ROOT.glob(pattern)
    if path.is_file() and path != Path(__file__)
)
README_LINES = 150


def anchors(document: Path) -> set[str]:
    """The headings of a document as GitHub's anchors."""
    headings = HEADING.findall(FENCE.sub("", document.read_text(encoding="utf-8")))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def is_there(link: str, document: Path) -> bool:
    name, _, anchor = link.partition("#")
    target = (document.parent / name).resolve() if name else document
    if not target.is_relative_to(ROOT) or not target.exists():
        return False
    return not anchor or anchor in anchors(target)


def id_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("document", DOCUMENTS, ids=id_of)
def test_every_relative_link_and_picture_is_there(document: Path) -> None:
    text = FENCE.sub("", document.read_text(encoding="utf-8"))
    links = [link for link in LINK.findall(text) if not re.match(r"https?://", link)]
    assert [link for link in links if not is_there(link, document)] == []


def test_no_text_refers_to_a_document_that_is_not_here() -> None:
    missing = {
        id_of(path): name
        for path in [*DOCUMENTS, *SOURCES]
        for name in NAMED.findall(path.read_text(encoding="utf-8"))
        if not (ROOT / name).exists() and not (path.parent / name).exists()
    }
    assert missing == {}


def wrong_words(words: list[str]) -> list[str]:
    """The options that a command does not have, or the command that there is not."""
    context = typer.Context(typer.main.get_command(app))
    while words and words[0][0] != "-" and isinstance(group := context.command, typer.core.TyperGroup):
        command = group.get_command(context, words[0])
        if command is None:
            return words[:1] if re.fullmatch(r"[a-z-]+", words[0]) else []
        context, words = typer.Context(command, parent=context), words[1:]
    known = {option for one in context.command.get_params(context) for option in one.opts}
    return [word for word in words if word.startswith("--") and word not in known]


@pytest.mark.parametrize("document", DOCUMENTS, ids=id_of)
def test_commands_and_options_are_spelled_as_the_program_has_them(document: Path) -> None:
    text = re.sub(r"\s*\n +(?=\w)", " ", document.read_text(encoding="utf-8"))
    found = [shlex.split(command.replace("'", "")) for command in COMMAND.findall(text)]
    assert [words for words in found if wrong_words(words)] == []


def test_every_decision_is_in_the_index_and_numbered_once() -> None:
    folder = ROOT / "docs" / "decisions"
    records = sorted(path.name for path in folder.glob("[0-9]*.md"))
    assert [int(name[:4]) for name in records] == list(range(1, len(records) + 1))
    links = LINK.findall((folder / "README.md").read_text(encoding="utf-8"))
    assert [link for link in links if link[0].isdigit()] == records


def test_the_first_test_of_a_view_is_one_that_runs() -> None:
    blocks = FENCE.findall((ROOT / "docs" / "testing.md").read_text(encoding="utf-8"))
    first = (ROOT / "tests" / "unit" / "gui" / "test_first_view.py").read_text(encoding="utf-8")
    assert blocks == [f"```python\n{first}```"]


def test_readme_is_short() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= README_LINES


def test_version_stands_in_one_place_and_the_changelog_knows_it() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["dynamic"] == ["version"]
    assert project["tool"]["setuptools"]["dynamic"]["version"] == {"attr": "kiosk.__version__"}
    assert __version__ in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
