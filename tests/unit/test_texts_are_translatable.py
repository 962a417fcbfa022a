"""Each text that goes through the language's function can be found by tools, and its places are filled."""

import ast
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import kiosk

ROOT = Path(kiosk.__file__).parent
TEMPLATES = {"_": 1, "N_": 1, "ngettext": 2}
"""How many texts each function takes, before anything else."""


def test_every_marked_text_is_a_literal_and_its_places_are_filled() -> None:
    faults = [
        f"{path.relative_to(ROOT)}:{line}: {fault}"
        for path in sorted(ROOT.rglob("*.py"))
        for line, fault in faults_in(path.read_text(encoding="utf-8"))
    ]
    assert not faults, "\n".join(faults)


def test_what_no_tool_finds_is_a_fault() -> None:
    assert faults_of('_(f"{name} is here")') == ["takes no literal"]
    assert faults_of('_("one " + "text")') == ["takes no literal"]
    assert faults_of('N_(f"{n} faces")') == ["takes no literal"]
    assert faults_of('ngettext("{n} face", f"{n} faces", n, n=n)') == ["takes no literal"]


def test_a_text_written_in_parts_is_a_literal() -> None:
    assert faults_of('_("one "\n"text")') == []


def test_a_text_out_of_a_table_is_looked_up_by_name() -> None:
    assert faults_of("_(WORDS[status])") == []
    assert faults_of("_(NOT_HERE)") == []


def test_a_place_without_a_value_and_a_value_without_a_place_are_faults() -> None:
    assert faults_of('_("{name} is {status}", name=name)') == ["says status, is given name"]
    assert faults_of('_("here", name=name)') == ["is given name for no place"]
    assert faults_of('ngettext("a face", "{n} faces", n)') == []  # braces are no places without values
    assert faults_of('ngettext("a face", "{n} faces", n, n=n)') == []


def test_a_place_that_counts_or_has_no_name_is_a_fault() -> None:
    assert faults_of('_("{} is {name:{width}}", name=name, width=3)') == ["has a place without a name"]


def faults_of(code: str) -> list[str]:
    return [fault for _line, fault in faults_in(code)]


def faults_in(source: str) -> Iterator[tuple[int, str]]:
    """Line and words of each call that breaks the rule."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in TEMPLATES:
            fault = fault_of(node, node.args[: TEMPLATES[node.func.id]])
            if fault:
                yield node.lineno, fault


def fault_of(call: ast.Call, texts: list[ast.expr]) -> str:
    if not texts or any(isinstance(one, ast.JoinedStr | ast.BinOp | ast.Starred) for one in texts):
        return "takes no literal"
    literals = [one.value for one in texts if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    given = {one.arg for one in call.keywords if one.arg is not None}
    if len(literals) < len(texts) or not given:
        return ""
    said = {name for text in literals for name in places(text)}
    if not all(name.isidentifier() for name in said):
        return "has a place without a name"
    if not said:
        return f"is given {', '.join(sorted(given))} for no place"
    if said != given:
        return f"says {', '.join(sorted(said - given))}, is given {', '.join(sorted(given - said or given))}"
    return ""


def places(template: str) -> Iterator[str]:
    """The names of a template's places, those inside format specs too."""
    for _text, name, spec, _conversion in Formatter().parse(template):
        if name is not None:
            yield name
            yield from places(spec or "")
