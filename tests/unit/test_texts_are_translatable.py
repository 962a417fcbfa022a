"""Each text that goes through the language's function can be found by tools, is whole, and its places are filled."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import kiosk
from kiosk import errors

ROOT = Path(kiosk.__file__).parent
TEMPLATES = {"_": 1, "N_": 1, "ngettext": 2}
"""How many texts each function takes, before anything else."""

LETTER = re.compile(r"[^\W\d_]")
FAILURES = {
    name
    for name, kind in vars(errors).items()
    if isinstance(kind, type) and issubclass(kind, errors.KioskError)
}


def test_every_marked_text_is_a_literal_and_its_places_are_filled() -> None:
    faults = [
        f"{path.relative_to(ROOT)}:{line}: {fault}"
        for path in sorted(ROOT.rglob("*.py"))
        for line, fault in faults_in(path.read_text(encoding="utf-8"))
    ]
    assert not faults, "\n".join(faults)


def test_no_text_is_translated_at_import() -> None:
    faults = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in sorted(ROOT.rglob("*.py"))
        for line in at_import(path.read_text(encoding="utf-8"))
    ]
    assert not faults, "\n".join(faults)


def test_every_expected_failure_is_worded_in_the_language() -> None:
    faults = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in sorted(ROOT.rglob("*.py"))
        for line in plain_failures(path.read_text(encoding="utf-8"))
    ]
    assert not faults, "\n".join(faults)


def test_a_failure_in_plain_english_is_a_fault() -> None:
    assert plain_failures('raise NotFoundError("There is no such course.")') == [1]
    assert plain_failures('raise NotFoundError(_("None."), f"Known: {known}.")') == [1]
    assert plain_failures('raise NotFoundError(_("None.") if few else "Many.")') == [1]
    assert plain_failures('raise NotFoundError(_("None."), f"{error}.") from LookupError("none")') == []


def test_what_no_tool_finds_is_a_fault() -> None:
    assert faults_of('_(f"{name} is here")') == ["takes no literal"]
    assert faults_of('_("one " + "text")') == ["takes no literal"]
    assert faults_of('N_(f"{n} faces")') == ["takes no literal"]
    assert faults_of('ngettext("{n} face", f"{n} faces", n, n=n)') == ["takes no literal"]


def test_a_text_in_an_f_string_is_a_fault() -> None:
    code = """f"{name} {_('is here')}\""""
    assert faults_of(code) == ["stands in an f-string, into which tools do not look"]
    assert faults_of('f"{name} {_(STATES[state])}"') == []


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


def test_a_piece_of_a_sentence_is_a_fault() -> None:
    assert faults_of('_(" at {time}", time=at)') == ["is a piece"]
    assert faults_of('_("by ")') == ["is a piece"]
    assert faults_of('N_(", {n} more")') == ["is a piece"]
    assert faults_of('_("{name}: {reason}", name=name, reason=reason)') == ["is a piece"]
    assert faults_of('_("Keep it:\\n\\n    {key}\\n", key=key)') == []


def test_a_text_translated_at_import_is_a_fault() -> None:
    assert at_import('NAME = _("late")') == [1]
    assert at_import('class Late:\n    word: str = _("late")') == [2]
    assert at_import('def say(word=_("late")): ...') == [1]
    assert at_import('NAME = N_("late")\nsay = lambda: _("late")\ndef tell(): return _("late")') == []


def faults_of(code: str) -> list[str]:
    return [fault for _line, fault in faults_in(code)]


def faults_in(source: str) -> Iterator[tuple[int, str]]:
    """Line and words of each call that breaks the rule."""
    tree = ast.parse(source)
    formatted = {
        id(node) for one in ast.walk(tree) if isinstance(one, ast.JoinedStr) for node in ast.walk(one)
    }
    for call, name in calls(tree):
        texts = call.args[: TEMPLATES[name]]
        fault = fault_of(call, texts)
        if id(call) in formatted and any(isinstance(one, ast.Constant) for one in texts):
            fault = "stands in an f-string, into which tools do not look"
        if fault:
            yield call.lineno, fault


def at_import(source: str) -> list[int]:
    """Lines that translate when the module is imported: in the language of nobody, for good."""
    tree = ast.parse(source)
    later = {id(node) for body in bodies(tree) for node in ast.walk(body)}
    return [call.lineno for call, name in calls(tree) if name != "N_" and id(call) not in later]


def plain_failures(source: str) -> list[int]:
    """Lines that make a `KioskError` with a text of their own that is not translated."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in FAILURES
        if any(is_plain(text) for text in [*node.args, *(one.value for one in node.keywords)])
    ]


def is_plain(text: ast.expr) -> bool:
    match text:
        case ast.Constant(value=str(said)):
            return LETTER.search(said) is not None
        case ast.JoinedStr():
            return any(is_plain(part) for part in text.values)
        case ast.IfExp():
            return is_plain(text.body) or is_plain(text.orelse)
        case ast.BinOp():
            return is_plain(text.left) or is_plain(text.right)
        case _:
            return False


def calls(tree: ast.Module) -> Iterator[tuple[ast.Call, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in TEMPLATES:
            yield node, node.func.id


def bodies(tree: ast.Module) -> Iterator[ast.AST]:
    """What runs only when a function is called."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from node.body
        elif isinstance(node, ast.Lambda):
            yield node.body


def fault_of(call: ast.Call, texts: list[ast.expr]) -> str:
    if not texts or any(isinstance(one, ast.JoinedStr | ast.BinOp | ast.Starred) for one in texts):
        return "takes no literal"
    literals = [one.value for one in texts if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    if any(is_piece(text) for text in literals):
        return "is a piece"
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


def is_piece(text: str) -> bool:
    """Whether a text only makes sense beside another one, or says nothing besides its places."""
    said = "".join(words for words, *_place in Formatter().parse(text))
    return text != text.strip(" ") or text[:1] in {*",.;:·"} or LETTER.search(said) is None


def places(template: str) -> Iterator[str]:
    """The names of a template's places, those inside format specs too."""
    for _text, name, spec, _conversion in Formatter().parse(template):
        if name is not None:
            yield name
            yield from places(spec or "")
