"""The command line's help is said by the one function of `kiosk.translation`: shown in a made-up language."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
import typer
from typer import rich_utils
from typer.testing import CliRunner

import kiosk
from kiosk.cli import app
from kiosk.translation import speaking
from tests.fakes.pseudo_language import PseudoLanguage, outside

TYPERS: Final = ("Usage", "Options", "Arguments", "Commands", "Show this message and exit.")
"""What typer writes itself."""

CODES: Final = re.compile(
    r"\[[^]]*\]|<[^>]*>|--?[a-z-]+|\bre-embed\b|\bnew-school\b|\bmigrate-to\b|\bcorrect-clock\b|\b[A-Z][A-Z_]*\b(?:\.\w+)?|\{[^}]*\}|…|[─-╿]"
)
"""What is typed as it is, in every language: options, kinds, choices and defaults."""


def commands(command: Any, *path: str) -> Iterator[tuple[tuple[str, ...], Any]]:
    yield path, command
    for name, inner in getattr(command, "commands", {}).items():
        yield from commands(inner, *path, name)


COMMANDS: Final = dict(commands(typer.main.get_command(app)))


@pytest.mark.parametrize("path", COMMANDS, ids=lambda path: " ".join(path) or "kiosk")
def test_help_has_no_text_outside_of_the_language(
    path: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rich_utils, "MAX_WIDTH", 2000)
    with speaking(PseudoLanguage()):
        shown = CliRunner().invoke(app, [*path, "--help"], prog_name="kiosk")
    assert shown.exit_code == 0
    assert "⟦" in shown.output
    names = {word for one in COMMANDS for word in ("kiosk", *one)}
    names |= {name for one in COMMANDS[path].params for name in (one.name, one.metavar or "") if name}
    assert outside(CODES.sub("", shown.output), (*TYPERS, *names)) == ""


def test_every_help_text_is_marked_for_the_catalogues() -> None:
    marked = {
        node.args[0].value
        for file in (Path(kiosk.__file__).parent / "cli").glob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "N_"
        and isinstance(node.args[0], ast.Constant)
    }
    said = {part.help for command in COMMANDS.values() for part in (command, *command.params) if part.help}
    assert said <= marked
